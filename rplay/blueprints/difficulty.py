"""/api/difficulty: the difficulty levels of talks."""

from flask import Blueprint

from rplay.db import difficulty_levels
from rplay.db.difficulty_levels import DifficultyLevel
from rplay.errors import NotFound
from rplay.web.answers import Answer, ok
from rplay.web.auth import public
from rplay.web.openapi import responds

bp = Blueprint("difficulty", __name__, url_prefix="/api/difficulty")


@bp.get("")
@public
@responds(200, data=dict[str, list[DifficultyLevel]])
def every() -> Answer:
    return ok(data={"levels": difficulty_levels.every()})


@bp.get("/<key>")
@public
@responds(200, data=dict[str, DifficultyLevel])
def get(key: str) -> Answer:
    """Return one difficulty level by its key."""
    level = difficulty_levels.by_key(key)
    if level is None:
        raise NotFound("Difficulty level not found")
    return ok(data={"level": level})
