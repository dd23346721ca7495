"""What trainers would have given, and who has seen the machine's numbers before."""

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
    """One person's numbers for a talk as clients see them; `by` is a name, None when the account is gone."""

    id: UUID
    simulation_id: UUID
    scores: Any
    blind: bool
    notes: str | None
    by: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Pair:
    """A number as somebody gave it blind, and as the current review has it."""

    number: str
    human: float
    machine: float


_DEMO = "s.simulation_id LIKE 'SIM-DEMO-%%'"
NEWEST = 1_000  # marks that agreement is measured on
_COLUMNS = """m.id, m.simulation_id, m.scores, m.blind, m.notes,
              (SELECT left(u.name, 200) FROM users u WHERE u.id = m.by_user_id) AS by, m.created_at"""


def create(
    simulation_id: UUID, by: UUID, scores: dict[str, float], blind: bool, notes: str | None, tx: Connection
) -> Mark | None:
    """None when it should be blind and this person has seen the numbers; Duplicate when they marked the talk before."""
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
    """Oldest first."""
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
    """Every number that was given blind and that the talk's current review has too, in the newest marks. Not those of
    demo data: they are the machine's numbers with some chance added, and agree with it by their making."""
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
    """How many marks of demo data there are."""
    found: int = db.value(
        f"SELECT count(*) FROM review_marks m JOIN simulations s ON s.id = m.simulation_id WHERE {_DEMO}"
    )
    return found
