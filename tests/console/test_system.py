"""How the server stands, for those who run it; and no secret in it."""

import pytest

from rplay import db
from rplay.db import migrate
from rplay.demo import beside
from tests.conftest import settings_for, swap_parts
from tests.console.conftest import shown

SECRETS = {
    "openai_api_key": "sk-verysecret1",
    "tts_api_key": "sk-verysecret2",
    "metrics_key": "verysecret3-and-long-enough",
    "email_pass": "verysecret4",
    "database_url": "postgresql://rplay:verysecret5@db.example.com/rplay",
    "openai_base_url": "https://user:verysecret6@models.example.com/v1",
    "redis_url": "redis://:verysecret7@cache.example.com/0",
}


@pytest.fixture
def browser(signed_in, admin):
    return signed_in(admin)


def test_says_that_it_is_ready_and_who_plays(browser):
    words = shown(browser.get("/console/system")).words
    assert "Ready to serve." in words
    assert "all closed" in words
    assert migrate.migrations()[-1].name in words


def test_says_what_is_not(app, browser, monkeypatch):
    monkeypatch.setattr(
        app.extensions["rplay"].probes, "_look", lambda: {"database": "unwritable", "migrations": "pending"}
    )
    monkeypatch.setattr(app.extensions["rplay"].probes, "_look_again", 0.0)
    words = shown(browser.get("/console/system")).words
    assert "Not ready" in words
    assert "unwritable" in words


def test_says_which_breakers_are_open_and_when_models_end(app, browser, monkeypatch):
    chain = app.extensions["rplay"].chain
    states = {name: dict.fromkeys(states, "open") for name, states in chain.states().items()}
    monkeypatch.setattr(chain, "states", lambda: {**states, "openai": {"evaluation": "closed"}})
    swap_parts(app, monkeypatch, settings=settings_for(openai_api_key="sk-x", openai_model="gpt-4o"))
    words = shown(browser.get("/console/system")).words
    assert "evaluation: open" in words
    assert "Jan 14, 2027" in words


def test_shows_no_secret(app, browser, monkeypatch):
    swap_parts(app, monkeypatch, settings=settings_for(**SECRETS))
    answer = browser.get("/console/system")
    assert answer.status_code == 200
    assert "OPENAI_API_KEY" in answer.text
    assert "verysecret" not in answer.text
    assert "models.example.com" in answer.text


def test_is_for_super_admins_only(signed_in, alice, trainer, company_admin):
    for who in (alice, trainer, company_admin):
        assert signed_in(who).get("/console/system").status_code == 403
        assert "/console/system" not in signed_in(who).get("/console/").text


class TestWhatItDoes:
    def test_a_key_is_stored_tried_and_forgotten_and_never_shown(self, app, browser, monkeypatch):
        parts = app.extensions["rplay"]
        monkeypatch.setattr(type(parts.openai), "probe_key", lambda _, key: key == "sk-good")
        path = "/console/system/key"
        before = parts.key.get()
        assert browser.post(path, {"key": "sk-bad", "trial": "1"}).location.endswith("done=key-fails")
        assert parts.key.get() == before
        assert browser.post(path, {"key": " sk-good "}).location.endswith("done=key-stored")
        page = browser.get("/console/system?done=key-stored")
        assert ("Calls are made with this key" in page.text, "sk-good" in page.text) == (True, False)
        assert browser.post(path, {"trial": "1"}).location.endswith("done=key-works")
        assert browser.post(path).location.endswith("done=key-forgotten")
        assert parts.key.get() == before
        actions = [row["action"] for row in db.rows("SELECT action FROM audit_log ORDER BY at")]
        assert actions[-2:] == ["openai-key.store", "openai-key.forget"]

    def test_clients_are_made_ahead(self, app, browser, monkeypatch):
        monkeypatch.setattr("rplay.web.pregeneration.pregenerate", lambda _: (11, 12))
        assert browser.post("/console/system/profiles").location.endswith("done=some-profiles")

    def test_demo_data_is_begun_but_not_in_production(self, app, browser, monkeypatch, data_dir):
        begun = []
        monkeypatch.setattr(beside, "begin", lambda *given: begun.append(given))
        assert browser.post("/console/system/demo-data").location.endswith("done=demo-data")
        swap_parts(app, monkeypatch, settings=settings_for(data_dir=data_dir, node_env="production"))
        assert browser.post("/console/system/demo-data").status_code == 403
        assert len(begun) == 1

    def test_is_for_super_admins_only(self, signed_in, company_admin):
        for path in ("key", "profiles", "demo-data"):
            assert signed_in(company_admin).post(f"/console/system/{path}").status_code == 403
