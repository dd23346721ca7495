"""/api/engagement/log and /score: what the web frontend logs of a session, and how engaged the learner was.

With ENABLE_ENGAGEMENT_TRACKING off the responses stay the same but nothing is recorded.
"""

from datetime import datetime
from typing import Annotated, Any

from flask import Blueprint
from pydantic import BeforeValidator

from rplay.db import engagement_log
from rplay.db.engagement_log import Activity
from rplay.db.sessions import SignedIn
from rplay.errors import BadRequest, Forbidden, NotFound, Unauthorized
from rplay.web import shapes
from rplay.web.answers import Answer, ok, respond
from rplay.web.auth import ADMINS, admin_or_legacy, signed_in, signed_in_or_legacy
from rplay.web.body import Body, JsonObject, Query, Short, asks, takes
from rplay.web.fields.dates import moment_of
from rplay.web.openapi import responds
from rplay.web.parts import parts

bp = Blueprint("engagement_log", __name__, url_prefix="/api/engagement")


def _moment(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("a text is wanted")
    return moment_of(value)


class LogEntry(Body):
    """A log entry. A user id in the body is ignored."""

    type: Short
    session_id: Short
    timestamp: Annotated[datetime | None, BeforeValidator(_moment)] = None
    simulation_id: Short | None = None
    metadata: JsonObject | None = None  # anybody may log, so an entry must be small; the frontend's are under 1 KiB


class Session(Query):
    session_id: Short | None = None


@bp.post("/log")
@signed_in_or_legacy
@takes(LogEntry)
@responds(201)
def log(user: SignedIn | None, body: LogEntry) -> Answer:
    """Log what happened in a session; called at every key press in the notes."""
    if parts().settings.enable_engagement_tracking:
        user_id = user.id if user else None
        engagement_log.add(body.type, body.session_id, body.simulation_id, user_id, body.metadata or {}, body.timestamp)
    return ok(201)


@bp.get("/log")
@admin_or_legacy
@asks(Session)
@responds(200, count=int, data=Any)
def entries(user: SignedIn | None, query: Session) -> Answer:
    """Return the newest entries, or for admins the entries of one session, with an extra object around them."""
    if query.session_id is None:
        newest = engagement_log.newest()
        return ok(count=len(newest), data=newest)
    if user is None:
        raise Unauthorized("Authentication required")
    found = engagement_log.of_session(query.session_id)
    return ok(count=len(found), data={"success": True, "count": len(found), "data": found})


@bp.get("/score")
@signed_in
@asks(Session)
@responds(200, 403, 404, bare=True, sessionId=str, score=int, engagementLevel=str, details=shapes.Activity)
def score(user: SignedIn, query: Session) -> Answer:
    """Return how engaged the learner was in a session: one of the caller's own, or any for an admin."""
    if query.session_id is None:
        raise BadRequest("Missing required parameter: sessionId")
    activity = engagement_log.activity(query.session_id, user.id)
    if activity is None:
        raise NotFound("Session not found")
    if not activity.mine and user.role not in ADMINS:
        raise Forbidden("Not authorized to view this session")
    points = points_of(activity)
    return respond(
        {
            "sessionId": query.session_id,
            "score": points,
            "engagementLevel": level_of(points),
            "details": _details(activity),
        }
    )


def points_of(activity: Activity) -> int:
    """Return a score from 0 to 100; 0 for a session of fewer than three events, which is too short to judge."""
    if activity.events < 3:
        return 0
    points = 30 if activity.seconds > 300 else 0
    points += 10 * (activity.objectives + activity.messages // 10)
    points += 10 * (activity.helped + activity.expert + activity.noted)
    return min(points, 100)


def level_of(points: int) -> str:
    return "Low" if points <= 40 else "Moderate" if points <= 70 else "High"


def _details(activity: Activity) -> dict[str, Any]:
    return {
        "objectivesCompleted": activity.objectives,
        "helpUsed": activity.helped,
        "durationSeconds": int(activity.seconds),
        "messagesSent": activity.messages,
        "notesUsed": activity.noted,
        "expertModeUsed": activity.expert,
        "totalEvents": activity.events,
    }
