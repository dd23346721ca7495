"""Who may see what was thought of a talk, and who may judge it.

Its owner, the trainers of a group in which the owner learns, and admins see it. Trainers and admins judge it, but
nobody a talk of their own.
"""

from typing import Literal
from uuid import UUID

from rplay.db import Connection, groups, review_views, simulations
from rplay.db.sessions import SignedIn
from rplay.db.simulations import Owned, Simulation
from rplay.db.users import ADMINS
from rplay.errors import Forbidden, NotFound

Relation = Literal["owner", "trainer", "admin"]
NOT_FOUND = "Simulation not found"


def relation(user: SignedIn, owner: UUID | None) -> Relation | None:
    """What the user is to somebody's talks; None for a stranger."""
    if user.id == owner:
        return "owner"
    if user.role in ADMINS:
        return "admin"
    if user.role == "trainer" and owner and groups.trains(user.id, owner):
        return "trainer"
    return None


def seen_by(user: SignedIn, simulation_id: UUID) -> Simulation:
    """The talk, for somebody who may see its reviews."""
    talk = simulations.get(simulation_id)
    if talk is None:
        raise NotFound(NOT_FOUND)
    if relation(user, talk.user_id) is None:
        raise Forbidden("Not authorized to view these reviews")
    return talk


def judged_by(user: SignedIn, simulation_id: UUID, tx: Connection) -> Owned:
    """The talk, locked, for somebody who may say what it is worth."""
    talk = simulations.locked(simulation_id, tx)
    if talk is None:
        raise NotFound(NOT_FOUND)
    if relation(user, talk.user_id) not in ("trainer", "admin"):
        raise Forbidden("Not authorized to judge this simulation")
    return talk


def owned_by(user: SignedIn, simulation_id: UUID, tx: Connection) -> Owned:
    """The user's own talk, locked."""
    talk = simulations.locked(simulation_id, tx)
    if talk is None:
        raise NotFound(NOT_FOUND)
    if talk.user_id != user.id:
        raise Forbidden("Not authorized to dispute this review")
    return talk


def note_seen(user: SignedIn, talk: Simulation) -> None:
    """The user is about to be shown the machine's numbers: their marks of this talk are not blind any more."""
    if user.id != talk.user_id:
        review_views.note(talk.id, user.id)
