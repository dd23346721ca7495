"""/api/rubric-entry: what a score of a competency means."""

import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from flask import Blueprint
from pydantic import BeforeValidator, Field

from rplay.data import Row
from rplay.db.sessions import SignedIn
from rplay.errors import NotFound
from rplay.web import bounds
from rplay.web.answers import Answer, ok
from rplay.web.auth import admin_only, changing
from rplay.web.body import Short, SnakeBody, Text, takes
from rplay.web.fields.training import DifficultyLevel
from rplay.web.openapi import responds

bp = Blueprint("rubric_entry", __name__, url_prefix="/api/rubric-entry")


def _criteria(value: Any) -> Any:
    """One text holds several criteria, as the answers of this backend join them."""
    if isinstance(value, str) and len(value) > bounds.WORDS:
        raise ValueError("too long")
    parted = re.split(r"[;\n]", value) if isinstance(value, str) else value
    if not isinstance(parted, list) or len(parted) > bounds.FEW:
        raise ValueError("a text or a list of texts")
    criteria = [one.strip() if isinstance(one, str) else one for one in parted]
    if not any(criteria):
        raise ValueError("no criteria")
    return [one for one in criteria if one != ""]


class RubricEntry(SnakeBody):
    """The frontend also makes up an `id`, which names nothing here."""

    competency_id: Short
    score_range: Literal["1-2", "3-4", "5-6", "7-8", "9-10"]
    criteria: Annotated[list[Text], Field(max_length=bounds.FEW, fail_fast=True), BeforeValidator(_criteria)]
    difficulty: DifficultyLevel | None = None


@bp.post("")
@admin_only
@takes(RubricEntry)
@responds(200, 404)
def replace_criteria(user: SignedIn, body: RubricEntry) -> Answer:
    """In the difficulty given, else in all three."""
    with changing(user, "rubrics") as [rubrics]:
        entries = list(_entries(rubrics, body))
        if not entries:
            raise NotFound("Rubric entry not found")
        for entry in entries:
            entry["criteria"] = body.criteria
    return ok()


def _entries(rubrics: list[Row], wanted: RubricEntry) -> Iterable[Row]:
    for rubric in rubrics:
        for difficulty, entries in rubric["rubric"].items():
            if rubric["id"] == wanted.competency_id and wanted.difficulty in (None, difficulty):
                yield from (entry for entry in entries if entry["range"] == wanted.score_range)
