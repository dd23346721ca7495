"""How the server stands, for those who run it; and no secret in it."""

import pytest

from rplay.db import migrate
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
