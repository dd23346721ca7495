"""The chat completions format: what is sent, and how an answer is read, whole or in pieces."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import orjson

from rplay.agents.types import AgentName, Answer, Call, Usage
from rplay.errors import AIEmptyAnswer, AIRefused, AIUnavailable

# Tokens an answer may take. A reasoning model thinks within them too, so they bound the cost, not the length asked for.
ROOM: dict[AgentName, int] = {
    "simulationClient": 4_000,
    "expertGuidance": 6_000,
    "profileGeneration": 6_000,
    "evaluation": 16_000,
}
TOKENS = 100_000_000  # more are none: twenty answers of so many still fit into the table
# What a call can do without when the model refuses it. Some servers name it `max_tokens` in their error.
OPTIONAL = ("max_completion_tokens", "temperature", "response_format", "stream_options", "tool_choice")


@dataclass(frozen=True)
class Piece:
    """One event of a stream. `alive` says that the model is producing something, if only thoughts."""

    text: str = ""
    alive: bool = False
    last: bool = False
    refused: bool = False
    usage: Usage = field(default_factory=Usage)


def body_of(call: Call, model: str, stream: bool, left_out: Iterable[str]) -> dict[str, Any]:
    """The request, without the parameters that this model has refused."""
    body: dict[str, Any] = {
        "model": model,
        "messages": [{"role": "system", "content": call.instructions}, *(call.prompt or call.messages)],
        "max_completion_tokens": ROOM[call.agent],
    }
    if call.temperature is not None:
        body["temperature"] = call.temperature
    if call.tool:
        function = {"name": call.tool.name, "description": call.tool.description, "parameters": call.tool.parameters}
        body["tools"] = [{"type": "function", "function": function}]
        body["tool_choice"] = {"type": "function", "function": {"name": call.tool.name}}
    elif call.json:
        body["response_format"] = {"type": "json_object"}
    if stream:
        body |= {"stream": True, "stream_options": {"include_usage": True}}
    return {name: value for name, value in body.items() if name not in left_out}


def refused_parameter(problem: object, body: dict[str, Any]) -> str | None:
    """The optional parameter that an error speaks of, if the request had it."""
    details = problem if isinstance(problem, dict) else {}
    named = str(details.get("param") or "")
    words = named or str(details.get("message") or problem)
    words = words.replace("max_tokens", "max_completion_tokens")
    return next((name for name in OPTIONAL if name in body and name in words), None)


def answer_of(response: httpx2.Response, call: Call, model: str) -> Answer:
    """A whole answer. What is no chat completion at all says that the server is out of order."""
    try:
        found = orjson.loads(response.content)
        choice = found["choices"][0]
        message = choice["message"]
        text = _arguments(message) if call.tool else None
        text = text or message.get("content") or ""
        refused = bool(message.get("refusal")) or choice.get("finish_reason") == "content_filter"
    except (ValueError, LookupError, TypeError, AttributeError):
        raise AIUnavailable("the server's answer is no chat completion") from None
    if not isinstance(text, str) or not text.strip():
        raise AIRefused("the model declined to answer") if refused else AIEmptyAnswer("the model said nothing")
    return Answer(text, name_of(found.get("model")) or model, _usage(found))


def pieces_of(chunks: Iterable[bytes]) -> Iterator[Piece]:
    """The events of a stream; one that breaks off before its end is an AIUnavailable."""
    ended = False
    for data in data_lines(chunks):
        if data == b"[DONE]":
            ended = True
        elif not data:
            yield Piece()
        else:
            piece = _piece(data)
            ended = ended or piece.last
            yield piece
    if not ended:
        raise AIUnavailable("the server's stream broke off")


def data_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What stands behind `data:` in server-sent events; nothing for a comment, so that the time can be looked at."""
    begun: list[bytes] = []  # of a line that goes on; joined once, as a server may send it byte by byte
    for chunk in chunks:
        first, *lines = chunk.split(b"\n")
        begun.append(first)
        if lines:
            whole = [b"".join(begun), *lines[:-1]]
            begun = lines[-1:]
            yield from _data(whole)
    yield from _data([b"".join(begun)])


def _data(lines: Iterable[bytes]) -> Iterator[bytes]:
    for line in lines:
        if line.startswith(b"data:"):
            yield line[5:].strip()
        elif line.startswith(b":"):
            yield b""


def _piece(data: bytes) -> Piece:
    try:
        event = orjson.loads(data)
        if "error" in event:
            raise AIUnavailable("the server reported an error within its stream")
        if not event.get("choices"):
            return Piece(usage=_usage(event))
        choice = event["choices"][0]
        delta = choice.get("delta") or {}
        text = delta.get("content") or ""
        alive = any(value for name, value in delta.items() if name != "role")
        finish = choice.get("finish_reason")
        refused = finish == "content_filter" or bool(delta.get("refusal"))
    except (ValueError, LookupError, TypeError, AttributeError):
        raise AIUnavailable("the server's stream is no chat completion") from None
    return Piece(text if isinstance(text, str) else "", alive, finish is not None, refused, _usage(event))


def _arguments(message: dict[str, Any]) -> str | None:
    """The arguments of the tool call, if the model made one."""
    calls = message.get("tool_calls") or []
    return calls[0]["function"]["arguments"] if calls else None


def _usage(found: dict[str, Any]) -> Usage:
    usage = found.get("usage")
    if not isinstance(usage, dict):
        return Usage()
    return Usage(count_of(usage.get("prompt_tokens")), count_of(usage.get("completion_tokens")))


def name_of(value: object) -> str | None:
    """A model's name, as a server gives it. It goes into a metric and a table."""
    return value[:100] if isinstance(value, str) and value else None


def count_of(value: object) -> int:
    """Tokens, as a server gives them; none when that cannot be."""
    return value if isinstance(value, int) and 0 <= value <= TOKENS else 0
