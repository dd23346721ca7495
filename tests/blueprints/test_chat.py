"""/api/chat, as a client sees it; the keys over real HTTP against a fake OpenAI."""

import json

import pytest
from agents.scripted import Scripted
from fakes.openai_server import FakeOpenAI
from structlog.testing import capture_logs

from rplay import create_app
from rplay.agents.chain import Chain
from rplay.errors import AIEmptyAnswer, AIFiltered, AIRefused, AIUnavailable
from tests.conftest import error, settings_for, swap_parts

C = "/api/chat"
TALK = {
    "messages": [{"role": "system", "content": "Initial greeting"}],
    "clientProfile": {"name": "John Weaver", "age": 41},
    "simulationSettings": {"industry": "insurance", "difficulty": "beginner"},
}
LONGER = {
    **TALK,
    "messages": [
        {"role": "assistant", "content": "Hello, I'm John."},
        {"role": "user", "content": "What is a rider?"},
        {"role": "user", "content": "What is an annuity?"},
    ],
}
MISSING = "Missing required fields: messages, clientProfile, simulationSettings"
NO_KEY = "OpenAI API key is missing. Please configure it in the API Settings page."
NO_CLIENT = "I'm sorry, I'm having trouble responding right now. Let's continue our conversation in a moment."
NO_EXPERT = "I'm sorry, I'm having trouble providing guidance right now. Please try asking a more specific question."
FILTERED = "The AI service's content filter refused this conversation. Please rephrase your last message."
TALKS = ["/client-response", "/client-response/stream", "/expert-response"]
EXTRA = {
    "/client-response": "objectiveProgress",
    "/client-response/stream": "objectiveProgress",
    "/expert-response": "tier",
}


@pytest.fixture
def provider(app, monkeypatch):
    """The only provider of the application, told what to answer."""
    scripted = Scripted("azure")
    swap_parts(app, monkeypatch, chain=Chain([scripted]))
    return scripted


class TestEveryTalk:
    @pytest.mark.parametrize("path", TALKS)
    def test_needs_a_session(self, anyone, path):
        assert error(anyone.post(C + path, json=TALK)) == (401, "Authentication required")

    @pytest.mark.parametrize("missing", ["messages", "clientProfile", "simulationSettings"])
    @pytest.mark.parametrize("path", TALKS)
    def test_names_what_is_missing(self, alice, path, missing):
        assert error(alice.post(C + path, {**TALK, missing: None})) == (400, MISSING)

    @pytest.mark.parametrize("messages", [[], [{"role": "robot", "content": "x"}], [{"role": "user"}], "hello"])
    @pytest.mark.parametrize("path", TALKS)
    def test_refuses_messages_that_are_none(self, alice, path, messages):
        assert error(alice.post(C + path, {**TALK, "messages": messages})) == (400, "Invalid value for messages")

    @pytest.mark.parametrize("path", TALKS)
    def test_says_so_when_nobody_can_be_asked(self, app, alice, monkeypatch, path):
        swap_parts(app, monkeypatch, chain=Chain([], lambda: []))
        answer = alice.post(C + path, TALK)
        assert error(answer) == (400, NO_KEY)
        assert answer.get_json()[EXTRA[path]] == (3 if path == "/expert-response" else None)

    @pytest.mark.parametrize("failure", [AIRefused("secret"), AIUnavailable("secret"), AIEmptyAnswer("secret")])
    @pytest.mark.parametrize("path", ["/client-response", "/expert-response"])
    def test_a_failed_provider_is_a_502_without_details(self, alice, provider, path, failure):
        provider.enqueue(failure)
        answer = alice.post(C + path, TALK)
        assert error(answer) == (502, NO_EXPERT if path == "/expert-response" else NO_CLIENT)
        assert answer.get_json()[EXTRA[path]] == (3 if path == "/expert-response" else None)
        assert b"secret" not in answer.data

    @pytest.mark.parametrize("path", ["/client-response", "/expert-response"])
    def test_a_content_filter_has_words_of_its_own(self, alice, provider, path):
        provider.enqueue(AIFiltered("secret"))
        answer = alice.post(C + path, TALK)
        assert error(answer) == (502, FILTERED)
        assert answer.get_json()[EXTRA[path]] == (3 if path == "/expert-response" else None)

    def test_a_content_filter_has_them_in_a_stream_too(self, alice, provider):
        provider.enqueue(AIFiltered("secret"))
        assert streamed(alice.post(f"{C}/client-response/stream", TALK))[-1] == ("error", {"error": FILTERED})


