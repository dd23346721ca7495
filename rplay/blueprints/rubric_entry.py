"""/api/rubric-entry: what each score of a competency means."""

from typing import Literal

from flask import Blueprint

from rplay.data import DIFFICULTY_LEVELS
from rplay.db.sessions import SignedIn
from rplay.errors import NotFound
from rplay.reviews import rules
from rplay.web.answers import Answer, ok
from rplay.web.auth import admin_only, changing
from rplay.web.body import Short, SnakeBody, takes
from rplay.web.fields.rules import Criteria
from rplay.web.fields.training import DifficultyLevel
from rplay.web.openapi import responds

bp = Blueprint("rubric_entry", __name__, url_prefix="/api/rubric-entry")


class RubricEntry(SnakeBody):
    """A rubric entry. The frontend also sends an invented `id`, which is ignored."""

    competency_id: Short
    score_range: Literal["1-2", "3-4", "5-6", "7-8", "9-10"]
    criteria: Criteria
    difficulty: DifficultyLevel | None = None


@bp.post("")
@admin_only
@takes(RubricEntry)
@responds(200, 404)
def replace_criteria(user: SignedIn, body: RubricEntry) -> Answer:
    """Replace the criteria of a score range, in the given difficulty or in all three."""
    difficulties = (body.difficulty,) if body.difficulty else tuple(DIFFICULTY_LEVELS)
    with changing(user, "rubrics") as [rubrics]:
        if not rules.replace_criteria(rubrics, body.competency_id, body.score_range, difficulties, body.criteria):
            raise NotFound("Rubric entry not found")
    return ok()
