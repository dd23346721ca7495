"""The responses format: what is sent, and how an answer is read, whole or in pieces."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2
import orjson

from rplay.agents.providers.chat_completions import ROOM, count_of, data_lines, name_of
from rplay.agents.types import Call, Message, Tool, Usage
from rplay.errors import AIUnavailable

# What a call can do without when the service refuses it.
OPTIONAL = ("max_output_tokens", "temperature", "tool_choice", "store")


@dataclass(frozen=True)
class ToolCall:
    id: str
    name: str
    arguments: str


@dataclass(frozen=True)
class Turn:
    """One answer of the service: words, or tools that the model wants to have run first."""

    id: str
    text: str
    calls: Sequence[ToolCall]
    refused: bool
    model: str | None
    usage: Usage


@dataclass(frozen=True)
class Piece:
    """One event of a stream. `alive` says that the model is producing something, if only thoughts."""

    text: str = ""
    alive: bool = False
    turn: Turn | None = None  # at the end


def to_agent(call: Call, reference: dict[str, str], left_out: Iterable[str]) -> dict[str, Any]:
    """The question to an agent. Beside its reference the service takes no instructions, tools or temperature."""
    body = {"agent_reference": reference, "input": _input(call), "max_output_tokens": ROOM[call.agent]}
    return _without(body, left_out)


def to_model(call: Call, tool: Tool, model: str, left_out: Iterable[str]) -> dict[str, Any]:
    """A tool call forced on the model itself: an agent's reference admits no forcing. Nothing of it is kept there."""
    body: dict[str, Any] = {
        "model": model,
        "input": _input(call),
        "tools": [function_of(tool)],
        "tool_choice": {"type": "function", "name": tool.name},
        "max_output_tokens": ROOM[call.agent],
        "store": False,
    }
    if call.temperature is not None:
        body["temperature"] = call.temperature
    return _without(body, left_out)


def going_on(body: dict[str, Any], turn: Turn, outputs: Sequence[str]) -> dict[str, Any]:
    """The question that brings what the tools said."""
    answers = [
        {"type": "function_call_output", "call_id": asked.id, "output": output}
        for asked, output in zip(turn.calls, outputs, strict=True)
    ]
    return {**body, "previous_response_id": turn.id, "input": answers}


def function_of(tool: Tool) -> dict[str, Any]:
    """Not strict, as that would make every argument required."""
    found = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
    return {"type": "function", **found, "strict": False}


def refused_parameter(problem: object, body: dict[str, Any]) -> str | None:
    """The optional parameter that an error speaks of, if the request had it. Several are named one a try."""
    details = problem if isinstance(problem, dict) else {}
    listed = details.get("details")
    more = [one.get("param") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    named = [name for name in (details.get("param"), *more) if isinstance(name, str) and name]
    words = named or [str(details.get("message") or problem)]
    return next((name for name in OPTIONAL if name in body and any(name in word for word in words)), None)


def turn_of(response: httpx2.Response) -> Turn:
    """A whole answer. What is no response at all says that the server is out of order."""
    try:
        return _turn(orjson.loads(response.content))
    except (ValueError, LookupError, TypeError, AttributeError):
        raise AIUnavailable("the server's answer is no response") from None


def pieces_of(chunks: Iterable[bytes]) -> Iterator[Piece]:
    """The events of a stream and the turn they make; one that breaks off before that is an AIUnavailable."""
    ended = False
    for data in data_lines(chunks):
        piece = Piece() if data in {b"", b"[DONE]"} else _piece(data)
        ended = ended or piece.turn is not None
        yield piece
    if not ended:
        raise AIUnavailable("the server's stream broke off")


def _without(body: dict[str, Any], left_out: Iterable[str]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in left_out}


def _input(call: Call) -> list[dict[str, str]]:
    """The instructions of this talk, then what is said. Project endpoints refuse items without a type."""
    first = {"type": "message", "role": "system", "content": call.instructions}
    return [first, *(_item(message) for message in call.prompt or call.messages)]


def _item(message: Message) -> dict[str, str]:
    """Nothing but our own instructions speaks as the system."""
    role = "assistant" if message["role"] == "assistant" else "user"
    return {"type": "message", "role": role, "content": message["content"]}


def _piece(data: bytes) -> Piece:
    try:
        event = orjson.loads(data)
        kind = event["type"]
        if kind in {"error", "response.failed"}:
            raise AIUnavailable("the server reported an error within its stream")
        if kind in {"response.completed", "response.incomplete"}:
            return Piece(alive=True, turn=_turn(event["response"]))
        text = event["delta"] if kind == "response.output_text.delta" else ""
        return Piece(text if isinstance(text, str) else "", alive=kind.endswith((".delta", ".added", ".done")))
    except (ValueError, LookupError, TypeError, AttributeError):
        raise AIUnavailable("the server's stream is no response") from None


def _turn(found: dict[str, Any]) -> Turn:
    if found.get("status") == "failed" or found.get("error"):
        raise AIUnavailable("the server reported an error as its answer")
    items = found["output"]
    parts = [part for item in items if item["type"] == "message" for part in item["content"]]
    filtered = (found.get("incomplete_details") or {}).get("reason") == "content_filter"
    return Turn(
        id=str(found["id"]),
        text="".join(part["text"] for part in parts if part["type"] == "output_text"),
        calls=[
            ToolCall(str(item["call_id"]), str(item["name"]), str(item["arguments"]))
            for item in items
            if item["type"] == "function_call"
        ],
        refused=filtered or any(part["type"] == "refusal" for part in parts),
        model=name_of(found.get("model")),
        usage=_usage(found.get("usage") or {}),
    )


def _usage(found: dict[str, Any]) -> Usage:
    return Usage(count_of(found.get("input_tokens")), count_of(found.get("output_tokens")))
