"""What a scripted trainee says next. The more skilled the trainee, the better they take up the client's words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from rplay.agents import tables
from rplay.agents.rehearsal.client.echo import echoed, names_in
from rplay.agents.rehearsal.text import plain, sentences
from rplay.agents.types import Message

GRADES = ("poor", "fair", "good")
_LONGEST = 16  # words of the client's sentences that are repeated at most
_OWN = re.compile(r"(?:i(?:'m|'ve|'d)?|my|we(?:'re|'ve|'d)?|our)\b")
# Beginnings of sentences that only concern the talk or are polite. They are not repeated.
_NO_NEWS = re.compile(
    r"i (?:suppose|see|hear|guess|can imagine|thought|once|wasn't|worry i)\b|i'm (?:here|only|after)\b"
    r"|i've (?:told|got the)\b|i'd (?:say|come|like my)\b|.*\b(?:you|your|remember|this now|said)\b"
)

_YES = re.compile(r"^(?:Yes|No|Well|And|But),? ")
_POLITE = re.compile(r"(?:hi|hello|good (?:day|morning)|thanks?|thank you|goodbye|sure|of course)\b")


@dataclass(frozen=True)
class Line:
    """A line to say. `stage` is the part of the talk it belongs to."""

    stage: str
    pattern: str


@cache
def _texts() -> dict[str, Any]:
    return tables.read(Path(__file__).parent, "lines")


def script(skill: float, random: Random) -> list[Line]:
    """Return the lines of a whole talk for a trainee with this skill, from 0 to 1."""
    lines: list[Line] = []
    for stage in _texts()["stages"]:
        grade = GRADES[min(2, max(0, round(2 * skill + random.uniform(-0.6, 0.6))))]
        if stage.get(grade):
            lines.append(Line(stage["name"], random.choice(stage[grade])))
    return lines


def spoken(line: Line, said: Sequence[Message], me: str, client: str, about: str) -> str:
    """Return the text of a line in this talk. `about` is industry and subcategory."""
    words = _texts()["industries"][about]
    filled = line.pattern.format_map(
        {
            **words,
            **{name.capitalize(): _capital(words[name]) for name in ("one", "one_for")},
            "me": me.split()[0],
            "first": client.split()[0],
            "echo": _echo(said),
            "recap": _recap(said),
        }
    )
    return filled.strip()


def _echo(said: Sequence[Message]) -> str:
    """Return the client's last information, rephrased or quoted, unless it was repeated before."""
    if not said:
        return ""
    before = " ".join(one["content"] for one in said if one["role"] == "user")
    told = [one for one in _told(said[-1]["content"]) if one not in before]
    if told:
        return f"So {told[-1]}."
    quotes = [text for text in _short(said[-1]["content"]) if text not in before and not _POLITE.match(plain(text))]
    return f"You said “{_YES.sub('', quotes[-1]).rstrip('.!')}”." if quotes else "I see."


def _recap(said: Sequence[Message]) -> str:
    told = list(dict.fromkeys(fact for one in said if one["role"] == "assistant" for fact in _told(one["content"])))
    return " ".join(f"{_capital(one)}." for one in told[-3:])


def _told(line: str) -> list[str]:
    """Return the sentences in which the client speaks of themselves, rephrased in the second person."""
    own = (text for text in _short(line) if _OWN.match(plain(text)) and not _NO_NEWS.match(plain(text)))
    return [echoed(plain(text).rstrip(".!"), names_in(line)) for text in own]


def _short(line: str) -> list[str]:
    """Return the statements that are long enough to be informative and short enough to be repeated."""
    return [text for text in sentences(line) if 4 <= len(text.split()) <= _LONGEST and not text.endswith("?")]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