class TestTheEnd:
    """A client who ends the talk."""

    SAID = "I've had enough.\n[[END: was insulted]]"
    ENDED = {"by": "client", "why": "was insulted"}

    def test_is_told_beside_the_words(self, alice, provider):
        provider.enqueue(self.SAID)
        answer = alice.post(f"{C}/client-response", TALK).get_json()
        assert (answer["message"], answer["ended"]) == ("I've had enough.", self.ENDED)

    def test_is_told_by_the_last_event_of_a_stream(self, alice, provider):
        provider.enqueue(["I've had ", "enough.\n[[E", "ND: was insulted]]"])
        events = streamed(alice.post(f"{C}/client-response/stream", TALK))
        assert "".join(data["text"] for kind, data in events if kind == "delta") == "I've had enough."
        assert (events[-1][1]["response"], events[-1][1]["ended"]) == ("I've had enough.", self.ENDED)

    @pytest.mark.parametrize("path", ["/client-response", "/client-response/stream"])
    def test_is_logged_under_the_session(self, alice, admin, provider, path):
        provider.enqueue(self.SAID)
        assert alice.post(C + path, {**TALK, "sessionId": f"s{path}"}).data
        assert logged(admin, f"s{path}") == [("client_ended", self.ENDED)]

    def test_is_logged_under_the_talk_where_no_session_is_named(self, alice, admin, provider):
        provider.enqueue(self.SAID)
        settings = {**TALK["simulationSettings"], "simulationId": "SIM-20261127-abc"}
        alice.post(f"{C}/client-response", {**TALK, "simulationSettings": settings})
        assert logged(admin, "SIM-20261127-abc") == [("client_ended", self.ENDED)]

    def test_is_not_logged_when_it_was_the_advisor_who_left(self, alice, admin, provider):
        provider.enqueue("Bye!\n[[END: advisor: said goodbye]]")
        answer = alice.post(f"{C}/client-response", {**TALK, "sessionId": "s-left"}).get_json()
        assert answer["ended"] == {"by": "advisor", "why": "said goodbye"}
        assert logged(admin, "s-left") == []


def streamed(answer):
    events = [event.split("\ndata: ") for event in answer.get_data(as_text=True).split("\n\n") if event]
    return [(kind.removeprefix("event: "), json.loads(data)) for kind, data in events]


def logged(admin, session):
    found = admin.get(f"/api/engagement/log?sessionId={session}").get_json()["data"]["data"]
    return [(entry["type"], entry["metadata"]) for entry in found]


