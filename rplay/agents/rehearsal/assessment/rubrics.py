"""Finds the rubric's words for a score, in both shapes in which rubrics come."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Rubrics = Mapping[str, Sequence[tuple[int, Mapping[str, Any]]]]


def by_name(rubrics: Sequence[Mapping[str, Any]]) -> Rubrics:
    """Return the rows, each with its number, under every name of its competency."""
    named: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
    for number, row in enumerate(_rows(rubrics)):
        for name in _names(row):
            named.setdefault(name, []).append((number, row))
    return named


def criteria_for(rubrics: Rubrics, competency_id: str, name: str, value: int) -> str:
    """Return the criteria of the row whose range holds the score; empty if the rubrics have none for this
    competency."""
    rows = {number: row for own in (competency_id, name) for number, row in rubrics.get(own.lower(), ())}
    return next((_criteria(rows[number]) for number in sorted(rows) if _holds(rows[number], value)), "")


def _rows(rubrics: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield plain rows, and the rows inside `{name, rubric: {level: [rows]}}`."""
    for row in rubrics:
        levels = row.get("rubric")
        entries = levels.values() if isinstance(levels, Mapping) else [levels] if isinstance(levels, list) else []
        for level in entries:
            for entry in level if isinstance(level, list) else []:
                if isinstance(entry, Mapping):
                    yield {"competency_id": row.get("id"), "competency_name": row.get("name"), **entry}
        if not isinstance(levels, (Mapping, list)):
            yield row


def _names(row: Mapping[str, Any]) -> set[str]:
    keys = ("competency_id", "competency_name", "competencyId", "name")
    return {str(row.get(key) or "").strip().lower() for key in keys} - {""}


def _holds(row: Mapping[str, Any], value: int) -> bool:
    """Return whether the row's range holds the score. Without a range the number in the row's id decides: five rows of
    two points."""
    if bounds := re.search(r"(\d+)\s*(?:-|–|to)\s*(\d+)", str(row.get("range") or row.get("score_range") or "")):
        return int(bounds[1]) <= value <= int(bounds[2])
    step = re.search(r"-(\d+)$", str(row.get("id") or ""))
    return bool(step) and int(step[1]) == (value + 1) // 2 if step else False


def _criteria(row: Mapping[str, Any]) -> str:
    given = row.get("criteria")
    text = "; ".join(map(str, given)) if isinstance(given, list) else str(given or row.get("description") or "")
    return text.strip()
