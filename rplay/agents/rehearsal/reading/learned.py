"""What a linear model says of a clause: how likely it asks about each aspect of a life or for something else, or does
each act. It knows each label by all its examples and by talks that people have read (`python -m bench.practice.learn`);
the nearest examples know it by the best of them alone. Together they are right more often than either.
"""

from collections.abc import Hashable, Mapping
from functools import cache, lru_cache
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from rplay.agents import meaning
from rplay.agents.rehearsal.reading.tables import FOLDER, table

if TYPE_CHECKING:
    from rplay.agents.meaning import Vectors

Asked = Literal["questions", "acts"]
WEIGHTS: Path = FOLDER / "examples" / "learned.npz"


def likely(of: Asked, text: str) -> Mapping[str, float]:
    """The probability of each label for plain words; empty where meaning is off."""
    return _likely(of, text) if text and meaning.on() else {}


@lru_cache(maxsize=8192)
def _likely(of: Asked, text: str) -> Mapping[str, float]:
    import numpy

    labels, weights = model(of)
    scores = numpy.append(meaning.vector(text), 1.0) @ weights
    shares = numpy.exp(scores - scores.max())
    return dict(zip(labels, (shares / shares.sum()).tolist(), strict=True))


@cache
def model(of: Asked) -> tuple[tuple[str, ...], "Vectors"]:
    """The labels and, for each, a column of weights; the last row is what it weighs by itself."""
    import numpy

    with numpy.load(WEIGHTS) as file:
        return tuple(file[f"{of}_labels"].tolist()), file[of].astype(numpy.float32)


Candidate = TypeVar("Candidate", bound=Hashable)
# What is seen of one of the things that a clause may ask or do.
Signs = Mapping[str, float]


def shares(found: Mapping[Candidate, Signs], of: Asked) -> dict[Candidate, float]:
    """How likely each candidate is, by its signs."""
    weights: Mapping[str, float] = table("weights")[f"{of}_by_{'meaning' if meaning.on() else 'words'}"]
    scores = {one: sum(weights.get(sign, 0.0) * value for sign, value in signs.items()) for one, signs in found.items()}
    highest = max(scores.values())
    each = {one: exp(score - highest) for one, score in scores.items()}
    whole = sum(each.values())
    return {one: share / whole for one, share in each.items()}
