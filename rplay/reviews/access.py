"""Who may see the reviews of a talk, and who may judge it.

Its owner, the trainers of a group in which the owner learns, and admins may see them. Trainers and admins may judge the
talk, but nobody may judge their own.
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
    """Return how the user is related to the owner of a talk; None for a stranger."""
    if user.id == owner:
        return "owner"
    if user.role in ADMINS:
        return "admin"
    if user.role == "trainer" and owner and groups.trains(user.id, owner):
        return "trainer"
    return None


def seen_by(user: SignedIn, simulation_id: UUID) -> Simulation:
    """Return the talk. Raise Forbidden if the user may not see its reviews."""
    talk = simulations.get(simulation_id)
    if talk is None:
        raise NotFound(NOT_FOUND)
    if relation(user, talk.user_id) is None:
        raise Forbidden("Not authorized to view these reviews")
    return talk


def judged_by(user: SignedIn, simulation_id: UUID, tx: Connection) -> Owned:
    """Lock and return the talk. Raise Forbidden if the user may not judge it."""
    talk = simulations.locked(simulation_id, tx)
    if talk is None:
        raise NotFound(NOT_FOUND)
    if relation(user, talk.user_id) not in ("trainer", "admin"):
        raise Forbidden("Not authorized to judge this simulation")
    return talk


def owned_by(user: SignedIn, simulation_id: UUID, tx: Connection) -> Owned:
    """Lock and return the user's own talk. Raise Forbidden for another user's."""
    talk = simulations.locked(simulation_id, tx)
    if talk is None:
        raise NotFound(NOT_FOUND)
    if talk.user_id != user.id:
        raise Forbidden("Not authorized to dispute this review")
    return talk


def note_seen(user: SignedIn, talk: Simulation) -> None:
    """Record that the user is about to see the machine's scores, so that their marks of this talk are no longer
    blind.
    """
    if user.id != talk.user_id:
        review_views.note(talk.id, user.id)
