"""Answers of real servers, byte by byte: told by what came, not by what was asked."""

import contextlib
import json
from dataclasses import replace
from typing import Any

import gevent
import pytest
from fakes.openai_server import FakeOpenAI
from structlog.testing import capture_logs

from rplay.agents.chain import Chain
from rplay.agents.model_output import json_object
from rplay.agents.providers.catalogue import openai_provider
from rplay.agents.providers.openai import OpenAIProvider
from rplay.agents.providers.policy import Timeouts
from rplay.agents.types import Call, Tool
from rplay.config import Settings
from rplay.errors import AIEmptyAnswer, AIFiltered, AIRefused, AIUnavailable

JSON = {"content-type": "application/json"}
EVENTS = {"content-type": "text/event-stream"}
FORCED = Tool("mark", "Marks.", {"type": "object", "properties": {}})


def chunk(content: Any, finish: Any = None, **more: Any) -> bytes:
    choice = {"index": 0, "delta": {"content": content}, "finish_reason": finish}
    return b"data: " + json.dumps({"model": "m", "choices": [choice], **more}).encode() + b"\n\n"


def whole(content: Any, finish: Any = "stop", **message: Any) -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", "content": content, **message}, "finish_reason": finish}
    return json.dumps(
        {"model": "m", "choices": [choice], "usage": {"prompt_tokens": 3, "completion_tokens": 2}}
    ).encode()


