"""/api/agents, as a client sees it."""

import json
from collections.abc import Iterator

import pytest
from agents.scripted import Scripted
from fakes.foundry import FakeFoundry, Identity, sign_in_as
from flask import Flask

from rplay import create_app, db
from rplay.agents.chain import Chain
from rplay.agents.providers.azure import AzureProvider
from rplay.db import pregenerated_profiles
from rplay.db.pregenerated_profiles import Pregenerated
from rplay.errors import AIFiltered, AIRefused, AIUnavailable
from tests.conftest import error, settings_for, swap_parts

A = "/api/agents"
NAMES = ["simulationClient", "profileGeneration", "evaluation", "expertGuidance"]
TALK = {
    "messages": [{"role": "system", "content": "Initial greeting"}],
    "clientProfile": {"name": "John Weaver", "age": 41},
    "simulationSettings": {"industry": "insurance", "difficulty": "beginner"},
}
LONGER = [
    {"role": "assistant", "content": "Hello, I'm John."},
    {"role": "user", "content": "Good to meet you. What brings you here?"},
    {"role": "assistant", "content": "My family's cover."},
]
PROFILE = {
    "name": "Ines Bauer", "age": 44, "occupation": "nurse", "income": 65000, "family": "two children", "goals": ["a home"],
}  # fmt: skip
WISH = {"industry": "insurance", "difficulty": "beginner", "subcategory": "life-health"}
REVIEW = {
    "overallScore": 7,
    "competencyScores": [
        {
            "name": "Communication Skills",
            "score": 6,
            "feedback": "Clear.",
            "specificExamples": ["What brings you here?", "Never said"],
        }
    ],
    "generalStrengths": ["Asks"],
    "generalImprovements": ["Listen"],
    "summary": "Well begun.",
}
EVALUATION = {
    "messages": LONGER,
    "competencies": [{"id": "communication", "name": "Communication Skills"}],
    "difficulty": "beginner",
}
ROUTES = {"/chat/client": TALK, "/chat/expert": TALK, "/profile/generate": WISH, "/evaluation/review": EVALUATION}
MISSING = {
    "/chat/client": "messages, clientProfile, simulationSettings",
    "/chat/client/stream": "messages, clientProfile, simulationSettings",
    "/chat/expert": "messages, clientProfile, simulationSettings",
    "/profile/generate": "industry, difficulty",
    "/evaluation/review": "messages, competencies, difficulty",
}


@pytest.fixture
def provider(app, monkeypatch):
    """The only provider of the application, told what to answer."""
    scripted = Scripted()
    swap_parts(app, monkeypatch, chain=Chain([scripted]))
    return scripted


@pytest.fixture
def nobody(app, monkeypatch):
    """No provider at all."""
    swap_parts(app, monkeypatch, chain=Chain([], lambda: []))


