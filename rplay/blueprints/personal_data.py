"""/api/users/:id/export: everything about one person."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from rplay.db import review_views, users
from rplay.db.sessions import SignedIn
from rplay.errors import Forbidden, NotFound
from rplay.people.export import document
from rplay.web.answers import Answer
from rplay.web.auth import ADMINS, signed_in
from rplay.web.body import with_id
from rplay.web.limits import limited
from rplay.web.openapi import responds

bp = Blueprint("personal_data", __name__, url_prefix="/api/users")


@bp.get("/<user_id>/export")
@signed_in
@limited("export")
@with_id("user")
@responds(200, 403, data=dict[str, Any])
def export(user: SignedIn, user_id: UUID) -> Answer:
    """Return all data about oneself, or about anybody for an admin: rows by table, without secrets."""
    if user.id != user_id and user.role not in ADMINS:
        raise Forbidden("Unauthorized to view this user")
    if users.by_id(user_id) is None:
        raise NotFound("User not found")
    if user.id != user_id:
        review_views.note_all_of(user_id, user.id)
    answer = Response(_written(user_id), content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="rplay-{user_id}.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _written(user_id: UUID) -> Iterator[bytes]:
    yield b'{"success":true,"data":'
    yield from document(user_id)
    yield b"}"