DONE = b"data: [DONE]\n\n"
STREAM = [chunk("Hel"), chunk("lo."), chunk("", "stop"), DONE]
PARTS = [{"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}, {"type": "text", "text": "Hello."}]

SOON = Timeouts(first=3)  # without a hub, as in these tests, an answer is read on for so long behind its end


@pytest.fixture
def says(fake: FakeOpenAI):
    def says(*pieces: bytes, headers: dict[str, str] = EVENTS, stays_open: bool = False) -> None:
        fake.mode("raw-open" if stays_open else "raw", raw=list(pieces), raw_headers=headers)

    return says


@pytest.fixture
def plain(chain: Chain, call: Call):
    return lambda: chain.answer(call, str).value


@pytest.fixture
def streamed(chain: Chain, call: Call):
    return lambda: list(chain.stream(call))


class TestAPlainCall:
    def test_says_that_it_wants_no_stream(self, fake: FakeOpenAI, plain) -> None:
        plain()
        assert fake.bodies[0]["stream"] is False

    def test_is_answered_with_a_stream(self, says, plain) -> None:
        says(*STREAM)
        assert plain() == "Hello."

    def test_is_answered_with_a_stream_called_json(self, says, plain) -> None:
        says(*STREAM, headers=JSON)
        assert plain() == "Hello."

    def test_has_a_streams_end_behind_it(self, says, plain) -> None:
        says(whole("Hello."), b"\n\n", DONE, headers=JSON)
        assert plain() == "Hello."

    def test_comes_in_parts_with_thoughts_among_them(self, says, plain) -> None:
        says(whole(PARTS), headers=JSON)
        assert plain() == "Hello."

    def test_holds_half_a_character(self, says, plain) -> None:
        says(whole("Hello \ud83d"), headers=JSON)
        assert plain() == "Hello \ufffd"

    def test_is_not_utf8(self, says, plain) -> None:
        says(whole("Hello X").replace(b"X", b"\xe9"), headers=JSON)
        assert plain() == "Hello \ufffd"

    def test_names_a_charset_as_its_encoding(self, says, plain) -> None:
        says(whole("Hello."), headers={**JSON, "content-encoding": "UTF-8"})
        assert plain() == "Hello."

    def test_is_packed_though_nobody_asked(self, says, plain) -> None:
        says(whole("Hello."), headers={**JSON, "content-encoding": "GZIP"})
        with capture_logs() as lines, pytest.raises(AIUnavailable):
            plain()
        assert [line["reason"] for line in lines if line["event"] == "openai_call_failed"] == [
            "the server's answer is compressed, which it was asked not to do"
        ]

    def test_begins_with_a_mark_and_blanks(self, says, plain) -> None:
        says(b"\xef\xbb\xbf", b"\n ", whole("Hello."), headers=JSON)
        assert plain() == "Hello."

    @pytest.mark.parametrize("finish", ["error", "abort", "network_error", "insufficient_system_resource"])
    def test_that_broke_off_is_no_answer(self, says, plain, finish: str) -> None:
        says(whole("Hel", finish), headers=JSON)
        with pytest.raises(AIUnavailable):
            plain()

    @pytest.mark.parametrize(
        "answer",
        [{"choices": None}, {"choices": []}, {"error": {"message": "secret", "code": 502}}, {"error": "secret"}],
    )
    def test_without_a_choice_is_the_servers_failure(self, says, plain, answer: Any) -> None:
        says(json.dumps({"model": "m", **answer}).encode(), headers=JSON)
        with pytest.raises(AIUnavailable) as raised:
            plain()
        assert "secret" not in str(raised.value)

    def test_with_thoughts_in_a_field_of_their_own(self, says, plain) -> None:
        says(whole("Hello.", reasoning="Hm.", reasoning_content="Hm."), headers=JSON)
        assert plain() == "Hello."

    def test_that_holds_nothing_but_thoughts_is_empty(self, says, plain) -> None:
        says(whole("", "length", reasoning="I should say hello."), headers=JSON)
        with pytest.raises(AIEmptyAnswer):
            plain()

    def test_to_a_path_that_is_none_though_the_status_is_200(self, says, plain) -> None:
        says(b'{"error":"Unexpected endpoint or method. (POST /chat/completions)"}', headers=JSON)
        with pytest.raises(AIRefused, match="no such path or model"):
            plain()


class TestAStreamedCall:
    def test_is_answered_with_one_object(self, says, streamed) -> None:
        says(whole("Hello."), headers=JSON)
        assert streamed() == ["Hello."]

    def test_is_answered_with_one_object_called_a_stream(self, says, streamed) -> None:
        says(whole("Hello."), headers=EVENTS)
        assert streamed() == ["Hello."]

    def test_is_answered_with_one_object_and_a_streams_end(self, says, streamed) -> None:
        says(whole("Hello."), b"\n\n", DONE, headers=JSON)
        assert streamed() == ["Hello."]

    @pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
    def test_has_line_ends_of_any_kind(self, says, streamed, end: bytes) -> None:
        says(*(piece.replace(b"\n", end) for piece in STREAM))
        assert streamed() == ["Hel", "lo."]

    def test_comes_in_parts_with_thoughts_among_them(self, says, streamed) -> None:
        says(chunk(PARTS[:1]), chunk(PARTS[1:]), chunk(None, "stop"), DONE)
        assert streamed() == ["Hello."]

    def test_says_in_each_chunk_that_there_is_no_error(self, says, streamed) -> None:
        says(chunk("Hel", error=None), chunk("lo.", error=None), chunk("", "stop", error=None), DONE)
        assert streamed() == ["Hel", "lo."]

    def test_has_a_null_among_its_events(self, says, streamed) -> None:
        says(chunk("Hel"), b"data: null\n\n", b"data:\n\n", chunk("lo."), chunk("", "stop"), DONE)
        assert streamed() == ["Hel", "lo."]

    def test_has_no_blank_behind_data(self, says, streamed) -> None:
        says(*(piece.replace(b"data: ", b"data:") for piece in STREAM))
        assert streamed() == ["Hel", "lo."]

    @pytest.mark.parametrize("end", [b"\n", b"\r\n"])
    def test_spreads_an_object_over_lines(self, says, streamed, end: bytes) -> None:
        text = b"".join(STREAM).replace(b'"choices"', b'\ndata: "choices"').replace(b"\n", end)
        says(text)
        assert streamed() == ["Hel", "lo."]
        says(*(text[i : i + 1] for i in range(len(text))))
        assert "".join(streamed()) == "Hello."

    def test_puts_the_object_behind_the_line(self, says, streamed) -> None:
        says(*(piece.replace(b"data: {", b"data:\n {") for piece in STREAM))
        assert streamed() == ["Hel", "lo."]

    def test_puts_no_empty_line_between_events(self, says, streamed) -> None:
        says(*(piece.replace(b"\n\n", b"\n") for piece in STREAM))
        assert streamed() == ["Hel", "lo."]

    def test_names_its_events(self, says, streamed) -> None:
        says(b"retry: 3000\n\n", *(b"event: message\nid: 7\n" + piece for piece in STREAM))
        assert streamed() == ["Hel", "lo."]

    def test_tells_of_filters_in_chunks_without_words(self, says, streamed) -> None:
        filters = {"hate": {"filtered": False, "severity": "safe"}}
        first = {"choices": [], "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": filters}]}
        late = {"choices": [{"finish_reason": None, "index": 0, "content_filter_results": filters}]}
        says(*(b"data: " + json.dumps(one).encode() + b"\n\n" for one in (first, late)), *STREAM)
        assert streamed() == ["Hel", "lo."]

    def test_repeats_the_whole_message_beside_each_piece(self, says, streamed) -> None:
        def piece(text: str, so_far: str, finish: str | None = None) -> bytes:
            choice = {"index": 0, "delta": {"content": text}, "message": {"content": so_far}, "finish_reason": finish}
            return b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"

        says(piece("Hel", "Hel"), piece("lo.", "Hello."), piece("", "Hello.", "stop"), DONE)
        assert streamed() == ["Hel", "lo."]

    @pytest.mark.parametrize("finish", ["error", "abort"])
    def test_that_broke_off_is_not_complete(self, says, streamed, finish: str) -> None:
        says(chunk("Hel"), chunk("", finish), DONE)
        with pytest.raises(AIUnavailable):
            streamed()

    def test_reports_an_error_beside_an_empty_choice(self, says, streamed) -> None:
        says(chunk("Hel"), chunk("", "error", error={"code": "server_error", "message": "secret"}), DONE)
        with pytest.raises(AIUnavailable):
            streamed()

    @pytest.mark.parametrize(
        "error",
        [
            "Trying to keep the first 7000 tokens when context the overflows. However, the model is loaded with context"
            " length of only 4096 tokens, which is not enough.",
            {"message": "Context size has been exceeded.", "code": 400},
        ],
    )
    def test_says_within_that_the_talk_is_too_long(self, says, streamed, error: Any) -> None:
        says(b"event: error\ndata: " + json.dumps({"error": error}).encode() + b"\n\n")
        with pytest.raises(AIRefused, match=r"longer than the model's context: .*16,000 tokens"):
            streamed()

    def test_ends_without_a_word_where_the_talk_is_too_long(self, says, streamed) -> None:
        says(chunk("", "stop"), DONE)
        with pytest.raises(AIEmptyAnswer):
            streamed()


