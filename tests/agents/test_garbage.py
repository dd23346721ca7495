"""Whatever a server answers, the format's reader makes an answer or an AIError of it, and nothing else."""

import contextlib
import copy
from collections.abc import Callable, Iterable
from typing import Any

import httpx2
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.conftest import SCENE
from rplay.agents.providers import chat_completions, responses
from rplay.agents.types import Call, Tool, Usage
from rplay.errors import AIError, AIUnavailable

CALL = Call("simulationClient", "Be John.", [{"role": "user", "content": "Hello"}], SCENE)
FORCED = Call("simulationClient", "Be John.", [], SCENE, tool=Tool("mark", "Marks.", {}))
TOOL_CALL = {"id": "c", "type": "function", "function": {"name": "mark", "arguments": "{}"}}
COMPLETION: dict[str, Any] = {
    "model": "m",
    "choices": [
        {"index": 0, "message": {"content": "Hi", "refusal": None, "tool_calls": [TOOL_CALL]}, "finish_reason": "stop"}
    ],
    "usage": {"prompt_tokens": 1, "completion_tokens": 2},
}
CHUNK: dict[str, Any] = {
    "choices": [{"index": 0, "delta": {"role": "assistant", "content": "Hi"}, "finish_reason": None}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 2},
}
RESPONSE: dict[str, Any] = {
    "id": "r",
    "status": "completed",
    "model": "m",
    "error": None,
    "output": [
        {"type": "message", "content": [{"type": "output_text", "text": "Hi"}]},
        {"type": "function_call", "call_id": "c", "name": "mark", "arguments": "{}"},
    ],
    "usage": {"input_tokens": 1, "output_tokens": 2},
    "incomplete_details": {"reason": "max_output_tokens"},
}
EVENTS: list[dict[str, Any]] = [
    {"type": "response.output_text.delta", "delta": "Hi"},
    {"type": "response.completed", "response": RESPONSE},
]

anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)


def places(found: Any, path: tuple[Any, ...] = ()) -> Iterable[tuple[Any, ...]]:
    """The way to every value inside of another, itself first."""
    yield path
    inner = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    for name, value in inner:
        yield from places(value, (*path, name))


@st.composite
def spoilt(draw: st.DrawFn, sound: Any) -> Any:
    """A sound value in which one place holds something else."""
    found, path = copy.deepcopy(sound), draw(st.sampled_from(list(places(sound))))
    if not path:
        return draw(anything)
    place = found
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = draw(anything)
    return found


def whole(found: Any) -> httpx2.Response:
    return httpx2.Response(200, content=orjson.dumps(found))


def stream(*events: Any) -> list[bytes]:
    return [b"data: " + orjson.dumps(event) + b"\n\n" for event in events]


def sound_usage(usage: Usage) -> bool:
    return 0 <= usage.tokens_in < 2**31 and 0 <= usage.tokens_out < 2**31


@pytest.mark.sampled(2)
@pytest.mark.parametrize("part", range(3))
@pytest.mark.parametrize("call", [CALL, FORCED], ids=["words", "tool"])
@settings(max_examples=34)
@given(found=spoilt(COMPLETION))
def test_a_completion(call: Call, part: int, found: Any) -> None:
    try:
        answer = chat_completions.answer_of(whole(found), call, "mine")
    except AIError:
        return
    assert isinstance(answer.text, str)
    assert answer.text.strip()
    assert isinstance(answer.model, str)
    assert sound_usage(answer.usage)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("part", range(3))
@settings(max_examples=34)
@given(found=spoilt(CHUNK))
def test_a_chunk(part: int, found: Any) -> None:
    try:
        pieces = list(chat_completions.pieces_of(stream(CHUNK, found)))
    except AIError:
        return
    assert all(isinstance(piece.text, str) and sound_usage(piece.usage) for piece in pieces)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("part", range(3))
@settings(max_examples=34)
@given(found=spoilt(RESPONSE))
def test_a_response(part: int, found: Any) -> None:
    try:
        turn = responses.turn_of(whole(found))
    except AIError:
        return
    assert isinstance(turn.text, str)
    assert turn.model is None or isinstance(turn.model, str)
    assert sound_usage(turn.usage)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("number", range(len(EVENTS)))
@given(data=st.data())
def test_an_event_of_a_response(number: int, data: st.DataObject) -> None:
    events = [*EVENTS]
    events[number] = data.draw(spoilt(EVENTS[number]))
    try:
        pieces = list(responses.pieces_of(stream(*events)))
    except AIError:
        return
    assert all(isinstance(piece.text, str) for piece in pieces)


@pytest.mark.parametrize("read", [chat_completions.pieces_of, responses.pieces_of])
@given(chunks=st.lists(st.binary(max_size=30) | st.sampled_from([b"data:", b"data: [DONE]", b"\n\n", b":", b"{}"])))
def test_bytes_that_are_no_stream(read: Callable[[Iterable[bytes]], Iterable[Any]], chunks: list[bytes]) -> None:
    pieces = []
    with contextlib.suppress(AIUnavailable):
        pieces.extend(read(chunks))
    assert not any(piece.text for piece in pieces)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("part", range(3))
@settings(max_examples=34)
@given(lines=st.lists(st.sampled_from([b"data: one", b"data: two", b": three", b"x", b"\r"])), size=st.integers(1, 7))
def test_where_chunks_are_cut_makes_no_difference(part: int, lines: list[bytes], size: int) -> None:
    text = b"\n".join(lines)
    cut = [text[start : start + size] for start in range(0, len(text), size)]
    assert list(chat_completions.data_lines(cut)) == list(chat_completions.data_lines([text]))
