"""What the web frontend reports of a session as it goes on, also for people who are not signed in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from rplay import db
from rplay.db import LIST_BYTES, before

_ENTRY = 'type, timestamp, session_id AS "sessionId", simulation_id AS "simulationId", user_id AS "userId", metadata'
_BEFORE = before("e", "timestamp DESC, id DESC")


@dataclass(frozen=True, slots=True)
class Activity:
    """What happened in a session; `mine` when it is a session of the user who asks."""

    events: int
    objectives: int
    messages: int
    helped: bool
    expert: bool
    noted: bool
    seconds: float
    mine: bool


def add(
    kind: str,
    session_id: str,
    simulation_id: str | None,
    user_id: UUID | None,
    metadata: dict[str, Any],
    timestamp: datetime | None,
) -> None:
    """Without a timestamp it happened now."""
    db.execute(
        """
        INSERT INTO engagement_log (type, session_id, simulation_id, user_id, metadata, timestamp)
        VALUES (%(kind)s, %(session_id)s, %(simulation_id)s, %(user_id)s, %(metadata)s,
                coalesce(%(timestamp)s, now()))
        """,
        kind=kind,
        session_id=session_id,
        simulation_id=simulation_id,
        user_id=user_id,
        metadata=Jsonb(metadata),
        timestamp=timestamp,
    )


def newest() -> list[dict[str, Any]]:
    return db.rows(
        f"""
        SELECT {_ENTRY}
          FROM (SELECT e.*, {_BEFORE} AS before
                  FROM engagement_log e
              ORDER BY timestamp DESC, id DESC
                 LIMIT 10000) AS newest
         WHERE before < {LIST_BYTES}
      ORDER BY timestamp DESC, id DESC
        """
    )


def of_session(session_id: str) -> list[dict[str, Any]]:
    """Newest first."""
    return db.rows(
        f"""
        SELECT {_ENTRY}
          FROM (SELECT e.*, {_BEFORE} AS before
                  FROM engagement_log e
                 WHERE session_id = %(session_id)s
              ORDER BY timestamp DESC, id DESC
                 LIMIT 10000) AS newest
         WHERE before < {LIST_BYTES}
      ORDER BY timestamp DESC, id DESC
        """,
        session_id=session_id,
    )


def activity(session_id: str, user_id: UUID) -> Activity | None:
    """Counted in one pass; None when nothing was logged. An objective that is reported twice counts once."""
    found = db.one(
        Activity,
        """
          WITH talks AS (SELECT id::text, simulation_id FROM simulations WHERE user_id = %(user_id)s)
        SELECT count(*) AS events,
               count(DISTINCT coalesce(metadata ->> 'objectiveId', id::text))
                     FILTER (WHERE type = 'objective_completed') AS objectives,
               count(*) FILTER (WHERE type = 'message_sent') AS messages,
               coalesce(bool_or(type = 'help_opened'), false) AS helped,
               coalesce(bool_or(type = 'expert_mode_toggle' AND metadata -> 'enabled' = 'true'), false) AS expert,
               coalesce(bool_or(type IN ('note_created', 'note_updated')), false) AS noted,
               coalesce(extract(epoch FROM max(timestamp) - min(timestamp)), 0)::float AS seconds,
               coalesce(bool_or(user_id = %(user_id)s
                                OR simulation_id IN (SELECT id FROM talks)
                                OR simulation_id IN (SELECT simulation_id FROM talks)), false) AS mine
          FROM engagement_log
         WHERE session_id = %(session_id)s
        """,
        session_id=session_id,
        user_id=user_id,
    )
    return found if found and found.events else None