class TestAFirstStream:
    """Of a server whose model may think without saying where its thoughts begin."""

    @pytest.fixture
    def first(self, says, provider: OpenAIProvider, call: Call):
        def first(*pieces: bytes) -> list[str]:
            says(*pieces)
            return [str(piece) for piece in Chain([provider]).stream(call)]

        return first

    def test_waits_for_its_end(self, first) -> None:
        assert first(*STREAM) == ["Hello."]

    @pytest.mark.parametrize("field", ["reasoning", "reasoning_content", "thinking"])
    def test_does_not_where_the_server_tells_thoughts_from_words(self, first, field: str) -> None:
        choice = {"index": 0, "delta": {"content": "", field: "Hm."}, "finish_reason": None}
        thought = b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"
        assert first(thought, thought, *STREAM) == ["Hel", "lo."]

    def test_shows_no_thoughts(self, first) -> None:
        assert first(chunk("They greet me."), chunk("</think>Hel"), chunk("lo."), chunk("", "stop"), DONE) == [
            "Hel",
            "lo.",
        ]


class TestAStream:
    def test_ends_with_done_though_the_connection_stays_open(self, says, provider, streamed, monkeypatch) -> None:
        monkeypatch.setattr(provider, "_limits", SOON)
        says(*STREAM, stays_open=True)
        assert streamed() == ["Hel", "lo."]

    def test_ends_with_done_and_no_reason(self, says, streamed) -> None:
        says(chunk("Hello.", ""), DONE)
        assert streamed() == ["Hello."]

    def test_ends_with_a_reason_and_no_done(self, says, streamed) -> None:
        says(chunk("Hello."), chunk("", "stop"))
        assert streamed() == ["Hello."]

    def test_breaks_off_where_an_empty_reason_is_none(self, says, streamed) -> None:
        says(chunk("Hel", ""), chunk("lo.", ""))
        with pytest.raises(AIUnavailable):
            streamed()

    def test_holds_the_halves_of_a_character_in_two_chunks(self, says, streamed) -> None:
        says(chunk("Hm \ud83d"), chunk("\ude00."), chunk("", "stop"), DONE)
        assert "".join(streamed()) == "Hm 😀."

    def test_holds_a_lone_half_and_a_nul(self, says, streamed) -> None:
        says(chunk("H\0m \ud83d"), chunk(" yes."), chunk("", "stop"), DONE)
        assert "".join(streamed()) == "Hm \ufffd yes."


