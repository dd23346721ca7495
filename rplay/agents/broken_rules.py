"""Which rules of the trade the advisor broke in a talk, line by line, and the highest score that is still possible.

The encoder reads each new line, about 18 ms of processor, so run this in a thread.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from rplay.agents.rehearsal.assessment.exchanges import fitting
from rplay.agents.rehearsal.reading.compliance import BY_WORDS, LIKELY, breaches
from rplay.agents.rehearsal.reading.meant import meant
from rplay.agents.rehearsal.reading.text import bare
from rplay.agents.rehearsal.reading.types import Breach
from rplay.agents.types import Message, Transcript
from rplay.agents.wording import spoken

# How strongly a line must mean a breach, how much more the better it fits between the client's messages, and how much
# less where the client asks back: two of three do after a breach, one of five else. Honest lines fit by 0.7 on average,
# breaches by 0.4. In the two sets of talks opened last, as towers tell them that were not taught these, no honest line
# comes nearer than 0.5 to being accused.
_SURELY, _FITS, _ASKED, _USUAL = 3.3, 2.0, 1.0, 0.7
_LEAST = 3.5  # strength, however badly a line fits and whatever the client asks
_MOST = 400  # the newest lines of the advisor that are read
# Words of a client who objects: the second sign of a breach where the advisor's line alone is not quite enough.
_BALKS = re.compile(
    r"\b(?:is(?:n't)? that (?:even )?(?:legal|allowed|right)|illegal|against the law|fraud|a crime|not allowed"
    r"|(?:that's|that is|you mean|that'd be) (?:lying|a lie|cheating|not honest|dishonest|not true)"
    r"|i (?:won't|will not|'m not going to|am not going to) (?:do|sign|say|be part of) (?:that|this|it)"
    r"|get (?:me|us|you) (?:in|into) trouble|go to (?:jail|prison)|lose (?:your|my) license)\b"
)


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """One rule that one line broke. `line` is the message's number in the talk, from 1; if not `sure`, a trainer has to
    look."""

    id: str
    name: str
    line: int
    quote: str
    cap: float
    severity: str
    sure: bool
    caps: bool
    right: str = ""  # how an honest advisor would put it

    def as_object(self) -> dict[str, Any]:
        return {
            "id": self.id, "name": self.name, "line": self.line, "quote": self.quote, "cap": self.cap,
            "severity": self.severity,
        }  # fmt: skip

    def as_flag(self) -> dict[str, Any]:
        return {"kind": "breach", "rule": self.id, "name": self.name, "line": self.line, "quote": self.quote}


def proves(found: Breach, before: str, line: str, reply: str) -> bool:
    """Return whether a line breaks the rule beyond doubt: by its words, or by its meaning.

    The better the line fits between the client's messages, the more its meaning has to say.
    """
    if found.confidence >= BY_WORDS or found.confidence < LIKELY:
        return found.confidence >= BY_WORDS
    told = meant(line)
    return told is not None and told.strength >= least(before, line, reply)


def least(before: str, line: str, reply: str) -> float:
    """Return how strongly a line has to mean a breach."""
    fits = (fitting(before, line, reply) or 0.0) if before else _USUAL
    return max(_LEAST, _SURELY + _FITS * fits - (_ASKED if "?" in reply else 0.0))


def broken_in(talk: Transcript) -> tuple[BrokenRule, ...]:
    rules = {str(one.get("id")): one for one in talk.rules or _shipped()}
    return tuple(_broken(spoken(talk.messages), rules))


def cap_of(broken: Sequence[BrokenRule]) -> float:
    """Return the highest overall score that the broken rules still allow."""
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
    """Return whether the client objects, in the phrases that the rule's `clientSays` lists or in general ones."""
    ways = rule.get("clientSays") or []
    return bool(_BALKS.search(bare(reply))) or any(one in reply for one in ([ways] if isinstance(ways, str) else ways))


@cache
def _shipped() -> Sequence[Mapping[str, Any]]:
    found: list[dict[str, Any]] = orjson.loads(files("rplay").joinpath("data", "compliance.json").read_bytes())
    return found
