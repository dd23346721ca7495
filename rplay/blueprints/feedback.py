"""/api/feedback: what learners thought of a talk."""

from typing import Annotated, Any

from flask import Blueprint
from pydantic import BeforeValidator

from rplay.db import feedback, simulations
from rplay.db.sessions import SignedIn
from rplay.errors import NotFound
from rplay.web.answers import Answer, ok
from rplay.web.auth import signed_in
from rplay.web.body import Body, Text, problem, takes, uuid_of

bp = Blueprint("feedback", __name__, url_prefix="/api/feedback")

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
    simulation_id: Text
    rating: Annotated[float, BeforeValidator(_rating)]
    feedback_type: Annotated[str | None, BeforeValidator(_type)] = None
    comments: Text | None = None
    reasons: list[Text] | None = None
    competency_id: Text | None = None


def score_of(rating: float) -> int:
    """0–100 as 0–10, halves up: 65 gives 7, 85 gives 9."""
    return int(rating / 10 + 0.5)


def kind_of(score: int) -> str:
    """The net promoter classes."""
    return "promoter" if score >= 9 else "passive" if score >= 7 else "detractor"


@bp.post("")
@signed_in
@takes(NewFeedback)
def create(user: SignedIn, body: NewFeedback) -> Answer:
    """The caller's answer, whoever the body says it is from. Learners speak of their own talks only."""
    talk = simulations.find(body.simulation_id, uuid_of(body.simulation_id))
    if talk is None or (talk.user_id != user.id and user.role == "learner"):
        raise NotFound("Simulation not found")
    score = score_of(body.rating)
    return ok(
        201,
        feedback=feedback.create(talk.simulation_id, user.id, score, kind_of(score), body.reasons, body.comments),
    )
