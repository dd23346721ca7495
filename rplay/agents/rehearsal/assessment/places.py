"""Finds the lines where a skill was shown or would have helped, with the client's words before and after."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rplay.agents.assessment.checks import harms
from rplay.agents.rehearsal.assessment.choices import offer_in
from rplay.agents.rehearsal.assessment.doubts import proposes, says
from rplay.agents.rehearsal.assessment.rapport import worried
from rplay.agents.rehearsal.assessment.record import Record
from rplay.agents.rehearsal.assessment.resistance import resists
from rplay.agents.rehearsal.assessment.talk import Talk, Turn
from rplay.agents.rehearsal.pick import fill
from rplay.agents.rehearsal.reading.detectors import answers_objection, empathy, reflection
from rplay.agents.rehearsal.tables import table
from rplay.agents.rehearsal.text import content, sentences, words
from rplay.agents.types import Message

_QUOTED = 16  # quotes longer than twice this many words are cut
_TELLING = 2  # a piece of a client's line with this weight can be built on
_NEXT = 2  # lines from one of the advisor's to the next, with the client's between
_TELLS = 6  # a client's line with this many words tells something
_CUT = re.compile(r"(?:,|;|:| - | — |\.\.\.|…)\s+")


@dataclass(frozen=True)
class Place:
    """One line of the advisor with its context. `line` is its number in the talk, from 1. `just` tells whether the
    client's words before it stand directly before it: lines that break a rule are left out with their answers."""

    at: int
    line: int
    quote: str
    before: str
    reply: str
    just: bool


@dataclass
class Places:
    """The lines of a talk, chosen so that as few texts as possible are about the same line."""

    talk: Talk
    lines: tuple[int, ...]
    record: Record

    def __post_init__(self) -> None:
        self._used: dict[int, int] = {}

    def shown(self, kinds: tuple[str, ...]) -> Place | None:
        """Return the best line that shows one of these kinds; None if there is none.

        Lines that no text is about yet come first, then those whose answer tells most.
        """
        found = [
            (one.at, one.quote)
            for one in self.record.moments
            if one.kind in kinds and one.quote and one.at not in self._spoilt
        ]
        if not found:
            return None
        at, quote = max(
            found, key=lambda one: (-self._used.get(one[0], 0), _weight(self.talk.turns[one[0]].reply or ""))
        )
        return self._taken(at, quote)

    def faulty(self, kind: str) -> Place | None:
        found = next((one for one in self.record.moments if one.kind == kind and one.quote), None)
        return self._taken(found.at, found.quote or "") if found else None

    def missing(self, kind: str) -> Place | None:
        """Return the line where this kind would have helped most; None if there is none.

        It follows words of the client that tell something and were not taken up.
        """
        turns = self.talk.turns
        done = {one.at for one in self.record.moments if one.kind == kind}
        left = [at for at in range(len(turns)) if at not in done and _calls_for(kind, turns[at])]
        left = [at for at in left if not self._does(kind, at)]
        if not left:
            return None
        if kind in _AT_ENDS:
            at = left[_AT_ENDS[kind]]
        else:
            at = max(left, key=lambda one: (-self._used.get(one, 0), _weight(telling(turns[one].before))))
        return self._taken(at, _shortest(turns[at].moves.text))

    def _does(self, kind: str, at: int) -> bool:
        """Return whether the line shows this kind by its meaning, although none of its words do."""
        turn = self.talk.turns[at]
        if kind not in _BY_MEANING:
            return False
        said: Message = {"role": "assistant", "content": turn.before}
        return (
            turn.listens
            or turn.follows_up
            or bool(reflection(turn.moves.text, [said]))
            or bool(empathy(turn.moves.text, [said]) or answers_objection(turn.moves.text, [said]))
        )

    @cached_property
    def _spoilt(self) -> frozenset[int]:
        """Indexes of lines with a fault, which are not praised for anything else."""
        return frozenset(one.at for one in self.record.moments if one.kind in harms())

    def better(self, kind: str, place: Place) -> str:
        """Return a better line for this place, which contains the client's own words."""
        told = self._told(place)
        way = table("review")["better"].get(kind) or table("review")["better"]["follow_up"]
        ways = [way] if isinstance(way, str) else way
        return fill(
            ways[place.at % len(ways)], theirs=told[0], first=told[min(1, len(told) - 1)], second=told[-1],
        )  # fmt: skip

    def _told(self, place: Place) -> list[str]:
        """Return what the client said just before, then the most important things that the client had said earlier."""
        now = telling(place.before) or telling(place.reply) or "that"
        earlier = {
            telling(turn.before): None for turn in self.talk.turns[: place.at] if len(words(turn.before)) >= _TELLS
        }
        rest = sorted((one for one in earlier if one and one != now), key=_weight, reverse=True)[:2]
        return [now, *(rest or [now])]

    def _taken(self, at: int, quote: str) -> Place:
        self._used[at] = self._used.get(at, 0) + 1
        turn = self.talk.turns[at]
        line = self.lines[at] if at < len(self.lines) else at + 1
        last = self.lines[at - 1] if 0 < at <= len(self.lines) else 0
        return Place(at, line, quote, turn.before, turn.reply or "", line - last <= _NEXT)


