"""From what was shown to a number from 1 to 10."""

from collections.abc import Mapping
from itertools import pairwise

from rplay.agents.assessment.checks import Sheet
from rplay.agents.types import Difficulty

# The share of a competency at which each level begins; in between it rises evenly.
Anchors = Mapping[Difficulty, tuple[tuple[float, float], ...]]
ANCHORS: Anchors = {
    "beginner": ((0, 1), (0.22, 3), (0.44, 5), (0.67, 7), (0.89, 9), (1, 10)),
    "intermediate": ((0, 1), (0.25, 3), (0.48, 5), (0.7, 7), (0.9, 9), (1, 10)),
    "advanced": ((0, 1), (0.3, 3), (0.52, 5), (0.73, 7), (0.91, 9), (1, 10)),
}
# Highest score that so many lines can show, from none to seven; more lines may show everything.
_CEILING = (1, 2, 3, 4, 5, 6, 8, 9)
_SCALE = 9  # points between the lowest and the highest score
_TIMES = 3.0  # the same harm costs so often at most


def shown(sheet: Sheet, seen: Mapping[str, float]) -> float:
    """The share of a competency that was shown, by how far each check was met, from 0 to 1."""
    return min(1.0, sum(check.weight * seen.get(check.id, 0) for check in sheet.checks))


def lost(sheet: Sheet, done: Mapping[str, float]) -> float:
    """The share of the scale that harms take away, by how often each was done."""
    return sum(harm.loss * min(_TIMES, done.get(harm.id, 0)) for harm in sheet.harms)


def level(share: float, loss: float, difficulty: Difficulty, lines: int, anchors: Anchors = ANCHORS) -> float:
    """From 1 to 10, by the shares shown and lost, with so many lines of the advisor; the score is the nearest whole
    number."""
    ceiling = _CEILING[lines] if lines < len(_CEILING) else 10
    reached = _level(max(0.0, min(1.0, share)), anchors.get(difficulty, anchors["beginner"]))
    return max(1.0, min(ceiling, reached) - _SCALE * loss)


def _level(share: float, anchors: tuple[tuple[float, float], ...]) -> float:
    for (low, least), (high, most) in pairwise(anchors):
        if share <= high:
            return least + (most - least) * (share - low) / (high - low)
    return 10.0
