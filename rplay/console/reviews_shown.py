"""A review prepared for the page: each text with the line of the talk it is about, for links in both directions."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rplay.console.words import N_, gettext, number
from rplay.db.review_numbers import Number
from rplay.reviews.numbers import OVERALL

_WHERE = re.compile(r"\s(?:At line|Line) \d+")
_LINE = re.compile(r"\b[Ll]ine (\d{1,4})\b")
# Texts for what would have made the client tell a hidden fact.
UNLOCKS = {
    "reason": N_("give a reason for asking"),
    "drawback": N_("admit a drawback of what you propose"),
    "follow_up": N_("ask on, about their own words"),
    "explained": N_("explain it so that they can follow"),
    "empathy": N_("show that you see how they feel"),
}


# Labels and formats of the measurements of how the advisor spoke.
DELIVERY = (
    ("talkShare", N_("Your share of the time"), N_("%(value)s %%")),
    ("longestSeconds", N_("Longest without a pause for the client"), N_("%(value)s seconds")),
    ("wordsPerMinute", N_("Pace"), N_("%(value)s words a minute")),
    ("medianPauseMs", N_("Pause before you answer"), N_("%(value)s seconds")),
    ("interruptions", N_("Times you cut the client off"), "%(value)s"),
    ("fillersPer100Words", N_("Fillers"), N_("%(value)s in 100 words")),
)


@dataclass(frozen=True, slots=True)
class Text:
    """One strength, improvement or broken rule. `id` is its anchor on the page, `line` its line in the talk."""

    id: str
    kind: str
    words: str
    line: int | None = None
    quote: str = ""
    better: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One competency. `score` is the score a person set, or else the machine's."""

    name: str
    score: float | None
    machine: float | None
    human: float | None
    expectation: str
    strengths: Sequence[Text]
    improvements: Sequence[Text]
    checks: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Page:
    overall: Number | None
    summary: str
    breaches: Sequence[Text]
    next_step: Text | None
    competencies: Sequence[Shown]
    hidden: Sequence[tuple[str, str]]
    delivery: Sequence[tuple[str, str]]
    by_line: Mapping[int, Sequence[Text]] = field(default_factory=dict)
    must_say: Sequence["Asked"] = ()
    must_not_say: Sequence["Asked"] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A requirement of the scenario: something to say or not to say. `line` is where it was said, None if it was
    not.
    """

    text: str
    line: int | None
    quote: str


def told(review: Mapping[str, Any], numbers: Sequence[Number]) -> Page:
    reader = _Reader(review)
    by_name = {one.number: one for one in numbers}
    breaches = [reader.breach(one) for one in _objects(review.get("breaches"))]
    competencies = [reader.competency(one, by_name) for one in _scores(review.get("competencyScores"))]
    next_step = next((reader.moment(one, "next") for one in _objects([review.get("nextStep")])), None)
    every = [*breaches, *(text for one in competencies for text in (*one.strengths, *one.improvements))]
    return Page(
        overall=by_name.get(OVERALL),
        summary=_text(review.get("summary")) or _text(review.get("detailedFeedback")),
        breaches=breaches,
        next_step=next_step,
        competencies=competencies,
        hidden=[_hidden(one) for one in _objects(review.get("hidden"))],
        delivery=list(_delivery(review.get("delivery"))),
        by_line=_by_line(every),
        must_say=_asked(review.get("mustSay")),
        must_not_say=_asked(review.get("mustNotSay")),
    )


def _asked(points: Any) -> list[Asked]:
    return [Asked(_text(one.get("text")), _whole(one.get("line")), _text(one.get("quote"))) for one in _objects(points)]


def _whole(line: Any) -> int | None:
    return line if isinstance(line, int) and not isinstance(line, bool) else None


class _Reader:
    """Reads a review. It numbers the texts, so that each has its own anchor."""

    def __init__(self, review: Mapping[str, Any]) -> None:
        self._moments = {_text(one.get("text")): one for one in _objects(review.get("moments"))}
        self._checks = _objects(review.get("checks"))
        self._count = 0

    def competency(self, item: Mapping[str, Any], numbers: Mapping[str, Number]) -> Shown:
        name = _text(item.get("name"))
        number = numbers.get(name)
        return Shown(
            name=name,
            score=number.score if number else None,
            machine=number.machine if number else None,
            human=number.human if number else None,
            expectation=_text(item.get("expectation")),
            strengths=self._texts(item.get("strengths"), "strength"),
            improvements=self._texts(item.get("improvements"), "improvement"),
            checks=[one for one in self._checks if one.get("competency") == name],
        )

    def _texts(self, found: Any, kind: str) -> list[Text]:
        texts = [_text(one) for one in found] if isinstance(found, list) else []
        moments = ((text, self._moments.get(text, {})) for text in texts if text)
        return [self._of(text, one, kind) for text, one in moments if one.get("kind") != "breach"]

    def _of(self, text: str, moment: Mapping[str, Any], kind: str) -> Text:
        if moment:
            return self.moment(moment, kind)
        line = _LINE.search(text)
        return Text(self._id(), kind, text, int(line[1]) if line else None)

    def moment(self, moment: Mapping[str, Any], kind: str) -> Text:
        """Return the text of a moment without the quote, which is shown beside it."""
        text, quote = _text(moment.get("text")), _text(moment.get("quote"))
        head = _WHERE.split(text, maxsplit=1)[0] if quote else text
        is_breach = moment.get("kind") == "breach"
        words = text if is_breach else head
        return Text(self._id(), kind, words, _line(moment), "" if is_breach else quote, _text(moment.get("better")))

    def breach(self, found: Mapping[str, Any]) -> Text:
        line, name = _line(found), _text(found.get("name"))
        same = (one for one in self._moments.values() if one.get("kind") == "breach" and _line(one) == line)
        better = next((_text(one.get("better")) for one in same), "")
        return Text(self._id(), "breach", name, line, _text(found.get("quote")), better)

    def _id(self) -> str:
        self._count += 1
        return f"text-{self._count}"


def _by_line(texts: Sequence[Text]) -> dict[int, list[Text]]:
    """Return the texts by line, each only once, even if several competencies contain it."""
    found: dict[int, list[Text]] = {}
    for text in {(one.line, one.words): one for one in reversed(texts)}.values():
        if text.line is not None:
            found.setdefault(text.line, []).insert(0, text)
    return found


def _hidden(found: Mapping[str, Any]) -> tuple[str, str]:
    """Return a fact that the client did not tell, and what would have made them tell it."""
    unlocks = found.get("unlock")
    ways = [gettext(UNLOCKS[one]) for one in unlocks if one in UNLOCKS] if isinstance(unlocks, list) else []
    return _text(found.get("about")), gettext(" or ").join(ways)


def _delivery(found: Any) -> Iterator[tuple[str, str]]:
    for key, label, words in DELIVERY if isinstance(found, Mapping) else ():
        value = found.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            shown = value / 1000 if key.endswith("Ms") else value
            yield gettext(label), gettext(words, value=number(shown))


def _scores(found: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the competencies of a review, which may be stored as a mapping or as a list."""
    if isinstance(found, Mapping):
        yield from ({**one, "name": name} for name, one in found.items() if isinstance(one, Mapping))
    elif isinstance(found, list):
        yield from _objects(found)


def _objects(found: Any) -> list[Mapping[str, Any]]:
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _line(moment: Mapping[str, Any]) -> int | None:
    line = moment.get("line")
    return line if isinstance(line, int) and not isinstance(line, bool) else None


def _text(found: Any) -> str:
    return found if isinstance(found, str) else ""