def events_of(answer):
    blocks = answer.get_data(as_text=True).strip().split("\n\n")
    pairs = (block.split("\n") for block in blocks if not block.startswith(":"))
    return [(kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for kind, data in pairs]


class TestEveryRoute:
    @pytest.mark.parametrize("path", MISSING)
    def test_names_what_is_missing(self, anyone, alice, path):
        text = f"Missing required fields: {MISSING[path]}"
        assert error(anyone.post(A + path, json={})) == (400, text)
        body = {**ROUTES.get(path, TALK), MISSING[path].split(", ")[-1]: None}
        assert error(alice.post(A + path, body)) == (400, text)

    @pytest.mark.parametrize("path", MISSING)
    def test_says_so_when_nothing_is_configured(self, anyone, nobody, path):
        answer = anyone.post(A + path, json=ROUTES.get(path, TALK))
        assert error(answer) == (503, "Azure AI Agents not available. Use OpenAI fallback.")
        assert answer.get_json()["fallback"] is True

    @pytest.mark.parametrize("path", ["/chat/client", "/chat/expert", "/evaluation/review"])
    @pytest.mark.parametrize("failure", [AIRefused("secret"), AIUnavailable("secret")])
    def test_a_failed_provider_is_a_502_without_details(self, anyone, provider, path, failure):
        provider.enqueue(failure)
        answer = anyone.post(A + path, json=ROUTES[path])
        assert error(answer) == (502, "AI provider failed")
        assert b"secret" not in answer.data

    @pytest.mark.parametrize("path", ["/chat/client", "/chat/expert", "/evaluation/review"])
    def test_a_content_filter_is_told_to_whoever_can_rephrase(self, anyone, provider, path):
        provider.enqueue(AIFiltered("secret"))
        text = error(anyone.post(A + path, json=ROUTES[path]))[1]
        assert ("content filter" in text) == path.startswith("/chat")

    @pytest.mark.parametrize("path", MISSING)
    def test_needs_a_session_once_the_legacy_frontend_is_gone(self, app, anyone, monkeypatch, path):
        parts = app.extensions["rplay"]
        swap_parts(app, monkeypatch, settings=parts.settings.model_copy(update={"legacy_frontend": False}))
        assert error(anyone.post(A + path, json={})) == (401, "Authentication required")

    @pytest.mark.parametrize(
        "messages",
        [[], "hello", [{"role": "user"}], [{"role": "robot", "content": "x"}], [{"role": "user", "content": 7}]],
    )
    @pytest.mark.parametrize("path", ["/chat/client", "/chat/client/stream", "/chat/expert", "/evaluation/review"])
    def test_refuses_messages_that_are_none(self, anyone, path, messages):
        body = {**ROUTES.get(path, TALK), "messages": messages}
        assert error(anyone.post(A + path, json=body)) == (400, "Invalid value for messages")

    def test_a_signed_in_learner_gets_the_same(self, alice, provider):
        provider.enqueue("Hello.")
        assert alice.post(f"{A}/chat/client", TALK).get_json()["message"] == "Hello."


class TestClient:
    def test_answers_and_says_who_did(self, anyone, provider):
        provider.enqueue("Hello, I'm John.")
        assert anyone.post(f"{A}/chat/client", json=TALK).get_json() == {
            "success": True,
            "message": "Hello, I'm John.",
            "objectiveProgress": None,
            "metadata": {"provider": "scripted", "model": "scripted-model"},
        }

    def test_measures_a_longer_talk(self, anyone, provider):
        provider.enqueue("I see.", '{"rapport": 30}')
        answer = anyone.post(f"{A}/chat/client", json={**TALK, "messages": LONGER})
        assert answer.get_json()["objectiveProgress"]["rapport"] == 30

    def test_feels_what_the_frontend_says(self, anyone, provider):
        provider.enqueue("Hm.")
        body = {
            **TALK,
            "emotionalState": {"mood": "calm"},
            "personalitySettings": {"archetype": "sceptic"},
            "sessionId": "s",
        }
        anyone.post(f"{A}/chat/client", json=body)
        assert provider.history[0].context.emotional_state == {"mood": "calm"}
        assert provider.history[0].context.personality == {"archetype": "sceptic"}


class TestStream:
    def test_ends_with_everything(self, anyone, provider):
        provider.enqueue(["Hello, ", "I'm John."])
        answer = anyone.post(f"{A}/chat/client/stream", json=TALK)
        events = events_of(answer)
        assert answer.content_type == "text/event-stream"
        assert [kind for kind, _ in events] == ["status", "delta", "delta", "complete"]
        assert events[-1][1]["response"] == "Hello, I'm John."
        assert events[-1][1]["metadata"]["provider"] == "scripted"

    def test_a_failure_is_an_event(self, anyone, provider):
        provider.enqueue(AIUnavailable("secret"))
        answer = anyone.post(f"{A}/chat/client/stream", json=TALK)
        assert (answer.status_code, events_of(answer)[-1][0]) == (200, "error")
        assert b"secret" not in answer.data


class TestExpert:
    def test_answers_with_its_tier(self, anyone, provider):
        provider.enqueue("## Expert Summary")
        body = {
            **TALK,
            "messages": [{"role": "user", "content": "What is a rider?"}],
            "objectives": [{"name": "R", "progress": 2}],
        }
        assert anyone.post(f"{A}/chat/expert", json=body).get_json() == {
            "success": True,
            "message": "## Expert Summary",
            "tier": 1,
            "metadata": {"provider": "scripted", "model": "scripted-model"},
        }
        assert provider.history[0].context.objectives == [{"name": "R", "progress": 2}]


class TestProfile:
    @pytest.fixture(autouse=True)
    def _none_made_ahead(self, database):
        db.execute("DELETE FROM pregenerated_profiles")

    def test_is_made_and_says_by_whom(self, anyone, provider):
        provider.enqueue(json.dumps(PROFILE))
        body = anyone.post(
            f"{A}/profile/generate", json={**WISH, "focusAreas": [{"id": "x", "name": "Life"}]}
        ).get_json()
        assert (body["profile"]["name"], body["profile"]["income"]) == ("Ines Bauer", "$65,000")
        assert body["metadata"] == {"provider": "scripted", "model": "scripted-model"}
        assert provider.history[0].context.focus_areas == ["Life"]
        assert provider.history[0].context.industry_settings["displayName"] == "Insurance"

    def test_comes_from_those_made_ahead_when_everybody_fails(self, anyone, provider):
        pregenerated_profiles.keep("insurance", "life-health", "beginner", Pregenerated(PROFILE, "openai", "m"))
        provider.enqueue(AIUnavailable("down"))
        body = anyone.post(f"{A}/profile/generate", json=WISH).get_json()
        assert (body["success"], body["profile"]["name"]) == (True, "Ines Bauer")
        assert body["metadata"] == {"provider": "openai", "model": "m"}

    def test_without_one_the_frontend_takes_its_own(self, anyone, provider):
        provider.enqueue(AIUnavailable("down"))
        answer = anyone.post(f"{A}/profile/generate", json=WISH)
        assert error(answer) == (503, "Azure AI Agents not available. Use OpenAI fallback.")
        assert answer.get_json()["fallback"] is True


class TestReview:
    def test_is_an_object_by_competency(self, anyone, provider):
        provider.enqueue(json.dumps(REVIEW))
        body = anyone.post(f"{A}/evaluation/review", json=EVALUATION).get_json()
        review = body["review"]
        assert set(review) == {
            "overallScore", "competencyScores", "strengths", "areasForImprovement", "detailedFeedback", "conversationAnalysis",
        }  # fmt: skip
        score = review["competencyScores"]["Communication Skills"]
        assert (score["score"], score["specificExamples"]) == (6, ["What brings you here?"])
        assert score["expectation"].startswith("Meets")
        assert body["metadata"]["provider"] == "scripted"
        assert set(body["metadata"]) == {"provider", "model", "promptVersion", "rubricHash"}

    def test_goes_by_the_rubrics_of_the_data_files(self, anyone, provider):
        provider.enqueue(json.dumps(REVIEW))
        anyone.post(f"{A}/evaluation/review", json={**EVALUATION, "difficulty": 3})
        rubrics = provider.history[0].context.rubrics
        assert len(rubrics) == 5
        assert {row["competency_id"] for row in rubrics} == {"communication"}
        assert provider.history[0].context.difficulty == "advanced"

    def test_or_by_those_of_the_request(self, anyone, provider):
        provider.enqueue(json.dumps(REVIEW), json.dumps(REVIEW))
        rubric = {"competency_name": "Communication Skills", "criteria": "Whispers"}
        own = anyone.post(f"{A}/evaluation/review", json={**EVALUATION, "rubrics": [rubric]}).get_json()
        shipped = anyone.post(f"{A}/evaluation/review", json=EVALUATION).get_json()
        assert "Whispers" in provider.history[0].instructions
        assert own["metadata"]["rubricHash"] != shipped["metadata"]["rubricHash"]

    def test_competencies_may_be_named(self, anyone, provider):
        provider.enqueue(json.dumps(REVIEW))
        anyone.post(f"{A}/evaluation/review", json={**EVALUATION, "competencies": ["communication", "Juggling"]})
        talk = provider.history[0].context
        assert [one["name"] for one in talk.competencies] == ["Communication Skills", "Juggling"]
        assert talk.rubrics

    @pytest.mark.parametrize("competencies", ["communication", [7], [" "], {"id": "communication"}])
    def test_refuses_competencies_that_are_none(self, anyone, competencies):
        body = {**EVALUATION, "competencies": competencies}
        assert error(anyone.post(f"{A}/evaluation/review", json=body)) == (400, "Invalid value for competencies")

    def test_refuses_a_difficulty_that_is_none(self, anyone):
        body = {**EVALUATION, "difficulty": "expert"}
        assert error(anyone.post(f"{A}/evaluation/review", json=body)) == (400, "Invalid difficulty")


class TestWithoutAzure:
    def test_health_says_so(self, anyone):
        assert anyone.get(f"{A}/health").get_json() == {
            "configured": False,
            "available": False,
            "client": {"configured": False, "initialized": False, "error": None},
            "agents": [{"name": name, "initialized": False, "agentId": None} for name in NAMES],
        }
        assert anyone.get("/health").get_json()["agents"] == {"configured": False, "initialized": False, "count": 0}

    def test_there_is_nothing_to_initialize(self, admin):
        assert error(admin.post(f"{A}/initialize", {})) == (400, "Azure is not configured")


class TestWithAzure:
    @pytest.fixture
    def fake(self) -> Iterator[FakeFoundry]:
        with FakeFoundry() as server:
            yield server

    @pytest.fixture
    def azure(self, app: Flask, fake: FakeFoundry, monkeypatch: pytest.MonkeyPatch) -> Iterator[AzureProvider]:
        """The application's, with a project that is a fake, and nobody behind it."""
        provider = AzureProvider(fake.endpoint, "gpt-4o", "rplay-", sign_in=sign_in_as(Identity()))
        swap_parts(app, monkeypatch, azure=provider)
        swap_parts(app, monkeypatch, chain=Chain([provider]))
        yield provider
        provider.close()

    def test_an_admin_has_the_agents_made(self, admin, anyone, azure, fake):
        assert admin.post(f"{A}/initialize", {}).get_json() == {
            "success": True,
            "agents": [{"name": name, "initialized": True} for name in NAMES],
        }
        assert len(fake.agents) == 4
        assert anyone.get("/health").get_json()["agents"] == {"configured": True, "initialized": True, "count": 4}
        health = anyone.get(f"{A}/health").get_json()
        assert (health["configured"], health["available"]) == (True, True)
        assert health["agents"][3] == {
            "name": "expertGuidance", "initialized": True, "agentId": "rplay-expert-guidance:1",
        }  # fmt: skip

    def test_one_that_fails_is_named_without_details(self, admin, anyone, azure, fake):
        fake.broken = {"profile-generation": "403"}
        answer = admin.post(f"{A}/initialize", {})
        assert answer.get_json()["agents"][1] == {
            "name": "profileGeneration", "initialized": False, "error": "the server answered 403",
        }  # fmt: skip
        health = anyone.get(f"{A}/health")
        assert health.get_json()["client"]["error"] == "the server answered 403"
        assert b"secret" not in answer.data + health.data
        assert anyone.get("/health").get_json()["agents"] == {"configured": True, "initialized": False, "count": 3}

    def test_answers_a_talk(self, anyone, azure, fake):
        body = anyone.post(f"{A}/chat/client", json=TALK).get_json()
        assert (body["message"], body["metadata"]) == (
            "Fine words from a fake.",
            {"provider": "azure", "model": "gpt-4o"},
        )
        assert "John Weaver" in fake.asked[0]["input"][0]["content"]

    def test_is_the_source_of_the_chats_too(self, alice, azure):
        assert alice.post("/api/chat/client-response", TALK).get_json()["source"] == "azure"
        assert alice.post("/api/chat/expert-response", TALK).get_json()["source"] == "azure"

    def test_stands_in_the_checks_of_readiness(self, anyone, azure):
        assert anyone.get("/api/health/ready").get_json()["checks"]["providers"] == {"azure": "closed"}


def test_a_project_in_the_settings_is_asked_first_and_not_before_it_has_to_be(database, data_dir):
    project = {"azure_ai_project_endpoint": "https://x.services.ai.azure.com/api/projects/p", "openai_api_key": "sk-k"}
    parts = create_app(settings_for(data_dir=data_dir, **project)).extensions["rplay"]
    assert list(parts.chain.states()) == ["azure", "openai"]
    assert not parts.azure.health()["client"]["initialized"]