class TestArgumentsOfATool:
    @pytest.mark.parametrize("arguments", [{"rapport": 40}, '{"rapport": 40}', '{"rapport": 40,}}'])
    def test_may_be_an_object_or_a_text(self, says, provider: OpenAIProvider, call: Call, arguments: Any) -> None:
        function = {"name": "mark", "arguments": arguments}
        says(
            whole(None, "tool_calls", tool_calls=[{"id": "1", "type": "function", "function": function}]), headers=JSON
        )
        assert json_object(provider.answer(replace(call, tool=FORCED)).text) == {"rapport": 40}

    def test_may_come_in_the_older_form(self, says, provider: OpenAIProvider, call: Call) -> None:
        says(whole(None, "function_call", function_call={"name": "mark", "arguments": '{"rapport": 40}'}), headers=JSON)
        assert json_object(provider.answer(replace(call, tool=FORCED)).text) == {"rapport": 40}

    def test_of_two_calls_without_a_number_are_those_of_the_first(
        self, says, provider: OpenAIProvider, call: Call
    ) -> None:
        calls = [{"function": {"name": "mark", "arguments": f'{{"rapport": {value}}}'}} for value in (40, 90)]
        says(whole(None, "tool_calls", tool_calls=calls), headers=JSON)
        assert json_object(provider.answer(replace(call, tool=FORCED)).text) == {"rapport": 40}

    def test_of_a_stream_are_joined(self, says, provider: OpenAIProvider, call: Call) -> None:
        def part(arguments: str, finish: str | None = None, index: int = 0) -> bytes:
            delta = {"tool_calls": [{"index": index, "function": {"name": "mark", "arguments": arguments}}]}
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            return b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"

        twice = part('{"rapport": 90}', index=1)
        says(part('{"rap'), part('port": 40}'), twice, part("", "tool_calls"), DONE)
        assert provider.answer(replace(call, tool=FORCED)).text == '{"rapport": 40}'


