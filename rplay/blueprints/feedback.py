"""/api/feedback: learners' feedback on talks."""

from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint
from pydantic import BeforeValidator, Field

from rplay import db
from rplay.db import feedback, simulations
from rplay.db.feedback import Counts, Feedback
from rplay.db.sessions import SignedIn
from rplay.errors import Forbidden, NotFound
from rplay.web import bounds, shapes
from rplay.web.answers import Answer, ok
from rplay.web.auth import ADMINS, admin_or_legacy, signed_in
from rplay.web.body import Body, Query, Short, Text, Title, asks, problem, takes, uuid_of
from rplay.web.openapi import responds
from rplay.web.parts import parts

bp = Blueprint("feedback", __name__, url_prefix="/api/feedback")

UNFILTERED = 100  # answers that are listed without a filter
TYPES = ("ai_generated", "user_submitted", "peer_review")


def _rating(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 100:
        raise problem("Rating must be a number between 0 and 100")
    return value


def _type(value: Any) -> Any:
    if value is not None and value not in TYPES:
        raise problem(f"Invalid feedback type. Must be one of: {', '.join(TYPES)}")
    return value


class NewFeedback(Body):
    simulation_id: Short
    rating: Annotated[float, BeforeValidator(_rating)]
    feedback_type: Annotated[Short | None, BeforeValidator(_type)] = None
    comments: Text | None = None
    reasons: Annotated[list[Title], Field(max_length=bounds.FEW, fail_fast=True)] | None = None
    competency_id: Short | None = None


def _user_id(text: str) -> UUID:
    found = uuid_of(text)
    if found is None:
        raise problem("Invalid user ID format")
    return found


class Filters(Query):
    """Filters, all of which must match. Answers are not stored by competency, so filtering by one returns nothing."""

    simulation_id: Short | None = None
    user_id: Annotated[UUID | None, BeforeValidator(_user_id)] = None
    competency_id: Short | None = None
    feedback_type: Short | None = None


def score_of(rating: float) -> int:
    """Convert 0–100 to 0–10, rounding halves up: 65 gives 7, 85 gives 9."""
    return int(rating / 10 + 0.5)


def kind_of(score: int) -> str:
    """Return the net promoter class of a score."""
    return "promoter" if score >= 9 else "passive" if score >= 7 else "detractor"


@bp.post("")
@signed_in
@takes(NewFeedback)
@responds(201, 404, feedback=Feedback)
def create(user: SignedIn, body: NewFeedback) -> Answer:
    """Store the caller's feedback on a talk; a user id in the body is ignored.

    Learners may only rate their own talks.
    """
    talk = simulations.find(body.simulation_id, uuid_of(body.simulation_id))
    if talk is None or (talk.user_id != user.id and user.role == "learner"):
        raise NotFound("Simulation not found")
    score = score_of(body.rating)
    with db.transaction() as tx:
        given = feedback.create(talk.simulation_id, user.id, score, kind_of(score), body.reasons, body.comments, tx)
        parts().outbox.put("feedback_received", user.id, parts().settings.app_url, tx)
    parts().outbox.wake()
    return ok(201, feedback=given)


@bp.get("")
@signed_in
@asks(Filters)
@responds(200, 403, feedback=list[Feedback])
def listed(user: SignedIn, query: Filters) -> Answer:
    """Return the caller's own feedback; everybody's for an admin."""
    if user.role not in ADMINS and query.user_id not in (None, user.id):
        raise Forbidden("Not authorized to view this feedback")
    return ok(feedback=_found(query, query.user_id if user.role in ADMINS else user.id))


def _found(query: Filters, user_id: UUID | None) -> list[Feedback]:
    if query.competency_id is not None:
        return []
    key = query.simulation_id
    limit = 10_000 if query.model_fields_set else UNFILTERED
    return feedback.find(user_id, key, uuid_of(key) if key else None, query.feedback_type, limit)


@bp.get("/nps-stats")
@signed_in
@responds(200, stats=shapes.NpsStats)
def nps_stats(user: SignedIn) -> Answer:  # noqa: ARG001
    """Return the net promoter score over all answers."""
    counts = feedback.counts()
    return ok(
        stats={
            "totalResponses": counts.total,
            "npsScore": net_score(counts),
            "promoters": counts.promoters,
            "passives": counts.passives,
            "detractors": counts.detractors,
            "averageScore": round((counts.average or 0) * 10, 1),
        }
    )


def net_score(counts: Counts) -> int:
    """Return the percentage of promoters minus that of detractors, rounding halves up; 0 if there are no answers."""
    if not counts.total:
        return 0
    return (200 * (counts.promoters - counts.detractors) + counts.total) // (2 * counts.total)


@bp.get("/nps")
@admin_or_legacy
@responds(200, count=int, data=list[shapes.NpsAnswer])
def nps(user: SignedIn | None) -> Answer:  # noqa: ARG001
    """Return every answer, for the analytics page."""
    scores = feedback.scores()
    return ok(count=len(scores), data=scores)
