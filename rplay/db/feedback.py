"""What learners thought of a talk (the net promoter score)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from rplay import db


@dataclass(frozen=True, slots=True)
class Feedback:
    """One answer as clients see it; keys in this order. `score` is 0–10, `rating` 0–100."""

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


def create(
    simulation_id: str, user_id: UUID, score: int, kind: str, reasons: list[str] | None, comments: str | None
) -> Feedback:
    created = db.one(
        Feedback,
        f"""
        INSERT INTO nps_feedback (simulation_id, user_id, score, feedback_type, reasons, comments)
        VALUES (%(simulation_id)s, %(user_id)s, %(score)s, %(kind)s, %(reasons)s, %(comments)s)
     RETURNING {_COLUMNS}
        """,
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
    """Newest first."""
    return db.all_of(
        Feedback,
        f"""
        SELECT {_COLUMNS}
          FROM nps_feedback
         WHERE simulation_id = %(simulation_id)s
      ORDER BY submitted_at DESC, id
         LIMIT 10000
        """,
        simulation_id=simulation_id,
    )
