"""What every answer has, also one that was refused before any view."""

import gevent
import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from rplay import create_app
from rplay.db import users
from tests.conftest import settings_for


@pytest.fixture
def few(database, data_dir):
    """A client of a server that takes one request of an address."""
    settings = settings_for(data_dir=data_dir, rate_limit_enabled=True, rate_limit_max_requests=1)
    client = create_app(settings).test_client(use_cookies=False)
    client.get("/api")
    return client


class TestARefusalOfTheGeneralLimit:
    def test_has_an_id_and_all_headers(self, few):
        answer = few.get("/api", headers={"X-Request-ID": "mine", "Origin": "http://localhost:3000"})
        assert answer.status_code == 429
        assert answer.headers["X-Request-ID"] == "mine"
        assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "RateLimit" in answer.headers

    def test_has_a_line_in_the_log(self, few):
        with capture_logs() as lines:
            few.get("/api")
        assert [(line["path"], line["status"]) for line in lines if line["event"] == "request"] == [("/api", 429)]

    def test_is_counted(self, few):
        labels = {"method": "GET", "route": "/api", "status": "429"}
        before = REGISTRY.get_sample_value("rplay_requests_total", labels) or 0
        few.get("/api")
        assert REGISTRY.get_sample_value("rplay_requests_total", labels) == before + 1


class TestParts:
    def test_are_those_that_were_given(self, database, settings):
        ledger = object()
        parts = create_app(settings, ledger=ledger).extensions["rplay"]
        assert parts.ledger is ledger

    def test_others_than_there_are_cannot_be_given(self, database, settings):
        with pytest.raises(TypeError, match="legder"):
            create_app(settings, legder=object())


def test_a_mail_that_fails_in_the_background_tells_nobody_whose_it_was(anyone, monkeypatch, capfd):
    def fails(email, account):
        raise ValueError(f"no such column for {email}")

    monkeypatch.setattr(users, "by_email", fails)
    with capture_logs() as lines:
        assert anyone.post("/api/auth/forgot-password", json={"email": "ann@example.com"}).status_code == 200
        gevent.sleep(0.01)
    assert [line["work"] for line in lines if line["event"] == "background_work_failed"] == ["reset_mail"]
    assert "ann@example.com" not in str(lines) + "".join(capfd.readouterr())
