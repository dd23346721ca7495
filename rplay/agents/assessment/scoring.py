"""Computes a score from 1 to 10 from what the advisor showed."""

from collections.abc import Mapping
from itertools import pairwise

from rplay.agents.assessment.checks import Sheet
from rplay.agents.types import Difficulty

# Pairs of share and score: the share of a competency at which each score is reached. In between it rises evenly.
Anchors = Mapping[Difficulty, tuple[tuple[float, float], ...]]
ANCHORS: Anchors = {
    "beginner": ((0, 1), (0.22, 3), (0.44, 5), (0.67, 7), (0.89, 9), (1, 10)),
    "intermediate": ((0, 1), (0.25, 3), (0.48, 5), (0.7, 7), (0.9, 9), (1, 10)),
    "advanced": ((0, 1), (0.3, 3), (0.52, 5), (0.73, 7), (0.91, 9), (1, 10)),
}
# Highest score for a talk with none to seven lines of the advisor; with more lines every score is possible.
_CEILING = (1, 2, 3, 4, 5, 6, 8, 9)
_SCALE = 9  # points between the lowest and the highest score
_TIMES = 3.0  # how often the same harm counts at most


def shown(sheet: Sheet, seen: Mapping[str, float]) -> float:
    """Return the share of a competency that was shown, from 0 to 1. `seen` says how far each check was met."""
    return min(1.0, sum(check.weight * seen.get(check.id, 0) for check in sheet.checks))


def lost(sheet: Sheet, done: Mapping[str, float]) -> float:
    """Return the share of the scale that harms take away. `done` says how often each was done."""
    return sum(harm.loss * min(_TIMES, done.get(harm.id, 0)) for harm in sheet.harms)


def level(share: float, loss: float, difficulty: Difficulty, lines: int, anchors: Anchors = ANCHORS) -> float:
    """Return the level from 1 to 10, for the shares shown and lost and the number of the advisor's lines. Its nearest
    whole number is the score."""
    ceiling = _CEILING[lines] if lines < len(_CEILING) else 10
    reached = _level(max(0.0, min(1.0, share)), anchors.get(difficulty, anchors["beginner"]))
    return max(1.0, min(ceiling, reached) - _SCALE * loss)


def _level(share: float, anchors: tuple[tuple[float, float], ...]) -> float:
    for (low, least), (high, most) in pairwise(anchors):
        if share <= high:
            return least + (most - least) * (share - low) / (high - low)
    return 10.0
