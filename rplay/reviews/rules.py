"""Changes of the rules of reviews: validation and replacement in memory. Nothing is stored here."""

from collections.abc import Collection, Sequence
from typing import Any

from rplay.data import Row, misfit


def fault_of(rules: Sequence[Any]) -> str | None:
    """Return why these are not valid compliance rules, or None if they are."""
    if reason := misfit("compliance", rules):
        return reason
    ids = [rule["id"] for rule in rules]
    return "each id must stand once" if len(set(ids)) < len(ids) else None


def replace_criteria(
    rubrics: Sequence[Row], competency_id: str, score_range: str, difficulties: Collection[str], criteria: list[str]
) -> int:
    """Replace the criteria of a competency's score range in these difficulties. Return the number of changed
    entries.
    """
    entries = [
        entry
        for rubric in rubrics
        if rubric["id"] == competency_id
        for difficulty, levels in rubric["rubric"].items()
        if difficulty in difficulties
        for entry in levels
        if entry["range"] == score_range
    ]
    for entry in entries:
        entry["criteria"] = criteria
    return len(entries)
