"""Trainers' own scores for talks ("marks")."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from rplay import db
from rplay.db import Connection
from rplay.db.reviews import BY_CURRENCY


@dataclass(frozen=True, slots=True)
class Mark:
    """One person's scores for a talk as clients see them. `by` is a name, None if that account is gone."""

    id: UUID
    simulation_id: UUID
    scores: Any
    blind: bool
    notes: str | None
    by: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Pair:
    """A score that a trainer gave blind, and the one in the talk's current review."""

    number: str
    human: float
    machine: float


_DEMO = "s.simulation_id LIKE 'SIM-DEMO-%%'"
NEWEST = 1_000  # marks on which the agreement is measured
_COLUMNS = """m.id, m.simulation_id, m.scores, m.blind, m.notes,
              (SELECT left(u.name, 200) FROM users u WHERE u.id = m.by_user_id) AS by, m.created_at"""


def create(
    simulation_id: UUID, by: UUID, scores: dict[str, float], blind: bool, notes: str | None, tx: Connection
) -> Mark | None:
    """Store a mark. Return None if it is to be blind but this person has seen the machine's scores; raise Duplicate if
    they marked the talk before.
    """
    return db.one(
        Mark,
        f"""
        INSERT INTO review_marks AS m (simulation_id, by_user_id, scores, blind, notes)
        SELECT %(simulation_id)s, %(by)s, %(scores)s, %(blind)s, %(notes)s
         WHERE NOT (%(blind)s AND EXISTS (SELECT 1 FROM review_views
                                           WHERE simulation_id = %(simulation_id)s AND user_id = %(by)s))
     RETURNING {_COLUMNS}
        """,
        tx=tx,
        simulation_id=simulation_id,
        by=by,
        scores=Jsonb(scores),
        blind=blind,
        notes=notes,
    )


def of_simulation(simulation_id: UUID) -> list[Mark]:
    """Return the marks of a talk, oldest first."""
    return db.all_of(
        Mark,
        f"""
        SELECT {_COLUMNS}
          FROM review_marks m
         WHERE m.simulation_id = %(simulation_id)s
      ORDER BY m.created_at, m.id
         LIMIT 1000
        """,
        simulation_id=simulation_id,
    )


def pairs() -> list[Pair]:
    """Return each score that was given blind, with the current review's score for it, from the newest marks.

    Demo data is left out: its marks are the machine's scores plus some noise, so they agree by construction.
    """
    return db.all_of(
        Pair,
        f"""
        SELECT given.key AS number, given.value::float AS human, (now.scores ->> given.key)::float AS machine
          FROM (SELECT m.*
                  FROM review_marks m
                  JOIN simulations s ON s.id = m.simulation_id
                 WHERE m.blind AND NOT {_DEMO}
              ORDER BY m.created_at DESC, m.id
                 LIMIT {NEWEST}) AS m
         CROSS JOIN LATERAL (SELECT r.scores
                               FROM reviews r
                              WHERE r.simulation_id = m.simulation_id
                           ORDER BY {BY_CURRENCY}
                              LIMIT 1) AS now
         CROSS JOIN LATERAL jsonb_each_text(m.scores) AS given
         WHERE now.scores ? given.key
      ORDER BY m.created_at, m.id, given.key
        """,
    )


def of_demo_talks() -> int:
    """Return the number of marks in demo data."""
    found: int = db.value(
        f"SELECT count(*) FROM review_marks m JOIN simulations s ON s.id = m.simulation_id WHERE {_DEMO}"
    )
    return found