# Kinds that belong at one end of a talk: 0 takes the first line that is left, -1 the last.
_AT_ENDS = {"opening": 0, "asks_aim": 0, "agenda": 0, "next_step": -1, "dated": -1, "closing": -1, "summary": -1,
            "invites": -1}  # fmt: skip


# Kinds that can be shown in ways that no list of words foresees.
_BY_MEANING = frozenset(
    {"listens", "follow_up", "empathy", "open", "avoid_assumption", "doubt_acknowledges", "doubt_explores"}
)


def _offers(turn: Turn) -> bool:
    return offer_in(turn) is not None or proposes(turn.moves)


def _calls_for(kind: str, turn: Turn) -> bool:
    told = _weight(telling(turn.before)) >= _TELLING
    return told and _CALLS.get(kind, _told_something)(turn)


def _told_something(turn: Turn) -> bool:
    return len(words(turn.before)) >= _TELLS


_CALLS: dict[str, Callable[[Turn], bool]] = {
    "empathy": lambda turn: worried(turn.before) or says(turn.before, "hardship"),
    **dict.fromkeys(
        ("doubt_acknowledges", "doubt_explores", "doubt_answers", "doubt_frees", "doubt_eases"),
        lambda turn: resists(turn.before),
    ),
    "autonomy": _offers,
    "fits": _offers, "options": _offers, "weighs": _offers, "reasoned": _offers, "check_after": _offers,
    "check": lambda turn: turn.moves.length >= 20, "explains": lambda turn: turn.moves.length >= 12,
}  # fmt: skip


@lru_cache(maxsize=2048)
def telling(text: str) -> str:
    """Return the piece of a client's line that tells most, word for word."""
    pieces = [piece for one in sentences(text) for piece in _pieces(one)]
    return max(pieces, key=_weight, default="").strip(" ,;:.!-—…")


def _pieces(sentence: str) -> Iterator[str]:
    if len(sentence.split()) <= _QUOTED:
        yield sentence
        return
    for piece in _CUT.split(sentence):
        spoken = piece.split(" ")
        yield piece if len(spoken) <= _QUOTED else " ".join(spoken[:_QUOTED])


@lru_cache(maxsize=4096)
def _weight(text: str) -> float:
    """Return how much a line tells. Important words count, figures and names most."""
    names = len(re.findall(r"(?<!^)(?<![.!?] )\b[A-Z][a-z]+", text))
    return len(content(text)) + 1.5 * len(re.findall(r"\d+", text)) + names - 2 * text.rstrip().endswith("?")


def _shortest(text: str) -> str:
    """Return enough of a line to recognise it: its first sentence that is longer than a few words."""
    said = sentences(text)
    return next((one for one in said if len(one.split()) >= 4), said[0] if said else text)


def shortened(quote: str) -> str:
    spoken = quote.split()
    return quote if len(spoken) <= 2 * _QUOTED else " ".join(spoken[: 2 * _QUOTED]) + " …"
