"""How well the advisor's line fits what the client had said, and how the client took it.

A linear model reads three lines: what the client had said, the advisor's line, and the client's answer to it. It uses
their meaning as vectors, and the known words and pairs of words in the last two. It was trained on whole talks that
were written as good or as poor ones (`python -m bench.practice.exchanges`). So it needs no list of words, and
punctuation makes no difference. Of 102 talks from four sources, each judged by a model trained on the other three, no
poor talk scored higher than a good one.
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
ALIKE = 3.0  # weight of the similarity of two vectors, in relation to the vectors' own numbers
_HOLLOW = -1.0  # worth of a repeated line, a heap of words, the client's own words, or another language
# The mean worth that separates good talks from poor ones, and the distance from it at which a talk is clearly one of
# them.
_MIDDLE, _CLEAR = -0.02, 0.28
_OPEN = 2  # every talk gets this many average lines added, so that few lines prove little
_WELL, _BADLY = 0.25, -0.1


@dataclass(frozen=True)
class Model:
    """The learned model. `line` and `answer` hold the known words of the advisor's line and of the answer, with their
    weights."""

    line: Words
    answer: Words
    weights: "Vectors"  # the weights of `features`; the last one is the bias

    def worth(self, before: str, line: str, reply: str) -> float:
        return float(features(self.line, self.answer, before, line, reply) @ self.weights[:-1] + self.weights[-1])


def went_well(turn: Turn) -> bool:
    """Return whether the exchange certainly went well."""
    found = worth(turn)
    return found is not None and found >= _WELL


def went_badly(turn: Turn) -> bool:
    """Return whether the exchange certainly went badly; False also if this cannot be judged."""
    found = worth(turn)
    return found is not None and found < _BADLY


def worth(turn: Turn) -> float | None:
    """Return the worth of the exchange from -1 to 1; None without the model of meaning. Middle values occur in good and
    in poor talks."""
    if not meaning.on():
        return None
    if turn.again or turn.stuffed or turn.parrots or reading(turn.moves.text) != "ok":
        return _HOLLOW
    found = _worth(turn.before, turn.moves.text, turn.reply or "")
    # A line without an answer proves nothing good.
    return found if turn.reply or turn.before else min(0.0, found)


def fitting(before: str, line: str, reply: str) -> float | None:
    """Return the worth of any three lines, as in `worth`."""
    return _worth(before, line, reply) if meaning.on() else None


def quality(turns: Sequence[Turn]) -> float | None:
    """Return the quality of a talk or of some of its lines, from 0 to 1; None if no line can be judged."""
    found = [one for turn in turns if (one := worth(turn)) is not None]
    return (1 + tanh(sum(one - _MIDDLE for one in found) / (len(found) + _OPEN) / _CLEAR)) / 2 if found else None


@lru_cache(maxsize=4096)
def _worth(before: str, line: str, reply: str) -> float:
    return max(-1.0, min(1.0, model().worth(before, line, reply)))


def features(known: Words, answers: Words, before: str, line: str, reply: str) -> "Vectors":
    """Return the input of the model. `known` and `answers` are the words that it knows of the line and of the
    answer."""
    import numpy

    said, mine, answer = (vector(text) for text in (before, line, reply))
    alike = numpy.array([ALIKE * (said @ mine), ALIKE * (mine @ answer)], dtype=numpy.float32)
    return numpy.concatenate([said, mine, answer, alike, 2**0.5 * bag(known, line), bag(answers, reply)])


def digest_kept() -> str:
    """Return the digest of the talks from which the weights were learned."""
    import numpy

    with numpy.load(WEIGHTS) as kept:
        return str(kept["digest"])


@cache
def model() -> Model:
    import numpy

    with numpy.load(WEIGHTS) as kept:
        return Model(read(kept, "line"), read(kept, "answer"), kept["weights"])
