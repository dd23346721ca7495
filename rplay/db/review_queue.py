"""Completed talks that somebody should look at: no number of theirs, and nothing that a review says."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from rplay import db
from rplay.db.reviews import BY_CURRENCY

Why = Literal["disputed", "flagged", "unreviewed"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A talk that waits; `disputes` are the open ones, without their reasons, which may tell the numbers."""

    id: UUID
    simulation_id: str
    user_id: UUID | None
    learner: str | None
    industry: str
    subcategory: str | None
    difficulty: str
    completed_at: datetime
    why: list[Why]
    disputes: Any


@dataclass(frozen=True, slots=True)
class Queue:
    waiting: list[Waiting]
    total: int


_WAITING = f"""
        WITH judged AS (SELECT simulation_id FROM review_marks
                         UNION SELECT simulation_id FROM review_overrides
                         UNION SELECT simulation_id FROM review_disputes WHERE resolution IS NOT NULL),
             open AS (SELECT simulation_id,
                             json_agg(json_build_object('id', id, 'number', number) ORDER BY created_at) AS disputes
                        FROM review_disputes
                       WHERE resolution IS NULL
                    GROUP BY simulation_id),
             looked AS (
                SELECT s.id, s.simulation_id, s.user_id, left(u.name, 200) AS learner, s.industry, s.subcategory,
                       s.difficulty, s.completed_at, open.disputes,
                       NOT s.id IN (SELECT simulation_id FROM judged) AS unreviewed,
                       CASE WHEN s.id IN (SELECT simulation_id FROM reviews WHERE flagged)
                            THEN (SELECT r.flagged FROM reviews r
                                   WHERE r.simulation_id = s.id ORDER BY {BY_CURRENCY} LIMIT 1)
                            ELSE false END AS flagged
                  FROM simulations s
                  LEFT JOIN users u ON u.id = s.user_id
                  LEFT JOIN open ON open.simulation_id = s.id
                 WHERE s.completed_at IS NOT NULL AND s.user_id IS DISTINCT FROM %(user_id)s
                   AND (%(everybody)s
                        OR s.user_id IN (SELECT l.user_id
                                           FROM group_members t
                                           JOIN group_members l ON l.group_id = t.group_id
                                          WHERE t.user_id = %(user_id)s AND t.role = 'trainer'
                                            AND l.role = 'learner'))),
             reasons AS (
                SELECT *, array_remove(ARRAY[CASE WHEN disputes IS NOT NULL THEN 'disputed' END,
                                             CASE WHEN flagged AND unreviewed THEN 'flagged' END,
                                             CASE WHEN unreviewed THEN 'unreviewed' END], NULL) AS why
                  FROM looked)
        SELECT id, simulation_id, user_id, learner, left(industry, 200) AS industry,
               left(subcategory, 200) AS subcategory, left(difficulty, 200) AS difficulty, completed_at, why,
               coalesce(disputes, '[]') AS disputes, count(*) OVER () AS total
          FROM reasons
         WHERE why <> '{{}}' AND (%(why)s::text IS NULL OR %(why)s = ANY(why))
      ORDER BY why[1], completed_at, id
         LIMIT %(limit)s OFFSET %(offset)s
        """


def of(user_id: UUID, everybody: bool, why: Why | None, limit: int, offset: int) -> Queue:
    """What this person is to look at, disputed first, then flagged, the oldest first: everybody else's talks, or those
    of who learns in a group that they train.

    Flagged and unreviewed are talks that nobody has judged yet.
    """
    found = db.rows(_WAITING, user_id=user_id, everybody=everybody, why=why, limit=limit, offset=offset)
    total = found[0]["total"] if found else 0
    return Queue([Waiting(**{name: one[name] for name in Waiting.__slots__}) for one in found], total)
