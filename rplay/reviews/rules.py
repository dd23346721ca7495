"""Rules of reviews as admins change them: what is accepted, and what it replaces. Nothing is written here."""

from collections.abc import Collection, Sequence
from typing import Any

from rplay.data import Row, misfit


def fault_of(rules: Sequence[Any]) -> str | None:
    """What keeps these from being the compliance rules, in words."""
    if reason := misfit("compliance", rules):
        return reason
    ids = [rule["id"] for rule in rules]
    return "each id must stand once" if len(set(ids)) < len(ids) else None


def replace_criteria(
    rubrics: Sequence[Row], competency_id: str, score_range: str, difficulties: Collection[str], criteria: list[str]
) -> int:
    """Puts them in place of those of this competency and range; in how many entries."""
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
