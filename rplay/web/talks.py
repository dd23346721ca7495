"""A learner's talks, as the API and the pages begin and end them."""

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

# Industries of old simulations that the metadata need not name.
INDUSTRIES = frozenset({"wealth-management", "banking", "insurance", "financial-planning"})


def begin(
    user: SignedIn,
    industry: str,
    subcategory: str | None,
    difficulty: Difficulty,
    profile: dict[str, Any],
    focus_areas: Sequence[str] | None = None,
) -> Simulation:
    """A new talk with this client, whose life is kept beside it; `focus_areas` where pages asked for them."""
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
    """A talk in which somebody looks at what they made; it counts for nothing."""
    life = _life_of(scenario)
    with db.transaction() as tx:
        users.keep(user.id, tx)
        return _begin_scenario(user, scenario, None, life, tx)


def begin_assigned(user: SignedIn, assignment_id: UUID) -> Simulation:
    """The user's next attempt at what was assigned to them.

    Whether they may is looked at twice: to make the client's life takes a while, in which no lock is held.
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
    """Another client for a talk in which nothing was said yet; False when something was."""
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
    """A new talk with the client of the user's own one, the same in all they are and remember; `said` is what was said
    before the line to try again."""
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
    """Ends the user's talk; may be repeated, the first end stands. None when they have no such talk. With a `link` they
    are told of it by mail."""
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
