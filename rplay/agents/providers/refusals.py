"""What a server does not accept: how its errors say so, and for how long that is remembered.

Errors are read where they name something, in `param` or `loc`. Some servers repeat the whole request in their errors,
so a word that merely occurs somewhere in an error proves nothing.
"""

import re
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

import orjson

if TYPE_CHECKING:
    import openai

Asked = Literal["tools", "system", "reasoning_effort"]

WHOLE = "whole prompt"
REMEMBERED = 3600.0  # seconds for which a refusal is remembered; the server may be updated meanwhile
NOT_ABOUT_THE_BODY = frozenset({401, 403, 408, 429})
HINTS = {
    WHOLE: "longer than the model's context: clients know less of their lives until it has 16,000 tokens or more",
    "tools": "this model takes no tools: objective progress is asked for in words, which measures less well",
    "system": "this model takes no system role: its instructions stand in the first turn",
}
_WORDS = 500  # only this many characters of an error's message are read
_NO_TOOLS = re.compile(
    r"\btool(?:s|_choice| param| use| calling| calls?)?\b.{0,80}?"
    r"\b(?:requires?\b|unsupported|not (?:supported|enabled|available))"
    r"|\b(?:does ?n[o']t|not|un)[ -]?support(?:s|ed)?\b.{0,60}?\b(?:tools?|function[ -]call)"
    r"|\bno endpoints? found that support\b.{0,40}?\btool"
    r"|\bfunction (?:calling|tools?)\b.{0,60}?\bnot supported",
    re.IGNORECASE,
)
_NO_SYSTEM = re.compile(
    # The turns we send always alternate, so only the system message can break this rule.
    r"(?<!optional system message, )\bconversation roles must alternate"
    r"|\bsystem\b.{0,40}\b(?:not (?:supported|allowed)|unsupported)"
    r"|\b(?:does ?n[o']t support|unsupported|invalid|unknown)\b.{0,40}\bsystem\b"
    r"|\bonly\b.{0,40}\bassistant\b.{0,20}\broles\b",
    re.IGNORECASE,
)
_NO_THOUGHTS = re.compile(
    r"\bdoes not support thinking\b|\bthink(?:ing)? value\b.{0,40}\bnot supported|\bthinking\b.{0,40}\bnot supported",
    re.IGNORECASE,
)
_TOO_LONG = re.compile(
    r"context.{0,20}\b(?:size|length|window|limit|overflows)\b|\bn_ctx\b|prompt is too long|too many tokens",
    re.IGNORECASE,
)
_NO_SCHEMA = re.compile(
    r"\bjson[_ ]?schema\b|\bstructured[ _]outputs?\b|\bguided[ _](?:json|decoding)\b", re.IGNORECASE
)
_LOADING = re.compile(r"\bloading\b|\bbeing loaded\b|\bnot (?:yet )?(?:ready|loaded)\b", re.IGNORECASE)
# Words beside the name of a parameter which say that it is unknown, and not only too large for this call.
_UNKNOWN = r"unsupported|not supported|not support|unknown|unrecogni[sz]ed|unexpected|extra|not permitted|not allowed"
# parameters that are the same in every call, so that any refusal of them lasts
_SAME_IN_ALL_CALLS = frozenset({"response_format", "tool_choice", "stream_options"})
_FILTERS = frozenset({"content_filter", "ResponsibleAIPolicyViolation", "content_policy_violation"})
_FILTER_WORDS = re.compile(r"ContentPolicyViolationError|\bcontent management policy\b", re.IGNORECASE)


def filtered(problem: object) -> bool:
    """Return whether a content filter refused the request. A proxy may wrap the filter's error, or filter by itself."""
    details = _details(problem)
    more = [one for name in ("provider_specific_fields", "metadata") if isinstance(one := details.get(name), dict)]
    inner = [one["innererror"] for one in (details, *more) if isinstance(one.get("innererror"), dict)]
    if any(one.get("code") in _FILTERS for one in (details, *inner)) or any("flagged_input" in one for one in more):
        return True
    return bool(_FILTER_WORDS.search(_message(problem)))


def too_long(problem: object) -> bool:
    details = _details(problem)
    kinds = (details.get("code"), details.get("type"))
    return bool({"context_length_exceeded", "exceed_context_size_error"}.intersection(map(str, kinds))) or bool(
        _TOO_LONG.search(_message(problem))
    )


def loading(problem: object) -> bool:
    return bool(_LOADING.search(_message(problem)))


