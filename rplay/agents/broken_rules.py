"""Which rules of the trade the advisor broke in a talk, line by line, and how high the review may score then.

A new line takes about 10 ms of processor, so it belongs in a thread.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from rplay.agents.rehearsal.assessment.exchanges import fitting
from rplay.agents.rehearsal.reading.compliance import BY_WORDS, LIKELY, SURE, breaches
from rplay.agents.rehearsal.reading.text import bare
from rplay.agents.rehearsal.reading.types import Breach
from rplay.agents.types import Message, Transcript
from rplay.agents.wording import spoken

# What an exchange is worth above which meaning alone proves nothing, and below which the client need not question it.
_FITS, _HARDLY = 0.6, 0.25
_MOST = 400  # lines of the advisor, the newest
_QUESTIONS = re.compile(
    r"^(?:[^\s.?!]+ ){0,4}[^\s.?!]+\?|\btry that again\b"
    r"|\b(?:no|not|nobody|don't|won't|can't|wouldn't|wait|never|wrong)\b",
    re.IGNORECASE,
)
# A client who balks: the second sign where the line alone is not quite enough.
_BALKS = re.compile(
    r"\b(?:is(?:n't)? that (?:even )?(?:legal|allowed|right)|illegal|against the law|fraud|a crime|not allowed"
    r"|(?:that's|that is|you mean|that'd be) (?:lying|a lie|cheating|not honest|dishonest|not true)"
    r"|i (?:won't|will not|'m not going to|am not going to) (?:do|sign|say|be part of) (?:that|this|it)"
    r"|get (?:me|us|you) (?:in|into) trouble|go to (?:jail|prison)|lose (?:your|my) license)\b"
)


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """`line` is the number of the message in the talk, from 1. What is not `sure` is for the trainer to look at."""

    id: str
    name: str
    line: int
    quote: str
    cap: float
    severity: str
    sure: bool
    caps: bool
    right: str = ""  # how an honest advisor puts it

    def as_object(self) -> dict[str, Any]:
        return {
            "id": self.id, "name": self.name, "line": self.line, "quote": self.quote, "cap": self.cap,
            "severity": self.severity,
        }  # fmt: skip

    def as_flag(self) -> dict[str, Any]:
        return {"kind": "breach", "rule": self.id, "name": self.name, "line": self.line, "quote": self.quote}


def proves(found: Breach, before: str, line: str, reply: str) -> bool:
    """Whether a line breaks the rule beyond doubt: by its words, or by its meaning and how it fits between what the
    client said and how they took it.

    Meaning and a client who questions it accused 4 of 51 good talks; lines that fit so well are left out, and none was.
    """
    if found.confidence >= BY_WORDS or found.confidence < SURE:
        return found.confidence >= BY_WORDS
    questioned, fits = bool(_QUESTIONS.search(reply)), fitting(before, line, reply) if before else None
    return questioned if fits is None else fits <= _FITS and (questioned or fits <= _HARDLY)


def broken_in(talk: Transcript) -> tuple[BrokenRule, ...]:
    rules = {str(one.get("id")): one for one in talk.rules or _shipped()}
    return tuple(_broken(spoken(talk.messages), rules))


def cap_of(broken: Sequence[BrokenRule]) -> float:
    """The highest overall score that is left."""
    return min((one.cap for one in broken if one.caps), default=10)


def _broken(said: Sequence[Message], rules: Mapping[str, Mapping[str, Any]]) -> Iterator[BrokenRule]:
    for at in range(max(0, len(said) - 2 * _MOST), len(said)):
        if said[at]["role"] != "user":
            continue
        reply = said[at + 1]["content"] if at + 1 < len(said) and said[at + 1]["role"] == "assistant" else ""
        before = said[at - 1]["content"] if at and said[at - 1]["role"] == "assistant" else ""
        for found in breaches(said[at]["content"]):
            if found.id in rules and found.confidence >= LIKELY:
                rule, sure = rules[found.id], proves(found, before, said[at]["content"], reply)
                yield BrokenRule(
                    found.id, str(rule.get("name") or found.id), at + 1, found.quote, float(rule.get("cap") or 4),
                    str(rule.get("severity") or "high"), sure, sure or _balks(reply, rule),
                    next(iter(rule.get("counterExamples") or ()), ""),
                )  # fmt: skip


def _balks(reply: str, rule: Mapping[str, Any]) -> bool:
    """In the catalogue's own words, as the rehearsal's client does, or in plain ones."""
    ways = rule.get("clientSays") or []
    return bool(_BALKS.search(bare(reply))) or any(one in reply for one in ([ways] if isinstance(ways, str) else ways))


@cache
def _shipped() -> Sequence[Mapping[str, Any]]:
    found: list[dict[str, Any]] = orjson.loads(files("rplay").joinpath("data", "compliance.json").read_bytes())
    return found
