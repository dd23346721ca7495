"""Makes sentences from patterns.

A pattern is a sentence with slots (`{employer}`, or `{Employer}` at the start of a sentence) and choices (`(a lot|quite
a bit)`). It may begin with conditions (`[retired,!kids]`), and with `>` if it tells more than the plain fact. A pattern
is skipped if one of its slots has no value, so no sentence mentions something that does not exist.
"""

import math
import re
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from rplay.agents.persona.dice import Dice, digest
from rplay.agents.persona.grammar import sentence, upper_first
from rplay.agents.persona.tables import table

_SLOT = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")
_RELATIVE = re.compile(
    r"\b([Mm]y|[Aa]|two|[Tt]wo) (sister-in-law|brother-in-law|sister|brother|mother|father|niece|nephew)(?!\w)(?!s\b)"
)
# Flags that a sentence requires although its conditions do not name them.
_IMPLIED = (
    ("employed", re.compile(r"\b[Mm]y boss\b|\b[Tt]he boss\b")),
    ("mortgage", re.compile(r"\b[Tt]he mortgage\b")),
    ("earning", re.compile(r"\b(?:at|from) work\b|\bon my lunch break\b|\bbreak room\b|\bovertime\b")),
)
# Files in which `we` means the household.
_HOUSEHOLD = frozenset({"asset", "debt", "home", "spending", "cover", "if", "goal", "worry", "retirement", "income"})
_TOGETHER = frozenset({"partner", "kids_home"})
_WE = re.compile(r"\b(?:[Ww]e(?:'re|'ve|'d|'ll| are| were)?|us|[Oo]urs?)\b")
_I = {
    "we": "I", "we're": "I'm", "we've": "I've", "we'd": "I'd", "we'll": "I'll", "we are": "I am", "we were": "I was",
    "us": "me", "our": "my", "ours": "mine", "Our": "My", "Ours": "Mine",
}  # fmt: skip
_FORM = re.compile(r"(?P<deep>>?) ?(?:\[(?P<conditions>[^\]]*)\])? ?(?P<text>.*)", re.DOTALL)
_DRAW = 2**32 - 1
_VALUES = 5  # how many values a slot usually has among all clients
DEEPER = (1, 2)  # the fewest and the most sentences of one aspect beyond the plain fact


@dataclass(frozen=True, slots=True)
class Pattern:
    text: str
    deep: bool
    wants: frozenset[str]
    unwanted: frozenset[str]
    slots: frozenset[str]  # names of the slots, in lower case
    mark: int  # a hash of the text, for choosing among patterns
    power: float  # 1 divided by the number of ways to say it, so that each way is chosen equally often

    def fits(self, flags: Set[str], slots: Mapping[str, str]) -> bool:
        return self.wants <= flags and self.unwanted.isdisjoint(flags) and all(slots.get(one) for one in self.slots)


@cache
def patterns(name: str, case: str, aspect: str) -> tuple[tuple[Pattern, ...], tuple[Pattern, ...]]:
    """Return the plain and the deeper patterns of a case. `story.papers` is a nested table, an empty case the whole
    file."""
    found: Any = table(name)
    for part in case.split(".") if case else ():
        found = found.get(part) or {}
    lines = found.get(aspect)
    those = tuple(map(parsed, lines)) if isinstance(lines, list) else ()
    return tuple(one for one in those if not one.deep), tuple(one for one in those if one.deep)


def parsed(line: str) -> Pattern:
    form = _FORM.match(line)
    assert form is not None
    conditions = [one.strip() for one in (form["conditions"] or "").split(",") if one.strip()]
    return Pattern(
        text=form["text"],
        deep=bool(form["deep"]),
        wants=frozenset(one for one in conditions if not one.startswith("!")) | _implied(form["text"], conditions),
        unwanted=frozenset(one[1:] for one in conditions if one.startswith("!")),
        slots=frozenset(slot[:1].lower() + slot[1:] for slot in _SLOT.findall(form["text"])),
        mark=digest(form["text"]) | 1,
        power=1 / _ways(form["text"]),
    )


