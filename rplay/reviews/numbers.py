"""Extracts the scores from a review, which may have either of two shapes."""

from collections.abc import Iterator, Mapping
from typing import Any

OVERALL = "overall"
NAME = 200  # characters of a competency's name that are kept
NUMBERS = 200  # scores of one review at most


def numbers_in(review: Mapping[str, Any]) -> dict[str, float]:
    """Return the scores from 1 to 10 by competency, with `overall`."""
    found: dict[str, float] = {}
    for name, score in _scores(review):
        if name and is_score(score) and len(found) < NUMBERS:
            found.setdefault(name[:NAME], score)
    return found


def is_score(score: Any) -> bool:
    return isinstance(score, (int, float)) and not isinstance(score, bool) and 1 <= score <= 10


def _scores(review: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield OVERALL, review.get("overallScore")
    scores = review.get("competencyScores")
    if isinstance(scores, Mapping):
        yield from ((name, _score(one)) for name, one in scores.items() if name != OVERALL)
    elif isinstance(scores, list):
        yield from ((_name(one), one.get("score")) for one in scores if isinstance(one, Mapping))


def _score(item: Any) -> Any:
    return item.get("score") if isinstance(item, Mapping) else item


def _name(item: Mapping[str, Any]) -> str:
    name = item.get("name")
    return name if isinstance(name, str) and name != OVERALL else ""
