"""/api/scenarios: clients that trainers create for learners, with requirements for the advisor."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint

from rplay.db import scenarios as stored_scenarios
from rplay.db.scenarios import Listed
from rplay.db.sessions import SignedIn
from rplay.db.simulations import Simulation
from rplay.errors import AIError, AINotConfigured, NotConfigured, UpstreamFailed
from rplay.training import scenarios
from rplay.training.scenario import Content, stored
from rplay.web import drafts, talks
from rplay.web.answers import Answer, ok
from rplay.web.auth import acting, signed_in
from rplay.web.body import Body, LargeObject, Text, Title, takes, takes_nothing, with_id
from rplay.web.disconnect import while_waited_for
from rplay.web.fields.training import DifficultyLevel
from rplay.web.limits import limited
from rplay.web.openapi import responds
from rplay.web.parts import parts

bp = Blueprint("scenarios", __name__, url_prefix="/api/scenarios")


class NewScenario(Body):
    scenario: LargeObject


class DraftRequest(Body):
    text: Text
    difficulty: DifficultyLevel = "beginner"
    industry: Title | None = None
    subcategory: Title | None = None


@dataclass(frozen=True, slots=True)
class Drafted:
    """A drafted scenario that is not stored, with the provider and model that wrote it."""

    scenario: Content
    provider: str
    model: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One version of a scenario, including what the client hides."""

    id: UUID
    house: bool
    by_user_id: UUID | None
    archived_at: datetime | None
    version: int
    created_at: datetime
    scenario: Content


@bp.get("")
@signed_in
@responds(200, 403, data=list[Listed])
def every(user: SignedIn) -> Answer:
    """Return the caller's scenarios and the house's; all of them for an admin."""
    return ok(data=scenarios.of_user(user))


@bp.post("")
@signed_in
@takes(NewScenario, large=True)
@responds(201, 403, data=Shown)
def create(user: SignedIn, body: NewScenario) -> Answer:
    with acting(user) as (now, _, tx):
        made = scenarios.create(now, body.scenario, parts().data.industry_metadata(), tx)
    return ok(201, data=_shown(made))


@bp.post("/draft")
@signed_in
@limited("ai", "ai_address")
@takes(DraftRequest)
@while_waited_for
@responds(200, 403, 502, 503, data=Drafted)
def draft(user: SignedIn, body: DraftRequest) -> Answer:
    """Draft a scenario from a few lines or a text, without storing it; a missing industry is chosen to fit."""
    try:
        made = drafts.drafted(user, body.text, body.difficulty, body.industry, body.subcategory)
    except AINotConfigured:
        raise NotConfigured("No AI provider is configured") from None
    except AIError:
        raise UpstreamFailed("AI provider failed") from None
    return ok(data={"scenario": made.value.as_object(), "provider": made.provider, "model": made.model})


@bp.get("/<scenario_id>")
@signed_in
@with_id("scenario")
@responds(200, 403, data=Shown)
def get(user: SignedIn, scenario_id: UUID) -> Answer:
    """Return the newest version of a scenario."""
    return ok(data=_shown(scenarios.seen_by(user, scenario_id)))


@bp.get("/<scenario_id>/versions")
@signed_in
@with_id("scenario")
@responds(200, 403, data=list[Shown])
def versions(user: SignedIn, scenario_id: UUID) -> Answer:
    """Return the versions of a scenario, newest first."""
    scenarios.seen_by(user, scenario_id)
    return ok(data=[_shown(one) for one in stored_scenarios.versions(scenario_id)])


@bp.put("/<scenario_id>")
@signed_in
@with_id("scenario")
@takes(NewScenario, large=True)
@responds(200, 403, 409, data=Shown)
def put(user: SignedIn, scenario_id: UUID, body: NewScenario) -> Answer:
    """Save a new version; talks keep the version with which they began."""
    with acting(user) as (now, _, tx):
        changed = scenarios.change(now, scenario_id, body.scenario, parts().data.industry_metadata(), tx)
    return ok(data=_shown(changed))


@bp.delete("/<scenario_id>")
@signed_in
@with_id("scenario")
@responds(200, 403, message=str)
def delete(user: SignedIn, scenario_id: UUID) -> Answer:
    """Archive a scenario: it can no longer be assigned; existing assignments continue."""
    with acting(user) as (now, _, tx):
        scenarios.archive(now, scenario_id, tx)
    return ok(message="Scenario archived successfully")


@bp.post("/<scenario_id>/try")
@signed_in
@with_id("scenario")
@takes_nothing
@responds(201, 403, data=Simulation)
def attempt(user: SignedIn, scenario_id: UUID) -> Answer:
    """Begin a talk in which the caller tries the scenario. It counts as no attempt."""
    return ok(201, data=talks.try_scenario(user, scenarios.seen_by(user, scenario_id)))


def _shown(one: stored_scenarios.Scenario) -> dict[str, Any]:
    own = {field.name: getattr(one, field.name) for field in fields(Shown) if field.name != "scenario"}
    return {**own, "scenario": stored(one.content).as_object()}