def _implied(text: str, conditions: Sequence[str]) -> set[str]:
    """Return the flags that a text implies; none if its conditions already name a state of work."""
    if {"retired", "jobless", "homemaker", "student", "own", "!earning"} & set(conditions):
        return set()
    return {flag for flag, pattern in _IMPLIED if pattern.search(text)}


def _ways(text: str) -> float:
    choices = math.prod(hit[1].count("|") + 1 for hit in _CHOICE.finditer(text))
    return float(choices * _VALUES ** min(2, len(set(_SLOT.findall(text)))))


@dataclass
class Writer:
    """Chooses and fills patterns for one person. `slots` and `flags` hold for the whole person; each call may add its
    own."""

    dice: Dice
    slots: Mapping[str, str]
    flags: frozenset[str]
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)

    def says(
        self,
        name: str,
        aspect: str,
        case: str = "",
        key: str = "",
        slots: Mapping[str, str] | None = None,
        flags: Collection[str] = (),
    ) -> tuple[str, ...]:
        """Return the plain fact, then deeper sentences. If the case has no pattern that fits, the whole file's are
        used."""
        known = {**self.slots, **slots} if slots else self.slots
        all_flags = self.flags.union(flags) if flags else self.flags
        draw = f"{name}.{case}.{aspect}.{key}"
        for part in dict.fromkeys((case, "")):
            plain, deep = patterns(name, part, aspect)
            if found := self._some(plain, 1, draw, all_flags, known):
                found += self._some(deep, self.dice.between(f"{draw} deeper", *DEEPER), draw, all_flags, known)
                return tuple(
                    dict.fromkeys(
                        self._filled(one.text, f"{key}.{aspect}", known, own=name in _HOUSEHOLD) for one in found
                    )
                )
        return ()

    def one(self, name: str, aspect: str, case: str = "", key: str = "", **slots: str) -> str:
        """Return one sentence; an empty text if no pattern fits."""
        return next(iter(self.says(name, aspect, case, key, slots)), "")

    def _some(
        self, these: Sequence[Pattern], many: int, draw: str, flags: Set[str], slots: Mapping[str, str]
    ) -> list[Pattern]:
        """Return up to `many` random patterns that fit, first those that this person has not used yet.

        They are sorted before it is checked whether they fit, because checking takes longer.
        """
        turn = self.dice.draw(draw) | 1
        order = sorted(these, key=lambda one: ((one.mark * turn >> 17 & _DRAW) / _DRAW) ** one.power, reverse=True)
        found: list[Pattern] = []
        again: list[Pattern] = []
        for one in order:
            if len(found) < many and one.fits(flags, slots):
                (again if one.text in self._used else found).append(one)
        found = (found + again)[:many]
        self._used.update(one.text for one in found)
        return found

    def _filled(self, text: str, key: str, slots: Mapping[str, str], *, own: bool) -> str:
        text = standing_in(chosen(text, key, self.dice), self.stand_ins)
        return sentence(filled(alone(text) if own and self.flags.isdisjoint(_TOGETHER) else text, slots))


def chosen(text: str, key: str, dice: Dice) -> str:
    """Return the text with one alternative of each choice."""
    return _CHOICE.sub(lambda hit: dice.one(f"{key}{hit.start()}{hit[1]}", hit[1].split("|")), text)


def alone(text: str) -> str:
    """Return the text with `I` in place of `we`, for a client who lives alone."""
    return _WE.sub(lambda hit: _I.get(hit[0], _I.get(hit[0].lower(), hit[0])), text)


def standing_in(text: str, others: Mapping[str, str]) -> str:
    """Return the text with `my cousin` for `my sister` if there is no sister. Relatives inside slots are not
    changed."""
    return _RELATIVE.sub(lambda hit: f"{hit[1]} {others.get(hit[2], hit[2])}", text)


def filled(text: str, slots: Mapping[str, str]) -> str:
    text = " ".join(_SLOT.sub(lambda hit: _value(hit[1], slots), text).split())
    return text.replace(" ,", ",").replace(" .", ".")


def _value(slot: str, slots: Mapping[str, str]) -> str:
    return slots[slot] if slot in slots else upper_first(slots[slot[:1].lower() + slot[1:]])
