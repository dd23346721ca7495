"""Simulations: the practice talks as they are stored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from rplay import db
from rplay.db import LIST_BYTES, Connection, before_of, users


@dataclass(frozen=True, slots=True)
class Simulation:
    """A talk as clients see it, with its keys in this order. Its history is JSON text that is sent without being
    parsed.
    """

    id: UUID
    simulation_id: str
    user_id: UUID | None
    industry: str
    subcategory: str | None
    difficulty: str
    client_profile: Any
    conversation_history: Any
    objectives_completed: Any
    started_at: datetime
    completed_at: datetime | None
    total_xp: int
    performance_review: Any
    duration_seconds: int | None


@dataclass(frozen=True, slots=True)
class Owned:
    id: UUID
    simulation_id: str
    user_id: UUID | None


@dataclass(frozen=True, slots=True)
class Stats:
    total: int
    completed: int
    average: float | None


@dataclass(frozen=True, slots=True)
class Page(Stats):
    """One page of a user's talks as JSON text, with statistics over all of the user's talks."""

    simulations: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A talk as operators see it, without its messages."""

    id: UUID
    simulation_id: str
    user_id: UUID | None
    email: str | None
    industry: str
    subcategory: str | None
    difficulty: str
    started_at: datetime
    completed_at: datetime | None
    messages: int
    score: float | None


_COLUMNS = """id, simulation_id, user_id, industry, subcategory, difficulty, client_profile,
              conversation_history::json AS conversation_history,
              coalesce(objectives_completed, '[]') AS objectives_completed, started_at, completed_at,
              coalesce(total_xp, 0) AS total_xp, performance_review, duration_seconds"""
_STATS = """count(*) AS total, count(completed_at) AS completed,
              round(avg(coalesce(score, CASE WHEN jsonb_typeof(performance_review -> 'overallScore') = 'number'
                                              AND (performance_review -> 'overallScore') BETWEEN '1' AND '10'
                                             THEN (performance_review ->> 'overallScore')::numeric END)), 2)::float
              AS average"""
_NEWEST = "started_at DESC, id"
# Columns that can be long. Measuring the whole row as text would cost PostgreSQL a tenth of a millisecond more.
_LONG = "coalesce(octet_length(objectives_completed::text), 0) + coalesce(octet_length(performance_review::text), 0)"
_MOMENT = """'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'"""


def create(
    simulation_id: str,
    user_id: UUID,
    industry: str,
    subcategory: str | None,
    difficulty: str,
    profile: dict[str, Any],
    tx: Connection | None = None,
) -> Simulation:
    created = db.one(
        Simulation,
        f"""
        INSERT INTO simulations (simulation_id, user_id, industry, subcategory, difficulty, client_profile,
                                 conversation_history, objectives_completed, total_xp)
        VALUES (%(simulation_id)s, %(user_id)s, %(industry)s, %(subcategory)s, %(difficulty)s, %(profile)s,
                '[]', '[]', 0)
     RETURNING {_COLUMNS}
        """,
        tx=tx,
        simulation_id=simulation_id,
        user_id=user_id,
        industry=industry,
        subcategory=subcategory,
        difficulty=difficulty,
        profile=Jsonb(profile),
    )
    assert created is not None
    return created


def get(simulation_id: UUID) -> Simulation | None:
    return db.one(Simulation, f"SELECT {_COLUMNS} FROM simulations WHERE id = %(id)s", id=simulation_id)


def by_key(simulation_id: str) -> Simulation | None:
    """Return the talk with this `SIM-…` text."""
    return db.one(Simulation, f"SELECT {_COLUMNS} FROM simulations WHERE simulation_id = %(key)s", key=simulation_id)


def owner(simulation_id: UUID) -> Owned | None:
    """Return only the talk's ids and owner."""
    return db.one(Owned, "SELECT id, simulation_id, user_id FROM simulations WHERE id = %(id)s", id=simulation_id)


def locked(simulation_id: UUID, tx: Connection) -> Owned | None:
    """Like `owner`, and keep others from changing or deleting the talk until the transaction ends."""
    return db.one(
        Owned,
        "SELECT id, simulation_id, user_id FROM simulations WHERE id = %(id)s FOR NO KEY UPDATE",
        tx=tx,
        id=simulation_id,
    )


def profile_of(key: str, user_id: UUID) -> dict[str, Any]:
    """Return the client's profile in the user's simulation with this `SIM-…` text or id; empty if there is none."""
    found = db.value(
        """
        SELECT client_profile
          FROM simulations
         WHERE user_id = %(user_id)s AND (simulation_id = %(key)s OR id::text = lower(%(key)s))
        """,
        key=key,
        user_id=user_id,
    )
    return found if isinstance(found, dict) else {}


def history(simulation_id: UUID) -> list[Any]:
    found = db.value("SELECT conversation_history FROM simulations WHERE id = %(id)s", id=simulation_id)
    return found if isinstance(found, list) else []


def find(key: str, simulation_id: UUID | None) -> Owned | None:
    """Return the talk with this `SIM-…` text or this id."""
    return db.one(
        Owned,
        """
        SELECT id, simulation_id, user_id
          FROM simulations
         WHERE simulation_id = %(key)s OR id = %(id)s::uuid
        """,
        key=key,
        id=simulation_id,
    )


def newest(user_id: UUID | None, limit: int) -> list[Listed]:
    """Return the newest talks of everybody, or of one user."""
    return db.all_of(
        Listed,
        """
        SELECT s.id, s.simulation_id, s.user_id, u.email, s.industry, s.subcategory, s.difficulty,
               s.started_at, s.completed_at, s.score::float AS score,
               CASE WHEN jsonb_typeof(s.conversation_history) = 'array'
                    THEN jsonb_array_length(s.conversation_history) ELSE 0 END AS messages
          FROM simulations s
          LEFT JOIN users u ON u.id = s.user_id
         WHERE %(user_id)s::uuid IS NULL OR s.user_id = %(user_id)s
      ORDER BY s.started_at DESC, s.id
         LIMIT %(limit)s
        """,
        user_id=user_id,
        limit=limit,
    )


