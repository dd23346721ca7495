"""/api/simulation: practice talks and their reviews."""

from dataclasses import fields
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint
from orjson import Fragment
from pydantic import BeforeValidator, Field

from rplay.agents import evaluation
from rplay.briefing import transcript
from rplay.db import feedback, simulations
from rplay.db.sessions import SignedIn
from rplay.db.simulations import Simulation
from rplay.errors import (
    AIBadAnswer,
    AIEmptyAnswer,
    AIError,
    AINotConfigured,
    Forbidden,
    HttpError,
    NotConfigured,
    NotFound,
    UpstreamFailed,
)
from rplay.reviews.access import note_seen
from rplay.web import bounds, shapes, talks
from rplay.web.answers import Answer, ok
from rplay.web.auth import ADMINS, signed_in
from rplay.web.body import (
    Amount,
    Body,
    Json,
    JsonList,
    LargeObject,
    Query,
    SnakeBody,
    Title,
    asks,
    problem,
    takes,
    with_id,
)
from rplay.web.bounds import Bytes
from rplay.web.disconnect import while_waited_for
from rplay.web.fields.training import DifficultyLevel, History, Turns, difficulty_of
from rplay.web.limits import limited
from rplay.web.openapi import responds
from rplay.web.parts import chain_of, parts
from rplay.web.scenes import steering

bp = Blueprint("simulation", __name__, url_prefix="/api/simulation")


class Page(Query):
    limit: int = Field(10_000, ge=1, le=10_000)
    offset: int = Field(0, ge=0, le=2**31)


class NewSimulation(Body):
    industry: Title
    difficulty: DifficultyLevel
    subcategory: Title | None = None
    client_profile: LargeObject | None = None
    objectives: Json = None


class Progress(Body):
    missing = "Missing required field: conversationHistory"

    conversation_history: History
    objectives: JsonList | None = None


class ProgressPatch(SnakeBody):
    conversation_history: History | None = None
    objectives_completed: JsonList | None = None
    total_xp: Amount | None = None


class Completion(SnakeBody):
    total_xp: Amount | None = None
    performance_review: LargeObject | None = None
    duration_seconds: Amount | None = None


def _array(messages: object) -> object:
    if not isinstance(messages, list):
        raise problem("Missing required field: messages (must be an array)")
    return messages


Competencies = Annotated[
    list[Annotated[dict[str, Any], Field(strict=True)]],
    Field(strict=True, max_length=bounds.FEW, fail_fast=True),
    Bytes(bounds.LIST),
]


class ReviewRequest(Body):
    missing = "Missing required field: messages (must be an array)"

    messages: Annotated[Turns, BeforeValidator(_array)]
    competencies: Competencies | None = None
    difficulty_level: Json = None


@bp.get("")
@signed_in
@asks(Page)
@responds(200, simulations=list[shapes.ListedTalk], total=int, stats=dict[str, float])
def mine(user: SignedIn, query: Page) -> Answer:
    """Return the caller's talks."""
    page = simulations.page_of(user.id, query.limit, query.offset)
    return ok(
        simulations=Fragment(page.simulations),
        total=page.total,
        stats={"total": page.total, "completed": page.completed, "avgScore": page.average or 0},
    )


@bp.post("")
@signed_in
@takes(NewSimulation)
@responds(201, data=Simulation)
def create(user: SignedIn, body: NewSimulation) -> Answer:
    return ok(201, data=talks.begin(user, body.industry, body.subcategory, body.difficulty, body.client_profile or {}))


@bp.get("/<simulation_id>")
@signed_in
@with_id("simulation")
@responds(200, 403, simulation=shapes.WholeTalk)
def get(user: SignedIn, simulation_id: UUID) -> Answer:
    return ok(simulation=_details(simulations.get(simulation_id), user))


@bp.get("/by-sim-id/<simulation_id>")
@signed_in
@responds(200, 403, simulation=shapes.WholeTalk)
def get_by_key(user: SignedIn, simulation_id: str) -> Answer:
    return ok(simulation=_details(simulations.by_key(simulation_id), user))


