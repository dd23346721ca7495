"""One's own account, as a page."""

from rplay.db import sessions, users
from rplay.db.users import by_id
from tests.conftest import PASSWORD
from tests.console.conftest import Browser, shown

ACCOUNT = "/console/account"


class TestProfile:
    def test_changes_name_and_job_and_nothing_else(self, signed_in, person):
        learner = person("Before")
        fields = {"name": "After", "job_role": "Broker", "email": "other@example.com", "role": "super_admin"}
        answer = signed_in(learner).post(f"{ACCOUNT}/profile", fields)
        assert answer.location == f"{ACCOUNT}?done=name"
        now = by_id(learner.user["id"])
        assert (now.name, now.job_role, now.email, now.role) == ("After", "Broker", learner.email, "learner")

    def test_says_that_it_is_saved(self, signed_in, person):
        assert "Your name is saved." in shown(signed_in(person("X")).get(f"{ACCOUNT}?done=name")).words

    def test_needs_a_name(self, signed_in, person):
        answer = signed_in(person("Named")).post(f"{ACCOUNT}/profile", {"name": ""})
        assert answer.status_code == 400


class TestPassword:
    def test_needs_the_current_one(self, signed_in, person):
        learner = person("Careful")
        fields = {"current_password": "Wrong0ne", "new_password": "Changed0ne"}
        answer = signed_in(learner).post(f"{ACCOUNT}/password", fields)
        assert answer.status_code == 400
        assert "This is not your current password." in shown(answer).words
        assert "Changed0ne" not in answer.text

    def test_ends_the_other_sessions_and_keeps_this_one(self, signed_in, person):
        learner = person("Changing")
        browser, other = signed_in(learner), signed_in(learner)
        fields = {"current_password": PASSWORD, "new_password": "Changed0ne"}
        assert browser.post(f"{ACCOUNT}/password", fields).status_code == 303
        assert browser.get(ACCOUNT).status_code == 200
        assert other.get(ACCOUNT).status_code == 303
        assert Browser(browser.client.application.test_client()).sign_in(learner.email, "Changed0ne").status_code == 303


class TestSessions:
    def test_of_others_can_be_ended(self, signed_in, person):
        learner = person("Everywhere")
        browser, other = signed_in(learner), signed_in(learner)
        assert "End the others" in browser.get(ACCOUNT).text
        assert browser.post(f"{ACCOUNT}/sessions").status_code == 303
        assert other.get(ACCOUNT).status_code == 303
        assert "End the others" not in browser.get(ACCOUNT).text
        assert len(sessions.live(learner.user["id"])) == 1


class TestExport:
    def test_is_a_file_with_ones_own_rows(self, signed_in, person):
        learner = person("Curious")
        answer = signed_in(learner).get(f"{ACCOUNT}/export")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert learner.email in answer.text
        assert answer.get_json()["users"][0]["email"] == learner.email


class TestErase:
    def test_needs_the_password(self, signed_in, person):
        learner = person("Hesitant")
        answer = signed_in(learner).post(f"{ACCOUNT}/erase", {"password": "Wrong0ne"})
        assert answer.status_code == 400
        assert by_id(learner.user["id"])

    def test_removes_the_account_and_signs_out(self, signed_in, person):
        learner = person("Leaving")
        browser = signed_in(learner)
        assert browser.post(f"{ACCOUNT}/erase", {"password": PASSWORD}).location == "/console/sign-in"
        assert by_id(learner.user["id"]) is None
        assert browser.get(ACCOUNT).status_code == 303

    def test_does_not_leave_the_house_without_a_super_admin(self, signed_in, person, monkeypatch):
        admin = person("Only", "super_admin")
        monkeypatch.setattr(users, "is_last_super_admin", lambda user_id, tx: True)
        assert signed_in(admin).post(f"{ACCOUNT}/erase", {"password": PASSWORD}).status_code == 409
        assert by_id(admin.user["id"])


class TestReading:
    def test_refuses_what_is_no_language(self, signed_in, alice):
        answer = signed_in(alice).post(f"{ACCOUNT}/reading", {"language": "xx", "theme": "dark"})
        assert answer.status_code == 400
