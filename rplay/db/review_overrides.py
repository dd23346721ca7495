"""Numbers that people put in place of a review's."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rplay import db
from rplay.db import Connection


@dataclass(frozen=True, slots=True)
class Override:
    """One number as clients see it; `by` is a name, None when the account is gone."""

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
MOST = 1000  # of a talk


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
    """None when there are as many as there may be."""
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
    """Newest first: the first of each number is the one that holds."""
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
