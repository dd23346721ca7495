"""How well the advisor's line fits what the client had said, and how the client took it.

A linear model over three lines, what the client had said, the advisor's line and the client's answer to it: what they
mean, as vectors, and which words and pairs of words the last two hold. It is learned from whole talks that were written
as good or as poor ones (`python -m bench.practice.exchanges`), so it needs no words that somebody foresaw, and marks
make no difference to it. Of 102 talks of four sources, each judged by what the other three teach, no poor one was worth
more than a good one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import tanh
from pathlib import Path
from typing import TYPE_CHECKING

from rplay.agents import meaning
from rplay.agents.rehearsal.assessment.language import reading
from rplay.agents.rehearsal.assessment.talk import Turn
from rplay.agents.rehearsal.reading.bags import Words, bag, read, vector

if TYPE_CHECKING:
    from rplay.agents.meaning import Vectors

WEIGHTS = Path(__file__).parent / "exchanges.npz"
ALIKE = 3.0  # what the likeness of two vectors counts beside the vectors themselves
_HOLLOW = -1.0  # a line said again, a heap of words, the client's own words, or another language
# What lines are worth on average between good talks and poor ones, and how far from it a talk is clearly either.
_MIDDLE, _CLEAR = -0.02, 0.28
_OPEN = 2  # lines in the middle that are added: the fewer there are, the less they say
_WELL, _BADLY = 0.25, -0.1


@dataclass(frozen=True)
class Model:
    """`line` and `answer` hold the words that are known of either, with what each counts."""

    line: Words
    answer: Words
    weights: "Vectors"  # of `features`; the last one weighs by itself

    def worth(self, before: str, line: str, reply: str) -> float:
        return float(features(self.line, self.answer, before, line, reply) @ self.weights[:-1] + self.weights[-1])


def went_well(turn: Turn) -> bool:
    """Whether it did beyond doubt."""
    found = worth(turn)
    return found is not None and found >= _WELL


def went_badly(turn: Turn) -> bool:
    """Whether it did beyond doubt; false too where nothing is known."""
    found = worth(turn)
    return found is not None and found < _BADLY


def worth(turn: Turn) -> float | None:
    """From -1 to 1; the middle may stand in a good talk or a poor one. None without the model of meaning."""
    if not meaning.on():
        return None
    if turn.again or turn.stuffed or turn.parrots or reading(turn.moves.text) != "ok":
        return _HOLLOW
    found = _worth(turn.before, turn.moves.text, turn.reply or "")
    # What nobody answered proves nothing good.
    return found if turn.reply or turn.before else min(0.0, found)


def fitting(before: str, line: str, reply: str) -> float | None:
    """As `worth`, of any three lines."""
    return _worth(before, line, reply) if meaning.on() else None


def quality(turns: Sequence[Turn]) -> float | None:
    """Of a talk or of some lines of it, from 0 to 1; None where nothing is known."""
    found = [one for turn in turns if (one := worth(turn)) is not None]
    return (1 + tanh(sum(one - _MIDDLE for one in found) / (len(found) + _OPEN) / _CLEAR)) / 2 if found else None


@lru_cache(maxsize=4096)
def _worth(before: str, line: str, reply: str) -> float:
    return max(-1.0, min(1.0, model().worth(before, line, reply)))


def features(known: Words, answers: Words, before: str, line: str, reply: str) -> "Vectors":
    """The numbers that the model weighs; `known` and `answers` are the words that it knows of line and answer."""
    import numpy

    said, mine, answer = (vector(text) for text in (before, line, reply))
    alike = numpy.array([ALIKE * (said @ mine), ALIKE * (mine @ answer)], dtype=numpy.float32)
    return numpy.concatenate([said, mine, answer, alike, 2**0.5 * bag(known, line), bag(answers, reply)])


def digest_kept() -> str:
    """Of the talks that the weights were learned from."""
    import numpy

    with numpy.load(WEIGHTS) as kept:
        return str(kept["digest"])


@cache
def model() -> Model:
    import numpy

    with numpy.load(WEIGHTS) as kept:
        return Model(read(kept, "line"), read(kept, "answer"), kept["weights"])