class TestWhatServersDoNotTake:
    """Errors word by word; the fake answers so until the request no longer holds what it is about."""

    @pytest.fixture
    def refuses(self, fake: FakeOpenAI):
        def refuses(status: int, problem: Any, is_wrong: Any) -> None:
            fake.raw, fake.raw_status, fake.raw_headers = [json.dumps(problem).encode()], status, JSON
            fake.mode(lambda body: "raw" if is_wrong(body) else "ok")

        return refuses

    def has_tools(self, body: dict[str, Any]) -> bool:
        return "tools" in body

    def has_system(self, body: dict[str, Any]) -> bool:
        return any(message["role"] == "system" for message in body["messages"])

    NO_TOOLS = [
        (400, {"error": {"message": "registry.example/library/small:4b does not support tools", "type": "api_error"}}),
        (500, {"error": {"code": 500, "message": "tools param requires --jinja flag", "type": "server_error"}}),
        (404, {"error": {"message": "No endpoints found that support tool use. Try another model.", "code": 404}}),
        (400, {"error": {"message": "Function calling is not supported by this model.", "param": None}}),
        (422, {"error": {"message": "Unsupported", "param": "tools"}}),
        (400, {"object": "error", "message": '"auto" tool choice requires --enable-auto-tool-choice', "code": 400}),
        (400, {"error": "model 'small' does not support tools"}),
        (400, {"detail": "Tool use is not supported by this model"}),
    ]

    @pytest.mark.parametrize(("status", "problem"), NO_TOOLS)
    def test_a_model_without_tools_is_asked_in_words_from_then_on(
        self, fake: FakeOpenAI, refuses, provider: OpenAIProvider, call: Call, status: int, problem: Any
    ) -> None:
        refuses(status, problem, self.has_tools)
        fake.reply = {"rapport": 40}
        with capture_logs() as lines:
            for _ in range(3):
                assert json_object(provider.answer(replace(call, tool=FORCED)).text) == {"rapport": 40}
        assert ["tools" in body for body in fake.bodies] == [True, False, False, False]
        assert "JSON schema" in fake.bodies[-1]["messages"][0]["content"]
        assert [line["refused"] for line in lines if line["event"] == "openai_not_supported"] == ["tools"]
        assert not [line for line in lines if line["log_level"] == "error"]

    def test_a_model_that_leaves_tools_alone_is_asked_for_them_again(
        self, fake: FakeOpenAI, provider: OpenAIProvider, call: Call
    ) -> None:
        fake.arguments = None
        for _ in range(2):
            provider.answer(replace(call, tool=FORCED))
        assert ["tools" in body for body in fake.bodies] == [True, True]

    @pytest.mark.parametrize(
        ("status", "problem"),
        [
            (400, {"object": "error", "message": "System role not supported", "type": "BadRequestError", "code": 400}),
            (500, {"error": {"message": "This model does not support the system role"}}),
            (400, {"error": {"message": "Only user, assistant and tool roles are supported!"}}),
            (400, {"object": "error", "message": "Conversation roles must alternate user/assistant/user/..."}),
            (500, {"error": {"message": "Conversation roles must alternate user/assistant/...", "code": 500}}),
            (400, {"error": 'Error rendering prompt with jinja template: "System role not supported".'}),
        ],
    )
    def test_instructions_stand_in_the_first_turn_where_there_is_no_system_role(
        self, fake: FakeOpenAI, refuses, plain, status: int, problem: Any
    ) -> None:
        refuses(status, problem, self.has_system)
        assert plain() == plain() == "Fine words from a fake."
        assert len(fake.bodies) == 3
        assert fake.bodies[-1]["messages"] == [{"role": "user", "content": "You are John.\n\nHello"}]

    @pytest.mark.parametrize(
        ("taken", "sent"),
        [
            ({"required"}, [{"type": "function", "function": {"name": "mark"}}, "required", "required"]),
            (set(), [{"type": "function", "function": {"name": "mark"}}, "required", None, None]),
        ],
    )
    def test_a_tool_is_forced_by_a_word_where_its_name_is_refused_and_else_left_to_the_model(
        self, fake: FakeOpenAI, refuses, provider: OpenAIProvider, call: Call, taken: set[str], sent: list[Any]
    ) -> None:
        problem = {"error": "Invalid tool_choice type: 'object'. Supported string values: none, auto, required"}
        refuses(400, problem, lambda body: str(body.get("tool_choice")) not in taken | {"None"})
        fake.arguments = {"rapport": 40}
        for _ in range(2):
            assert json_object(provider.answer(replace(call, tool=FORCED)).text) == {"rapport": 40}
        assert [body.get("tool_choice") for body in fake.bodies] == sent

    FORBIDDEN = {"type": "extra_forbidden", "loc": ["body", "max_completion_tokens"], "msg": "Extra inputs are ..."}

    @pytest.mark.parametrize(
        ("status", "problem"),
        [
            (422, {"object": "error", "message": {"detail": [FORBIDDEN]}, "type": "invalid_request_error"}),
            (422, {"object": "error", "message": json.dumps({"detail": [FORBIDDEN]}), "param": None}),
            (400, {"object": "error", "message": str([FORBIDDEN]), "type": "BadRequestError", "param": None}),
            (
                400,
                {
                    "error": {
                        "message": "litellm.UnsupportedParamsError: mistral does not support parameters: "
                        "{'max_completion_tokens': 4096}, for model=small. To drop these, set drop_params=True",
                        "param": None,
                        "code": "400",
                    }
                },
            ),
            (400, {"error": "Unrecognized request argument supplied: max_completion_tokens"}),
        ],
    )
    def test_an_unknown_parameter_is_remembered_however_it_is_named(
        self, fake: FakeOpenAI, refuses, provider: OpenAIProvider, call: Call, status: int, problem: Any
    ) -> None:
        refuses(status, problem, lambda body: "max_completion_tokens" in body)
        provider.answer(call)
        provider.answer(call)
        assert ["max_completion_tokens" in body for body in fake.bodies] == [True, False, False]

    @pytest.mark.parametrize(
        "problem", [{"error": "'response_format.type' must be 'json_schema' or 'text'"}, {"error": "response_format"}]
    )
    def test_json_is_asked_for_in_words_alone_where_its_form_is_refused(
        self, fake: FakeOpenAI, refuses, provider: OpenAIProvider, call: Call, problem: Any
    ) -> None:
        refuses(400, problem, lambda body: "response_format" in body)
        for _ in range(2):
            provider.answer(replace(call, json=True))
        assert ["response_format" in body for body in fake.bodies] == [True, False, False]

    @pytest.mark.parametrize(
        "words",
        [
            "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
            "json_schema is not supported",
            "This model does not support structured outputs",
        ],
    )
    def test_a_schema_that_is_refused_gives_way_to_an_object(
        self, fake: FakeOpenAI, refuses, provider: OpenAIProvider, call: Call, words: str
    ) -> None:
        refuses(400, {"error": words}, lambda body: body["response_format"]["type"] == "json_schema")
        for _ in range(2):
            provider.answer(replace(call, json=True, schema={"type": "object"}))
        forms = [body["response_format"]["type"] for body in fake.bodies]
        assert forms == ["json_schema", "json_object", "json_object"]

    @pytest.mark.parametrize(
        "words", ['"small:8b" does not support thinking', 'think value "medium" is not supported for this model']
    )
    def test_a_model_that_cannot_think_is_not_told_how_long_to(
        self, fake: FakeOpenAI, refuses, call: Call, words: str
    ) -> None:
        problem = {"error": {"message": words, "type": "api_error", "param": None, "code": None}}
        refuses(400, problem, lambda body: body.get("reasoning_effort", "none") != "none")
        settings = Settings(openai_base_url=fake.url, openai_effort_review="medium")
        with contextlib.closing(openai_provider(settings, lambda: None, gevent.spawn)) as provider:
            for _ in range(2):
                provider.answer(replace(call, agent="evaluation"))
        assert [body.get("reasoning_effort") for body in fake.bodies] == ["medium", None, None]

    @pytest.mark.parametrize(
        ("status", "problem"),
        [
            (
                400,
                {
                    "code": 400,
                    "message": "the request exceeds the available context size. try increasing it",
                    "type": "exceed_context_size_error",
                    "n_prompt_tokens": 7012,
                    "n_ctx": 4096,
                },
            ),
            (
                400,
                {"message": "This model's maximum context length is 4096 tokens. However, you requested 7000 tokens"},
            ),
            (400, {"message": "Too big", "code": "context_length_exceeded", "param": "messages"}),
            (500, "Trying to keep the first 7000 tokens when context the overflows."),
        ],
    )
    def test_a_context_that_is_too_small_is_called_that(
        self, refuses, provider: OpenAIProvider, call: Call, status: int, problem: Any
    ) -> None:
        refuses(status, {"error": problem}, lambda body: True)
        with capture_logs() as lines, pytest.raises(AIRefused, match="longer than the model's context"):
            provider.answer(call)
        (line,) = (line for line in lines if line["log_level"] == "error")
        assert "16,000 tokens" in line["hint"]

    TOO_SMALL = {
        "code": 400,
        "message": "the request exceeds the available context size. try increasing it",
        "type": "exceed_context_size_error",
    }

    @pytest.fixture
    def small_context(self, fake: FakeOpenAI, provider: OpenAIProvider, call: Call) -> Call:
        """A server that takes 5,000 characters at most, and a call that is longer and has a shorter form."""

        def too_long(body: dict[str, Any]) -> bool:
            return sum(len(message["content"]) for message in body["messages"]) > 5_000

        fake.raw, fake.raw_status, fake.raw_headers = [json.dumps({"error": self.TOO_SMALL}).encode()], 400, JSON
        fake.mode(lambda body: "raw" if too_long(body) else "ok")
        return replace(call, instructions="long " * 2_000, shorter=lambda long: replace(long, instructions="short"))

    @pytest.mark.parametrize("stream", [False, True])
    def test_a_model_of_a_small_context_is_asked_in_short_from_then_on(
        self, fake: FakeOpenAI, provider: OpenAIProvider, small_context: Call, stream: bool
    ) -> None:
        with capture_logs() as lines:
            for _ in range(2):
                assert list(provider.stream(small_context)) if stream else provider.answer(small_context).text
        first, *others = [body["messages"][0]["content"] for body in fake.bodies]
        assert first.startswith("long")
        assert others == ["short", "short"]
        (told,) = (line for line in lines if line["event"] == "openai_not_supported")
        assert "16,000 tokens" in told["hint"]

    def test_a_context_too_small_for_the_short_form_too_is_called_that(
        self, fake: FakeOpenAI, provider: OpenAIProvider, small_context: Call
    ) -> None:
        still_long = replace(small_context, shorter=lambda long: replace(long, instructions="less " * 2_000))
        with pytest.raises(AIRefused, match="longer than the model's context"):
            provider.answer(still_long)
        assert len(fake.bodies) == 2

    def test_a_stream_that_says_so_in_its_first_event_is_begun_anew_in_short(
        self, fake: FakeOpenAI, provider: OpenAIProvider, small_context: Call
    ) -> None:
        problem = {"error": "Trying to keep the first 7000 tokens when context the overflows."}
        fake.raw, fake.raw_status, fake.raw_headers = [f"data: {json.dumps(problem)}\n\n".encode()], 200, EVENTS
        assert list(provider.stream(small_context))
        assert [body["messages"][0]["content"][:5] for body in fake.bodies] == ["long ", "short"]

    def test_a_body_that_is_sent_back_is_no_reason_to_leave_something_out(
        self, fake: FakeOpenAI, refuses, provider: OpenAIProvider, call: Call
    ) -> None:
        sent = {"messages": [{"role": "system", "content": "x"}], "max_completion_tokens": 4000}
        problem = {"type": "value_error", "loc": ["body", "messages"], "msg": "Value error, no", "input": sent}
        refuses(422, {"detail": [problem]}, lambda body: len(fake.calls) == 1)
        with pytest.raises(AIRefused):
            provider.answer(call)
        provider.answer(call)
        assert "max_completion_tokens" in fake.bodies[-1]

    def test_what_is_too_much_for_one_call_is_left_out_of_that_call_only(
        self, fake: FakeOpenAI, refuses, provider: OpenAIProvider, call: Call
    ) -> None:
        words = (
            "'max_tokens' or 'max_completion_tokens' is too large: 4000. This model's maximum context length is 8192"
        )
        problem = {"error": {"message": words, "param": None, "code": 400}}
        refuses(400, problem, lambda body: len(fake.calls) == 1)
        provider.answer(call)
        provider.answer(call)
        assert ["max_completion_tokens" in body for body in fake.bodies] == [True, False, True]

    def test_what_did_not_help_is_not_left_out_again(
        self, fake: FakeOpenAI, refuses, provider: OpenAIProvider, call: Call
    ) -> None:
        refuses(400, {"error": {"message": "Bad", "param": "max_completion_tokens"}}, lambda body: len(fake.calls) < 3)
        with pytest.raises(AIRefused):
            provider.answer(call)
        provider.answer(call)
        assert ["max_completion_tokens" in body for body in fake.bodies] == [True, False, True]

    def test_pydantics_way_to_name_a_parameter_is_understood(
        self, fake: FakeOpenAI, refuses, provider: OpenAIProvider, call: Call
    ) -> None:
        refuses(
            422,
            {"detail": [{"loc": ["body", "max_completion_tokens"], "msg": "Extra inputs are not permitted"}]},
            lambda body: "max_completion_tokens" in body,
        )
        provider.answer(call)
        provider.answer(call)
        assert ["max_completion_tokens" in body for body in fake.bodies] == [True, False, False]

    POLICY = "The response was filtered due to the prompt triggering Azure OpenAI's content management policy."
    INNER = {"code": "ResponsibleAIPolicyViolation", "content_filter_result": {"jailbreak": {"filtered": True}}}

    @pytest.mark.parametrize(
        ("status", "problem"),
        [
            (400, {"message": POLICY, "param": "prompt", "code": "content_filter", "status": 400, "innererror": INNER}),
            (400, {"message": POLICY, "type": None, "param": "prompt", "code": "content_filter", "status": 400}),
            (400, {"message": "x", "code": "400", "provider_specific_fields": {"innererror": INNER}}),
            (400, {"message": f"litellm.ContentPolicyViolationError: AzureException - {POLICY}", "code": "400"}),
            (500, {"message": f"litellm.ContentPolicyViolationError: {POLICY}", "param": None, "code": "500"}),
            (403, {"message": "flagged", "code": 403, "metadata": {"reasons": ["hate"], "flagged_input": "x"}}),
        ],
    )
    def test_a_content_filter_has_words_of_its_own(
        self, refuses, provider: OpenAIProvider, call: Call, status: int, problem: Any
    ) -> None:
        refuses(status, {"error": problem}, lambda body: True)
        with capture_logs() as lines, pytest.raises(AIFiltered):
            provider.answer(call)
        assert [(line["event"], line["log_level"]) for line in lines] == [("openai_content_filtered", "warning")]


