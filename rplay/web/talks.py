"""Begins and ends a learner's talks, for the API and the console."""

import secrets
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from rplay import db
from rplay.agents.persona.life import Life
from rplay.agents.types import Difficulty
from rplay.db import assignments, client_lives, engagement, simulation_origins, simulations, users
from rplay.db.scenarios import Scenario
from rplay.db.sessions import SignedIn
from rplay.db.simulations import Simulation
from rplay.errors import BadRequest, Conflict
from rplay.reviews import kept
from rplay.reviews.numbers import OVERALL, numbers_in
from rplay.training import assigning
from rplay.training.scenario import stored
from rplay.training.secrets import told
from rplay.web import lives, quality
from rplay.web.parts import parts

# Industries of old simulations, which the metadata may no longer list.
INDUSTRIES = frozenset({"wealth-management", "banking", "insurance", "financial-planning"})


def begin(
    user: SignedIn,
    industry: str,
    subcategory: str | None,
    difficulty: Difficulty,
    profile: dict[str, Any],
    focus_areas: Sequence[str] | None = None,
) -> Simulation:
    """Begin a talk with this client and store the client's life. `focus_areas` is None if the page did not ask for
    any.
    """
    if industry not in INDUSTRIES | parts().data.industries():
        raise BadRequest("Invalid industry")
    life = lives.of_profile(profile, industry, subcategory, difficulty)
    with db.transaction() as tx:
        created = simulations.create(_key(), user.id, industry, subcategory, difficulty, profile, tx=tx)
        client_lives.keep(created.id, life.model_dump(mode="json"), tx=tx)
        if focus_areas is not None:
            simulation_origins.keep(created.id, focus_areas, tx)
        _record_start(user, created, tx)
    return created


def try_scenario(user: SignedIn, scenario: Scenario) -> Simulation:
    """Begin a talk in which a trainer tries out their own scenario. It counts as no attempt."""
    life = _life_of(scenario)
    with db.transaction() as tx:
        users.keep(user.id, tx)
        return _begin_scenario(user, scenario, None, life, tx)


def begin_assigned(user: SignedIn, assignment_id: UUID) -> Simulation:
    """Begin the user's next attempt at an assignment.

    Whether they may is checked twice, as creating the client's life takes a while, during which no lock is held.
    """
    with db.transaction() as tx:
        scenario = assigning.scenario_to_begin(user.id, assignment_id, tx)
    life = _life_of(scenario)
    with db.transaction() as tx:
        users.locked([user.id], tx)
        assigning.scenario_to_begin(user.id, assignment_id, tx)
        created = _begin_scenario(user, scenario, assignment_id, life, tx)
        assignments.add_attempt(assignment_id, user.id, created.id, tx)
    return created


def _life_of(scenario: Scenario) -> Life:
    content = stored(scenario.content)
    life = lives.of_profile(content.client, content.industry, content.subcategory, content.difficulty)
    return told(life, content.secrets)


def _begin_scenario(
    user: SignedIn, scenario: Scenario, assignment_id: UUID | None, life: Life, tx: db.Connection
) -> Simulation:
    content = stored(scenario.content)
    created = simulations.create(
        _key(), user.id, content.industry, content.subcategory, content.difficulty, content.client, tx=tx
    )
    client_lives.keep(created.id, life.model_dump(mode="json"), tx=tx)
    simulation_origins.keep(
        created.id, (), tx, assignment_id=assignment_id, scenario_id=scenario.id, scenario_version=scenario.version
    )
    _record_start(user, created, tx)
    return created


def recast(user: SignedIn, talk: Simulation, difficulty: Difficulty, profile: dict[str, Any]) -> bool:
    """Replace the client of a talk. Return False if the talk already has messages."""
    origin = simulation_origins.of_simulation(talk.id)
    if origin and origin.scenario_id:
        raise Conflict("The client of a scenario stays")
    life = lives.of_profile(profile, talk.industry, talk.subcategory, difficulty)
    with db.transaction() as tx:
        if not simulations.recast(talk.id, user.id, profile, tx):
            return False
        client_lives.replace(talk.id, life.model_dump(mode="json"), tx)
    return True


def again(user: SignedIn, talk: Simulation, said: Sequence[Any], from_line: int) -> Simulation:
    """Begin a new talk with the same client, with the same life, as in the user's earlier one. `said` are the messages
    before the line to try again.
    """
    origin = simulation_origins.of_simulation(talk.id)
    with db.transaction() as tx:
        users.keep(user.id, tx)
        created = simulations.create(
            _key(), user.id, talk.industry, talk.subcategory, talk.difficulty, talk.client_profile or {}, tx=tx
        )
        client_lives.copy(talk.id, created.id, tx)
        focus = origin.focus_areas if origin else ()
        simulation_origins.keep(
            created.id,
            focus,
            tx,
            parent_id=talk.id,
            from_line=from_line,
            scenario_id=origin.scenario_id if origin else None,
            scenario_version=origin.scenario_version if origin else None,
        )
        if said:
            simulations.update(created.id, user.id, list(said), None, None, tx=tx)
        _record_start(user, created, tx)
    return created


def complete(
    user: SignedIn, simulation_id: UUID, total_xp: int, review: dict[str, Any], seconds: int | None, link: str | None
) -> Simulation | None:
    """Complete the user's talk; None if they have no such talk.

    This may be repeated, and the first end is kept. With a `link` the user is notified by mail.
    """
    score = numbers_in(review).get(OVERALL)
    with db.transaction() as tx:
        users.keep(user.id, tx)
        done = simulations.complete(simulation_id, user.id, total_xp, review, score, seconds, tx=tx)
        if done is None:
            return None
        kept.keep_clients(simulation_id, review, user.id, tx)
        if parts().settings.enable_engagement_tracking:
            engagement.record_once("simulation_complete", user.id, done.simulation_id, tx=tx)
        if link:
            parts().outbox.put("simulation_completed", user.id, link, tx, score)
    parts().outbox.wake()
    quality.measure(done)
    return done


def _key() -> str:
    return f"SIM-{secrets.token_hex(8).upper()}"


def _record_start(user: SignedIn, talk: Simulation, tx: db.Connection) -> None:
    if parts().settings.enable_engagement_tracking:
        engagement.record("simulation_start", user.id, talk.simulation_id, tx=tx)
