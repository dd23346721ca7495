"""Turns other people's words into data for a prompt: of bounded length, between marks that they cannot imitate."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import orjson

from rplay.agents.talk import without_coach
from rplay.agents.types import Message, Parameter

VALUE = 800  # limit in characters for one value
FACTS = 60  # limit of entries of one object
LINE = 4_000  # limit in characters for one message
PROMPT = 60_000  # limit in characters for everything that one agent is told, in addition to our own instructions
TALK = PROMPT  # limit in characters for a whole talk, newest messages first; other text in the same prompt lowers it
BLOCK = 12_000  # limit in characters for one block of facts
SETTINGS = 8_000  # limit in characters for the parameters that admins have set
SUMMARY = 3_000  # limit in characters for a summary
TURNS = 80  # limit of messages of a talk that a prompt holds, the newest
GREETING = "Initial greeting"  # what the frontend sends when the client should speak first

_UNUSABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_MARK = re.compile("[<＜﹤]")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|_")


def clean(text: str, limit: int) -> str:
    """Return the text without control characters and lone surrogates, cut at the limit."""
    text = _UNUSABLE.sub("", text[: 4 * limit + 100]).strip()  # cut early: a prompt uses no more than this
    return text if len(text) <= limit else text[:limit].rstrip() + " …"


def one_line(value: object, limit: int = VALUE) -> str:
    """Return any value as one line of data in which nothing can pass for a new line or for a mark."""
    words = value if isinstance(value, str) else _words(value)
    if len(words) <= limit and _is_one_line(words):
        return words.strip()  # the usual case; the code below takes ten times as long
    return _MARK.sub("‹", " ".join(clean(words, limit).split()))


def _is_one_line(words: str) -> bool:
    """Return whether the text can be used as it is.

    It looks for each character separately: a regular expression takes seven times as long, and a prompt has 200 values.
    """
    marked = "<" in words or "＜" in words or "﹤" in words
    return not marked and words.isprintable() and "  " not in words


def facts(found: Mapping[str, Any], room: int = BLOCK) -> str:
    """Return an object as lines `- name: value`, without empty values."""
    entries = ((_named(name), one_line(value)) for name, value in islice(found.items(), FACTS))
    return within(room, (f"- {name}: {value}" for name, value in entries if value))


def within(room: int, lines: Iterable[str]) -> str:
    """Return the first lines, as many as fit into `room` characters."""
    kept: list[str] = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join(kept)


def block(mark: str, content: str) -> str:
    """Return the content between marks, as in `<client>…</client>`; an empty text if there is no content."""
    return f"<{mark}>\n{content}\n</{mark}>" if content else ""


def transcript(messages: Sequence[Message], user: str, assistant: str, room: int = TALK) -> str:
    """Return a talk as numbered lines, one for each message. The numbers count the whole talk, also when its start is
    cut."""
    names = {"user": user, "assistant": assistant, "system": "NOTE"}
    kept = newest(messages, room)
    first = len(spoken(messages)) - len(kept) + 1
    return "\n".join(
        f"[{number}] {names[message['role']]}: {one_line(message['content'], LINE)}"
        for number, message in enumerate(kept, start=first)
    )


def newest(messages: Sequence[Message], room: int = TALK) -> list[Message]:
    """Return the newest messages, as many as fit, each cut to LINE characters."""
    kept: list[Message] = []
    for message in reversed(spoken(messages)[-TURNS:]):
        content = clean(message["content"], LINE)
        room -= len(content)
        if room < 0 and kept:
            break
        kept.append({"role": message["role"], "content": content})
    return kept[::-1]


def spoken(messages: Sequence[Message]) -> list[Message]:
    """Return the talk of advisor and client, without the coach and without the frontend's request for a greeting."""
    talk = without_coach(messages)
    return [one for one in talk if not (one["role"] == "system" and one["content"].strip() == GREETING)]


def steering(parameters: Sequence[Parameter], types: Collection[str]) -> str:
    """Return the admins' parameters of these types as lines with name, value and description."""
    return within(SETTINGS, (_parameter(one) for one in parameters if one.type in types)) or "- nothing special"


def _parameter(parameter: Parameter) -> str:
    return parameter_line(parameter.name, parameter.value, parameter.description)


def parameter_line(name: object, value: object, description: object) -> str:
    name, value, description = one_line(name, 120), one_line(value), one_line(description)
    return f"- {name}" + (f" = {value}" if value else "") + (f": {description}" if description else "")


def _named(name: object) -> str:
    return one_line(_CAMEL.sub(" ", str(name)[: 2 * VALUE]).lower(), 60)


def _words(value: object, depth: int = 4) -> str:
    if value is None:
        return ""
    if depth and isinstance(value, Mapping):
        pairs = ((key, _words(inner, depth - 1)) for key, inner in islice(value.items(), FACTS))
        return ", ".join(f"{_CAMEL.sub(' ', str(key)).lower()} {inner}" for key, inner in pairs if inner)
    if depth and isinstance(value, (list, tuple)):
        return "; ".join(filter(None, (_words(inner, depth - 1) for inner in value[:FACTS])))
    return orjson.dumps(value).decode() if isinstance(value, (Mapping, list, tuple)) else str(value)
