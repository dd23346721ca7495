"""Precedents: things that advisors say now and then, each in several wordings, and what a client answered.

They were written for clients of any kind, so that an answer names no sum, date, person or trade; `needs` says what must
hold of a client for it to make sense. Which precedent a line is nearest to is told by the model of meaning. Its vectors
of the wordings are kept in `wordings.npy`, as making them takes minutes: `python -m bench.practice.precede`
writes them, and a test says when they are out of date.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rplay.agents import meaning

if TYPE_CHECKING:
    import numpy

    from rplay.agents.meaning import Vectors

HERE = Path(__file__).parent
WORDINGS = HERE / "wordings.npy"
_FOURTH, _LOOKED_AT, _NEAREST = 4, 128, 24  # wordings that are looked at, and that are told
_SCALE = 500  # a part of a vector is seldom over a quarter, which fills a byte so


@dataclass(frozen=True, slots=True)
class Precedent:
    asks: tuple[str, ...]
    says: tuple[str, ...]
    needs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Near:
    """A precedent whose wording is near to what was said: in meaning, and in the direction of what answers it, each
    from 0 to 1."""

    precedent: Precedent
    wording: str
    meaning: float
    direction: float


def nearest(text: str) -> Iterator[Near]:
    """Yield the wordings nearest to a plain text."""
    if not meaning.on():
        return
    told = meaning.read(text, *_NAMES)
    first = (_every_fourth() @ told["asked"][::_FOURTH]).argpartition(-_LOOKED_AT)[-_LOOKED_AT:]
    meanings, directions = (kept[first] @ told[name] / _SCALE for kept, name in zip(_kept(), _NAMES, strict=True))
    for one in directions.argsort()[::-1][:_NEAREST]:
        which, wording = _wordings()[first[one]]
        yield Near(precedents()[which], wording, float(meanings[one]), float(directions[one]))


@cache
def precedents() -> Sequence[Precedent]:
    rows = (json.loads(line) for path in sorted(HERE.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines())
    return [Precedent(tuple(row["ask"]), tuple(row["say"]), frozenset(row["needs"])) for row in rows]


@cache
def _wordings() -> Sequence[tuple[int, str]]:
    """Return every wording with the place of its precedent, in the order of the vectors."""
    return [(at, wording) for at, one in enumerate(precedents()) for wording in one.asks]


def wordings() -> Sequence[str]:
    return [wording for _, wording in _wordings()]


_NAMES = ("vector", "asked")


@cache
def _kept() -> "numpy.ndarray[Any, numpy.dtype[numpy.int8]]":
    """Return the vectors of all wordings, what they mean and where their answer lies, read from the file as they are
    asked for."""
    import numpy

    found: numpy.ndarray[Any, numpy.dtype[numpy.int8]] = numpy.load(WORDINGS, mmap_mode="r")
    return found


@cache
def _every_fourth() -> "Vectors":
    """Return every fourth part of where the answers lie: enough to find those worth a look, for 5 MB instead of 43."""
    import numpy

    found: Vectors = _kept()[1][:, ::_FOURTH].astype(numpy.float32)
    return found


def vectors_of(texts: Sequence[str]) -> Any:
    """Return the vectors of plain texts as they are kept in the file: a byte a part."""
    import numpy

    told = [meaning.read(text, *_NAMES) for text in texts]
    vectors = numpy.array([[one[name] for one in told] for name in _NAMES])
    return numpy.clip(numpy.round(_SCALE * vectors), -127, 127).astype(numpy.int8)
