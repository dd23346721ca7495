"""What a line does with what was said before it, as people labelled it in talks of counselling, teaching and coaching.

Linear models use the line, the message that it answers and the results of the rules. They are learned by `python -m
bench.practice.detecting --learn`, which also reports how far they agree with people on talks that were not used for
training: κ 0.62 on reflections and 0.59 on unasked advice, where the rules alone had 0.35 and 0.31.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from rplay.agents.rehearsal.reading.bags import Words, bag, read, vector
from rplay.agents.rehearsal.reading.tables import FOLDER
from rplay.agents.rehearsal.reading.text import bare

if TYPE_CHECKING:
    from rplay.agents.meaning import Vectors

Kind = Literal["reflection", "complex", "advice"]
KINDS: tuple[Kind, ...] = ("reflection", "complex", "advice")
WEIGHTS = FOLDER / "examples" / "labelled.npz"
# The weights of similarity, words and numbers in relation to the vectors.
ALIKE, WORDS, NUMBERS = 3.0, 1.4, 0.5


@dataclass(frozen=True)
class Model:
    """The learned models. `weights` has a row for each kind, with the bias last; `usual` and `spread` normalise the
    numbers."""

    words: Words
    usual: "Vectors"
    spread: "Vectors"
    weights: "Vectors"

    def does(self, kind: Kind, line: str, before: str, numbers: Sequence[float]) -> bool:
        told = features(self, line, before, numbers)
        weights = self.weights[KINDS.index(kind)]
        return float(told @ weights[:-1] + weights[-1]) > 0


def features(model: Model, line: str, before: str, numbers: Sequence[float]) -> "Vectors":
    import numpy

    mine, theirs = vector(line), vector(before)
    counted = (numpy.array(numbers, dtype=numpy.float32) - model.usual) / model.spread
    words = WORDS * bag(model.words, line)
    return numpy.concatenate([mine, theirs, [ALIKE * (mine @ theirs)], words, NUMBERS * counted])


def shared(line: str, before: str) -> float:
    """Return the share of the line's words that also occur in the message before it."""
    mine = bare(line).split()
    return len({*mine} & {*bare(before).split()}) / len(mine) if mine else 0.0


def digest_kept() -> str:
    """Return the digest of the talks and labels from which the weights were learned."""
    import numpy

    with numpy.load(WEIGHTS) as kept:
        return str(kept["digest"])


@cache
def model() -> Model:
    import numpy

    with numpy.load(WEIGHTS) as kept:
        return Model(read(kept, "words"), kept["usual"], kept["spread"], kept["weights"])
