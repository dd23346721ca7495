"""Scenarios and their versions. New talks use the newest version."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from rplay import db
from rplay.db import LIST_BYTES, Connection, before

VERSIONS = 100  # versions of one scenario at most
MOST = 1000  # scenarios in a list at most


@dataclass(frozen=True, slots=True)
class Scenario:
    """One version as trainers see it, with its keys in this order. Every trainer may use a scenario with
    `house` set.
    """

    id: UUID
    key: str | None
    house: bool
    by_user_id: UUID | None
    archived_at: datetime | None
    version: int
    created_at: datetime
    content: Any


@dataclass(frozen=True, slots=True)
class Listed:
    """A scenario's newest version as a list shows it."""

    id: UUID
    name: str
    industry: str
    subcategory: str | None
    difficulty: str
    house: bool
    by_user_id: UUID | None
    version: int
    created_at: datetime


_COLUMNS = "s.id, s.key, s.house, s.by_user_id, s.archived_at, v.version, v.created_at, v.content"
_NEWEST = "v.version = (SELECT max(version) FROM scenario_versions WHERE scenario_id = s.id)"


def get(scenario_id: UUID, tx: Connection | None = None) -> Scenario | None:
    """Return the newest version of a scenario, even if it is archived."""
    return db.one(
        Scenario,
        f"SELECT {_COLUMNS} FROM scenarios s JOIN scenario_versions v ON v.scenario_id = s.id AND {_NEWEST}"
        " WHERE s.id = %(id)s",
        tx=tx,
        id=scenario_id,
    )


def of_version(scenario_id: UUID, version: int) -> Scenario | None:
    return db.one(
        Scenario,
        f"SELECT {_COLUMNS} FROM scenarios s JOIN scenario_versions v ON v.scenario_id = s.id"
        " WHERE s.id = %(id)s AND v.version = %(version)s",
        id=scenario_id,
        version=version,
    )


def of_simulation(simulation_id: UUID) -> Scenario | None:
    """Return the version with which the talk began; None if the talk has no scenario."""
    return db.one(
        Scenario,
        f"""
        SELECT {_COLUMNS}
          FROM simulation_origins o
          JOIN scenarios s ON s.id = o.scenario_id
          JOIN scenario_versions v ON v.scenario_id = s.id AND v.version = o.scenario_version
         WHERE o.simulation_id = %(id)s
        """,
        id=simulation_id,
    )


def visible(user_id: UUID | None) -> list[Listed]:
    """Return the scenarios of this user and those of the house, or all for None; sorted by name, without archived
    ones.
    """
    return db.all_of(
        Listed,
        f"""
        SELECT s.id, v.content ->> 'name' AS name, v.content ->> 'industry' AS industry,
               v.content ->> 'subcategory' AS subcategory, v.content ->> 'difficulty' AS difficulty, s.house,
               s.by_user_id, v.version, v.created_at
          FROM scenarios s
          JOIN scenario_versions v ON v.scenario_id = s.id AND {_NEWEST}
         WHERE s.archived_at IS NULL
           AND (s.house OR s.by_user_id = %(user_id)s OR %(user_id)s::uuid IS NULL)
      ORDER BY lower(v.content ->> 'name'), s.id
         LIMIT {MOST}
        """,
        user_id=user_id,
    )


def versions(scenario_id: UUID) -> list[Scenario]:
    """Return the versions, newest first. If they are long, the oldest are left out."""
    return db.all_of(
        Scenario,
        f"""
        SELECT {_COLUMNS}
          FROM (SELECT v.*, {before("v", "version DESC")} AS before
                  FROM scenario_versions v
                 WHERE scenario_id = %(id)s) AS v
          JOIN scenarios s ON s.id = v.scenario_id
         WHERE before < {LIST_BYTES}
      ORDER BY v.version DESC
        """,
        id=scenario_id,
    )


def create(content: dict[str, Any], by: UUID | None, house: bool, tx: Connection, key: str | None = None) -> UUID:
    made: UUID = db.value(
        "INSERT INTO scenarios (key, house, by_user_id) VALUES (%(key)s, %(house)s, %(by)s) RETURNING id",
        tx=tx,
        key=key,
        house=house,
        by=by,
    )
    change(made, content, by, tx)
    return made


def change(scenario_id: UUID, content: dict[str, Any], by: UUID | None, tx: Connection) -> bool:
    """Add the next version. Return False if there are VERSIONS already.

    The caller must hold the scenario's lock, or have created the scenario in this transaction.
    """
    added = db.execute(
        f"""
        INSERT INTO scenario_versions (scenario_id, version, content, by_user_id)
        SELECT %(id)s, coalesce(max(version), 0) + 1, %(content)s, %(by)s
          FROM scenario_versions
         WHERE scenario_id = %(id)s
        HAVING count(*) < {VERSIONS}
        """,
        tx=tx,
        id=scenario_id,
        content=Jsonb(content),
        by=by,
    )
    return added == 1


def lock(scenario_id: UUID, tx: Connection) -> None:
    """Keep others from changing the scenario until the transaction ends."""
    db.execute("SELECT 1 FROM scenarios WHERE id = %(id)s FOR NO KEY UPDATE", tx=tx, id=scenario_id)


def lock_keys(tx: Connection) -> None:
    """Keep others from importing the shipped scenarios until the transaction ends."""
    db.execute("SELECT pg_advisory_xact_lock(hashtext('shipped scenarios'))", tx=tx)


def archive(scenario_id: UUID, tx: Connection) -> None:
    db.execute(
        "UPDATE scenarios SET archived_at = coalesce(archived_at, now()) WHERE id = %(id)s", tx=tx, id=scenario_id
    )


def by_key(key: str, tx: Connection | None = None) -> Scenario | None:
    found: UUID | None = db.value("SELECT id FROM scenarios WHERE key = %(key)s", tx=tx, key=key)
    return get(found, tx) if found else None
