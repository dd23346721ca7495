"""Who has seen the machine's numbers of a talk: their marks are not blind any more."""

from collections.abc import Sequence
from uuid import UUID

from rplay import db
from rplay.db import Connection

FEW = 3  # completed talks: a mean of fewer gives single numbers away to those who are to mark blind


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
    """The same for several."""
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
    """The same for every talk of one person."""
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
    """The same where the mean of this person's talks is shown, if there are so few that it gives their numbers away."""
    few = "SELECT count(*) < %(few)s FROM simulations WHERE user_id = %(owner)s AND completed_at IS NOT NULL"
    if db.value(few, owner=owner, few=FEW):
        note_all_of(owner, user_id)


def seen(simulation_id: UUID, user_id: UUID) -> bool:
    found = """
        SELECT EXISTS (SELECT 1 FROM review_views WHERE simulation_id = %(simulation_id)s AND user_id = %(user_id)s)
        """
    return db.value(found, simulation_id=simulation_id, user_id=user_id) is True
