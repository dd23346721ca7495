"""Competencies, and which of them each industry uses, in the content of the data files. These functions change the
content in memory only.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from rplay.errors import BadRequest, Conflict, NotFound

MOST_COMPETENCIES = 500  # competencies at most, as every response lists all of them

Row = dict[str, Any]
Industries = dict[str, Any]  # the content of industry-competencies


def competency(competencies: Sequence[Row], competency_id: str) -> Row:
    for one in competencies:
        if one["id"] == competency_id:
            return one
    raise NotFound("Competency not found")


def add(competencies: list[Row], new: Row) -> None:
    if any(one["id"] == new["id"] for one in competencies):
        raise Conflict("Competency already exists")
    if len(competencies) >= MOST_COMPETENCIES:
        raise Conflict(f"There are {MOST_COMPETENCIES} competencies already, the most there can be")
    competencies.append(new)


def add_to_industry(competency_id: str, industry: str, industries: Industries, known: Collection[str]) -> None:
    """Add a competency to all lists of an industry. `known` are the industries in the metadata."""
    if industry not in industries and industry not in known:
        raise NotFound("Industry not found")
    for lists in industries.get(industry, {}).values():
        lists.setdefault("competencies", []).append(competency_id)


def remove(competencies: list[Row], industries: Industries, competency_id: str) -> None:
    """Remove a competency, also from the industries' lists."""
    competencies.remove(competency(competencies, competency_id))
    for ids in _lists(industries):
        ids[:] = [one for one in ids if one != competency_id]


def _lists(industries: Industries) -> Iterator[list[str]]:
    """Yield every list of ids: those of subcategories and of their focus areas."""
    for subcategories in industries.values():
        for lists in subcategories.values():
            yield lists.get("competencies", [])
            yield from (area.get("competencies", []) for area in lists.get("focusAreas", {}).values())


def known(competencies: Sequence[Row], ids: Sequence[str]) -> list[str]:
    """Return the ids without duplicates. Raise BadRequest if a competency does not exist."""
    there = {one["id"] for one in competencies}
    for one in ids:
        if one not in there:
            raise BadRequest(f"Unknown competency: {one}")
    return list(dict.fromkeys(ids))


def put(industries: Industries, industry: str, subcategory: str, ids: list[str]) -> None:
    """Set a subcategory's competencies. Industry and subcategory are created if missing, focus areas stay."""
    lists = industries.setdefault(industry, {}).setdefault(subcategory, {"focusAreas": {}})
    lists["competencies"] = ids


def put_area(
    industries: Industries, industry: str, subcategory: str, area: str, ids: list[str], *, enabled: bool
) -> None:
    areas = industries.get(industry, {}).get(subcategory, {}).get("focusAreas")
    if areas is None:
        raise NotFound(f"Focus areas not found for {industry}/{subcategory}")
    areas.setdefault(area, {}).update(competencies=ids, enabled=enabled)


def title(slug: str) -> str:
    """Turn `long-term-care` into Long Term Care."""
    return slug.replace("-", " ").title()
