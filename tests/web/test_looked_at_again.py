"""What was checked before a wait is checked again before the deed: the caller may be nobody, or no admin, by then."""

import json
from pathlib import Path

import pytest
from werkzeug.datastructures import Headers

from rplay import blueprints, data, db, security
from rplay.db import users
from rplay.db.personal_data import erase
from rplay.people import enrolment
from rplay.web import auth
from rplay.web.views import declared
from tests.conftest import PASSWORD, error
from tests.races import late, once, race

U = "/api/users"
DEAD = (401, "Invalid or expired session")
ADMINS_ONLY = (403, "Admin access required")
SUPER_ONLY = (403, "Only a super admin can manage admin accounts")
ID = "00000000-0000-4000-8000-000000000000"


def demote(person, role="learner"):
    return lambda: db.execute("UPDATE users SET role = %(role)s WHERE id = %(id)s", role=role, id=person.id)


def remove(person):
    def removed():
        with db.transaction() as tx:
            assert erase(person.id, tx)

    return removed


def bodies_of_admins(app):
    """Every route of admins that reads a body, with a path."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        reads = declared(view).body or declared(view).takes_nothing
        if declared(view).access in ("admin", "super_admin") and reads:
            for method in sorted(rule.methods & auth.UNSAFE):
                yield method, rule.build(dict.fromkeys(rule.arguments, ID))[1]


def new(email, role="learner"):
    return {"name": "New One", "email": email, "password": PASSWORD, "role": role}


def exists(email):
    return users.by_email(email, email) is not None


class TestABodyThatComesLate:
    def test_is_not_obeyed_for_who_is_no_admin_any_more(self, app, person):
        routes = list(bodies_of_admins(app))
        assert len(routes) > 15
        for method, path in routes:
            was = person("Was", "super_admin")
            assert error(late(was, method, path, b"{}", demote(was))) == ADMINS_ONLY, (method, path)

    def test_is_not_obeyed_for_who_is_gone(self, app, person):
        for method, path in bodies_of_admins(app):
            gone = person("Gone", "super_admin")
            assert error(late(gone, method, path, b"{}", remove(gone))) == DEAD, (method, path)

    def test_makes_nobody_whom_the_sender_may_not_make_any_more(self, person):
        was = person("Was", "super_admin")
        rows = {"users": [new("late-boss@example.com", "super_admin"), new("late-learner@example.com")]}
        answer = late(was, "POST", f"{U}/bulk-import", json.dumps(rows).encode(), demote(was, "company_admin"))
        assert answer.get_json()["results"]["errors"] == [f"User late-boss@example.com: {SUPER_ONLY[1]}"]
        was = person("Was", "super_admin")
        sent = json.dumps(new("late-boss@example.com", "super_admin")).encode()
        assert error(late(was, "POST", U, sent, demote(was, "company_admin"))) == SUPER_ONLY
        assert not exists("late-boss@example.com")

    def test_changes_nobody_either(self, person, alice):
        was = person("Was", "super_admin")
        sent = json.dumps({"name": "Taken", "email": alice.email, "role": "learner"}).encode()
        assert error(late(was, "PUT", f"{U}/{alice.id}", sent, demote(was))) == ADMINS_ONLY
        assert alice.get("/api/auth/me").get_json()["user"] == alice.user

    def test_saves_nothing_for_a_learner_whose_session_has_ended(self, person, monkeypatch):
        monkeypatch.setattr(auth, "MOMENT_SECONDS", 0)
        learner = person("Learner")
        talk = learner.post("/api/simulation", {"industry": "insurance", "difficulty": "beginner"}).get_json()["data"]
        sent = json.dumps({"total_xp": 7}).encode()
        answer = late(learner, "PATCH", f"/api/simulation/{talk['id']}", sent, lambda: learner.post("/api/auth/logout"))
        assert error(answer) == DEAD
        assert db.value("SELECT total_xp FROM simulations WHERE id = %(id)s", id=talk["id"]) == 0

    def test_changes_nothing_for_who_stays_what_they_were(self, person, alice):
        stays = person("Stays", "company_admin")
        answer = late(stays, "POST", U, json.dumps(new("late-and-fine@example.com")).encode(), lambda: None)
        assert answer.status_code == 201


class TestHashesThatAreBeingMade:
    """70 ms each: for thousands of rows, minutes."""

    def meanwhile(self, monkeypatch, do):
        monkeypatch.setattr(security, "hash_password", once(do, security.hash_password))

    def during_an_import(self, monkeypatch, do):
        monkeypatch.setattr(enrolment, "hashed", once(do, enrolment.hashed))

    @pytest.mark.parametrize(("do", "refusal"), [(demote, ADMINS_ONLY), (remove, DEAD)])
    def test_are_for_nobody_when_the_sender_may_not_any_more(self, person, monkeypatch, do, refusal):
        was = person("Was", "super_admin")
        self.meanwhile(monkeypatch, do(was))
        assert error(was.post(U, new("hashed@example.com"))) == refusal
        was = person("Was", "super_admin")
        self.during_an_import(monkeypatch, do(was))
        assert error(was.post(f"{U}/bulk-import", {"users": [new("hashed@example.com")]})) == refusal
        assert not exists("hashed@example.com")

    def test_make_no_admin_for_who_was_a_super_admin(self, person, monkeypatch):
        was = person("Was", "super_admin")
        self.during_an_import(monkeypatch, demote(was, "company_admin"))
        rows = {"users": [new("hashed-boss@example.com", "company_admin")]}
        assert error(was.post(f"{U}/bulk-import", rows)) == SUPER_ONLY
        assert not exists("hashed-boss@example.com")

    def test_do_not_change_an_account_for_who_was_an_admin(self, person, monkeypatch, alice):
        was = person("Was", "super_admin")
        self.meanwhile(monkeypatch, demote(was))
        change = {"name": "Taken", "email": alice.email, "role": "learner", "password": "Taken0ver"}
        assert error(was.put(f"{U}/{alice.id}", change)) == ADMINS_ONLY
        assert alice.get("/api/auth/me").status_code == 200


class TestAFileThatAnotherIsChanging:
    """It is waited for, up to ten seconds."""

    CALLS = [
        ("PUT", "/api/industry-settings/metadata", {"insurance": {"displayName": "Taken"}}),
        ("PUT", "/api/industry-settings/competencies", {"insurance": {"default": {"competencies": []}}}),
        ("PUT", "/api/industry-settings/competencies/insurance/taken", {"competencyIds": []}),
        (
            "PUT",
            "/api/industry-settings/focus-area/insurance/life-health/taken",
            {"competencyIds": [], "enabled": False},
        ),
        ("PUT", "/api/industry-settings/difficulty/insurance", {"beginner": {"description": "Taken"}}),
        ("POST", "/api/rubric-entry", {"competency_id": "communication", "score_range": "1-2", "criteria": "Taken"}),
        ("POST", "/api/competencies", {"name": "Taken", "category": "Taken"}),
        ("PUT", "/api/competencies/communication", {"name": "Taken"}),
        ("DELETE", "/api/competencies/communication", None),
        (
            "PUT",
            "/api/compliance",
            {"rules": [{"id": "taken", "name": "T", "definition": "T", "severity": "low", "cap": 9}]},
        ),
    ]

    @pytest.mark.parametrize(("method", "path", "body"), CALLS)
    @pytest.mark.parametrize(("do", "refusal"), [(demote, ADMINS_ONLY), (remove, DEAD)])
    def test_is_not_changed_for_who_may_not_any_more(
        self, person, monkeypatch, data_dir, method, path, body, do, refusal
    ):
        was = person("Was", "super_admin")
        before = {file.name: file.read_bytes() for file in data_dir.glob("*.json")}
        monkeypatch.setattr(data, "_locked", once(do(was), data._locked))
        assert error(was.call(method, path, body)) == refusal
        assert {file.name: file.read_bytes() for file in data_dir.glob("*.json")} == before

    def test_is_changed_by_no_other_way(self):
        """In the calls above are all that change a file."""
        sources = "".join(path.read_text() for path in Path(blueprints.__file__).parent.glob("*.py"))
        assert "data.change(" not in sources
        assert sources.count("with changing(") + sources.count(".save(user)") - 1 == len(self.CALLS)


def test_who_becomes_an_admin_meanwhile_is_not_deleted_by_a_company_admin(database, company_admin, person):
    climber = person("Climber")
    promotion = "UPDATE users SET role = 'super_admin' WHERE id = %(id)s"
    [answer] = race(database, promotion, {"id": climber.id}, lambda: company_admin.delete(f"{U}/{climber.id}"))
    assert error(answer) == SUPER_ONLY
    assert climber.get("/api/auth/me").status_code == 200


class TestAGetThatDoesSomething:
    PATH = "/api/profile-pregeneration"

    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    @pytest.mark.parametrize("origin", [None, "http://evil.example", "null"])
    def test_takes_a_cookie_from_an_own_page_only(self, anyone, admin, method, origin):
        headers = Headers({"Cookie": f"session_token={admin.token}", **({"Origin": origin} if origin else {})})
        assert anyone.open(self.PATH, method=method, headers=headers).status_code == 401

    def test_works_from_an_own_page(self, anyone, admin):
        headers = {"Cookie": f"session_token={admin.token}", "Origin": "http://localhost:3000"}
        assert anyone.get(self.PATH, headers=headers).status_code == 200


class TestANameThatIsNotOurs:
    """A page whose name leads to a developer's machine, once it is loaded, is of our origin as its browser sees it."""

    @pytest.mark.parametrize("path", ["/api/engagement/log", "/api/industry-settings", "/api/feedback/nps"])
    @pytest.mark.parametrize("host", ["evil.example", "evil.example:3001", "127.0.0.1.evil.example", "x.com."])
    def test_reads_nothing_without_a_session(self, anyone, path, host):
        answer = anyone.get(path, headers={"Host": host, "Origin": f"http://{host}"})
        assert error(answer) == (401, "Authentication required")

    @pytest.mark.parametrize(
        "host", ["localhost:3001", "127.0.0.1:3001", "[::1]:3001", "10.0.0.7", "backend:3001", "rplay.internal"]
    )
    def test_but_ours_do(self, anyone, host):
        assert anyone.get("/api/engagement/log", headers={"Host": host}).status_code == 200

    def test_is_as_good_with_a_session(self, anyone, admin):
        headers = {"Host": "rplay.example.com", "Authorization": f"Bearer {admin.token}"}
        assert anyone.get("/api/engagement/log", headers=headers).status_code == 200