def newest_completed(limit: int) -> list[Simulation]:
    """Return the newest completed talks of everybody, without their messages."""
    return db.all_of(
        Simulation,
        f"""
        SELECT {_COLUMNS.replace("conversation_history::json", "'[]'::json")}
          FROM simulations
         WHERE completed_at IS NOT NULL AND conversation_history <> '[]'
      ORDER BY completed_at DESC, id
         LIMIT %(limit)s
        """,
        limit=limit,
    )


def page_of(user_id: UUID, limit: int, offset: int) -> Page:
    """Return a page of the user's talks without profile and history, newest first; fewer if their reviews are long.

    PostgreSQL writes the JSON in the same round trip: for 20 talks this saves 0.6 ms of the server's CPU compared with
    rows.
    """
    page = db.one(
        Page,
        f"""
        SELECT {_STATS},
               (SELECT coalesce(json_agg(talk), '[]')::text
                  FROM (SELECT id, simulation_id, user_id, industry, subcategory, difficulty,
                               coalesce(objectives_completed, '[]') AS objectives_completed,
                               to_char(started_at, {_MOMENT}) AS started_at,
                               to_char(completed_at, {_MOMENT}) AS completed_at,
                               coalesce(total_xp, 0) AS total_xp, performance_review, duration_seconds
                          FROM (SELECT page.*, {before_of(_LONG, _NEWEST)} AS before
                                  FROM (SELECT *
                                          FROM simulations
                                         WHERE user_id = %(user_id)s
                                      ORDER BY {_NEWEST}
                                         LIMIT %(limit)s OFFSET %(offset)s) AS page) AS measured
                         WHERE before < {LIST_BYTES}
                      ORDER BY {_NEWEST}) AS talk) AS simulations
          FROM simulations
         WHERE user_id = %(user_id)s
        """,
        user_id=user_id,
        limit=limit,
        offset=offset,
    )
    assert page is not None
    return page


def stats_of(user_id: UUID) -> Stats:
    """Return the number of talks, of completed talks, and the mean score of the talks that have one."""
    stats = db.one(Stats, f"SELECT {_STATS} FROM simulations WHERE user_id = %(user_id)s", user_id=user_id)
    assert stats is not None
    return stats


def update(
    simulation_id: UUID,
    user_id: UUID,
    conversation_history: list[Any] | None,
    objectives_completed: list[Any] | None,
    total_xp: int | None,
    tx: Connection | None = None,
) -> Simulation | None:
    """Save the fields that are not None. Return None if the user has no such talk."""
    return db.one(
        Simulation,
        f"""
        UPDATE simulations
           SET conversation_history = coalesce(%(history)s, conversation_history),
               objectives_completed = coalesce(%(objectives)s, objectives_completed),
               total_xp = coalesce(%(total_xp)s, total_xp)
         WHERE id = %(id)s AND user_id = %(user_id)s
     RETURNING {_COLUMNS}
        """,
        tx=tx,
        id=simulation_id,
        user_id=user_id,
        history=None if conversation_history is None else Jsonb(conversation_history),
        objectives=None if objectives_completed is None else Jsonb(objectives_completed),
        total_xp=total_xp,
    )


def recast(simulation_id: UUID, user_id: UUID, profile: dict[str, Any], tx: Connection) -> bool:
    """Replace the client of the user's talk. Return False if the talk has messages or does not exist."""
    changed = db.execute(
        """
        UPDATE simulations
           SET client_profile = %(profile)s
         WHERE id = %(id)s AND user_id = %(user_id)s AND conversation_history = '[]' AND completed_at IS NULL
        """,
        tx=tx,
        id=simulation_id,
        user_id=user_id,
        profile=Jsonb(profile),
    )
    return changed == 1


def complete(
    simulation_id: UUID,
    user_id: UUID,
    total_xp: int,
    review: dict[str, Any],
    score: float | None,
    duration_seconds: int | None,
    tx: Connection | None = None,
) -> Simulation | None:
    """Complete the user's talk. A talk that was already complete keeps its end, and its duration if none is given."""
    return db.one(
        Simulation,
        f"""
        UPDATE simulations
           SET completed_at = coalesce(completed_at, now()),
               total_xp = %(total_xp)s,
               performance_review = %(review)s,
               score = %(score)s,
               duration_seconds = coalesce(%(duration)s, duration_seconds)
         WHERE id = %(id)s AND user_id = %(user_id)s
     RETURNING {_COLUMNS}
        """,
        tx=tx,
        id=simulation_id,
        user_id=user_id,
        total_xp=total_xp,
        review=Jsonb(review),
        score=score,
        duration=duration_seconds,
    )


def delete(simulation_id: UUID) -> bool:
    """Delete a talk with its feedback, events and log entries. Return False if it did not exist."""
    with db.transaction() as tx:
        whose = db.value("SELECT user_id FROM simulations WHERE id = %(id)s", tx=tx, id=simulation_id)
        users.keep(whose, tx)
        key = db.value("DELETE FROM simulations WHERE id = %(id)s RETURNING simulation_id", tx=tx, id=simulation_id)
        if key is None:
            return False
        for table in ("nps_feedback", "engagement_events", "engagement_log"):
            db.execute(
                f"DELETE FROM {table} WHERE simulation_id IN (%(key)s, %(id)s)", tx=tx, key=key, id=str(simulation_id)
            )
    return True
