"""Scores that people put in the place of a review's scores."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rplay import db
from rplay.db import Connection


@dataclass(frozen=True, slots=True)
class Override:
    """One replaced score as clients see it. `by` is a name, None if that account is gone."""

    id: UUID
    simulation_id: UUID
    review_id: UUID
    number: str
    score: float
    reason: str
    dispute_id: UUID | None
    by: str | None
    created_at: datetime


_COLUMNS = """o.id, o.simulation_id, o.review_id, o.number, o.score::float AS score, o.reason, o.dispute_id,
              (SELECT left(u.name, 200) FROM users u WHERE u.id = o.by_user_id) AS by, o.created_at"""
MOST = 1000  # overrides of one talk at most


def create(
    simulation_id: UUID,
    review_id: UUID,
    number: str,
    score: float,
    reason: str,
    by: UUID,
    tx: Connection,
    dispute_id: UUID | None = None,
) -> Override | None:
    """Store an override. Return None if the talk already has MOST of them."""
    return db.one(
        Override,
        f"""
        INSERT INTO review_overrides AS o (simulation_id, review_id, number, score, reason, dispute_id, by_user_id)
        SELECT %(simulation_id)s, %(review_id)s, %(number)s, %(score)s, %(reason)s, %(dispute_id)s, %(by)s
         WHERE (SELECT count(*) FROM review_overrides WHERE simulation_id = %(simulation_id)s) < {MOST}
     RETURNING {_COLUMNS}
        """,
        tx=tx,
        simulation_id=simulation_id,
        review_id=review_id,
        number=number,
        score=score,
        reason=reason,
        dispute_id=dispute_id,
        by=by,
    )


def of_simulation(simulation_id: UUID) -> list[Override]:
    """Return the overrides of a talk, newest first. The first one of each score is in force."""
    return db.all_of(
        Override,
        f"""
        SELECT {_COLUMNS}
          FROM review_overrides o
         WHERE o.simulation_id = %(simulation_id)s
      ORDER BY o.created_at DESC, o.id
        """,
        simulation_id=simulation_id,
    )