@bp.put("/<simulation_id>")
@signed_in
@with_id("simulation")
@takes(Progress, large=True, saves=True)
@responds(200, 403, simulation=Simulation)
def put(user: SignedIn, simulation_id: UUID, body: Progress) -> Answer:
    saved = simulations.update(simulation_id, user.id, body.conversation_history, body.objectives, None)
    if saved is None:
        raise _refusal(simulation_id, "update")
    return ok(simulation=saved)


@bp.patch("/<simulation_id>")
@signed_in
@with_id("simulation")
@takes(ProgressPatch, large=True, saves=True)
@responds(200, 403, data=Simulation)
def patch(user: SignedIn, simulation_id: UUID, body: ProgressPatch) -> Answer:
    """Save the learner's progress; called every few seconds during a talk."""
    saved = simulations.update(simulation_id, user.id, **{name: getattr(body, name) for name in _PATCHED})
    if saved is None:
        raise _refusal(simulation_id, "update")
    return ok(data=saved)


_PATCHED = tuple(ProgressPatch.model_fields)


@bp.post("/<simulation_id>/complete")
@signed_in
@with_id("simulation")
@takes(Completion, large=True, saves=True)
@responds(200, 403, simulation=Simulation)
def complete(user: SignedIn, simulation_id: UUID, body: Completion) -> Answer:
    """Complete a talk. This may be repeated; the first end is kept."""
    review = body.performance_review or {}
    link = parts().settings.app_url
    done = talks.complete(user, simulation_id, body.total_xp or 0, review, body.duration_seconds, link)
    if done is None:
        raise _refusal(simulation_id, "complete")
    return ok(simulation=done)


@bp.delete("/<simulation_id>")
@signed_in
@with_id("simulation")
@responds(200, 403, message=str)
def delete(user: SignedIn, simulation_id: UUID) -> Answer:
    owner = simulations.owner(simulation_id)
    if owner is None:
        raise NotFound("Simulation not found")
    if owner.user_id != user.id and user.role not in ADMINS:
        raise Forbidden("Not authorized to delete this simulation")
    simulations.delete(simulation_id)
    return ok(message="Simulation deleted successfully")


@bp.post("/generate-review")
@signed_in
@limited("ai", "ai_address")
@takes(ReviewRequest, large=True)
@while_waited_for
@responds(200, 502, 503, data=shapes.Review)
def generate_review(user: SignedIn, body: ReviewRequest) -> Answer:
    difficulty = difficulty_of(body.difficulty_level) or "beginner"
    talk = transcript(parts().data, steering(), body.messages, difficulty, body.competencies)
    try:
        review = evaluation.review(chain_of(user), talk)
    except AINotConfigured:
        raise NotConfigured("OpenAI API key not configured") from None
    except AIEmptyAnswer:
        raise UpstreamFailed("No review generated") from None
    except AIBadAnswer:
        raise UpstreamFailed("Failed to parse review data") from None
    except AIError:
        raise UpstreamFailed("Failed to generate review from AI") from None
    return ok(data=review.as_array())


def _details(simulation: Simulation | None, user: SignedIn) -> dict[str, Any]:
    if simulation is None:
        raise NotFound("Simulation not found")
    if simulation.user_id != user.id and user.role not in ADMINS:
        raise Forbidden("Not authorized to view this simulation")
    if simulation.performance_review:
        note_seen(user, simulation)
    data = parts().data
    ids = data.competencies_for(simulation.industry, simulation.subcategory)
    return {
        # asdict would copy the whole talk
        **{field.name: getattr(simulation, field.name) for field in fields(simulation)},
        "competencies": [competency for competency in data.competencies() if competency["id"] in ids],
        "rubrics": data.rubrics(difficulty_of(simulation.difficulty) or "beginner", ids),
        "feedback": feedback.of_simulation(simulation.simulation_id),
    }


def _refusal(simulation_id: UUID, verb: str) -> HttpError:
    """Return why an update found no row: the talk does not exist, or it belongs to somebody else."""
    if simulations.owner(simulation_id) is None:
        return NotFound("Simulation not found")
    return Forbidden(f"Not authorized to {verb} this simulation")
