"""People's judgements of a review: disputes, overrides and marks."""

from typing import Annotated, Any, Literal
from uuid import UUID

from flask import Blueprint
from pydantic import BeforeValidator, Field, model_validator

from rplay.db.review_disputes import Dispute
from rplay.db.review_marks import Mark
from rplay.db.review_overrides import Override
from rplay.db.sessions import SignedIn
from rplay.reviews import judging
from rplay.web import reviewing
from rplay.web.answers import Answer, ok
from rplay.web.auth import signed_in
from rplay.web.body import Body, Text, Title, problem, takes, uuid_of, with_id
from rplay.web.fields.reviews import Score, Scores
from rplay.web.openapi import responds
from rplay.web.parts import parts

bp = Blueprint("judgements", __name__, url_prefix="/api")


def _review_id(text: object) -> UUID:
    found = uuid_of(text) if isinstance(text, str) else None
    if found is None:
        raise problem("Invalid review ID format")
    return found


def _resolution(value: object) -> object:
    if value not in ("kept", "changed"):
        raise problem("Invalid resolution. Must be one of: kept, changed")
    return value


class NewDispute(Body):
    """A new dispute. `competency` is the name of a score in that review, or `overall`."""

    review_id: Annotated[UUID, BeforeValidator(_review_id)]
    competency: Title
    reason: Text


class NewOverride(NewDispute):
    score: Score


class Resolution(Body):
    """The resolution of a dispute. `score` is required for `changed` and not allowed for `kept`."""

    resolution: Annotated[Literal["kept", "changed"], BeforeValidator(_resolution)]
    reason: Text
    score: Score | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Resolution":
        if (self.resolution == "changed") != (self.score is not None):
            raise problem("A changed number needs a score, and a kept one takes none")
        return self


class NewMark(Body):
    """A mark: scores by competency, and `overall`. It is blind unless `blind` is false."""

    scores: Scores
    blind: bool = Field(True, strict=True)
    notes: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _some(cls, data: Any) -> Any:
        if isinstance(data, dict) and not (isinstance(data.get("scores"), dict) and data["scores"]):
            raise problem("Missing required fields: scores")
        return data


@bp.post("/simulation/<simulation_id>/disputes")
@signed_in
@with_id("simulation")
@takes(NewDispute)
@responds(201, 403, 409, data=Dispute)
def dispute(user: SignedIn, simulation_id: UUID, body: NewDispute) -> Answer:
    """Dispute one score of a review, as the talk's owner; each score of a simulation once."""
    with reviewing.judging(user, simulation_id) as (now, tx):
        made = judging.dispute(now, simulation_id, body.review_id, body.competency, body.reason, tx)
    return ok(201, data=made)


@bp.patch("/disputes/<dispute_id>")
@signed_in
@with_id("dispute")
@takes(Resolution)
@responds(200, 403, 409, data=Dispute)
def resolve(user: SignedIn, dispute_id: UUID, body: Resolution) -> Answer:
    """Resolve a dispute, as a trainer of the group or an admin: keep the score or replace it."""
    found = judging.disputed(dispute_id)
    with reviewing.judging(user, found.simulation_id) as (now, tx):
        resolved = judging.resolve(now, found, body.resolution, body.score, body.reason, tx)
    return ok(data=resolved)


@bp.post("/simulation/<simulation_id>/overrides")
@signed_in
@with_id("simulation")
@takes(NewOverride)
@responds(201, 403, 409, data=Override)
def override(user: SignedIn, simulation_id: UUID, body: NewOverride) -> Answer:
    """Replace a score, with a reason, as a trainer of the group or an admin; the newest one is in force."""
    with reviewing.judging(user, simulation_id) as (now, tx):
        made = judging.override(now, simulation_id, body.review_id, body.competency, body.score, body.reason, tx)
    return ok(201, data=made)


@bp.post("/simulation/<simulation_id>/marks")
@signed_in
@with_id("simulation")
@takes(NewMark)
@responds(201, 403, 409, data=Mark)
def mark(user: SignedIn, simulation_id: UUID, body: NewMark) -> Answer:
    """Store the caller's own scores for a talk, once, as a trainer of the group or an admin.

    Blind scores are accepted only before the caller has seen the machine's.
    """
    known = [one["name"] for one in parts().data.competencies()]
    with reviewing.judging(user, simulation_id) as (now, tx):
        made = judging.mark(now, simulation_id, body.scores, known, tx, blind=body.blind, notes=body.notes)
    return ok(201, data=made)
