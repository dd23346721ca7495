"""/api/auth, as a client sees it."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest

from rplay import db, security
from rplay.db import password_resets, users
from rplay.db.personal_data import erase
from tests.addresses import REFUSED as ADDRESSES_TO_REFUSE
from tests.conftest import PASSWORD, error
from tests.races import once, race

REGISTER, LOGIN, ME = "/api/auth/register", "/api/auth/login", "/api/auth/me"
CHANGE, FORGOT, RESET = "/api/auth/change-password", "/api/auth/forgot-password", "/api/auth/reset-password"
U = ["id", "email", "name", "role", "job_role", "created_at"]


def registration(email, **more):
    return {"name": "Jo Urney", "email": email, "password": PASSWORD, **more}


def log_in(client, email, password=PASSWORD):
    return client.post(LOGIN, json={"email": email, "password": password})


class TestRegister:
    def test_gives_a_learner_and_a_usable_token(self, anyone):
        answer = anyone.post(REGISTER, json=registration("jo@example.com", jobRole="Advisor", company="Acme"))
        body = answer.get_json()
        assert answer.status_code == 201
        assert list(json.loads(answer.data)["data"]["user"]) == U
        assert body["message"] == "User registered successfully"
        assert body["data"]["user"]["role"] == "learner"
        assert body["data"]["user"]["job_role"] == "Advisor"
        assert len(body["data"]["token"]) >= 43
        me = anyone.get(ME, headers={"Authorization": f"Bearer {body['data']['token']}"})
        assert me.get_json()["user"] == body["data"]["user"]
        assert "Set-Cookie" not in answer.headers

    def test_never_stores_the_token_or_the_password(self, anyone):
        token = anyone.post(REGISTER, json=registration("stored@example.com")).get_json()["data"]["token"]
        row = db.row("SELECT token, hashed FROM sessions WHERE user_email = 'stored@example.com'")
        assert row == {"token": security.token_hash(token), "hashed": True}
        assert str(users.password_of(users.by_email("stored@example.com", "stored@example.com").id)).startswith(
            "$2b$04$"
        )

    def test_ignores_a_role(self, anyone):
        body = anyone.post(REGISTER, json=registration("climber@example.com", role="super_admin")).get_json()
        assert body["data"]["user"]["role"] == "learner"

    @pytest.mark.parametrize("again", ["twice@example.com", "TWICE@Example.com", "  twice@example.com "])
    def test_refuses_a_used_address_in_any_case(self, anyone, again):
        anyone.post(REGISTER, json=registration("twice@example.com"))
        text = "This email is already registered. Please use a different email or try logging in."
        assert error(anyone.post(REGISTER, json=registration(again))) == (409, text)

    def test_refuses_an_address_that_an_old_row_holds_in_capitals(self, anyone):
        db.execute("INSERT INTO users (name, email, password) VALUES ('Old', 'Old@Example.com', 'x')")
        assert anyone.post(REGISTER, json=registration("old@example.com")).status_code == 409

    @pytest.mark.parametrize("gone", ["name", "email", "password"])
    @pytest.mark.parametrize("value", [None, "", "  "])
    def test_names_every_required_field_when_one_is_missing(self, anyone, gone, value):
        answer = anyone.post(REGISTER, json={**registration("x@example.com"), gone: value})
        assert error(answer) == (400, "Missing required fields: name, email, password")

    @pytest.mark.parametrize(
        ("password", "text"),
        [
            ("aB1", "Password must be at least 8 characters long"),
            ("alllowercase1", "Password must contain at least one uppercase letter"),
            ("ALLUPPER1", "Password must contain at least one lowercase letter"),
            ("NoDigitsHere", "Password must contain at least one number"),
            ("Aa1" + "é" * 35, "Password must be at most 72 bytes long"),
            (12345678, "Invalid value for password"),
            ("Passw0rd\0X", "Invalid value for password"),
        ],
    )
    def test_holds_to_the_password_policy(self, anyone, password, text):
        answer = anyone.post(REGISTER, json=registration("weak@example.com", password=password))
        assert error(answer) == (400, text)

    @pytest.mark.parametrize("email", ["notanemail", "a b@example.com"])
    def test_refuses_what_is_no_address(self, anyone, email):
        assert error(anyone.post(REGISTER, json=registration(email))) == (400, "Invalid email format")

    @pytest.mark.parametrize("email", ADDRESSES_TO_REFUSE)
    def test_refuses_what_mail_programs_take_apart_and_what_nobody_sees(self, anyone, email):
        assert error(anyone.post(REGISTER, json=registration(email))) == (400, "Invalid email format")

    @pytest.mark.parametrize("email", ["o'neil@example.ie", "müller@bücher.example", "张@例子.公司", "почта@пример.рф"])
    def test_takes_the_addresses_of_the_world(self, anyone, email):
        sent = f" \u200b\ufeff{email}\u00ad\u00a0"
        assert anyone.post(REGISTER, json=registration(sent)).get_json()["data"]["user"]["email"] == email

    @pytest.mark.parametrize(("field", "value"), [("name", 7), ("email", {"a": 1}), ("name", "a\0b"), ("jobRole", [])])
    def test_names_the_field_with_a_bad_value(self, anyone, field, value):
        answer = anyone.post(REGISTER, json={**registration("bad@example.com"), field: value})
        assert error(answer) == (400, f"Invalid value for {field}")

    def test_names_the_field_with_half_a_character(self, anyone):
        body = '{"name":"\\ud800","email":"half@example.com","password":"Passw0rdX"}'
        answer = anyone.post(REGISTER, data=body, content_type="application/json")
        assert error(answer) == (400, "Invalid value for name")


class TestLogin:
    def test_works_in_any_case_of_the_address(self, anyone, alice):
        body = log_in(anyone, f"  {alice.email.upper()} ").get_json()
        assert body["data"]["user"] == alice.user

    def test_says_the_same_for_a_wrong_password_and_an_unknown_account(self, anyone, alice):
        answers = [log_in(anyone, alice.email, "Wrong"), log_in(anyone, "nobody@example.com")]
        assert [error(answer) for answer in answers] == [(401, "Invalid email or password")] * 2

    def test_honours_the_old_backends_hashes(self, anyone):
        old = security.hash_password(PASSWORD, 4).replace("$2b$", "$2a$")
        users.create("Old Hash", "oldhash@example.com", old, "learner", None)
        assert log_in(anyone, "oldhash@example.com").status_code == 200

    def test_lets_no_one_in_whose_row_holds_a_clear_password(self, anyone):
        users.create("Seed", "seed@example.com", PASSWORD, "super_admin", None)
        assert log_in(anyone, "seed@example.com").status_code == 401

    def test_cuts_what_is_longer_than_bcrypt_reads(self, anyone):
        users.create("Long", "long@example.com", security.hash_password("x" * 72, 4), "learner", None)
        assert log_in(anyone, "long@example.com", "x" * 72 + "more").status_code == 200

    def test_takes_no_other_letters_for_those_of_an_account(self, anyone, person):
        person("Victim", email="victim@example.com")
        for typed in ("VİCTİM", "vİctim", "ⓥictim", "vic\u200btim"):
            assert log_in(anyone, f"{typed}@example.com").status_code == 401
        assert log_in(anyone, "\u200bVictim@example.com\ufeff").status_code == 200

    @pytest.mark.parametrize("stored", ["\u200bzero@example.com", "a<b@example.com>", "ÄNN@example.com"])
    def test_honours_addresses_of_former_days(self, anyone, stored):
        users.create("Old", stored, security.hash_password(PASSWORD, 4), "learner", None)
        assert log_in(anyone, stored).status_code == 200

    @pytest.mark.parametrize("by", ["oneself", "an admin", "a reset"])
    def test_that_is_checked_while_the_password_changes_leaves_no_session(self, anyone, person, admin, monkeypatch, by):
        target = person("Target")

        def change():
            if by == "oneself":
                body = {"currentPassword": PASSWORD, "newPassword": "NewPassw0rd1"}
                assert target.post(CHANGE, body).status_code == 200
            elif by == "an admin":
                body = {"name": "T", "email": target.email, "role": "learner", "password": "NewPassw0rd1"}
                assert admin.put(f"/api/users/{target.id}", body).status_code == 200
            else:
                password_resets.create(UUID(target.id), security.token_hash("a reset token"))
                body = {"token": "a reset token", "newPassword": "NewPassw0rd1"}
                assert anyone.post(RESET, json=body).status_code == 200
            db.execute("DELETE FROM sessions WHERE user_id = %(id)s", id=target.id)

        monkeypatch.setattr(security, "password_matches", once(change, security.password_matches))
        assert error(log_in(anyone, target.email)) == (401, "Invalid email or password")
        assert db.value("SELECT count(*) FROM sessions WHERE user_id = %(id)s", id=target.id) == 0

    def test_that_waits_for_a_change_is_checked_once_more(self, anyone, database, person):
        """It comes to its session while the password is being changed, to one that it does not have."""
        target = person("Target")
        change = "UPDATE users SET password = 'another' WHERE id = %(id)s"
        [answer] = race(database, change, {"id": target.id}, lambda: log_in(anyone, target.email))
        assert error(answer) == (401, "Invalid email or password")

    def test_lets_in_whose_hash_was_renewed_meanwhile(self, anyone, person, monkeypatch):
        target = person("Target")

        def renew():
            assert users.set_password(target.id, security.hash_password(PASSWORD, 4)) == 1

        monkeypatch.setattr(security, "password_matches", once(renew, security.password_matches))
        assert log_in(anyone, target.email).status_code == 200

    @pytest.mark.parametrize(("cost", "length"), [(5, 9), (6, 80)])
    def test_renews_a_hash_of_another_cost(self, anyone, cost, length):
        email, password = f"cost-{cost}@example.com", ("Passw0rdX" * 9)[:length]
        account = users.create("Cost", email, security.hash_password(password, cost), "learner", None)
        assert log_in(anyone, email, "Wr0ngPassword").status_code == 401
        assert users.password_of(account.id).startswith(f"$2b$0{cost}$")
        for _ in range(2):
            assert log_in(anyone, email, password).status_code == 200
            assert users.password_of(account.id).startswith("$2b$04$")

    def test_of_an_account_that_is_just_deleted_leaves_nothing(self, anyone, database, person):
        gone = person("Gone")
        lock = "SELECT 1 FROM users WHERE id = %(id)s FOR UPDATE"
        gone_by_then = partial(erase, UUID(gone.id))
        [answer] = race(database, lock, {"id": gone.id}, lambda: log_in(anyone, gone.email), then=gone_by_then)
        assert error(answer) == (401, "Invalid email or password")

    def test_takes_an_address_with_sql_in_it_for_what_it_is(self, anyone):
        assert log_in(anyone, "' OR 1=1 --").status_code == 401


class TestToken:
    def test_is_taken_from_the_header_in_any_case_and_from_the_cookie(self, anyone, alice):
        assert anyone.get(ME, headers={"Authorization": f"bearer {alice.token}"}).status_code == 200
        assert anyone.get(ME, headers={"Cookie": f"session_token={alice.token}"}).status_code == 200

    def test_is_asked_for(self, anyone):
        assert error(anyone.get(ME)) == (401, "Authentication required")

    @pytest.mark.parametrize("header", ["Bearer ", "Bearer wrong", "Basic dXNlcjpwYXNz", "{token}", ""])
    def test_is_refused_in_any_other_form(self, anyone, alice, header):
        answer = anyone.get(ME, headers={"Authorization": header.format(token=alice.token)})
        assert error(answer) == (401, "Invalid or expired session")

    @pytest.mark.parametrize("cookie", ['"a\\000b"', '"\\355\\240\\200"', "\xff"])
    def test_that_no_database_could_hold_is_refused(self, anyone, cookie):
        answer = anyone.get(ME, headers={"Cookie": f"session_token={cookie}"})
        assert error(answer) == (401, "Invalid or expired session")

    def test_of_the_old_backend_is_honoured_as_it_stands(self, anyone, alice):
        store_session(alice, "a" * 64, hashed=False)
        assert anyone.get(ME, headers={"Authorization": "Bearer " + "a" * 64}).status_code == 200

    def test_hash_from_the_database_opens_nothing(self, anyone, alice):
        answer = anyone.get(ME, headers={"Authorization": f"Bearer {security.token_hash(alice.token)}"})
        assert answer.status_code == 401

    def test_ends_with_its_time(self, anyone, alice):
        store_session(alice, security.token_hash("late"), hashed=True, seconds=-1)
        assert anyone.get(ME, headers={"Authorization": "Bearer late"}).status_code == 401

    def test_of_a_session_whose_user_id_is_no_id_is_refused(self, anyone, alice):
        store_session(alice, "odd", hashed=False)
        db.execute("UPDATE sessions SET user_id = 'not-an-id' WHERE token = 'odd'")
        assert anyone.get(ME, headers={"Authorization": "Bearer odd"}).status_code == 401

    def test_in_a_cookie_needs_an_own_origin_to_change_something(self, anyone, alice):
        cookie = {"Cookie": f"session_token={alice.token}"}
        own = {**cookie, "Origin": "http://localhost:3000"}
        foreign = {**cookie, "Origin": "http://evil.example"}
        body = {"currentPassword": "Wrong", "newPassword": "NewPassw0rd1"}
        assert error(anyone.post(CHANGE, json=body, headers=own)) == (401, "Current password is incorrect")
        for headers in (foreign, cookie):
            assert error(anyone.post(CHANGE, json=body, headers=headers)) == (401, "Invalid or expired session")

    def test_carries_the_role_of_today(self, person):
        climber = person("Climber")
        db.execute("UPDATE users SET role = 'trainer' WHERE id = %(id)s", id=climber.id)
        assert climber.get(ME).get_json()["user"]["role"] == "trainer"


def store_session(user, token, *, hashed, seconds=3600):
    db.execute(
        """
        INSERT INTO sessions (token, hashed, user_id, user_email, user_name, user_role, expires_at)
        VALUES (%(token)s, %(hashed)s, %(id)s, '', '', '', now() + make_interval(secs => %(seconds)s))
        """,
        token=token,
        hashed=hashed,
        id=user.id,
        seconds=seconds,
    )


class TestLogoutCheckAndRefresh:
    def test_logout_ends_this_session_only(self, person):
        leaver = person("Leaver")
        other = log_in(leaver.client, leaver.email).get_json()["data"]["token"]
        assert leaver.post("/api/auth/logout").get_json()["message"] == "Logged out successfully"
        assert leaver.get(ME).status_code == 401
        assert leaver.get(ME, headers={"Authorization": f"Bearer {other}"}).status_code == 200

    @pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer dead"}])
    def test_logout_and_check_answer_without_a_live_session(self, anyone, header):
        assert anyone.post("/api/auth/logout", headers=header).status_code == 200
        assert anyone.get("/api/auth/check", headers=header).get_json() == {"success": True, "authenticated": False}

    def test_check_shows_the_user(self, alice):
        body = alice.get("/api/auth/check").get_json()
        assert body == {"success": True, "authenticated": True, "user": alice.user}

    def test_refresh_gives_a_new_token_for_thirty_days_and_kills_the_old(self, person):
        rested = person("Rested")
        data = rested.post("/api/auth/refresh").get_json()["data"]
        left = datetime.fromisoformat(data["expiresAt"]) - datetime.now(UTC)
        assert timedelta(days=29, hours=23) < left <= timedelta(days=30, minutes=1)
        assert rested.get(ME).status_code == 401
        assert rested.get(ME, headers={"Authorization": f"Bearer {data['token']}"}).status_code == 200

    def test_of_several_refreshes_at_once_one_gets_a_token_that_lives(self, database, person):
        hasty = person("Hasty")
        lock = "SELECT 1 FROM sessions WHERE user_id = %(id)s FOR UPDATE"
        answers = race(database, lock, {"id": hasty.id}, *[lambda: hasty.post("/api/auth/refresh")] * 3)
        assert sorted(answer.status_code for answer in answers) == [200, 401, 401]
        [token] = [answer.get_json()["data"]["token"] for answer in answers if answer.status_code == 200]
        assert hasty.get(ME, headers={"Authorization": f"Bearer {token}"}).status_code == 200


class TestChangePassword:
    BODY = {"currentPassword": PASSWORD, "newPassword": "NewPassw0rd1"}

    def test_ends_the_other_sessions_and_keeps_this_one(self, person):
        careful = person("Careful")
        other = log_in(careful.client, careful.email).get_json()["data"]["token"]
        answer = careful.post(CHANGE, {**self.BODY, "userId": careful.id.upper()})
        assert answer.get_json() == {"success": True, "message": "Password changed successfully"}
        assert careful.get(ME).status_code == 200
        assert careful.get(ME, headers={"Authorization": f"Bearer {other}"}).status_code == 401
        assert log_in(careful.client, careful.email).status_code == 401
        assert log_in(careful.client, careful.email, "NewPassw0rd1").status_code == 200

    def test_is_late_where_the_password_was_changed_meanwhile(self, person, monkeypatch):
        """Somebody at an open session knows the old password; its owner chooses a new one."""
        owner = person("Owner")
        chosen = security.hash_password("Chosen0ne1", 4)

        def reset():
            users.set_password(owner.id, chosen)

        monkeypatch.setattr(security, "password_matches", once(reset, security.password_matches))
        assert error(owner.post(CHANGE, self.BODY)) == (401, "Current password is incorrect")
        assert users.password_of(owner.id) == chosen

    def test_changes_nothing_from_a_session_that_ended_meanwhile(self, person, monkeypatch):
        owner = person("Owner")
        before = users.password_of(owner.id)
        monkeypatch.setattr(
            security, "password_matches", once(lambda: owner.post("/api/auth/logout"), security.password_matches)
        )
        assert error(owner.post(CHANGE, self.BODY)) == (401, "Invalid or expired session")
        assert users.password_of(owner.id) == before

    def test_refuses_another_users_id(self, alice, bob, admin):
        for caller in (alice, admin):
            answer = caller.post(CHANGE, {**self.BODY, "userId": bob.id})
            assert error(answer) == (403, "Not authorized to change this password")

    @pytest.mark.parametrize(
        ("change", "refusal"),
        [
            ({"currentPassword": "Wrong"}, (401, "Current password is incorrect")),
            ({"currentPassword": None}, (400, "Missing required fields: currentPassword, newPassword")),
            ({"newPassword": "short"}, (400, "Password must be at least 8 characters long")),
            ({"newPassword": 12345678}, (400, "Invalid value for newPassword")),
        ],
    )
    def test_refuses(self, alice, change, refusal):
        assert error(alice.post(CHANGE, {**self.BODY, **change})) == refusal

    def test_checks_the_session_before_the_body(self, anyone):
        answer = anyone.post(CHANGE, data="{bad", content_type="application/json")
        assert error(answer) == (401, "Authentication required")


class TestDebugConstraint:
    def test_is_for_super_admins(self, admin, company_admin, anyone):
        assert "users_email_key" in {
            c["conname"] for c in admin.get("/api/auth/debug-constraint").get_json()["constraints"]
        }
        assert error(company_admin.get("/api/auth/debug-constraint")) == (403, "Admin access required")
        assert anyone.get("/api/auth/debug-constraint").status_code == 401
