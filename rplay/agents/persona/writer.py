"""Sentences out of patterns.

A pattern is a sentence with slots (`{employer}`; with a capital, `{Employer}`, at the start of a sentence) and choices
(`(a lot|quite a bit)`). It may begin with conditions (`[retired,!kids]`), and with `>` where it goes deeper than the
plain fact. One whose slot has no value is left out, so no sentence can be made without what it speaks of.
"""

import re
from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from rplay.agents.persona.dice import Dice, digest
from rplay.agents.persona.grammar import sentence, upper_first
from rplay.agents.persona.tables import table

_SLOT = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")
_FORM = re.compile(r"(?P<deep>>?) ?(?:\[(?P<conditions>[^\]]*)\])? ?(?P<text>.*)", re.DOTALL)
DEEPER = 2  # sentences of one aspect beyond the plain fact


@dataclass(frozen=True, slots=True)
class Pattern:
    text: str
    deep: bool
    wants: frozenset[str]
    unwanted: frozenset[str]
    slots: frozenset[str]  # in lower case
    mark: int  # of this text alone

    def fits(self, flags: Set[str], slots: Mapping[str, str]) -> bool:
        return self.wants <= flags and self.unwanted.isdisjoint(flags) and all(slots.get(one) for one in self.slots)


@cache
def patterns(name: str, case: str, aspect: str) -> tuple[Pattern, ...]:
    """Those of a case; `story.papers` is a table in a table, and no case is the file as a whole."""
    found: Any = table(name)
    for part in case.split(".") if case else ():
        found = found.get(part) or {}
    lines = found.get(aspect)
    return tuple(map(parsed, lines)) if isinstance(lines, list) else ()


def parsed(line: str) -> Pattern:
    form = _FORM.match(line)
    assert form is not None
    conditions = [one.strip() for one in (form["conditions"] or "").split(",") if one.strip()]
    return Pattern(
        text=form["text"],
        deep=bool(form["deep"]),
        wants=frozenset(one for one in conditions if not one.startswith("!")),
        unwanted=frozenset(one[1:] for one in conditions if one.startswith("!")),
        slots=frozenset(slot[:1].lower() + slot[1:] for slot in _SLOT.findall(form["text"])),
        mark=digest(form["text"]) | 1,
    )


@dataclass
class Writer:
    """`slots` and `flags` are what is true of the whole person; each call may bring its own beside them."""

    dice: Dice
    slots: Mapping[str, str]
    flags: frozenset[str]
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
        """The plain fact, and what goes deeper: of the case, or of the file as a whole where the case has none."""
        known = {**self.slots, **slots} if slots else self.slots
        all_flags = self.flags.union(flags) if flags else self.flags
        fitting: list[Pattern] = []
        for part in dict.fromkeys((case, "")):
            fitting = [one for one in patterns(name, part, aspect) if one.fits(all_flags, known)]
            if any(not one.deep for one in fitting):
                break
        ranked = self._ranked(fitting, f"{name}.{case}.{aspect}.{key}")
        taken = [one for one in ranked if not one.deep][:1] + [one for one in ranked if one.deep][:DEEPER]
        self._used.update(one.text for one in taken)
        return tuple(dict.fromkeys(self._filled(one.text, f"{key}.{aspect}", known) for one in taken))

    def one(self, name: str, aspect: str, case: str = "", key: str = "", **slots: str) -> str:
        """One sentence, or nothing where no pattern fits."""
        return next(iter(self.says(name, aspect, case, key, slots)), "")

    def _ranked(self, fitting: list[Pattern], key: str) -> list[Pattern]:
        """In an order of chance, but those not yet used by this person first."""
        turn = digest(self.dice.seed, key) | 1
        return sorted(fitting, key=lambda one: (one.text in self._used, one.mark * turn >> 17 & 0xFFFFFFFF))

    def _filled(self, text: str, key: str, slots: Mapping[str, str]) -> str:
        return sentence(filled(chosen(text, key, self.dice), slots))


def chosen(text: str, key: str, dice: Dice) -> str:
    """One of each choice."""
    return _CHOICE.sub(lambda hit: dice.one(f"{key}{hit.start()}{hit[1]}", hit[1].split("|")), text)


def filled(text: str, slots: Mapping[str, str]) -> str:
    text = " ".join(_SLOT.sub(lambda hit: _value(hit[1], slots), text).split())
    return text.replace(" ,", ",").replace(" .", ".")


def _value(slot: str, slots: Mapping[str, str]) -> str:
    return slots[slot] if slot in slots else upper_first(slots[slot[:1].lower() + slot[1:]])
