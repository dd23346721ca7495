"""The chat completions format: makes requests, and reads answers, whole or in pieces."""

import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import httpx2
import orjson

from rplay.agents.providers.policy import error_of
from rplay.agents.types import AgentName, Answer, Call, Message, Usage
from rplay.errors import AIEmptyAnswer, AIRefused, AIUnavailable

# Tokens that an answer may take. Reasoning models think within them too, so they limit the cost and not the length of
# the answer.
ROOM: dict[AgentName, int] = {
    "simulationClient": 4_000,
    "expertGuidance": 6_000,
    "profileGeneration": 6_000,
    "evaluation": 16_000,
}
TOKENS = 100_000_000  # a larger count is not believed: the sum of twenty answers must fit into the table
_BEFORE = b"\xef\xbb\xbf \t\r\n"  # a byte order mark and blanks, which may precede the answer
IN_WORDS = (
    "There is no function {name} to call here. Write its arguments instead: one JSON object and nothing else, which "
    "fits this JSON schema: {keys}"
)
# Parameters that a call can do without when the model refuses them.
OPTIONAL = (
    "max_completion_tokens", "temperature", "response_format", "stream_options", "tool_choice", "reasoning_effort",
)  # fmt: skip
# the name for remembering that `tool_choice=required` was refused; choosing the tool by its name was refused before
REQUIRED = "tool_choice=required"
# the name for remembering that JSON schemas are refused; a plain JSON object is asked for instead
SCHEMA = "response_format=json_schema"
# Maps other servers' names for why a model stopped to OpenAI's names.
ENDINGS = {
    "max_tokens": "length", "model_length": "length",
    "safety": "content_filter", "prohibited_content": "content_filter", "sensitive": "content_filter",
    "refusal": "content_filter",
}  # fmt: skip
BROKEN = frozenset({"error", "abort", "cancelled", "network_error", "insufficient_system_resource"})
THOUGHTS = ("reasoning_content", "reasoning", "thinking")  # fields in which servers put what they know to be thoughts


@dataclass(frozen=True)
class Piece:
    """One event of a stream.

    `alive` says that the model is producing something, if only thoughts. `thought` says that the server sent a thought
    apart from the words. `finish`, on the last piece, is the reason why the model stopped.
    """

    text: str = ""
    alive: bool = False
    thought: bool = False
    finish: str = ""
    refused: bool = False
    model: str | None = None
    usage: Usage = field(default_factory=Usage)


def body_of(call: Call, model: str, stream: bool, effort: str, refused: Container[str]) -> dict[str, Any]:
    """Return the request body, without what this model has refused. `effort` is how long a reasoning model should
    think."""
    tool = call.tool if "tools" not in refused else None
    body: dict[str, Any] = {
        "model": model,
        "messages": _messages(call, refused),
        "max_completion_tokens": ROOM[call.agent],
        "stream": stream,  # sent also when it is false, because some servers stream by default
    }
    if effort:
        body["reasoning_effort"] = effort
    if call.temperature is not None:
        body["temperature"] = call.temperature
    if tool:
        function = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
        body["tools"] = [{"type": "function", "function": function}]
        named = {"type": "function", "function": {"name": tool.name}}
        body["tool_choice"] = "required" if "tool_choice" in refused else named
    elif call.schema and SCHEMA not in refused:
        body["response_format"] = schema_of(call.agent, call.schema)
    elif (call.json or call.tool) and "response_format" not in refused:
        body["response_format"] = {"type": "json_object"}
    if stream:
        body["stream_options"] = {"include_usage": True}
    if REQUIRED in refused:
        body.pop("tool_choice", None)
    kept = {"tool_choice", "response_format"}  # these two were already handled above
    return {name: value for name, value in body.items() if name not in refused or name in kept}


