"""AI calls are counted and written down, with who asked."""

import pytest
from agents.scripted import Scripted
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from rplay import db
from rplay.agents.chain import Chain
from rplay.agents.observed import Observed
from rplay.agents.types import Usage
from rplay.runtime import ai_usage
from rplay.runtime.ai_usage import Ledger
from tests.conftest import swap_parts

CALL = Observed("evaluation", "openai", "some-model", Usage(10, 5), 120, 900, "ok")
TALK = {
    "messages": [{"role": "user", "content": "Hello"}],
    "clientProfile": {"name": "John"},
    "simulationSettings": {"industry": "insurance"},
}
REVIEW = {"messages": TALK["messages"], "competencies": [{"name": "Communication"}], "difficulty": "beginner"}
ROUTES = {
    "/api/chat/client-response": TALK,
    "/api/chat/client-response/stream": TALK,
    "/api/chat/expert-response": TALK,
    "/api/agents/chat/client": TALK,
    "/api/agents/chat/client/stream": TALK,
    "/api/agents/chat/expert": TALK,
    "/api/agents/profile/generate": {"industry": "insurance", "difficulty": "beginner"},
    "/api/agents/evaluation/review": REVIEW,
    "/api/simulation/generate-review": REVIEW,
}


def written():
    return db.rows("SELECT user_id, provider, model, tokens_in, tokens_out, outcome FROM ai_usage ORDER BY id")


@pytest.fixture
def ledger(database):
    db.execute("DELETE FROM ai_usage")
    return Ledger()


@pytest.fixture
def own(app, ledger, monkeypatch):
    """The application's ledger, empty."""
    swap_parts(app, monkeypatch, ledger=ledger)
    swap_parts(app, monkeypatch, chain=Chain([Scripted("openai", *["words"] * 12)]))
    return ledger


class TestWhoAsked:
    @pytest.mark.parametrize("path", ROUTES)
    def test_every_route_that_asks_a_model_says_so(self, alice, own, path):
        alice.post(path, ROUTES[path]).get_data()
        own.write()
        found = written()
        assert found
        assert {str(row["user_id"]) for row in found} == {alice.id}

    def test_a_profile_made_ahead_is_put_down_to_the_admin(self, admin, own):
        admin.get("/api/profile-pregeneration")
        own.write()
        assert {str(row["user_id"]) for row in written()} == {admin.id}

    def test_nobody_is_named_who_was_not_signed_in(self, anyone, own):
        anyone.post("/api/agents/chat/expert", json=TALK)
        own.write()
        assert [row["user_id"] for row in written()] == [None]


class TestLedger:
    def test_writes_many_at_once_and_each_only_once(self, ledger, monkeypatch):
        monkeypatch.setattr(ai_usage, "BATCH", 2)
        for _ in range(5):
            ledger.note(None, CALL)
        ledger.write()
        ledger.write()
        assert len(written()) == 5

    def test_waits_for_a_database_that_is_away(self, ledger, database):
        ledger.note(None, CALL)
        db.close()
        with capture_logs() as logs:
            ledger.write()
        db.connect(database, size=4)
        assert [(line["event"], line["rows"]) for line in logs] == [("ai_usage_waits", 1)]
        ledger.write()
        assert len(written()) == 1

    def test_drops_and_says_how_many_when_too_many_wait(self, ledger, monkeypatch):
        monkeypatch.setattr(ai_usage, "MOST_WAITING", 2)
        for _ in range(5):
            ledger.note(None, CALL)
        with capture_logs() as logs:
            ledger.write()
            ledger.write()
        assert [(line["event"], line["rows"]) for line in logs] == [("ai_usage_dropped", 3)]
        assert len(written()) == 2

    def test_says_what_the_end_has_cost(self, ledger, database):
        ledger.note(None, CALL)
        db.close()
        with capture_logs() as logs:
            ledger.close()
        db.connect(database, size=4)
        assert logs[-1]["event"] == "ai_usage_lost"

    def test_takes_any_name_that_a_server_gives_its_model(self, ledger):
        names = ["\0odd", "modèle", 'a"b\\c', ""]
        for name in names:
            ledger.note(None, Observed("evaluation", "openai", name, Usage(), None, 1, "ok"))
        ledger.write()
        assert [row["model"] for row in written()] == ["odd", *names[1:]]


def test_calls_are_counted(ledger):
    labels = {"agent": "evaluation", "provider": "openai", "model": "counted-model"}
    call = Observed(**labels, usage=Usage(10, 5), first_token_ms=120, ms=900, outcome="ok")
    ledger.note(None, call)
    ledger.note(None, call)

    def value(name, **more):
        return REGISTRY.get_sample_value(name, {**labels, **more})

    assert value("rplay_ai_calls_total", outcome="ok") == 2
    assert value("rplay_ai_tokens_total", direction="in") == 20
    assert value("rplay_ai_tokens_total", direction="out") == 10
    of = {"agent": "evaluation", "provider": "openai"}
    assert REGISTRY.get_sample_value("rplay_ai_call_seconds_count", of) >= 2
    assert REGISTRY.get_sample_value("rplay_ai_first_token_seconds_count", of) >= 2