class TestClientResponse:
    def test_stands_at_the_top_level(self, alice, provider):
        provider.enqueue("Hello, I'm John.")
        assert alice.post(f"{C}/client-response", TALK).get_json() == {
            "success": True,
            "message": "Hello, I'm John.",
            "objectiveProgress": None,
            "source": "azure",
        }

    def test_two_messages_are_not_measured_and_three_are(self, alice, provider):
        provider.enqueue("Hm.")
        two = {**LONGER, "messages": LONGER["messages"][:2]}
        assert alice.post(f"{C}/client-response", two).get_json()["objectiveProgress"] is None
        provider.enqueue("Hm.", '{"rapport": 130, "needs": -4, "objections": "7", "recommendations": 1.6}')
        assert alice.post(f"{C}/client-response", LONGER).get_json()["objectiveProgress"] == {
            "rapport": 100,
            "needs": 0,
            "objections": 7,
            "recommendations": 2,
            "explanation": "",
        }

    @pytest.mark.parametrize("measured", [AIUnavailable("down"), "no json", "{}"])
    def test_a_failed_measurement_is_null_and_no_error(self, alice, provider, measured):
        provider.enqueue("Hm.", measured)
        answer = alice.post(f"{C}/client-response", LONGER)
        assert (answer.status_code, answer.get_json()["objectiveProgress"]) == (200, None)

    def test_is_not_measured_where_that_is_switched_off(self, app, alice, provider, monkeypatch):
        parts = app.extensions["rplay"]
        swap_parts(app, monkeypatch, settings=parts.settings.model_copy(update={"enable_ai_evaluation": False}))
        provider.enqueue("Hm.")
        assert alice.post(f"{C}/client-response", LONGER).get_json()["objectiveProgress"] is None
        assert len(provider.history) == 1

    def test_streams_the_same(self, alice, provider):
        provider.enqueue(["Hello, ", "I'm John."])
        answer = alice.post(f"{C}/client-response/stream", TALK)
        last = answer.get_data(as_text=True).strip().split("\n\n")[-1]
        assert answer.content_type == "text/event-stream"
        assert last.startswith("event: complete\ndata: ")
        found = json.loads(last.split("data: ")[1])
        assert (found["response"], found["objectiveProgress"], found["toolCalls"]) == ("Hello, I'm John.", None, [])
        assert set(found["metadata"]) == {"provider", "model", "promptVersion"}


class TestExpertResponse:
    def test_answers_with_tier_and_source(self, alice, provider):
        provider.enqueue("## Expert Summary")
        body = {**LONGER, "objectives": [{"name": "R", "progress": 2}]}
        assert alice.post(f"{C}/expert-response", body).get_json() == {
            "success": True,
            "message": "## Expert Summary",
            "tier": 1,
            "source": "azure",
        }
        assert provider.history[0].context.objectives == [{"name": "R", "progress": 2}]


