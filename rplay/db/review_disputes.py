"""Learners' disputes about scores in their reviews."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rplay import db
from rplay.db import Connection


@dataclass(frozen=True, slots=True)
class Dispute:
    """One dispute as clients see it. `resolved_by` is a name, None if that account is gone."""

    id: UUID
    simulation_id: UUID
    review_id: UUID
    number: str
    reason: str
    created_at: datetime
    resolution: str | None
    score: float | None
    resolution_reason: str | None
    resolved_by: str | None
    resolved_at: datetime | None


_COLUMNS = """d.id, d.simulation_id, d.review_id, d.number, d.reason, d.created_at, d.resolution,
              d.score::float AS score, d.resolution_reason,
              (SELECT left(u.name, 200) FROM users u WHERE u.id = d.by_user_id) AS resolved_by, d.resolved_at"""


def create(simulation_id: UUID, review_id: UUID, number: str, reason: str, tx: Connection) -> Dispute:
    """Create a dispute. Raise Duplicate if the score was disputed before."""
    created = db.one(
        Dispute,
        f"""
        INSERT INTO review_disputes AS d (simulation_id, review_id, number, reason)
        VALUES (%(simulation_id)s, %(review_id)s, %(number)s, %(reason)s)
     RETURNING {_COLUMNS}
        """,
        tx=tx,
        simulation_id=simulation_id,
        review_id=review_id,
        number=number,
        reason=reason,
    )
    assert created is not None
    return created


def get(dispute_id: UUID) -> Dispute | None:
    return db.one(Dispute, f"SELECT {_COLUMNS} FROM review_disputes d WHERE d.id = %(id)s", id=dispute_id)


def of_simulation(simulation_id: UUID) -> list[Dispute]:
    """Return the disputes of a talk, oldest first."""
    return db.all_of(
        Dispute,
        f"""
        SELECT {_COLUMNS}
          FROM review_disputes d
         WHERE d.simulation_id = %(simulation_id)s
      ORDER BY d.created_at, d.id
         LIMIT 1000
        """,
        simulation_id=simulation_id,
    )


def resolve(
    dispute_id: UUID, resolution: str, score: float | None, reason: str, by: UUID, tx: Connection
) -> Dispute | None:
    """Resolve a dispute. Return None if it was already resolved."""
    return db.one(
        Dispute,
        f"""
        UPDATE review_disputes AS d
           SET resolution = %(resolution)s, score = %(score)s, resolution_reason = %(reason)s, by_user_id = %(by)s,
               resolved_at = now()
         WHERE d.id = %(id)s AND d.resolution IS NULL
     RETURNING {_COLUMNS}
        """,
        tx=tx,
        id=dispute_id,
        resolution=resolution,
        score=score,
        reason=reason,
        by=by,
    )