def schema_of(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": schema}}


def _messages(call: Call, refused: Container[str]) -> list[Message]:
    """Return the messages to send.

    A model without tools is told in words what to answer. For a model that refuses the role system the instructions are
    part of the first user message.
    """
    instructions = call.instructions
    if call.tool and "tools" in refused:
        instructions += f"\n\n{in_words(call.tool.name, call.tool.parameters)}"
    said = [*(call.prompt or call.messages)]
    if "system" not in refused:
        return [{"role": "system", "content": instructions}, *said]
    first = said.pop(0)["content"] if said and said[0]["role"] == "user" else ""
    return [{"role": "user", "content": f"{instructions}\n\n{first}".strip()}, *said]


def in_words(name: str, parameters: Mapping[str, Any]) -> str:
    """Return the instruction that asks for a tool's arguments when the model takes no tools."""
    return IN_WORDS.format(name=name, keys=orjson.dumps(parameters).decode())


def answer_of(response: httpx2.Response, call: Call, model: str) -> Answer:
    """Return a whole answer, also from a server that streams without being asked to.

    Raise AIUnavailable if the response is no chat completion at all: the server must be out of order.
    """
    pieces = list(pieces_of([response.content], tool=call.tool is not None))
    text = "".join(piece.text for piece in pieces)
    if not text.strip():
        declined = any(piece.refused for piece in pieces)
        raise AIRefused("the model declined to answer") if declined else AIEmptyAnswer("the model said nothing")
    finish = next((piece.finish for piece in pieces if piece.finish), "")
    told = next((piece.model for piece in pieces if piece.model), None)
    usage = next((piece.usage for piece in reversed(pieces) if piece.usage != Usage()), Usage())
    return Answer(text, told or model, usage, finish)


def pieces_of(chunks: Iterable[bytes], tool: bool = False) -> Iterator[Piece]:
    """Yield the events of a stream. Raise AIUnavailable if it breaks off before its end.

    Servers that do not stream answer with one JSON object instead, which becomes a single piece. With `tool` the text
    is that of the tool's arguments, if the model called the tool.
    """
    whole, lines = opened(chunks)
    if whole is not None:
        yield _whole(whole, tool)
        return
    ended = False
    for data in lines:
        if data == b"[DONE]":
            return  # some servers keep the connection open after this
        piece = _piece(data, tool) if data not in {b"", b"null"} else Piece()
        ended = ended or bool(piece.finish)
        yield piece
    if not ended:
        raise AIUnavailable("the server's stream broke off")


def opened(chunks: Iterable[bytes]) -> tuple[bytes | None, Iterator[bytes]]:
    """Return one JSON object, or an iterator over the data of a stream's events; the first character tells
    which it is."""
    rest = iter(chunks)
    begun = b""
    for chunk in rest:
        begun += chunk
        if begun.strip():
            break
    if (words := begun.lstrip(_BEFORE)).startswith((b"{", b"[")):
        return words + b"".join(rest), iter(())
    return None, data_lines(chain([begun], rest))


def data_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the data of server-sent events. A comment yields an empty text, so that the caller can check the time.

    An object may be spread over several lines of its event. An object that ends with its line is yielded at once,
    because not every server puts an empty line between two events.
    """
    event: list[bytes] = []
    for line in _lines(chunks):
        if line.startswith(b":"):
            yield b""
        elif data := _data(line):
            event.append(data)
            if len(event) == 1 and not (data.startswith(b"{") and not data.endswith(b"}")):
                yield event.pop()
        elif not line and event:
            yield b"\n".join(event)
            event.clear()
    if event:
        yield b"\n".join(event)


def _data(line: bytes) -> bytes:
    """Return the data of this line, also if the server put the object on the line after `data:`."""
    if line.startswith(b"data:"):
        return line[5:].strip()
    return line.strip() if line[:2].lstrip().startswith(b"{") else b""


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    # the parts of an unfinished line; joined only once, because a server may send it byte by byte
    begun: list[bytes] = []
    returned = False  # the last chunk ended between the \r and the \n of a line end
    for chunk in chunks:
        text = chunk[1:] if returned and chunk.startswith(b"\n") else chunk
        returned = text.endswith(b"\r")
        first, *lines = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        begun.append(first)
        if lines:
            whole = [b"".join(begun), *lines[:-1]]
            begun = lines[-1:]
            yield from whole
    yield b"".join(begun)


def _whole(content: bytes, tool: bool) -> Piece:
    """Return the answer of a server that does not stream. Some send a stream's `data: [DONE]` after it."""
    try:
        found = parsed(re.sub(rb"\s*data:\s*\[DONE\]\s*\Z", b"", content))
        if found.get("error") and not found.get("choices"):
            raise error_of(found["error"], "as its answer")
        choice = found["choices"][0]
        return _said(found, choice["message"], tool, choice.get("finish_reason") or "stop")
    except (ValueError, LookupError, TypeError, AttributeError):
        raise AIUnavailable("the server's answer is no chat completion") from None


def _piece(data: bytes, tool: bool) -> Piece:
    try:
        event = parsed(data)
        if event.get("error"):
            raise error_of(event["error"], "within its stream")
        if not event.get("choices"):
            return Piece(usage=_usage(event))
        choice = event["choices"][0]
        return _said(event, choice.get("delta") or {}, tool, choice.get("finish_reason") or "")
    except (ValueError, LookupError, TypeError, AttributeError):
        raise AIUnavailable("the server's stream is no chat completion") from None


def _said(found: dict[str, Any], message: dict[str, Any], tool: bool, finish: str) -> Piece:
    finish = ENDINGS.get(str(finish).lower(), str(finish))
    if finish in BROKEN:
        raise AIUnavailable("the model broke off")
    text = _arguments(message) if tool else None
    refused = bool(message.get("refusal")) or finish == "content_filter"
    alive = any(value for name, value in message.items() if name != "role")
    thought = any(isinstance(message.get(name), str) and message[name].strip() for name in THOUGHTS)
    text = text or text_of(message.get("content"))
    return Piece(text, alive, thought, finish, refused, name_of(found.get("model")), _usage(found))


def text_of(content: object) -> str:
    """Return the words of a message, whose content may be a list of parts with thoughts among them."""
    if isinstance(content, list):
        texts = [part.get("text") for part in objects(content) if part.get("type") in {"text", "output_text"}]
        return "".join(text for text in texts if isinstance(text, str))
    return content if isinstance(content, str) else ""


def objects(found: object) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def parsed(data: bytes) -> Any:
    """Return JSON as Python objects. Half of a surrogate pair in an escape is kept: whoever reads the words
    handles it."""
    try:
        return orjson.loads(data)
    except ValueError:
        return json.loads(data.decode("utf-8", "replace"), strict=False)


def _arguments(message: dict[str, Any]) -> str | None:
    calls = objects(message.get("tool_calls"))
    if not calls:
        older = message.get("function_call")
        return arguments_of(older) if isinstance(older, dict) else None
    # some models call the tool twice, so only the first call counts
    first = next((one for one in calls if not one.get("index")), {})
    return arguments_of(first.get("function") or {})


def arguments_of(function: dict[str, Any]) -> str:
    """Return the arguments as text; some servers send an object."""
    arguments = function.get("arguments")
    return arguments if isinstance(arguments, str) else orjson.dumps(arguments).decode() if arguments else ""


def _usage(found: dict[str, Any]) -> Usage:
    usage = found.get("usage")
    if not isinstance(usage, dict):
        return Usage()
    return Usage(count_of(usage.get("prompt_tokens")), count_of(usage.get("completion_tokens")))


def name_of(value: object) -> str | None:
    """Return a model's name from the server, cut to 100 characters because it goes into a metric and a table."""
    return value[:100] if isinstance(value, str) and value else None


def count_of(value: object) -> int:
    """Return a number of tokens from the server; 0 if it cannot be true."""
    return value if isinstance(value, int) and 0 <= value <= TOKENS else 0
