"""Evidence into scores from 1 to 10."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rplay.agents.rehearsal.assessment.objections import slug
from rplay.agents.rehearsal.assessment.record import Record
from rplay.agents.rehearsal.tables import table
from rplay.agents.types import Difficulty

# Highest score that so many lines can show, from none to seven; more lines may show everything.
_CEILING = (1, 2, 3, 4, 5, 6, 8, 9)
# The same behaviour is worth a little less where more is expected.
_STRICTNESS: Mapping[Difficulty, float] = {"beginner": 1.0, "intermediate": 1.1, "advanced": 1.25}
# The most that is left of the whole.
_CAPS = {"insult": 4.0, "deaf": 3.0}


@dataclass(frozen=True)
class Part:
    """One part of a competency and how far it was shown, 0 to 1."""

    kinds: tuple[str, ...]
    weight: float
    shown: float
    met: str
    missing: str


@dataclass(frozen=True)
class Score:
    value: int
    parts: tuple[Part, ...]
    faults: tuple[str, ...]


def score(competency: str, record: Record, difficulty: Difficulty) -> Score:
    """The score of one competency, by its key in the table."""
    entry = table("review")["competencies"][competency]
    parts = tuple(_part(part, record) for part in entry["parts"])
    faults = tuple(
        sorted(
            (fault for fault in entry["faults"] if record.counts.get(fault)), key=lambda fault: -entry["faults"][fault]
        )
    )
    lost = sum(entry["faults"][fault] * min(3.0, record.counts[fault]) for fault in faults)
    reached = _reached(competency, parts, record) ** _STRICTNESS.get(difficulty, 1.0)
    return Score(_on_scale(reached - lost, record.turns), parts, faults)


def _part(part: Mapping[str, Any], record: Record) -> Part:
    target = max(part["target"], part.get("share", 0) * record.turns)
    shown = min(1.0, record.total(part["kinds"]) / target)
    return Part(tuple(part["kinds"]), part["weight"], shown, part["met"], part["missing"])


def _reached(competency: str, parts: tuple[Part, ...], record: Record) -> float:
    reached = sum(part.weight * part.shown for part in parts)
    if competency == "objection-handling" and not record.objections:
        # The client never objected: inviting doubts and caring for worries can be shown, handling them can't.
        care = 0.08 * min(2.0, record.total(("empathy",))) + 0.05 * min(2.0, record.total(("check",)))
        return min(0.38, reached + care)
    if competency == "option-suggestions" and not record.total(("fits", "loose", "premature")):
        return min(0.15, reached)
    return reached


def _on_scale(reached: float, turns: int) -> int:
    ceiling = _CEILING[turns] if turns < len(_CEILING) else 10
    return max(1, min(ceiling, round(1 + 9 * max(0.0, min(1.0, reached)))))


def overall(scores: list[int], record: Record, cap: float) -> float:
    """The mean; broken rules, insults and deafness to the client keep it down whatever else went well."""
    if not scores or not record.turns:
        return 1.0
    mean = round(sum(scores) / len(scores), 1)
    caps = [most for kind, most in _CAPS.items() if record.counts.get(kind)]
    return min(mean, cap, *caps)


def keys_for(name: str, description: str = "") -> list[str]:
    """The table's competencies that one of this name is about; all of them when it is like none."""
    known = table("review")["competencies"]
    if slug(name) in known:
        return [slug(name)]
    return list(_about(name)) or list(_about(description)) or list(known)


def _about(text: str) -> Iterator[str]:
    for key, entry in table("review")["competencies"].items():
        if re.search(entry["about"], text.lower()):
            yield key
