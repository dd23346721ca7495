"""Talks that have a time limit: when each is over, and those that are."""

from dataclasses import dataclass
from uuid import UUID

from rplay import db
from rplay.db import Connection

LOOKED_BACK = "1 day"  # talks that were over longer ago are not looked for


@dataclass(frozen=True, slots=True)
class Over:
    """A talk that was ended because its time was over."""

    simulation_id: str
    user_id: UUID | None


def start(simulation_id: UUID, minutes: int) -> float:
    """Seconds that are left, below 0 when it is over. The clock starts the first time."""
    left: float = db.value(
        """
        UPDATE simulation_origins
           SET ends_at = coalesce(ends_at, now() + make_interval(mins => %(minutes)s))
         WHERE simulation_id = %(id)s
     RETURNING extract(epoch FROM ends_at - now())::float
        """,
        id=simulation_id,
        minutes=minutes,
    )
    return left


def end_those_over(tx: Connection) -> list[Over]:
    """Ends the talks that nobody has ended in time; those that somebody saves just now are left to the next look."""
    return db.all_of(
        Over,
        f"""
        UPDATE simulations
           SET completed_at = now()
         WHERE id IN (SELECT s.id
                        FROM simulation_origins o
                        JOIN simulations s ON s.id = o.simulation_id
                       WHERE o.ends_at BETWEEN now() - interval '{LOOKED_BACK}' AND now() AND s.completed_at IS NULL
                         FOR NO KEY UPDATE OF s SKIP LOCKED)
     RETURNING simulation_id, user_id
        """,
        tx=tx,
    )
