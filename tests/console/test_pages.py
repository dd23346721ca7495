"""What is true of every page: headers, errors, words, files, and what stays as it was without pages."""

import gzip
import hashlib
import json
from pathlib import Path

import pytest

from rplay import console, create_app
from rplay.console import assets
from rplay.web.headers import CONSOLE
from tests.conftest import error, settings_for
from tests.console.conftest import Browser, shown

HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
STATIC = Path(console.__file__).with_name("static")


class TestTheDoor:
    def test_leads_a_browser_in(self, browser):
        answer = browser.client.get("/", headers={"Accept": HTML})
        assert (answer.status_code, answer.location) == (303, "/console/")

    @pytest.mark.parametrize(
        "accept", [None, "*/*", "application/json", "application/json, text/html;q=0.9", "text/*;q=0, */*"]
    )
    def test_stays_the_apis_for_everything_else(self, anyone, accept):
        answer = anyone.get("/", headers={"Accept": accept} if accept else {})
        assert error(answer) == (404, "Endpoint not found")

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
    def test_takes_nothing(self, anyone, method):
        assert error(anyone.open("/", method=method, headers={"Accept": HTML})) == (404, "Endpoint not found")

    def test_has_an_icon(self, anyone):
        answer = anyone.get("/favicon.ico")
        assert (answer.status_code, answer.mimetype) == (200, "image/x-icon")

    def test_is_shut_where_the_console_is_off(self, database, data_dir):
        client = create_app(settings_for(data_dir=data_dir, console=False)).test_client()
        for path in ("/", "/favicon.ico", "/console/", "/console/sign-in"):
            assert error(client.get(path, headers={"Accept": HTML})) == (404, "Endpoint not found")


class TestHeaders:
    @pytest.mark.parametrize("path", ["/console/sign-in", "/console/nothing", "/console/account"])
    def test_of_every_page_allow_nothing_from_elsewhere(self, browser, path):
        answer = browser.get(path)
        assert answer.headers["Content-Security-Policy"] == CONSOLE
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Frame-Options"] == "DENY"

    def test_no_page_has_a_style_or_a_script_of_its_own(self):
        for path in Path(console.__file__).with_name("templates").glob("*.html"):
            text = path.read_text(encoding="utf-8")
            assert " style=" not in text, path
            assert "<style" not in text, path
            assert "hx-on" not in text, path
            assert "<script>" not in text, path
            assert "|safe" not in text, path


class TestErrors:
    def test_are_pages(self, browser):
        answer = browser.get("/console/nothing/here")
        assert answer.status_code == 404
        assert "There is nothing here" in shown(answer).words

    def test_are_a_part_of_a_page_where_htmx_asks(self, signed_in, alice):
        answer = signed_in(alice).get("/console/nothing", **{"HX-Request": "true"})
        assert (answer.status_code, "<html" in answer.text) == (404, False)
        assert 'role="alert"' in answer.text

    def test_of_an_ended_session_lead_htmx_to_the_sign_in_and_back(self, browser):
        headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/console/history?page=2"}
        answer = browser.get("/console/account", **headers)
        assert answer.headers["HX-Redirect"] == "/console/sign-in?next=/console/history"

    def test_that_nobody_meant_tell_nothing_of_the_inside(self, app, signed_in, alice, monkeypatch):
        monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
        monkeypatch.setattr("rplay.db.sessions.live", lambda user_id: 1 / 0)
        answer = signed_in(alice).get("/console/account")
        assert answer.status_code == 500
        assert "ZeroDivision" not in answer.text
        assert "Something went wrong here" in shown(answer).words

    def test_of_a_form_that_is_none(self, browser):
        answer = browser.client.post("/console/sign-in", json={"email": "a"}, headers={"Origin": "http://localhost"})
        assert (answer.status_code, answer.mimetype) == (415, "text/html")
        many = {f"f{number}": "x" for number in range(501)}
        assert browser.post("/console/sign-in", many).status_code == 400


class TestFiles:
    def test_are_kept_for_ever_under_the_address_that_pages_name(self, browser):
        page = shown(browser.get("/console/sign-in"))
        addresses = [tag["href"] for tag in page.each("link")] + [tag["src"] for tag in page.each("script")]
        assert len(addresses) == 5
        for address in addresses:
            answer = browser.get(address)
            assert answer.status_code == 200
            assert answer.headers["Cache-Control"] == assets.FOR_EVER

    def test_come_zipped_to_who_can_unzip_them(self, browser):
        address = f"/console/static/{assets.current()}/console.css"
        answer = browser.get(address, **{"Accept-Encoding": "gzip"})
        assert gzip.decompress(answer.data) == (STATIC / "console.css").read_bytes()
        assert answer.headers["Content-Encoding"] == "gzip"

    def test_are_not_sent_again_to_who_has_them(self, browser):
        address = f"/console/static/{assets.current()}/console.css"
        etag = browser.get(address).headers["ETag"]
        assert browser.get(address, **{"If-None-Match": etag}).status_code == 304

    @pytest.mark.parametrize("name", ["../__init__.py", "%2e%2e/__init__.py", "vendor/htmx.LICENSE", "nothing.css"])
    def test_are_no_way_to_others(self, browser, name):
        assert browser.get(f"/console/static/x/{name}").status_code == 404

    def test_of_others_are_what_their_makers_published(self):
        listed = json.loads((STATIC / "vendor/vendor.json").read_text(encoding="utf-8"))
        hashes = {file["path"]: file["sha256"] for package in listed for file in package["files"]}
        found = {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in (STATIC / "vendor").iterdir()
            if path.name != "vendor.json"
        }
        assert found == hashes

    def test_scripts_are_small(self):
        scripts = [asset.zipped for name, asset in assets.every().items() if name.endswith(".js")]
        assert sum(map(len, scripts)) < 60_000


class TestWords:
    def test_are_the_browsers_language(self, browser):
        assert (
            "Anmelden" in shown(browser.get("/console/sign-in", **{"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"})).words
        )
        assert "Sign in" in shown(browser.get("/console/sign-in", **{"Accept-Language": "fr"})).words

    def test_are_the_language_that_was_chosen(self, signed_in, alice):
        browser = signed_in(alice)
        browser.post("/console/account/reading", {"language": "de", "theme": "dark"})
        page = shown(browser.get("/console/account"))
        assert next(page.each("html")) == {"lang": "de", "data-theme": "dark"}
        assert "Kennwort" in page.words


def test_a_page_says_nothing_to_who_sends_a_token_of_nobodys(app):
    browser = Browser(app.test_client())
    browser.client.set_cookie("session_token", "dead")
    assert browser.get("/console/account").status_code == 303
    assert browser.get("/console/sign-in").status_code == 200
