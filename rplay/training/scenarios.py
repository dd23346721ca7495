"""Access to scenarios: who may see and change them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rplay.db import Connection, audit_log, scenarios
from rplay.db.scenarios import Listed, Scenario
from rplay.db.sessions import SignedIn
from rplay.db.users import ADMINS
from rplay.errors import Conflict, Forbidden, NotFound
from rplay.training import files
from rplay.training.scenario import Content, read

NOT_FOUND = "Scenario not found"
TOO_MANY = f"There are {scenarios.VERSIONS} versions of this scenario already, the most there can be"


def trains(user: SignedIn) -> bool:
    return user.role in ADMINS or user.role == "trainer"


def shows_points_to(user: SignedIn, scenario: Content) -> bool:
    """Return True if this user may read before the talk what must and must not be said."""
    return scenario.points_shown or trains(user)


def for_trainers(user: SignedIn) -> None:
    if not trains(user):
        raise Forbidden("Trainer access required")


def of_user(user: SignedIn) -> list[Listed]:
    """Return all scenarios for an admin, a trainer's own and the house's for a trainer."""
    for_trainers(user)
    return scenarios.visible(None if user.role in ADMINS else user.id)


def seen_by(user: SignedIn, scenario_id: UUID, tx: Connection | None = None) -> Scenario:
    """Return the newest version. Raise Forbidden if the user may not see the scenario."""
    found = scenarios.get(scenario_id, tx)
    if not (trains(user) and (user.role in ADMINS or (found and (found.house or found.by_user_id == user.id)))):
        raise Forbidden("Not authorized to view this scenario")
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def may_change(user: SignedIn, scenario: Scenario) -> bool:
    return user.role in ADMINS or (user.role == "trainer" and scenario.by_user_id == user.id)


def changed_by(user: SignedIn, scenario_id: UUID, tx: Connection) -> Scenario:
    """Lock the scenario and return its newest version. Raise Forbidden if the user may not change it."""
    scenarios.lock(scenario_id, tx)
    found = scenarios.get(scenario_id, tx)
    if not (trains(user) and (user.role in ADMINS or (found and may_change(user, found)))):
        raise Forbidden("Not authorized to change this scenario")
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def take_shipped(user: SignedIn, industries: Mapping[str, Any], tx: Connection) -> int:
    """Import the shipped scenarios, for every trainer to use. Return how many were imported."""
    for_trainers(user)
    taken = files.take_shipped(industries, tx)
    if taken:
        audit_log.record("scenario.take_shipped", user.id, tx=tx)
    return taken


def create(user: SignedIn, data: Mapping[str, Any], industries: Mapping[str, Any], tx: Connection) -> Scenario:
    """Create a scenario. One that an admin creates belongs to the house."""
    for_trainers(user)
    content = read(data, industries).as_object()
    made = scenarios.create(content, user.id, user.role in ADMINS, tx)
    audit_log.record("scenario.create", user.id, subject=made, tx=tx)
    return seen_by(user, made, tx)


def change(
    user: SignedIn, scenario_id: UUID, data: Mapping[str, Any], industries: Mapping[str, Any], tx: Connection
) -> Scenario:
    changed_by(user, scenario_id, tx)
    if not scenarios.change(scenario_id, read(data, industries).as_object(), user.id, tx):
        raise Conflict(TOO_MANY)
    audit_log.record("scenario.change", user.id, subject=scenario_id, tx=tx)
    return seen_by(user, scenario_id, tx)


def archive(user: SignedIn, scenario_id: UUID, tx: Connection) -> None:
    changed_by(user, scenario_id, tx)
    scenarios.archive(scenario_id, tx)
    audit_log.record("scenario.archive", user.id, subject=scenario_id, tx=tx)
