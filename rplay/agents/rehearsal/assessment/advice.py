"""The texts of a review. Each names and quotes a line of the talk, and says what the client did or what would have been
better.

A text never accuses the advisor of something that the line does not prove.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rplay.agents.assessment.checks import harms
from rplay.agents.broken_rules import BrokenRule
from rplay.agents.rehearsal.assessment.doubts import says
from rplay.agents.rehearsal.assessment.exchanges import went_badly, worth
from rplay.agents.rehearsal.assessment.places import Place, Places, shortened, telling
from rplay.agents.rehearsal.assessment.resistance import resists_after
from rplay.agents.rehearsal.assessment.scoring import Part
from rplay.agents.rehearsal.assessment.signs import DOUBTFUL
from rplay.agents.rehearsal.pick import fill
from rplay.agents.rehearsal.tables import table

Kind = Literal["strength", "improvement", "fault", "breach"]
# Faults that code proves by counting, so that they need no second sign.
PROVED = frozenset({"breach", "repeats", "insult", "interrogates", "tampering"})
# From this total score on, a fault found by words counts only if the client also resisted.
_GOOD = 5.0


@dataclass(frozen=True)
class Text:
    """A text about one line of the talk. `better` is what the advisor could have said instead."""

    kind: Kind
    text: str
    line: int
    quote: str
    better: str = ""
    about: str = ""  # the id of the harm, if the text is about one

    def as_object(self) -> dict[str, Any]:
        return {
            "kind": self.kind, "line": self.line, "quote": self.quote, "better": self.better, "text": self.text,
        }  # fmt: skip


def praise(part: Part, places: Places) -> Text | None:
    place = places.shown(part.check.kinds)
    if not place:
        return None
    told = fill(_texts()["answered"], reply=telling(place.reply)) if telling(place.reply) else ""
    text = fill(_texts()["praise"], said=part.check.met, line=str(place.line), quote=shortened(place.quote), then=told)
    return Text("strength", text.strip(), place.line, place.quote)


def advise(part: Part, places: Places) -> Text | None:
    """Return advice on what would have gained most, with a better line; None if no line of the talk fits."""
    kind = part.check.kinds[0]
    place = places.missing(kind)
    if not place:
        return None
    better = places.better(kind, place)
    text = fill(
        _texts()["advice"], said=part.check.missing, line=str(place.line), quote=shortened(place.quote),
        theirs=telling(place.before), better=better, just="just " if place.just else "",
    )  # fmt: skip
    return Text("improvement", text, place.line, place.quote, better)


def accuse(fault: str, places: Places, total: float) -> Text | None:
    """Return a text about this fault; None if no line proves it."""
    place = places.faulty(fault)
    if not place or not _proved(fault, place, places, total):
        return None
    better = places.better(_texts()["instead"].get(fault, "follow_up"), place)
    told = fill(_texts()["answered"], reply=telling(place.reply)) if telling(place.reply) else ""
    text = fill(
        _texts()["fault"], said=harms()[fault], line=str(place.line), quote=shortened(place.quote),
        then=told, better=better,
    )  # fmt: skip
    return Text("fault", text, place.line, place.quote, better, fault)


def doubts(places: Places, total: float, proved: Sequence[Text]) -> Iterator[dict[str, Any]]:
    """Yield faults that may be there but are not proved, for a trainer to check."""
    told = {(one.line, one.quote) for one in proved}
    for fault in harms():
        place = places.faulty(fault) if fault not in PROVED else None
        if place and (place.line, place.quote) not in told and not _proved(fault, place, places, total):
            yield {"kind": fault, "line": place.line, "quote": place.quote, "why": harms()[fault]}


def broke(one: BrokenRule) -> Text:
    better = fill(_texts()["rightly"], right=one.right) if one.right else ""
    text = fill(
        _texts()["breach"], name=one.name, line=str(one.line), quote=shortened(one.quote), cap=f"{one.cap:g}",
        better=better,
    )  # fmt: skip
    return Text("breach", text.strip(), one.line, one.quote, one.right)


def pointed(best: Text | None, worst: Text | None) -> Iterator[str]:
    """Yield short texts about the lines that decided a score."""
    if best:
        yield fill(_texts()["best"], line=str(best.line), quote=shortened(best.quote))
    if worst:
        way = _texts()["gain" if worst.kind == "improvement" else "wrong"]
        yield fill(way, line=str(worst.line), quote=shortened(worst.quote), better=worst.better)


def _proved(fault: str, place: Place, places: Places, total: float) -> bool:
    if fault in PROVED:
        return True
    turn = places.talk.turns[place.at]
    if worth(turn) is not None and not went_badly(turn):
        return False
    pushed = resists_after(turn) and not says(turn.reply, "relief")
    if fault in DOUBTFUL:
        return total < _GOOD - 1 and pushed
    return total < _GOOD or pushed


def _texts() -> dict[str, Any]:
    texts: dict[str, Any] = table("review")["texts"]
    return texts
