"""What a server must not have where others reach it, as its start says it."""

import socket
import time

import pytest
from structlog.testing import capture_logs

from rplay import db, security
from rplay.db import users
from rplay.server import demo, exposure, worker
from tests.conftest import settings_for
from tests.live import live_server

ADMIN, LEARNER = "admin@example.com", "demo@example.com"


@pytest.fixture(params=["0.0.0.0", "127.0.0.1"])
def listener(request):
    """A socket with an address, which listens to nobody."""
    with socket.socket() as bound:
        bound.bind((request.param, 0))
        yield bound


@pytest.fixture
def demo_accounts(database):
    db.execute("DELETE FROM users")
    demo._make(4)


def said(settings, listener):
    with capture_logs() as logs:
        worker._warn(settings, [listener])
    return [line["reason"] for line in logs if line["log_level"] == "error"]


def test_demo_accounts_are_named_until_they_have_other_passwords(demo_accounts, listener):
    here = settings_for(legacy_frontend=False)
    reached = listener.getsockname()[0] == "0.0.0.0"
    dangers = said(here, listener)
    assert [f"signs in as {ADMIN} and {LEARNER}" in one for one in dangers] == [True] * reached
    users.set_password(users.by_email(ADMIN, ADMIN).id, security.hash_password("An0therOne", 4))
    assert [f"signs in as {LEARNER}" in one for one in said(here, listener)] == [True] * reached
    db.execute("DELETE FROM users")
    assert said(here, listener) == []


@pytest.mark.parametrize(
    "paid", [{"openai_api_key": "k"}, {"tts_api_key": "k"}, {"azure_ai_project_endpoint": "https://x.example"}]
)
def test_so_is_what_costs_money_without_a_session(database, listener, paid):
    db.execute("DELETE FROM users")
    reached = listener.getsockname()[0] == "0.0.0.0"
    assert ["LEGACY_FRONTEND=false" in one for one in said(settings_for(**paid), listener)] == [True] * reached
    assert said(settings_for(**paid, legacy_frontend=False), listener) == []
    assert said(settings_for(), listener) == []


def test_a_database_that_is_away_does_not_keep_the_rest_from_being_said(database, listener, monkeypatch):
    monkeypatch.setattr(db, "_pool", None)
    reached = listener.getsockname()[0] == "0.0.0.0"
    assert len(said(settings_for(openai_api_key="k"), listener)) == reached


@pytest.mark.parametrize(
    ("host", "reached"),
    [
        ("127.0.0.1", False),
        ("127.8.8.8", False),
        ("::1", False),
        ("localhost", False),
        ("::", True),
        ("10.0.0.7", True),
    ],
)
def test_this_machine_is_no_other(host, reached):
    assert exposure.is_reachable(host) is reached


@pytest.mark.parametrize(("setting", "times"), [("true", 1), ("false", 0)])
def test_gunicorns_start_says_that_the_existing_frontend_is_served(new_database, tmp_path, setting, times):
    with live_server(new_database(), tmp_path, LEGACY_FRONTEND=setting, WEB_CONCURRENCY="2") as server:
        until = time.monotonic() + 60
        while server.log().count("legacy_frontend_is_on") < times:
            assert time.monotonic() < until, server.log()
            time.sleep(0.05)
        assert server.log().count("legacy_frontend_is_on") == times
