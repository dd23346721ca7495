"""/api/quality: how true generated clients stay to their lives."""

from flask import Blueprint

from rplay.db import talk_fidelity
from rplay.db.sessions import SignedIn
from rplay.web import shapes
from rplay.web.answers import Answer, ok
from rplay.web.auth import admin_only
from rplay.web.openapi import responds

bp = Blueprint("quality", __name__, url_prefix="/api/quality")


@bp.get("")
@admin_only
@responds(200, data=shapes.Quality)
def get(user: SignedIn) -> Answer:  # noqa: ARG001
    """Return facts told too early, contradictions, blanks and repeats per ten turns, over completed talks."""
    return ok(data=talk_fidelity.summed_up())
