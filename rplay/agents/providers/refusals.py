"""What a server does not take: how its errors say so, and what is remembered of it for a while.

Errors are read where they name something, in `param` or `loc`. Some servers send the whole request back in theirs, and
a word that stands anywhere in it is no reason.
"""

import re
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Literal

import openai

Asked = Literal["tools", "system"]

REMEMBERED = 3600.0  # seconds; a server may have learned it meanwhile
NOT_ABOUT_THE_BODY = frozenset({401, 403, 408, 429})
HINTS = {
    "tools": "this model takes no tools: objective progress is asked for in words, which measures less well",
    "system": "this model takes no system role: its instructions stand in the first turn",
}
_WORDS = 500  # characters of a message that are looked at
_NO_TOOLS = re.compile(
    r"\btool(?:s|_choice| param| use| calling| calls?)?\b.{0,80}?"
    r"\b(?:requires?|unsupported|not (?:supported|enabled|available))"
    r"|\b(?:does ?n[o']t|not|un)[ -]?support(?:s|ed)?\b.{0,60}?\b(?:tools?|function[ -]call)"
    r"|\bno endpoints? found that support\b.{0,40}?\btool"
    r"|\bfunction (?:calling|tools?)\b.{0,60}?\bnot supported",
    re.IGNORECASE,
)
_NO_SYSTEM = re.compile(
    r"\bsystem\b.{0,40}\b(?:not (?:supported|allowed)|unsupported)"
    r"|\b(?:does ?n[o']t support|unsupported|invalid|unknown)\b.{0,40}\bsystem\b"
    r"|\bonly\b.{0,40}\bassistant\b.{0,20}\broles\b",
    re.IGNORECASE,
)


def filtered(problem: object) -> bool:
    """Whether a content filter refused what was sent."""
    details = _details(problem)
    inner = details.get("innererror")
    codes = (details.get("code"), inner.get("code") if isinstance(inner, dict) else None)
    return any(code in {"content_filter", "ResponsibleAIPolicyViolation"} for code in codes)


def refuses(problem: object, sent: Collection[str]) -> Asked | None:
    """Whether an error is about tools or about a message in the role system, if there were any."""
    words = _message(problem)
    param = str(_details(problem).get("param") or "")
    if "tools" in sent and (param in {"tools", "tool_choice"} or _NO_TOOLS.search(words)):
        return "tools"
    return "system" if _NO_SYSTEM.search(words) else None


def named(problem: object, optional: Collection[str]) -> str | None:
    """The parameter that an error names as the wrong one."""
    places = {name for place in _places(problem) for name in re.split(r"[.\[\]]", place)}
    places |= {"max_completion_tokens"} if "max_tokens" in places else set()
    return next((name for name in optional if name in places), None)


def mentioned(problem: object, optional: Collection[str]) -> str | None:
    """The parameter that an error which names none speaks of. It may be about the value of this one call."""
    words = _message(problem).replace("max_tokens", "max_completion_tokens")
    return next((name for name in optional if name in words), None) if not list(_places(problem)) else None


def objection(error: openai.APIStatusError, sent: Collection[str], optional: Collection[str]) -> str | None:
    """What an error says the request should do without; None where it says nothing of the kind.

    A question mark in front says that it is for this call only, as the error does not name it as the wrong one.
    """
    optional = [name for name in optional if name in sent]
    of_body = error.status_code in {400, 422} and not filtered(error.body)
    if of_body and (name := named(error.body, optional)):
        return name
    if error.status_code not in NOT_ABOUT_THE_BODY and (name := refuses(error.body, sent)):
        return name
    return f"?{name}" if of_body and (name := mentioned(error.body, optional)) else None


class Memory:
    """What one server has refused of one model."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def learn(self, tried: Sequence[str]) -> list[tuple[str, str]]:
        """Keeps what helped to be left out or said otherwise; of what is news, the name and a hint for the log."""
        names = [name for name in tried if not name.startswith("?")]
        news = [(name, HINTS.get(name, "asked without it from now on")) for name in names if name not in self]
        self._until |= dict.fromkeys(names, self._clock() + REMEMBERED)
        return news

    def __contains__(self, name: str) -> bool:
        return self._clock() < self._until.get(name, 0)


def _details(problem: object) -> dict[str, Any]:
    """The SDK hands out what stands under `error`, if there is such a key."""
    if not isinstance(problem, dict):
        return {}
    inner = problem.get("error")
    return inner if isinstance(inner, dict) else problem


def _message(problem: object) -> str:
    details = _details(problem)
    words = details.get("message") or details.get("error") or details.get("detail")
    return words[:_WORDS] if isinstance(words, str) else ""


def _places(problem: object) -> Iterator[str]:
    """What an error points at: OpenAI's `param`, Azure's `details`, or the `loc` of servers with pydantic."""
    details = _details(problem)
    for one in (details, *_objects(details.get("details")), *_objects(details.get("detail"))):
        if isinstance(one.get("param"), str) and one["param"]:
            yield one["param"]
        if isinstance(one.get("loc"), list):
            yield from (part for part in one["loc"] if isinstance(part, str))


def _objects(found: object) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
