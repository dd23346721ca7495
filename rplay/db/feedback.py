"""Learners' feedback on talks (the net promoter score)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from rplay import db
from rplay.db import LIST_BYTES, Connection, before


@dataclass(frozen=True, slots=True)
class Feedback:
    """One piece of feedback as clients see it, with its keys in this order. `score` is 0–10, `rating` 0–100."""

    id: UUID
    simulation_id: str
    user_id: UUID | None
    score: int
    feedback_type: str
    reasons: Any
    comments: str | None
    submitted_at: datetime
    rating: int
    created_at: datetime


_COLUMNS = """id, simulation_id, user_id, score, feedback_type, reasons, comments, submitted_at,
              score * 10 AS rating, submitted_at AS created_at"""
_BEFORE = before("f", "submitted_at DESC, id")


def create(
    simulation_id: str,
    user_id: UUID,
    score: int,
    kind: str,
    reasons: list[str] | None,
    comments: str | None,
    tx: Connection | None = None,
) -> Feedback:
    created = db.one(
        Feedback,
        f"""
        INSERT INTO nps_feedback (simulation_id, user_id, score, feedback_type, reasons, comments)
        VALUES (%(simulation_id)s, %(user_id)s, %(score)s, %(kind)s, %(reasons)s, %(comments)s)
     RETURNING {_COLUMNS}
        """,
        tx=tx,
        simulation_id=simulation_id,
        user_id=user_id,
        score=score,
        kind=kind,
        reasons=reasons,
        comments=comments,
    )
    assert created is not None
    return created


def of_simulation(simulation_id: str) -> list[Feedback]:
    """Return the feedback on a simulation, newest first."""
    return db.all_of(
        Feedback,
        f"""
        SELECT {_COLUMNS}
          FROM (SELECT f.*, {_BEFORE} AS before
                  FROM nps_feedback f
                 WHERE simulation_id = %(simulation_id)s
              ORDER BY submitted_at DESC, id
                 LIMIT 10000) AS newest
         WHERE before < {LIST_BYTES}
      ORDER BY submitted_at DESC, id
        """,
        simulation_id=simulation_id,
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """How many answers there are of each kind. The average score is None if there are no answers."""

    total: int
    promoters: int
    passives: int
    detractors: int
    average: float | None


def find(
    user_id: UUID | None, key: str | None, simulation_id: UUID | None, kind: str | None, limit: int
) -> list[Feedback]:
    """Return feedback, newest first; an argument that is None does not filter. Feedback names its talk by the `SIM-…`
    text (`key`) or by the id.
    """
    return db.all_of(
        Feedback,
        f"""
        SELECT {_COLUMNS}
          FROM (SELECT f.*, {_BEFORE} AS before
                  FROM nps_feedback f
                 WHERE (%(user_id)s::uuid IS NULL OR user_id = %(user_id)s)
                   AND (%(kind)s::text IS NULL OR feedback_type = %(kind)s)
                   AND (%(key)s::text IS NULL
                        OR simulation_id = %(key)s
                        OR simulation_id = (SELECT s.simulation_id FROM simulations s
                                             WHERE s.id = %(simulation_id)s::uuid))
              ORDER BY submitted_at DESC, id
                 LIMIT %(limit)s) AS newest
         WHERE before < {LIST_BYTES}
      ORDER BY submitted_at DESC, id
        """,
        user_id=user_id,
        key=key,
        simulation_id=simulation_id,
        kind=kind,
        limit=limit,
    )


def counts() -> Counts:
    found = db.one(
        Counts,
        """
        SELECT count(*) AS total,
               count(*) FILTER (WHERE feedback_type = 'promoter') AS promoters,
               count(*) FILTER (WHERE feedback_type = 'passive') AS passives,
               count(*) FILTER (WHERE feedback_type = 'detractor') AS detractors,
               avg(score)::float AS average
          FROM nps_feedback
        """,
    )
    assert found is not None
    return found


def scores() -> list[dict[str, Any]]:
    """Return all answers, newest first, with the field names of the frontend's analytics page."""
    return db.rows(
        f"""
        SELECT id, simulation_id AS "simulationId", user_id AS "userId", score, comments AS comment,
               submitted_at AS timestamp
          FROM (SELECT f.*, {_BEFORE} AS before
                  FROM nps_feedback f
              ORDER BY submitted_at DESC, id
                 LIMIT 10000) AS newest
         WHERE before < {LIST_BYTES}
      ORDER BY submitted_at DESC, id
        """
    )
