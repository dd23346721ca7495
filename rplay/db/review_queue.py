"""The queue of completed talks that a trainer should look at. It shows no scores and nothing of the reviews."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from rplay import db
from rplay.db.reviews import BY_CURRENCY

Why = Literal["disputed", "flagged", "unreviewed"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A talk in the queue. `disputes` are the open ones, without their reasons, as a reason may reveal a score."""

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


# The query first selects talks by their ids alone: going through the rows of 100,000 talks took half a second.
_WAITING = f"""
        WITH judged AS MATERIALIZED (SELECT simulation_id FROM review_marks
                                      UNION SELECT simulation_id FROM review_overrides
                                      UNION SELECT simulation_id FROM review_disputes WHERE resolution IS NOT NULL),
             open AS MATERIALIZED (
                SELECT simulation_id, json_agg(json_build_object('id', id, 'number', number) ORDER BY created_at)
                           AS disputes
                  FROM review_disputes
                 WHERE resolution IS NULL
              GROUP BY simulation_id),
             flagged AS MATERIALIZED (
                SELECT f.simulation_id
                  FROM (SELECT DISTINCT simulation_id FROM reviews WHERE flagged) AS f
                 CROSS JOIN LATERAL (SELECT r.flagged FROM reviews r
                                      WHERE r.simulation_id = f.simulation_id ORDER BY {BY_CURRENCY} LIMIT 1) AS now
                 WHERE now.flagged),
             learners AS MATERIALIZED (
                SELECT DISTINCT l.user_id
                  FROM group_members t
                  JOIN group_members l ON l.group_id = t.group_id
                 WHERE t.user_id = %(user_id)s AND t.role = 'trainer' AND l.role = 'learner'),
             looked AS (
                SELECT s.id, s.completed_at, open.simulation_id IS NOT NULL AS disputed,
                       judged.simulation_id IS NULL AS unreviewed,
                       judged.simulation_id IS NULL AND flagged.simulation_id IS NOT NULL AS flagged
                  FROM simulations s
                  LEFT JOIN judged ON judged.simulation_id = s.id
                  LEFT JOIN open ON open.simulation_id = s.id
                  LEFT JOIN flagged ON flagged.simulation_id = s.id
                 WHERE s.completed_at IS NOT NULL AND s.user_id IS DISTINCT FROM %(user_id)s
                   AND (%(everybody)s OR s.user_id IN (SELECT user_id FROM learners))),
             page AS (
                SELECT *, count(*) OVER () AS total
                  FROM looked
                 WHERE CASE %(why)s::text WHEN 'disputed' THEN disputed WHEN 'flagged' THEN flagged
                       WHEN 'unreviewed' THEN unreviewed ELSE disputed OR unreviewed END
              ORDER BY disputed DESC, flagged DESC, completed_at, id
                 LIMIT %(limit)s OFFSET %(offset)s)
        SELECT s.id, s.simulation_id, s.user_id, left(u.name, 200) AS learner, left(s.industry, 200) AS industry,
               left(s.subcategory, 200) AS subcategory, left(s.difficulty, 200) AS difficulty, s.completed_at,
               array_remove(ARRAY[CASE WHEN page.disputed THEN 'disputed' END,
                                  CASE WHEN page.flagged THEN 'flagged' END,
                                  CASE WHEN page.unreviewed THEN 'unreviewed' END], NULL) AS why,
               coalesce(open.disputes, '[]') AS disputes, page.total
          FROM page
          JOIN simulations s ON s.id = page.id
          LEFT JOIN users u ON u.id = s.user_id
          LEFT JOIN open ON open.simulation_id = s.id
      ORDER BY page.disputed DESC, page.flagged DESC, page.completed_at, page.id
        """


def of(user_id: UUID, everybody: bool, why: Why | None, limit: int, offset: int) -> Queue:
    """Return the talks that this person should look at: disputed ones first, then flagged ones, the oldest first.

    These are the talks of learners in groups that this person trains, or with `everybody` those of all other people.
    Talks count as flagged or unreviewed only while nobody has judged them.
    """
    found = db.rows(_WAITING, user_id=user_id, everybody=everybody, why=why, limit=limit, offset=offset)
    total = found[0]["total"] if found else 0
    return Queue([Waiting(**{name: one[name] for name in Waiting.__slots__}) for one in found], total)