class TestEffort:
    """How long a model thinks first. Newer ones refuse tools unless they are told not to think."""

    @pytest.fixture
    def thinker(self, fake: FakeOpenAI):
        def refuses(body: dict[str, Any]) -> str:
            return "raw" if "tools" in body and body.get("reasoning_effort") != "none" else "ok"

        words = "Function tools with reasoning_effort are not supported. Set reasoning_effort to 'none'."
        problem = {"message": words, "type": "invalid_request_error", "param": "reasoning_effort"}
        fake.mode(refuses, raw=[json.dumps({"error": problem}).encode()], raw_headers=JSON, raw_status=400)
        fake.arguments = {"rapport": 40}
        with contextlib.ExitStack() as stack:
            yield lambda **efforts: stack.enter_context(
                contextlib.closing(
                    openai_provider(
                        Settings(openai_base_url=fake.url, openai_api_key="sk-k", **efforts),
                        lambda: "sk-k",
                        gevent.spawn,
                    )
                )
            )

    def test_is_said_for_each_purpose(self, fake: FakeOpenAI, thinker, call: Call) -> None:
        provider = thinker(openai_effort_expert="high", openai_effort_profile="default")
        for agent in ("simulationClient", "expertGuidance", "profileGeneration", "evaluation"):
            provider.answer(replace(call, agent=agent))
        assert [body.get("reasoning_effort") for body in fake.bodies] == ["none", "high", None, "medium"]

    def test_progress_is_measured_with_the_default_settings(self, fake: FakeOpenAI, thinker, call: Call) -> None:
        assert json_object(thinker().answer(replace(call, tool=FORCED)).text) == {"rapport": 40}
        assert len(fake.calls) == 1

    def test_a_model_that_must_think_is_asked_in_words(self, fake: FakeOpenAI, thinker, call: Call) -> None:
        fake.reply = {"rapport": 30}
        provider = thinker(openai_effort_progress="low")
        for _ in range(2):
            assert json_object(provider.answer(replace(call, tool=FORCED)).text) == {"rapport": 30}
        assert "tools" not in fake.bodies[-1]

    def test_is_left_out_where_a_model_knows_none(self, fake: FakeOpenAI, thinker, call: Call) -> None:
        fake.mode("ok", refuses={"reasoning_effort"})
        provider = thinker()
        provider.answer(call)
        provider.answer(call)
        assert ["reasoning_effort" in body for body in fake.bodies] == [True, False, False]


