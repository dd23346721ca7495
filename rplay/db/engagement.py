"""What people did: one row an event."""

from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from rplay import db
from rplay.db import Connection


def record(
    event_type: str,
    user_id: UUID,
    simulation_id: str | None = None,
    data: dict[str, Any] | None = None,
    session_id: str | None = None,
    tx: Connection | None = None,
) -> None:
    db.execute(
        """
        INSERT INTO engagement_events (event_type, user_id, simulation_id, event_data, session_id)
        VALUES (%(event_type)s, %(user_id)s, %(simulation_id)s, %(data)s, %(session_id)s)
        """,
        tx=tx,
        event_type=event_type,
        user_id=user_id,
        simulation_id=simulation_id,
        data=Jsonb(data) if data is not None else None,
        session_id=session_id,
    )


def record_once(event_type: str, user_id: UUID, simulation_id: str, tx: Connection | None = None) -> None:
    """The event, unless this simulation has one of the kind already."""
    db.execute(
        """
        INSERT INTO engagement_events (event_type, user_id, simulation_id)
        SELECT %(event_type)s, %(user_id)s, %(simulation_id)s
         WHERE NOT EXISTS (SELECT 1 FROM engagement_events
                            WHERE simulation_id = %(simulation_id)s AND event_type = %(event_type)s)
        """,
        tx=tx,
        event_type=event_type,
        user_id=user_id,
        simulation_id=simulation_id,
    )
