"""Lives of generated clients: one per simulation, and those kept for a day until their simulation is created."""

from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from rplay import db
from rplay.db import Connection

WAITING_DAYS = 1  # days for which a life is kept without a simulation
WAITING = 1000  # lives without a simulation at most; each takes 20 kB on disk


def of_simulation(key: str, user_id: UUID) -> str | None:
    """Return the life of the user's simulation with this `SIM-…` text or id, as JSON text; None if there is none."""
    life: str | None = db.value(
        """
        SELECT life::text
          FROM client_lives l
          JOIN simulations s ON s.id = l.simulation_id
         WHERE s.user_id = %(user_id)s AND (s.simulation_id = %(key)s OR s.id::text = lower(%(key)s))
        """,
        key=key,
        user_id=user_id,
    )
    return life


def keep(simulation_id: UUID, life: dict[str, Any], tx: Connection | None = None) -> None:
    db.execute(
        "INSERT INTO client_lives (simulation_id, life) VALUES (%(simulation_id)s, %(life)s)",
        tx=tx,
        simulation_id=simulation_id,
        life=Jsonb(life),
    )


def copy(parent_id: UUID, simulation_id: UUID, tx: Connection) -> None:
    db.execute(
        """
        INSERT INTO client_lives (simulation_id, life)
        SELECT %(simulation_id)s, life FROM client_lives WHERE simulation_id = %(parent_id)s
        """,
        tx=tx,
        parent_id=parent_id,
        simulation_id=simulation_id,
    )


def replace(simulation_id: UUID, life: dict[str, Any], tx: Connection) -> None:
    """Replace the life of a simulation, for example when a learner asks for another client before the talk."""
    db.execute(
        "UPDATE client_lives SET life = %(life)s WHERE simulation_id = %(simulation_id)s",
        tx=tx,
        simulation_id=simulation_id,
        life=Jsonb(life),
    )


def waiting(profile: bytes) -> str | None:
    """Return the life kept for the profile with this digest, as JSON text; None if there is none."""
    life: str | None = db.value("SELECT life::text FROM waiting_lives WHERE profile = %(profile)s", profile=profile)
    return life


def wait(profile: bytes, life: dict[str, Any]) -> None:
    """Keep a life for a day under its profile's digest. If there are too many, the oldest are deleted."""
    db.execute(
        """
        WITH surplus AS (
            DELETE FROM waiting_lives
             WHERE made_at <= (SELECT made_at FROM waiting_lives ORDER BY made_at DESC OFFSET %(most)s LIMIT 1)
        )
        INSERT INTO waiting_lives (profile, life) VALUES (%(profile)s, %(life)s) ON CONFLICT (profile) DO NOTHING
        """,
        profile=profile,
        life=Jsonb(life),
        most=WAITING - 1,
    )