class TestKeys:
    """With a key in the environment and a server that tells which one it was asked with."""

    @pytest.fixture
    def fake(self):
        with FakeOpenAI() as server:
            yield server

    @pytest.fixture
    def parts(self, app, data_dir, database, fake, monkeypatch):
        """The application with other parts: those of one whose environment holds a key."""
        settings = settings_for(data_dir=data_dir, openai_api_key="sk-environment", openai_base_url=fake.url)
        other = create_app(settings).extensions["rplay"]
        monkeypatch.setitem(app.extensions, "rplay", other)
        yield other
        other.openai.close()

    def used(self, fake):
        return [call.key for call in fake.calls]

    def test_the_bodys_comes_before_the_stored_one_and_that_before_the_environments(self, parts, fake, alice, admin):
        alice.post(f"{C}/client-response", TALK)
        assert admin.post(f"{C}/set-api-key", {"apiKey": " sk-stored "}).get_json() == {"success": True}
        alice.post(f"{C}/client-response", TALK)
        for path in TALKS:
            alice.post(C + path, {**TALK, "apiKey": "sk-own"}).get_data()
        assert self.used(fake) == ["sk-environment", "sk-stored", "sk-own", "sk-own", "sk-own"]

    def test_a_stored_one_is_never_shown_or_logged(self, parts, fake, alice, admin):
        with capture_logs() as lines:
            shown = admin.post(f"{C}/set-api-key", {"apiKey": "sk-stored"}).data
            shown += admin.post(f"{C}/test-api-key", {}).data
            shown += alice.post(f"{C}/client-response", TALK).data
        assert b"sk-stored" not in shown
        assert "sk-stored" not in str(lines)

    def test_a_failing_one_of_a_body_is_nobody_elses_trouble(self, parts, fake, alice):
        fake.mode("503", retry_after="60")
        for _ in range(6):
            answer = alice.post(f"{C}/client-response", {**TALK, "apiKey": "sk-own"})
            assert error(answer) == (502, NO_CLIENT)
        assert parts.chain.states()["openai"]["simulationClient"] == "closed"
        assert self.used(fake) == ["sk-own"] * 6

    @pytest.mark.parametrize("path", ["set-api-key", "test-api-key"])
    def test_are_for_admins(self, anyone, alice, path):
        assert error(anyone.post(f"{C}/{path}", json={"apiKey": "k"})) == (401, "Authentication required")
        assert error(alice.post(f"{C}/{path}", {"apiKey": "k"})) == (403, "Admin access required")

    @pytest.mark.parametrize("body", [{}, {"apiKey": ""}, {"apiKey": "  "}, {"apiKey": None}])
    def test_one_to_store_has_to_be_there(self, admin, body):
        assert error(admin.post(f"{C}/set-api-key", body)) == (400, "API key is required")

    @pytest.mark.parametrize("key", ["sk-é", "sk-a\nb", "sk-a b", "sk-\u200b", "sk-\x7f", "密钥"])
    def test_one_that_no_header_can_carry_is_not_stored(self, parts, fake, alice, admin, key):
        assert error(admin.post(f"{C}/set-api-key", {"apiKey": key})) == (400, "Invalid value for apiKey")
        alice.post(f"{C}/client-response", TALK)
        assert self.used(fake) == ["sk-environment"]

    def test_a_stored_one_can_be_taken_away(self, parts, fake, alice, admin, anyone):
        admin.post(f"{C}/set-api-key", {"apiKey": "sk-stored"})
        for _ in range(2):
            assert admin.delete(f"{C}/set-api-key").get_json() == {"success": True}
        alice.post(f"{C}/client-response", TALK)
        assert self.used(fake) == ["sk-environment"]
        assert error(alice.delete(f"{C}/set-api-key")) == (403, "Admin access required")
        assert error(anyone.delete(f"{C}/set-api-key")) == (401, "Authentication required")

    @pytest.mark.parametrize(
        ("stored", "given", "tested"),
        [
            (None, None, "sk-environment"),
            ("sk-stored", None, "sk-stored"),
            ("sk-stored", "sk-given", "sk-given"),
            (None, " ", "sk-environment"),
        ],
    )
    def test_the_one_given_is_tested_else_the_stored_else_the_environments(
        self, parts, fake, admin, stored, given, tested
    ):
        if stored:
            admin.post(f"{C}/set-api-key", {"apiKey": stored})
        answer = admin.post(f"{C}/test-api-key", {"apiKey": given})
        assert answer.get_json() == {"success": True, "message": "API key validated successfully"}
        assert self.used(fake) == [tested]

    @pytest.mark.parametrize("mode", ["401", "500", "garbage", "drop"])
    def test_one_that_fails_is_a_no_and_not_an_error(self, parts, fake, admin, mode):
        fake.mode(mode)
        answer = admin.post(f"{C}/test-api-key", {"apiKey": "sk-bad"})
        assert answer.status_code == 200
        body = answer.get_json()
        assert (body["success"], body["message"]) == (
            False,
            "Failed to validate API key. Please check and try again.",
        )

    def test_the_test_goes_past_the_breaker_and_leaves_it_alone(self, parts, fake, alice, admin):
        fake.mode("503", retry_after="60")
        for _ in range(5):
            alice.post(f"{C}/client-response", TALK)
        assert parts.chain.states()["openai"]["simulationClient"] == "open"
        fake.mode("ok")
        assert admin.post(f"{C}/test-api-key", {}).get_json()["success"] is True
        assert parts.chain.states()["openai"]["simulationClient"] == "open"

    def test_without_any_there_is_nothing_to_test(self, app, admin):
        assert error(admin.post(f"{C}/test-api-key", {})) == (400, "No API key provided")
