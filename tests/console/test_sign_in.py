"""Signing in and out, registering, choosing a new password: pages and their cookie."""

from uuid import UUID

import pytest

from rplay import create_app, security
from rplay.db import password_resets, sessions, users
from tests.conftest import PASSWORD, error, settings_for
from tests.console.conftest import Browser, shown

HOME = "/console/"


def cookie_of(answer):
    return next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("session_token="))


class TestSignIn:
    def test_leads_to_the_page_that_was_asked_for(self, browser, alice):
        asked = browser.get("/console/account?x=1")
        assert (asked.status_code, asked.location) == (303, "/console/sign-in?next=/console/account?x%3D1")
        page = shown(browser.get(asked.location))
        hidden = next(page.each("input", name="next"))
        answer = browser.sign_in(alice.email, next=hidden["value"])
        assert (answer.status_code, answer.location) == (303, "/console/account?x=1")
        assert browser.get("/console/account").status_code == 200

    @pytest.mark.parametrize(
        "away",
        [
            "//evil.example/",
            "https://evil.example/console/",
            "/console",
            "/api/users",
            "/console/\\evil",
            "/console/\n",
        ],
    )
    def test_leads_to_nobody_elses_page(self, browser, alice, away):
        assert browser.sign_in(alice.email, next=away).location == HOME

    def test_sets_a_cookie_that_scripts_and_other_sites_do_not_get(self, browser, alice):
        line = cookie_of(browser.sign_in(alice.email))
        assert "HttpOnly" in line
        assert "SameSite=Lax" in line
        assert "Path=/" in line
        assert "Secure" not in line

    def test_is_the_same_session_as_the_apis(self, browser, alice):
        token = cookie_of(browser.sign_in(alice.email)).partition("=")[2].partition(";")[0]
        answer = browser.client.get("/api/auth/me", headers={"Authorization": f"Bearer {token}"})
        assert answer.get_json()["user"]["email"] == alice.email

    def test_says_one_thing_for_a_wrong_password_and_an_unknown_address(self, browser, alice):
        wrong, unknown = browser.sign_in(alice.email, "Wrong0ne"), browser.sign_in("nobody@example.com")
        assert wrong.status_code == unknown.status_code == 401
        assert shown(wrong).words.replace(alice.email, "") == shown(unknown).words.replace("nobody@example.com", "")

    def test_keeps_the_address_and_never_shows_a_password(self, browser, alice):
        answer = browser.sign_in(alice.email, "Wrong0ne")
        assert next(shown(answer).each("input", name="email"))["value"] == alice.email
        assert "Wrong0ne" not in answer.text

    def test_says_beside_the_field_what_is_missing(self, browser):
        page = shown(browser.post("/console/sign-in", {"email": "a@example.com", "password": ""}))
        assert next(page.each("input", name="password"))["aria-describedby"] == "password-wrong"
        assert "Please fill this in." in page.words

    def test_is_no_page_for_who_is_signed_in(self, signed_in, alice):
        assert signed_in(alice).get("/console/sign-in").location == HOME


class TestSignOut:
    def test_ends_the_session_and_takes_the_cookie(self, signed_in, alice):
        browser = signed_in(alice)
        before = len(sessions.live(alice.user["id"]))
        answer = browser.post("/console/sign-out")
        assert answer.location == "/console/sign-in"
        assert browser.get(HOME).status_code == 303
        assert len(sessions.live(alice.user["id"])) == before - 1


class TestForeignPages:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "http://evil.example"},
            {"Origin": "null"},
            {"Origin": ""},
            {"Origin": "http://localhost:3000"},
            {"Origin": "https://localhost"},
            {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
            {"Origin": "http://localhost", "Sec-Fetch-Site": "same-site"},
        ],
    )
    @pytest.mark.parametrize("path", ["sign-in", "sign-out", "register", "account/sessions", "account/erase"])
    def test_send_no_form(self, signed_in, alice, path, headers):
        browser = signed_in(alice)
        fields = {"email": alice.email, "password": PASSWORD}
        assert browser.post(f"/console/{path}", fields, **headers).status_code == 403
        assert browser.get(HOME).status_code == 200

    def test_are_all_that_come_under_a_name_the_server_does_not_know(self, browser, alice):
        headers = {"Host": "rebound.example", "Origin": "http://rebound.example"}
        answer = browser.client.post(
            "/console/sign-in", data={"email": alice.email, "password": PASSWORD}, headers=headers
        )
        assert answer.status_code == 403
        assert "CONSOLE_URL" in answer.text