def refuses(problem: object, sent: Collection[str]) -> Asked | None:
    """Return which one an error refuses: tools, thinking, or a message in the role system; None if it refuses none."""
    words = _message(problem)
    param = str(_details(problem).get("param") or "")
    about_choice = "tool_choice" in sent and "tool_choice" in words
    if "tools" in sent and (param in {"tools", "tool_choice"} or (_NO_TOOLS.search(words) and not about_choice)):
        return "tools"
    if "reasoning_effort" in sent and _NO_THOUGHTS.search(words):
        return "reasoning_effort"
    return "system" if _NO_SYSTEM.search(words) else None


def refuses_form(problem: object) -> bool:
    words = _message(problem)
    return named(problem, ("text",)) is not None or "text.format" in words or bool(_NO_SCHEMA.search(words))


def named(problem: object, optional: Collection[str]) -> str | None:
    """Return the parameter that an error names as the wrong one; None if it names none of these."""
    places = {name for place in _places(problem) for name in re.split(r"[.\[\]]", place)}
    places |= {"max_completion_tokens"} if "max_tokens" in places else set()
    return next((name for name in optional if name in places), None)


def mentioned(problem: object, optional: Collection[str]) -> str | None:
    """Return the parameter that occurs in the message of an error which names none in `param` or `loc`; else None.

    A question mark in front means that it may be refused for this call only, because its value may be wrong.
    """
    words = re.sub(r"\bmax_tokens\b", "max_completion_tokens", _message(problem))
    name = next((name for name in optional if name in words), None) if not list(_places(problem)) else None
    if name is None:
        return None
    unknown = rf"{name}.{{0,60}}?(?:{_UNKNOWN})|(?:{_UNKNOWN}).{{0,60}}?{name}"
    lasting = name in _SAME_IN_ALL_CALLS or re.search(unknown, words, re.IGNORECASE | re.DOTALL)
    return name if lasting and not too_long(problem) else f"?{name}"


def objection(error: "openai.APIStatusError", sent: Collection[str], optional: Collection[str]) -> str | None:
    """Return the part of the request that an error objects to, named as in `mentioned`; None if it objects to none."""
    optional = [name for name in optional if name in sent]
    of_body = error.status_code in {400, 422} and not filtered(error.body)
    if of_body and "response_format" in sent and _NO_SCHEMA.search(_message(error.body)):
        return "response_format"
    if of_body and (name := named(error.body, optional)):
        return name
    if error.status_code not in NOT_ABOUT_THE_BODY and (name := refuses(error.body, sent)):
        return name
    return mentioned(error.body, optional) if of_body else None


class Memory:
    """Remembers for a while what one server refused for one model."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def learn(self, tried: Sequence[str]) -> list[tuple[str, str]]:
        """Remember the parts that were left out or changed with success. Return the new ones, each with a hint for the
        log."""
        names = [name for name in tried if not name.startswith("?")]
        news = [(name, HINTS.get(name, "asked without it from now on")) for name in names if name not in self]
        self._until |= dict.fromkeys(names, self._clock() + REMEMBERED)
        return news

    def __contains__(self, name: str) -> bool:
        return self._clock() < self._until.get(name, 0)


def _details(problem: object) -> dict[str, Any]:
    """Return the error's fields.

    The SDK passes on what stands under `error`, if there is such a key; from some servers that is a mere text.
    """
    if isinstance(problem, str):
        return {"message": problem}
    if not isinstance(problem, dict):
        return {}
    inner = problem.get("error")
    return inner if isinstance(inner, dict) else problem


def _message(problem: object) -> str:
    details = _details(problem)
    words = details.get("message") or details.get("error") or details.get("detail")
    return words[:_WORDS] if isinstance(words, str) else ""


def _listed(details: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the list of single problems from servers with pydantic. Some put it into `message`, as an object or as
    JSON text."""
    message = details.get("message")
    with suppress(ValueError):
        message = orjson.loads(message) if isinstance(message, str) and message.startswith("{") else message
    inside = message.get("detail") if isinstance(message, dict) else None
    return _objects(details.get("detail")) or _objects(inside)


def _places(problem: object) -> Iterator[str]:
    """Yield what an error points at: OpenAI's `param`, Azure's `details`, or the `loc` of servers with pydantic."""
    details = _details(problem)
    for one in (details, *_objects(details.get("details")), *_listed(details)):
        if isinstance(one.get("param"), str) and one["param"]:
            yield one["param"]
        if isinstance(one.get("loc"), list):
            yield from (part for part in one["loc"] if isinstance(part, str))


def _objects(found: object) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
