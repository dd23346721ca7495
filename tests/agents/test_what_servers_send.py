"""Answers of real servers, byte by byte: told by what came, not by what was asked."""

import json
from dataclasses import replace
from typing import Any

import pytest
from fakes.openai_server import FakeOpenAI

from rplay.agents.answers import json_object
from rplay.agents.chain import Chain
from rplay.agents.providers.openai import OpenAIProvider
from rplay.agents.types import Call, Tool
from rplay.errors import AIUnavailable

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

    def test_begins_with_a_mark_and_blanks(self, says, plain) -> None:
        says(b"\xef\xbb\xbf", b"\n ", whole("Hello."), headers=JSON)
        assert plain() == "Hello."


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

    def test_ends_with_done_though_the_connection_stays_open(self, says, streamed) -> None:
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

    def test_of_a_stream_are_joined(self, says, provider: OpenAIProvider, call: Call) -> None:
        def part(arguments: str, finish: str | None = None) -> bytes:
            delta = {"tool_calls": [{"index": 0, "function": {"name": "mark", "arguments": arguments}}]}
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            return b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"

        says(part('{"rap'), part('port": 40}'), part("", "tool_calls"), DONE)
        assert provider.answer(replace(call, tool=FORCED)).text == '{"rapport": 40}'
