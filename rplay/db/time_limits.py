"""Time limits of talks: when a talk ends, and which talks are past their end."""

from dataclasses import dataclass
from uuid import UUID

from rplay import db
from rplay.db import Connection

LOOKED_BACK = "1 day"  # talks whose time ended longer ago are ignored


@dataclass(frozen=True, slots=True)
class Over:
    """A talk that was ended because its time was up."""

    simulation_id: str
    user_id: UUID | None


def start(simulation_id: UUID, minutes: int) -> float:
    """Start the talk's clock if it is not running. Return the seconds left, which are negative after the end."""
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
    """End the talks that are past their time limit. Talks that another transaction is just saving are left to the next
    call.
    """
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
