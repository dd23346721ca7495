"""/api/engagement: events of what people did.

With ENABLE_ENGAGEMENT_TRACKING off the responses stay the same but nothing is recorded.
"""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from flask import Blueprint
from pydantic import AfterValidator, BeforeValidator, Field

from rplay.db import engagement, simulations
from rplay.db.engagement import TYPES, Event
from rplay.db.sessions import SignedIn
from rplay.errors import BadRequest
from rplay.web import shapes
from rplay.web.answers import Answer, ok
from rplay.web.auth import ADMINS, signed_in
from rplay.web.body import Body, Json, Query, Short, asks, problem, takes, uuid_of
from rplay.web.fields.dates import end_of, moment_of
from rplay.web.openapi import responds
from rplay.web.parts import parts

bp = Blueprint("engagement", __name__, url_prefix="/api/engagement")


def _known(event_type: str) -> str:
    if event_type not in TYPES:
        raise problem(f"Invalid event type. Must be one of: {', '.join(TYPES)}")
    return event_type


def _start(text: Any) -> datetime:
    try:
        return moment_of(text)
    except ValueError:
        raise problem("Invalid date: startDate") from None


def _end(text: Any) -> datetime:
    try:
        return end_of(text)
    except ValueError:
        raise problem("Invalid date: endDate") from None


class NewEvent(Body):
    missing = "Missing required field: eventType"

    event_type: Annotated[Short, AfterValidator(_known)]
    simulation_id: Short | None = None
    event_data: Json = None
    session_id: Short | None = None


class Whose(Query):
    """The user whose events are wanted. Only admins may choose; everybody else gets their own."""

    user_id: Short | None = None


class Span(Whose):
    start_date: Annotated[datetime | None, BeforeValidator(_start)] = None
    end_date: Annotated[datetime | None, BeforeValidator(_end)] = None
    limit: int = Field(50, ge=1, le=500)


@bp.post("")
@signed_in
@takes(NewEvent)
@responds(201, engagement=Event)
def create(user: SignedIn, body: NewEvent) -> Answer:
    """Record an event of the caller; a user id in the body is ignored."""
    key = _key_of(body.simulation_id, user) if body.simulation_id else None
    if not parts().settings.enable_engagement_tracking:
        now = datetime.now(UTC)
        return ok(201, engagement=Event(uuid4(), user.id, key, body.event_type, body.event_data, now, body.session_id))
    event = engagement.record(body.event_type, user.id, key, body.event_data, body.session_id)
    return ok(201, engagement=event)


@bp.get("/stats")
@signed_in
@asks(Whose)
@responds(200, stats=shapes.EngagementStats)
def stats(user: SignedIn, query: Whose) -> Answer:
    """Return statistics of a user's events."""
    counted = engagement.stats_of(_asked_for(user, query))
    sessions = max(counted.sessions, 1)
    return ok(
        stats={
            "totalEvents": counted.total,
            "eventsByType": counted.by_type,
            "uniqueSessions": sessions,
            "avgEventsPerSession": round(counted.total / sessions, 2),
        }
    )


@bp.get("/history")
@signed_in
@asks(Span)
@responds(200, history=list[Event])
def history(user: SignedIn, query: Span) -> Answer:
    """Return a user's events, newest first."""
    user_id = _asked_for(user, query)
    return ok(history=engagement.history_of(user_id, query.start_date, query.end_date, query.limit))


def _asked_for(user: SignedIn, query: Whose) -> UUID:
    if query.user_id is None or user.role not in ADMINS:
        return user.id
    user_id = uuid_of(query.user_id)
    if user_id is None:
        raise BadRequest("Invalid user ID format")
    return user_id


def _key_of(simulation_id: str, user: SignedIn) -> str | None:
    """Return the `SIM-…` text of the user's talk, named by it or by its id. None if it is another user's talk. The
    text as sent if there is no such talk.
    """
    talk = simulations.find(simulation_id, uuid_of(simulation_id))
    if talk is None:
        return simulation_id
    return talk.simulation_id if talk.user_id == user.id else None
