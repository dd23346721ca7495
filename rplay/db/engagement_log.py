"""What the web frontend logs during a session, also for people who are not signed in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from rplay import db
from rplay.db import LIST_BYTES, before

_ENTRY = 'type, timestamp, session_id AS "sessionId", simulation_id AS "simulationId", user_id AS "userId", metadata'
_BEFORE = before("e", "timestamp DESC, id DESC")


def _as_id(text: str) -> str:
    """Return SQL that casts a text to the UUID of a simulation, or to NULL if the text is not a UUID."""
    return f"CASE WHEN {text} ~* '^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$' THEN {text}::uuid END"


@dataclass(frozen=True, slots=True)
class Activity:
    """What happened in a session. `mine` is True if the session belongs to the user who asks."""

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
    """Add an entry; without a timestamp it is dated now.

    An entry must not give somebody else's session to its author. So the simulation is left out if its owner is not the
    author, or is not the owner of the simulation that the session began with.
    """
    db.execute(
        f"""
          WITH named AS (SELECT user_id FROM simulations
                          WHERE simulation_id = %(simulation_id)s OR id = {_as_id("%(simulation_id)s::text")}),
               first AS (SELECT simulation_id FROM engagement_log
                          WHERE session_id = %(session_id)s AND simulation_id IS NOT NULL ORDER BY id LIMIT 1),
               began AS (SELECT user_id FROM simulations
                          WHERE simulation_id = (SELECT simulation_id FROM first)
                             OR id = (SELECT {_as_id("simulation_id")} FROM first))
        INSERT INTO engagement_log (type, session_id, simulation_id, user_id, metadata, timestamp)
        SELECT %(kind)s, %(session_id)s,
               CASE WHEN NOT EXISTS (SELECT 1 FROM named
                                      WHERE user_id IS DISTINCT FROM coalesce(%(user_id)s::uuid, user_id)
                                         OR user_id IS DISTINCT FROM coalesce((SELECT user_id FROM began), user_id))
                    THEN %(simulation_id)s END,
               %(user_id)s, %(metadata)s, coalesce(%(timestamp)s::timestamptz, now())
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
    """Return the entries of a session, newest first."""
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
    """Count what happened in a session, in one pass; None if nothing was logged.

    An objective that is reported twice counts once. The session is the user's (`mine`) if it contains a simulation of
    theirs and none of anybody else's. Entries that other people signed with their own name are not counted.
    """
    found = db.one(
        Activity,
        f"""
          WITH entries AS (SELECT * FROM engagement_log WHERE session_id = %(session_id)s),
               named AS (SELECT DISTINCT simulation_id FROM entries),
               owners AS (SELECT user_id FROM simulations
                           WHERE simulation_id = ANY(ARRAY(SELECT simulation_id FROM named))
                              OR id = ANY(ARRAY(SELECT {_as_id("simulation_id")} FROM named)))
        SELECT count(*) AS events,
               count(DISTINCT coalesce(metadata ->> 'objectiveId', id::text))
                     FILTER (WHERE type = 'objective_completed') AS objectives,
               count(*) FILTER (WHERE type = 'message_sent') AS messages,
               coalesce(bool_or(type = 'help_opened'), false) AS helped,
               coalesce(bool_or(type = 'expert_mode_toggle' AND metadata -> 'enabled' = 'true'), false) AS expert,
               coalesce(bool_or(type IN ('note_created', 'note_updated')), false) AS noted,
               coalesce(extract(epoch FROM max(timestamp) - min(timestamp)), 0)::float AS seconds,
               coalesce((SELECT bool_and(user_id IS NOT DISTINCT FROM %(user_id)s) FROM owners), false) AS mine
          FROM entries
         WHERE user_id IS NULL OR user_id IN (SELECT user_id FROM owners) OR NOT EXISTS (SELECT 1 FROM owners)
        """,
        session_id=session_id,
        user_id=user_id,
    )
    return found if found and found.events else None