class TestCutPrompts:
    @pytest.fixture
    def told(self, says, provider: OpenAIProvider, call: Call):
        def told(tokens: int, stream: bool = False) -> list[str]:
            usage = {"prompt_tokens": tokens, "completion_tokens": 2}
            says(chunk("Hello.", "stop", usage=usage), DONE)
            asked = replace(call, instructions="Some words. " * 2000)
            with capture_logs() as lines:
                for _ in range(2):
                    list(provider.stream(asked)) if stream else provider.answer(asked)
            return [line["hint"] for line in lines if line["event"] == "openai_prompt_cut"]

        return told

    @pytest.mark.parametrize("stream", [False, True])
    def test_one_that_a_server_counts_far_too_few_tokens_of_is_told_of_once(self, told, stream: bool) -> None:
        (hint,) = told(2050, stream)
        assert "16,000 tokens" in hint

    @pytest.mark.parametrize("tokens", [0, 40, 5000, 9000])
    def test_one_that_is_whole_kept_from_before_or_not_counted_is_not(self, told, tokens: int) -> None:
        assert told(tokens) == []


class TestCutAnswers:
    def test_one_that_was_too_long_is_told_in_the_log(self, says, plain) -> None:
        says(whole("I am not", "length"), headers=JSON)
        with capture_logs() as lines:
            assert plain() == "I am not"
        assert [line["reason"] for line in lines if line["event"] == "ai_answer_cut"] == ["length"]

    @pytest.mark.parametrize("finish", ["MAX_TOKENS", "max_tokens", "model_length"])
    def test_length_has_other_names(self, says, plain, finish: str) -> None:
        says(whole("I am not", finish), headers=JSON)
        with capture_logs() as lines:
            assert plain() == "I am not"
        assert [line["reason"] for line in lines if line["event"] == "ai_answer_cut"] == ["length"]

    @pytest.mark.parametrize("finish", ["content_filter", "SAFETY", "PROHIBITED_CONTENT", "sensitive", "refusal"])
    def test_one_that_was_filtered_is_no_answer(self, says, plain, finish: str) -> None:
        says(whole("I am not", finish), headers=JSON)
        with pytest.raises(AIFiltered):
            plain()

    def test_a_stream_that_was_filtered_is_told_in_the_log(self, says, streamed) -> None:
        says(chunk("I am"), chunk("", "content_filter"), DONE)
        with capture_logs() as lines:
            assert streamed() == ["I am"]
        assert [line["reason"] for line in lines if line["event"] == "ai_answer_cut"] == ["content_filter"]