@pytest.fixture(scope="module")
def proxied(database, data_dir):
    return create_app(settings_for(data_dir=data_dir, trusted_proxies=1, console_url="https://train.example.com"))


class TestBehindAProxy:
    @pytest.mark.parametrize("host", ["train.example.com", "localhost"])
    def test_the_own_page_is_known_by_what_the_proxy_says(self, proxied, alice, host):
        browser = Browser(proxied.test_client())
        headers = {"Host": host, "Origin": f"https://{host}", "X-Forwarded-Proto": "https"}
        answer = browser.post("/console/sign-in", {"email": alice.email, "password": PASSWORD}, **headers)
        assert answer.status_code == 303
        assert "Secure" in cookie_of(answer)

    def test_console_urls_own_page_is_known_also_where_the_proxy_says_nothing(self, proxied, alice):
        browser = Browser(proxied.test_client())
        fields = {"email": alice.email, "password": PASSWORD}
        assert browser.post("/console/sign-in", fields, Origin="https://train.example.com").status_code == 303


class TestTheApiWithTheCookie:
    def test_takes_it_from_a_page_of_the_server_itself(self, signed_in, alice):
        client = signed_in(alice).client
        body = {"industry": "insurance", "difficulty": "beginner"}
        assert client.post("/api/simulation", json=body, headers={"Origin": "http://localhost"}).status_code == 201
        assert error(client.post("/api/simulation", json=body, headers={"Origin": "http://evil.example"}))[0] == 401


class TestRegister:
    def test_makes_a_learner_and_signs_them_in(self, browser):
        fields = {"name": "New One", "email": "New@Example.com", "password": PASSWORD, "role": "super_admin"}
        answer = browser.post("/console/register", fields)
        assert answer.location == HOME
        assert "New One" in browser.get(HOME).text
        assert users.by_email("new@example.com", "new@example.com").role == "learner"

    @pytest.mark.parametrize(
        ("field", "value", "said"),
        [
            ("name", " ", "Please fill this in."),
            ("name", "n" * 201, "This is too long."),
            ("email", "no address", "Invalid email format"),
            ("password", "short", "Password must be at least 8 characters long"),
        ],
    )
    def test_says_what_is_wrong_beside_the_field(self, browser, field, value, said):
        fields = {"name": "New", "email": "new2@example.com", "password": PASSWORD, field: value}
        answer = browser.post("/console/register", fields)
        page = shown(answer)
        assert answer.status_code == 400
        assert said in page.words
        assert next(page.each("input", name=field))["aria-invalid"] == "true"

    def test_of_a_taken_address_makes_nothing(self, browser, alice):
        answer = browser.post("/console/register", {"name": "X", "email": alice.email.upper(), "password": PASSWORD})
        assert answer.status_code == 409
        assert not answer.headers.getlist("Set-Cookie")

    def test_can_be_closed(self, database, data_dir):
        browser = Browser(create_app(settings_for(data_dir=data_dir, console_register=False)).test_client())
        assert "register" not in browser.get("/console/sign-in").text
        fields = {"name": "X", "email": "x@example.com", "password": PASSWORD}
        assert browser.post("/console/register", fields).status_code == 404
        assert browser.get("/console/register").status_code == 404
        assert users.by_email("x@example.com", "x@example.com") is None


class TestANewPassword:
    def test_is_chosen_once_with_the_token_of_the_mail(self, browser, person):
        forgetful = person("Forgetful")
        token = security.new_token()
        assert password_resets.create(UUID(forgetful.id), security.token_hash(token))
        page = shown(browser.get(f"/console/new-password?token={token}"))
        assert next(page.each("input", name="token"))["value"] == token
        fields = {"token": token, "password": "Chosen0ne"}
        assert browser.post("/console/new-password", fields).status_code == 200
        assert browser.post("/console/new-password", fields).status_code == 400
        assert browser.sign_in(forgetful.email, "Chosen0ne").status_code == 303

    def test_is_asked_for_without_a_word_about_accounts(self, browser, alice):
        known = browser.post("/console/forgotten-password", {"email": alice.email})
        unknown = browser.post("/console/forgotten-password", {"email": "nobody@example.com"})
        assert known.status_code == unknown.status_code == 200
        assert shown(known).words == shown(unknown).words


def test_the_limit_of_logins_counts_a_form_for_its_account(database, data_dir, alice):
    browser = Browser(create_app(settings_for(data_dir=data_dir, rate_limit_enabled=True)).test_client())
    tries = [browser.sign_in(alice.email, "Wrong0ne").status_code for _ in range(21)]
    assert tries == [401] * 20 + [429]
    assert browser.sign_in("somebody-else@example.com", "Wrong0ne").status_code == 401
