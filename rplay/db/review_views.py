"""Who has seen the machine's scores of a talk. Marks that they give afterwards are not blind."""

from collections.abc import Sequence
from uuid import UUID

from rplay import db
from rplay.db import Connection

FEW = 3  # completed talks: with fewer, a mean reveals single scores to trainers who are to mark blind


def note(simulation_id: UUID, user_id: UUID, tx: Connection | None = None) -> None:
    db.execute(
        """
        INSERT INTO review_views (simulation_id, user_id)
        SELECT id, %(user_id)s FROM simulations WHERE id = %(simulation_id)s FOR KEY SHARE
   ON CONFLICT DO NOTHING
        """,
        tx=tx,
        simulation_id=simulation_id,
        user_id=user_id,
    )


def note_those(simulation_ids: Sequence[UUID], user_id: UUID) -> None:
    """Record for several talks that the user has seen their scores."""
    db.execute(
        """
        INSERT INTO review_views (simulation_id, user_id)
        SELECT id, %(user_id)s FROM simulations WHERE id = ANY(%(ids)s) ORDER BY id FOR KEY SHARE
   ON CONFLICT DO NOTHING
        """,
        ids=list(simulation_ids),
        user_id=user_id,
    )


def note_all_of(owner: UUID, user_id: UUID) -> None:
    """Record for every talk of `owner` that the user has seen its scores."""
    db.execute(
        """
        INSERT INTO review_views (simulation_id, user_id)
        SELECT id, %(user_id)s FROM simulations WHERE user_id = %(owner)s ORDER BY id FOR KEY SHARE
   ON CONFLICT DO NOTHING
        """,
        owner=owner,
        user_id=user_id,
    )


def note_few_of(owner: UUID, user_id: UUID) -> None:
    """Record that the user has seen all of `owner`'s scores if there are so few talks that their mean reveals single
    scores.
    """
    few = "SELECT count(*) < %(few)s FROM simulations WHERE user_id = %(owner)s AND completed_at IS NOT NULL"
    if db.value(few, owner=owner, few=FEW):
        note_all_of(owner, user_id)


def seen(simulation_id: UUID, user_id: UUID) -> bool:
    found = """
        SELECT EXISTS (SELECT 1 FROM review_views WHERE simulation_id = %(simulation_id)s AND user_id = %(user_id)s)
        """
    return db.value(found, simulation_id=simulation_id, user_id=user_id) is True
