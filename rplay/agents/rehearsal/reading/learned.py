"""A linear model's probabilities for a clause: for each aspect it may ask about, and for each act.

It learned each label from all its examples and from talks that people have labelled (`python -m bench.practice.learn`),
whereas the search for the nearest examples uses only the best few. Together they are right more often than each alone.
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
    """Return the probability of each label for plain words; empty if meaning is switched off."""
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
    """Return the labels, and a matrix with a column of weights for each; its last row is the bias."""
    import numpy

    with numpy.load(WEIGHTS) as file:
        return tuple(file[f"{of}_labels"].tolist()), file[of].astype(numpy.float32)


Candidate = TypeVar("Candidate", bound=Hashable)
# The features of one candidate: one aspect that a clause may ask about, or one act.
Signs = Mapping[str, float]


def shares(found: Mapping[Candidate, Signs], of: Asked) -> dict[Candidate, float]:
    """Return the probability of each candidate from its features."""
    weights: Mapping[str, float] = table("weights")[f"{of}_by_{'meaning' if meaning.on() else 'words'}"]
    scores = {one: sum(weights.get(sign, 0.0) * value for sign, value in signs.items()) for one, signs in found.items()}
    highest = max(scores.values())
    each = {one: exp(score - highest) for one, score in scores.items()}
    whole = sum(each.values())
    return {one: share / whole for one, share in each.items()}
