"""The checks of each shipped competency, and checks made of the criteria of others."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson

from rplay.agents import tables
from rplay.agents.types import Difficulty

# Harms that code proves in every review, so that no model is asked for them.
BY_CODE = frozenset({"breach", "tampering", "repeats"})
MADE = 10  # limit of checks made of criteria
_LEAST = 3  # a criterion has at least this many words
_UPPER = 2  # number of the lowest ranges that are left out, because they describe what goes wrong
GENERIC = (
    "Does what the description asks for, in at least one line.",
    "Does it more than once, and where it fits what the client has just said.",
    "Takes the client's answer to it into account afterwards.",
    "Does it in words that this client can follow.",
    "Leaves the client room to answer or to object.",
    "Brings it to an end that the client agrees with.",
)


@dataclass(frozen=True)
class Check:
    """One yes-or-no question about what the advisor did.

    `kinds`, `target` and `share` are for detectors: the kinds of evidence that answer it, and how much of them it
    takes.
    """

    id: str
    text: str
    weight: float
    kinds: tuple[str, ...] = ()
    target: float = 1
    share: float = 0
    met: str = ""
    missing: str = ""


@dataclass(frozen=True)
class Harm:
    """Something that lowers the score, and the share of the scale that it costs each time."""

    id: str
    text: str
    loss: float


@dataclass(frozen=True)
class Sheet:
    """The checks and harms by which one competency is judged at one difficulty."""

    checks: tuple[Check, ...]
    harms: tuple[Harm, ...] = ()


@cache
def table() -> dict[str, Any]:
    """Return the table of checks. Callers share it, so they must not change it."""
    return tables.read(Path(__file__).parent, "checks")


@cache
def sheet(key: str, difficulty: Difficulty) -> Sheet:
    entry = table()["competencies"][key]
    checks = tuple(_check(one) for one in entry["checks"] if difficulty in one.get("at", (difficulty,)))
    return Sheet(checks, tuple(Harm(id_, table()["harms"][id_], loss) for id_, loss in entry["harms"].items()))


def sheet_for(competency: Mapping[str, Any], difficulty: Difficulty, rows: Sequence[Mapping[str, Any]]) -> Sheet:
    """Return the shipped checks if the competency and its criteria are unchanged, else checks made of its criteria."""
    key = str(competency.get("id") or "")
    if key in table()["competencies"] and (not rows or _criteria(rows) == _shipped().get((key, difficulty))):
        return sheet(key, difficulty)
    made = tuple(dict.fromkeys(_upper(rows)))[:MADE] or GENERIC
    return Sheet(tuple(Check(f"criterion-{at}", text, 1 / len(made)) for at, text in enumerate(made, start=1)))


def harms() -> Mapping[str, str]:
    found: Mapping[str, str] = table()["harms"]
    return found


def _check(one: Mapping[str, Any]) -> Check:
    return Check(
        one["id"], one["text"], one["weight"], tuple(one["kinds"]), one["target"], one.get("share", 0),
        one["met"], one["missing"],
    )  # fmt: skip


def _upper(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the single criteria of all but the lowest ranges."""
    for criteria in _criteria(rows)[_UPPER if len(rows) > _UPPER else 0 :]:
        yield from (one for one in re.split(r"\s*(?:;|\n)\s*", criteria) if len(one.split()) >= _LEAST)


def _criteria(rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(_joined(row.get("criteria")) or _joined(row.get("description")) for row in rows)


def _joined(given: object) -> str:
    return "; ".join(map(str, given)) if isinstance(given, list) else str(given or "").strip()


@lru_cache(maxsize=1)
def _shipped() -> Mapping[tuple[str, str], tuple[str, ...]]:
    found = orjson.loads(files("rplay").joinpath("data", "rubrics.json").read_bytes())
    return {
        (rubric["id"], level): tuple(_joined(row["criteria"]) for row in rows)
        for rubric in found
        for level, rows in rubric["rubric"].items()
    }
