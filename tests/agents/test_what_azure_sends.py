"""Answers and errors of models in Azure and of what stands before them, byte by byte."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from fakes.foundry import FakeFoundry, Identity, sign_in_as
from structlog.testing import capture_logs

from agents.conftest import SCENE
from rplay.agents.chain import Chain
from rplay.agents.model_output import json_object
from rplay.agents.providers.azure import AzureProvider
from rplay.agents.providers.policy import Timeouts
from rplay.agents.types import Call, Tool, Usage
from rplay.errors import AIEmptyAnswer, AIFiltered, AIRefused, AIUnavailable

JSON = {"content-type": "application/json"}
EVENTS = {"content-type": "text/event-stream"}
FORCED = Tool("mark", "Marks.", {"type": "object", "properties": {}})
HALVES = [{"type": "output_text", "text": "Hel\0lo \ud83d"}, {"type": "output_text", "text": "\ude00."}]
DONE = b"data: [DONE]\n\n"


def message(content: Any) -> dict[str, Any]:
    return {"type": "message", "role": "assistant", "content": content}


def response(*output: Any, **more: Any) -> dict[str, Any]:
    usage = {"input_tokens": 3, "output_tokens": 2}
    return {"id": "r", "status": "completed", "model": "m", "error": None, "output": output, "usage": usage, **more}


def words(text: str) -> dict[str, Any]:
    return message([{"type": "output_text", "text": text}])


def whole(*output: Any, **more: Any) -> bytes:
    return json.dumps(response(*output, **more)).encode()


def event(kind: str, **more: Any) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **more})}\n\n".encode()


def delta(text: str, **more: Any) -> bytes:
    return event("response.output_text.delta", delta=text, **more)


COMPLETED = event("response.completed", response=response(words("Hello.")))
CUT = {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}
FILTERED = {"status": "incomplete", "incomplete_details": {"reason": "content_filter"}}

SOON = Timeouts(first=3)  # without a hub, as in these tests, an answer is read on for so long behind its end


@pytest.fixture
def fake() -> Iterator[FakeFoundry]:
    with FakeFoundry() as server:
        yield server


@pytest.fixture
def provider(fake: FakeFoundry) -> Iterator[AzureProvider]:
    provider = AzureProvider(fake.endpoint, "some-model", "rplay-", None, sign_in_as(Identity()))
    yield provider
    provider.close()


@pytest.fixture
def call() -> Call:
    return Call("simulationClient", "You are John.", [{"role": "user", "content": "Hello"}], SCENE)


@pytest.fixture
def says(fake: FakeFoundry) -> Callable[..., None]:
    def says(*pieces: bytes, headers: dict[str, str] = EVENTS, stays_open: bool = False) -> None:
        fake.mode("raw-open" if stays_open else "raw", raw=list(pieces), raw_headers=headers)

    return says


@pytest.fixture
def plain(provider: AzureProvider, call: Call) -> Callable[[], str]:
    return lambda: Chain([provider]).answer(call, str).value


@pytest.fixture
def streamed(provider: AzureProvider, call: Call) -> Callable[[], str]:
    return lambda: "".join(map(str, Chain([provider]).stream(call)))


class TestAPlainCall:
    def test_is_answered_with_a_stream(self, says, plain) -> None:
        says(delta("Hel"), delta("lo."), COMPLETED, headers=JSON)
        assert plain() == "Hello."

    def test_holds_halves_of_characters_and_a_nul(self, says, plain) -> None:
        says(whole(message(HALVES)), headers=JSON)
        assert plain() == "Hello 😀."

    def test_holds_thoughts_in_items_and_in_words(self, says, plain) -> None:
        thoughts = {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm."}]}
        says(whole(thoughts, words("<think>Hm.</think>John: Hello.")), headers=JSON)
        assert plain() == "Hello."

    @pytest.mark.parametrize("content", ["Hello.", [None, {"type": "text", "text": "Hello."}]])
    def test_holds_parts_of_another_kind(self, says, plain, content: Any) -> None:
        says(whole(None, message(content)), headers=JSON)
        assert plain() == "Hello."

    def test_has_nothing_where_usage_or_details_were(self, says, provider: AzureProvider, call: Call) -> None:
        says(whole(words("Hello."), usage=None, incomplete_details=None), headers=JSON)
        assert provider.answer(call).usage == Usage()


class TestAStreamedCall:
    def test_is_answered_with_one_object(self, says, streamed) -> None:
        says(whole(words("Hello.")), headers=JSON)
        assert streamed() == "Hello."

    def test_ends_with_the_response_though_the_connection_stays_open(
        self, says, provider, streamed, monkeypatch
    ) -> None:
        monkeypatch.setattr(provider, "_limits", SOON)
        says(delta("Hello."), COMPLETED, stays_open=True)
        assert streamed() == "Hello."

    def test_says_in_each_event_that_there_is_no_error(self, says, streamed) -> None:
        says(delta("Hello.", error=None), b"data: null\n\n", event("keepalive"), b"data: {}\n\n", COMPLETED, DONE)
        assert streamed() == "Hello."

    def test_holds_the_halves_of_a_character_in_two_events(self, says, streamed) -> None:
        says(delta("Hm \ud83d"), delta("\ude00."), COMPLETED)
        assert streamed() == "Hm 😀."

    def test_has_its_words_at_the_end_only(self, says, streamed) -> None:
        says(COMPLETED)
        assert streamed() == "Hello."

    def test_breaks_off_without_a_response(self, says, streamed) -> None:
        says(delta("Hel"), DONE)
        with pytest.raises(AIUnavailable):
            streamed()


class TestCutAnswers:
    @pytest.mark.parametrize("stream", [False, True])
    def test_one_that_was_too_long_is_told_in_the_log(self, says, plain, streamed, stream: bool) -> None:
        says(delta("I am"), event("response.incomplete", response=response(words("I am"), **CUT)))
        with capture_logs() as lines:
            assert (streamed if stream else plain)() == "I am"
        assert [line["reason"] for line in lines if line["event"] == "ai_answer_cut"] == ["length"]

    def test_one_that_was_filtered_is_no_answer(self, says, plain) -> None:
        says(whole(words("I am"), **FILTERED), headers=JSON)
        with pytest.raises(AIFiltered):
            plain()

    def test_a_stream_that_was_filtered_is_told_in_the_log(self, says, streamed) -> None:
        says(delta("I am"), event("response.incomplete", response=response(words("I am"), **FILTERED)))
        with capture_logs() as lines:
            assert streamed() == "I am"
        assert [line["reason"] for line in lines if line["event"] == "ai_answer_cut"] == ["content_filter"]

    @pytest.mark.parametrize(
        "failed",
        [
            event("error", code="content_filter", message="secret"),
            event("error", error={"code": "content_filter"}),
            event("response.failed", response={"status": "failed", "error": {"code": "content_filter"}}),
        ],
    )
    def test_a_stream_that_a_filter_ends_at_once(self, says, streamed, failed: bytes) -> None:
        says(failed)
        with pytest.raises(AIFiltered):
            streamed()

    @pytest.mark.parametrize(
        "failed",
        [
            event("error", code="context_length_exceeded", message="secret"),
            event("response.failed", response={"status": "failed", "error": {"message": "maximum context length is"}}),
        ],
    )
    def test_a_stream_whose_talk_is_too_long_says_so(self, says, streamed, failed: bytes) -> None:
        says(failed)
        with pytest.raises(AIRefused, match="longer than the model's context"):
            streamed()

    @pytest.mark.parametrize("stream", [False, True])
    def test_thoughts_that_used_up_the_room_leave_an_empty_answer(self, says, plain, streamed, stream: bool) -> None:
        cut = response({"type": "reasoning", "summary": []}, **CUT)
        says(event("response.reasoning.delta", delta="Hm."), event("response.incomplete", response=cut))
        with pytest.raises(AIEmptyAnswer):
            (streamed if stream else plain)()


class TestArgumentsOfATool:
    @pytest.mark.parametrize("arguments", [{"rapport": 40}, '{"rapport": 40}', '{"rapport": 40,}}'])
    def test_may_be_an_object_or_a_text(self, says, provider: AzureProvider, call: Call, arguments: Any) -> None:
        says(whole({"type": "function_call", "call_id": "c", "name": "mark", "arguments": arguments}), headers=JSON)
        assert json_object(provider.answer(replace(call, tool=FORCED)).text) == {"rapport": 40}


class TestWhatModelsDoNotTake:
    @pytest.fixture
    def refuses(self, fake: FakeFoundry) -> Callable[..., None]:
        def refuses(status: int, problem: Any, is_wrong: Callable[[dict[str, Any]], bool]) -> None:
            fake.raw, fake.raw_status, fake.raw_headers = [json.dumps({"error": problem}).encode()], status, JSON
            fake.mode(lambda body: "raw" if is_wrong(body) else "ok")

        return refuses

    NO_TOOLS = {"code": "BadRequest", "message": "Function tools are not supported by this model.", "param": None}
    NO_SYSTEM = {"code": "invalid_request", "message": "Invalid value: 'system'. Unsupported role: system"}

    def test_a_forced_tool_is_asked_for_in_words(
        self, fake: FakeFoundry, refuses, provider: AzureProvider, call: Call
    ) -> None:
        refuses(400, self.NO_TOOLS, lambda body: "tools" in body)
        fake.reply = {"rapport": 40}
        with capture_logs() as lines:
            for _ in range(2):
                assert json_object(provider.answer(replace(call, tool=FORCED)).text) == {"rapport": 40}
        assert ["tools" in body for body in fake.asked] == [True, False, False]
        assert fake.asked[-1]["input"][0]["content"].startswith("You are John.\n\nThere is no function mark")
        assert [line["refused"] for line in lines if line["event"] == "azure_not_supported"] == ["tools"]
        assert not [line for line in lines if line["log_level"] == "error"]

    SCHEMA = {"type": "object", "properties": {"seen": {"type": "boolean"}}, "required": ["seen"]}

    def test_an_answer_of_a_form_is_asked_of_the_model_by_its_schema(
        self, fake: FakeFoundry, provider: AzureProvider, call: Call
    ) -> None:
        provider.answer(replace(call, json=True, schema=self.SCHEMA))
        provider.answer(replace(call, json=True))
        wanted = {"type": "json_schema", "name": call.agent, "strict": True, "schema": self.SCHEMA}
        assert [body.get("text") for body in fake.asked] == [{"format": wanted}, None]
        assert ["agent_reference" in body for body in fake.asked] == [False, True]
        assert fake.asked[0]["store"] is False

    @pytest.mark.parametrize(
        "problem",
        [
            {"message": "Invalid schema for response_format", "param": "text.format.schema"},
            {"message": "text.format is not supported with this model", "param": None},
            {"message": "This model does not support json_schema."},
        ],
    )
    def test_a_schema_that_is_refused_gives_way_to_words_and_then_to_the_agent(
        self, fake: FakeFoundry, refuses, provider: AzureProvider, call: Call, problem: Any
    ) -> None:
        refuses(400, problem, lambda body: "text" in body)
        for _ in range(2):
            assert provider.answer(replace(call, json=True, schema=self.SCHEMA)).text == "Fine words from a fake."
        assert ["text" in body for body in fake.asked] == [True, False, False]
        assert "agent_reference" in fake.asked[-1]

    def test_an_error_about_something_else_keeps_the_schema(
        self, fake: FakeFoundry, refuses, provider: AzureProvider, call: Call
    ) -> None:
        problem = {"message": "'max_output_tokens' is not supported in this context"}
        refuses(400, problem, lambda body: "max_output_tokens" in body)
        provider.answer(replace(call, json=True, schema=self.SCHEMA))
        assert ["text" in body for body in fake.asked] == [True, True]

    def test_an_agent_which_brings_tools_gives_way_to_its_model(
        self, fake: FakeFoundry, refuses, plain, streamed
    ) -> None:
        refuses(400, self.NO_TOOLS, lambda body: "agent_reference" in body)
        assert plain() == streamed() == "Fine words from a fake."
        assert ["agent_reference" in body for body in fake.asked] == [True, False, False]
        told = {name: value for name, value in fake.asked[1].items() if name not in {"input", "max_output_tokens"}}
        assert told == {"model": "some-model", "store": False}

    def test_instructions_stand_in_the_first_turn_where_there_is_no_system_role(
        self, fake: FakeFoundry, refuses, plain
    ) -> None:
        refuses(400, self.NO_SYSTEM, lambda body: body["input"][0].get("role") == "system")
        assert plain() == plain() == "Fine words from a fake."
        assert len(fake.asked) == 3
        assert fake.asked[-1]["input"] == [{"type": "message", "role": "user", "content": "You are John.\n\nHello"}]

    def test_what_is_too_much_for_one_call_is_left_out_of_that_call_only(
        self, fake: FakeFoundry, refuses, provider: AzureProvider, call: Call
    ) -> None:
        problem = {"code": None, "message": "'max_output_tokens' is too large: 4000.", "param": None}
        refuses(400, problem, lambda body: len(fake.asked) == 1)
        provider.answer(call)
        provider.answer(call)
        assert ["max_output_tokens" in body for body in fake.asked] == [True, False, True]

    def test_what_did_not_help_is_not_left_out_again(
        self, fake: FakeFoundry, refuses, provider: AzureProvider, call: Call
    ) -> None:
        refuses(400, {"message": "Bad", "param": "max_output_tokens"}, lambda body: len(fake.asked) < 3)
        with pytest.raises(AIRefused):
            provider.answer(call)
        provider.answer(call)
        assert ["max_output_tokens" in body for body in fake.asked] == [True, False, True]

    @pytest.mark.parametrize(
        ("status", "problem", "hint"),
        [
            (400, {"code": "context_length_exceeded", "message": "x"}, "16,000 tokens"),
            (404, {"code": "DeploymentNotFound", "message": "x"}, "AZURE_AI_MODEL_DEPLOYMENT_NAME"),
            (410, {"code": "410", "message": "The model is deprecated"}, "AZURE_AI_MODEL_DEPLOYMENT_NAME"),
        ],
    )
    def test_what_somebody_has_to_set_otherwise_is_hinted_at(
        self, refuses, provider: AzureProvider, call: Call, status: int, problem: Any, hint: str
    ) -> None:
        provider.initialize()
        refuses(status, problem, lambda body: True)
        with capture_logs() as lines, pytest.raises(AIRefused):
            provider.answer(call)
        assert [line["log_level"] for line in lines if hint in line.get("hint", "")] == ["error"]

    def test_a_content_filter_has_words_of_its_own(self, refuses, provider: AzureProvider, call: Call) -> None:
        provider.initialize()
        refuses(400, {"code": "content_filter", "message": "filtered", "param": "prompt"}, lambda body: True)
        with capture_logs() as lines, pytest.raises(AIFiltered):
            provider.answer(call)
        assert [(line["event"], line["log_level"]) for line in lines] == [("azure_content_filtered", "warning")]
