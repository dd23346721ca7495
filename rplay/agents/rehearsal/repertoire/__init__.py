"""The client's repertoire: kinds of things advisors say and ask (*entries*), and what a client says to each.

An entry stands in one of the tables here: `about` says what kind it is, `facts` where in the client's life the answer
may stand, `story` that the profile's own story comes first, `says` what is said where neither has anything. A saying
may have conditions before a bar, all of which must hold (client/conditions.py), and slots. Which entry a line belongs
to is told by the encoder, which was taught the ways of asking in bench/practice/training/repertoire (docs/encoder.md).
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rplay.agents import meaning
from rplay.agents.rehearsal.reading.text import bare


@dataclass(frozen=True, slots=True)
class Saying:
    text: str
    conditions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    id: str
    says: tuple[Saying, ...]
    facts: tuple[tuple[str, str], ...] = ()  # kind and aspect
    story: bool = False
    asks: bool = False  # whether it asks the client to tell something, rather than says or does something


def recognised(text: str) -> tuple[Entry | None, float]:
    """The entry that a text most likely belongs to, and how likely; none where it belongs to none or no model tells."""
    if not meaning.on():
        return None, 0.0
    id_, share = next(iter(meaning.entries(bare(text)).items()))
    return entries().get(id_), share


@cache
def entries() -> Mapping[str, Entry]:
    return {one.id: one for path in sorted(Path(__file__).parent.glob("*.toml")) for one in _read(path)}


def _read(path: Path) -> Iterator[Entry]:
    for told in tomllib.loads(path.read_text(encoding="utf-8"))["entry"]:
        facts = tuple((kind, aspect) for kind, _, aspect in (one.partition(".") for one in told.get("facts", ())))
        says = tuple(map(_saying, told["says"]))
        yield Entry(told["id"], says, facts, told.get("story", False), _asks(told["id"], told["about"]))


# What these ask for is said by the talk, and not by the client's life.
_OF_THE_TALK = frozenset({"check", "frame", "interrupt", "sched", "next", "small", "turn"})


def _asks(id_: str, about: str) -> bool:
    return about.startswith("asks") and id_.partition(".")[0] not in _OF_THE_TALK


def _saying(text: str) -> Saying:
    before, bar, said = text.partition("|")
    if not bar:
        return Saying(text.strip())
    return Saying(said.strip(), frozenset(one.strip() for one in before.split(",")))
