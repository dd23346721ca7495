"""The responses format: makes requests, and reads answers, whole or in pieces."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx2

from rplay.agents.providers.chat_completions import (
    ROOM,
    arguments_of,
    count_of,
    in_words,
    name_of,
    objects,
    opened,
    parsed,
    text_of,
)
from rplay.agents.providers.policy import error_of
from rplay.agents.types import Call, Message, Tool, Usage
from rplay.errors import AIError, AIUnavailable

# Parameters that a call can do without when the service refuses them.
OPTIONAL = ("max_output_tokens", "temperature", "tool_choice", "store")
FORM = "text"  # the parameter for the form of an answer; if it is refused, the answer is plain words
FILTERED = "content_filter"

R = TypeVar("R")


@dataclass(frozen=True)
class ToolCall:
    id: str
    name: str
    arguments: str


@dataclass(frozen=True)
class Turn:
    """One answer of the service: words, or tools that the model wants to have run first.

    `finish` is `length` or `content_filter` if the answer was cut, else empty.
    """

    id: str
    text: str
    calls: Sequence[ToolCall]
    refused: bool
    finish: str
    model: str | None
    usage: Usage


@dataclass(frozen=True)
class Piece:
    """One event of a stream. `alive` says that the model is producing something, if only thoughts."""

    text: str = ""
    alive: bool = False
    turn: Turn | None = None  # on the last piece only


def to_agent(call: Call, reference: dict[str, str]) -> dict[str, Any]:
    """Return the question to an agent. With an agent's reference the service accepts no instructions, tools or
    temperature."""
    return {"agent_reference": reference, "input": _input(call), "max_output_tokens": ROOM[call.agent]}


def to_model_by_schema(call: Call, schema: Mapping[str, Any], model: str) -> dict[str, Any]:
    """Return a question to the model itself, with a schema for the answer.

    An agent's reference does not allow a schema. The question holds everything that the model has to know.
    """
    form = {"type": "json_schema", "name": call.agent, "strict": True, "schema": schema}
    return {**_to_model(call, model), FORM: {"format": form}}


def to_model(call: Call, tool: Tool, model: str) -> dict[str, Any]:
    """Return a question to the model itself that forces a tool call, which an agent's reference does not allow.

    The service stores nothing of it.
    """
    choice = {"type": "function", "name": tool.name}
    return {**_to_model(call, model), "tools": [function_of(tool)], "tool_choice": choice}


def _to_model(call: Call, model: str) -> dict[str, Any]:
    body = {"model": model, "input": _input(call), "max_output_tokens": ROOM[call.agent], "store": False}
    return body if call.temperature is None else {**body, "temperature": call.temperature}


def without(body: dict[str, Any], refused: Collection[str], model: str) -> dict[str, Any]:
    """Return the question without what the model refuses.

    An agent brings tools, so a model without tools is asked directly: everything it has to know is in the question.
    """
    if "tools" in refused and "agent_reference" in body:
        body = {"model": model, "store": False, **{k: v for k, v in body.items() if k != "agent_reference"}}
    if "tools" in refused and "tools" in body:
        tool = body["tools"][0]
        told = {"type": "message", "role": "system", "content": in_words(tool["name"], tool["parameters"])}
        body = {key: value for key, value in body.items() if key not in {"tools", "tool_choice"}}
        body["input"] = [_joined(body["input"][0], told), *body["input"][1:]]
    if "system" in refused:
        body = {**body, "input": _without_system(body["input"])}
    return {name: value for name, value in body.items() if name not in refused}


def _without_system(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not items or items[0].get("role") != "system":
        return items
    first = {**items[0], "role": "user"}
    if len(items) > 1 and items[1].get("role") == "user":
        return [_joined(first, items[1]), *items[2:]]
    return [first, *items[1:]]


def _joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {**one, "content": f"{one['content']}\n\n{other['content']}"}


def going_on(body: dict[str, Any], turn: Turn, outputs: Sequence[str]) -> dict[str, Any]:
    """Return the next question of the same turn, which brings the results of the tools."""
    answers = [
        {"type": "function_call_output", "call_id": asked.id, "output": output}
        for asked, output in zip(turn.calls, outputs, strict=True)
    ]
    return {**body, "previous_response_id": turn.id, "input": answers}


def function_of(tool: Tool) -> dict[str, Any]:
    """Return a tool as the service wants it; not `strict`, which would make every argument required."""
    found = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
    return {"type": "function", **found, "strict": False}


def turn_of(response: httpx2.Response) -> Turn:
    """Return a whole answer, also from a server that streams without being asked to.

    Raise AIUnavailable if it is no response at all: the server must be out of order.
    """
    *_, last = pieces_of([response.content])
    assert last.turn is not None
    return last.turn


def pieces_of(chunks: Iterable[bytes]) -> Iterator[Piece]:
    """Yield the events of a stream; the last one has the turn. Raise AIUnavailable if the stream breaks off before
    that.

    Servers that do not stream answer with one JSON object instead, which becomes a single piece.
    """
    whole, lines = opened(chunks)
    if whole is not None:
        turn = _read(whole, _turn, "the server's answer is no response")
        yield Piece(turn.text, True, turn)
        return
    for data in lines:
        blank = data in {b"", b"null", b"[DONE]"}
        piece = Piece() if blank else _read(data, _piece, "the server's stream is no response")
        yield piece
        if piece.turn:
            return  # some servers keep the connection open after this
    raise AIUnavailable("the server's stream broke off")


def _read(data: bytes, read: Callable[[Any], R], otherwise: str) -> R:
    try:
        return read(parsed(data))
    except (ValueError, LookupError, TypeError, AttributeError):
        raise AIUnavailable(otherwise) from None


def _input(call: Call) -> list[dict[str, str]]:
    """Return the instructions of this talk, then its messages. Project endpoints refuse items without a type."""
    first = {"type": "message", "role": "system", "content": call.instructions}
    return [first, *(_item(message) for message in call.prompt or call.messages)]


def _item(message: Message) -> dict[str, str]:
    """Return one message as an item. Only our own instructions may have the role system."""
    role = "assistant" if message["role"] == "assistant" else "user"
    return {"type": "message", "role": role, "content": message["content"]}


def _piece(event: dict[str, Any]) -> Piece:
    kind = str(event.get("type") or "")
    if kind in {"error", "response.failed"} or event.get("error"):
        raise _reported(event, "within its stream")
    if kind in {"response.completed", "response.incomplete"}:
        return Piece(alive=True, turn=_turn(event["response"]))
    text = event.get("delta") if kind == "response.output_text.delta" else ""
    return Piece(text if isinstance(text, str) else "", alive=kind.endswith((".delta", ".added", ".done")))


def _reported(found: dict[str, Any], where: str) -> AIError:
    """Return the error in an answer: of the service, of its content filter, or because the talk is too long."""
    told = [found, found.get("error"), *(inner.get("error") for inner in objects([found.get("response")]))]
    errors = [error_of(one, where) for one in objects(told)]
    return next((error for error in errors if not isinstance(error, AIUnavailable)), errors[0])


def _turn(found: dict[str, Any]) -> Turn:
    if found.get("status") == "failed" or found.get("error"):
        raise _reported(found, "as its answer")
    items = objects(found["output"])
    messages = [item for item in items if item.get("type") == "message"]
    parts = [part for item in messages for part in objects(item.get("content"))]
    return Turn(
        id=str(found["id"]),
        text="".join(text_of(item.get("content")) for item in messages),
        calls=[
            ToolCall(str(item["call_id"]), str(item["name"]), arguments_of(item))
            for item in items
            if item.get("type") == "function_call"
        ],
        refused=any(part.get("type") == "refusal" for part in parts),
        finish=_finish(found),
        model=name_of(found.get("model")),
        usage=_usage(found.get("usage")),
    )


def _finish(found: dict[str, Any]) -> str:
    details = found.get("incomplete_details")
    reason = details.get("reason") if isinstance(details, dict) else None
    return {"max_output_tokens": "length", FILTERED: FILTERED}.get(str(reason), "")


def _usage(found: object) -> Usage:
    if not isinstance(found, dict):
        return Usage()
    return Usage(count_of(found.get("input_tokens")), count_of(found.get("output_tokens")))
