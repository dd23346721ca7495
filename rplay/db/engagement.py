"""The table of what people did, one row per event. What the web frontend logs is kept in `engagement_log` instead."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from rplay import db
from rplay.db import LIST_BYTES, Connection, before

TYPES = ("login", "simulation_start", "simulation_complete", "page_view", "interaction")


@dataclass(frozen=True, slots=True)
class Event:
    """One event as clients see it, with its keys in this order."""

    id: UUID
    user_id: UUID | None
    simulation_id: str | None
    event_type: str
    event_data: Any
    timestamp: datetime
    session_id: str | None


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts of events: all, by type, and the number of distinct sessions that the events name."""

    total: int
    by_type: dict[str, int]
    sessions: int


# Rows of the old backend keep their data in `metadata`.
_COLUMNS = """id, user_id, simulation_id, event_type, coalesce(event_data, metadata) AS event_data, timestamp,
              session_id"""


def record(
    event_type: str,
    user_id: UUID,
    simulation_id: str | None = None,
    data: Any = None,
    session_id: str | None = None,
    tx: Connection | None = None,
) -> Event:
    recorded = db.one(
        Event,
        f"""
        INSERT INTO engagement_events (event_type, user_id, simulation_id, event_data, session_id)
        VALUES (%(event_type)s, %(user_id)s, %(simulation_id)s, %(data)s, %(session_id)s)
     RETURNING {_COLUMNS}
        """,
        tx=tx,
        event_type=event_type,
        user_id=user_id,
        simulation_id=simulation_id,
        data=Jsonb(data) if data is not None else None,
        session_id=session_id,
    )
    assert recorded is not None
    return recorded


def record_once(event_type: str, user_id: UUID, simulation_id: str, tx: Connection | None = None) -> None:
    """Record an event unless the user already has one of this type for the simulation."""
    db.execute(
        """
        INSERT INTO engagement_events (event_type, user_id, simulation_id)
        SELECT %(event_type)s, %(user_id)s, %(simulation_id)s
         WHERE NOT EXISTS (SELECT 1 FROM engagement_events
                            WHERE simulation_id = %(simulation_id)s AND user_id = %(user_id)s
                              AND event_type = %(event_type)s)
        """,
        tx=tx,
        event_type=event_type,
        user_id=user_id,
        simulation_id=simulation_id,
    )


def stats_of(user_id: UUID) -> Stats:
    stats = db.one(
        Stats,
        """
          WITH mine AS (SELECT event_type, session_id FROM engagement_events WHERE user_id = %(user_id)s),
               types AS (SELECT event_type, count(*) AS events FROM mine GROUP BY event_type)
        SELECT (SELECT count(*) FROM mine) AS total,
               (SELECT coalesce(jsonb_object_agg(event_type, events), '{}') FROM types) AS by_type,
               (SELECT count(DISTINCT session_id) FROM mine) AS sessions
        """,
        user_id=user_id,
    )
    assert stats is not None
    return stats


def history_of(user_id: UUID, start: datetime | None, end: datetime | None, limit: int) -> list[Event]:
    """Return the user's events from `start` to `end` (UTC), newest first."""
    return db.all_of(
        Event,
        f"""
        SELECT {_COLUMNS}
          FROM (SELECT e.*, {before("e", "timestamp DESC, id")} AS before
                  FROM engagement_events e
                 WHERE user_id = %(user_id)s
                   AND (%(start)s::timestamptz IS NULL OR timestamp >= %(start)s)
                   AND (%(end)s::timestamptz IS NULL OR timestamp <= %(end)s)
              ORDER BY timestamp DESC, id
                 LIMIT %(limit)s) AS newest
         WHERE before < {LIST_BYTES}
      ORDER BY timestamp DESC, id
        """,
        user_id=user_id,
        start=start,
        end=end,
        limit=limit,
    )
