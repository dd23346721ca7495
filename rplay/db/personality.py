"""The building blocks of a client's personality that admins describe: five tables that differ in a few columns."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from rplay import db
from rplay.db import LIST_BYTES, before


@dataclass(frozen=True, slots=True)
class Part:
    """The columns that all kinds have. The fields of each kind are in the order in which clients see them."""

    id: UUID
    name: str
    description: str | None


@dataclass(frozen=True, slots=True)
class CoreTrait(Part):
    category: str
    weight: int
    influence: int
    created_at: datetime | None
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Archetype(Part):
    traits: Any
    behaviors: Any
    created_at: datetime | None
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class CommunicationStyle(Part):
    characteristics: Any
    created_at: datetime | None
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Mood(Part):
    intensity: int
    created_at: datetime | None
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Quirk(Part):
    impact: str
    fusion_links: Any
    created_at: datetime | None
    updated_at: datetime | None


TABLES: dict[type[Part], str] = {
    CoreTrait: "fusion_model_core_traits",
    Archetype: "fusion_model_archetypes",
    CommunicationStyle: "fusion_model_communication_styles",
    Mood: "fusion_model_moods",
    Quirk: "fusion_model_quirks",
}


def every(kind: type[Part]) -> list[Part]:
    """Return all rows of a kind by name."""
    return db.all_of(
        kind,
        f"""
        SELECT {_columns(kind)}
          FROM (SELECT p.*, {before("p", "created_at DESC NULLS LAST, id")} AS before
                  FROM {TABLES[kind]} p
              ORDER BY created_at DESC NULLS LAST, id
                 LIMIT 10000) AS newest
         WHERE before < {LIST_BYTES}
      ORDER BY name, created_at, id
        """,
    )


def get(kind: type[Part], row_id: UUID) -> Part | None:
    return db.one(kind, f"SELECT {_columns(kind)} FROM {TABLES[kind]} WHERE id = %(row_id)s", row_id=row_id)


def create(kind: type[Part], values: dict[str, Any]) -> Part:
    """Insert a row with these columns; other columns get their defaults."""
    places = ", ".join(f"%({column})s" for column in values)
    created = db.one(
        kind,
        f"INSERT INTO {TABLES[kind]} ({', '.join(values)}) VALUES ({places}) RETURNING {_columns(kind)}",
        **_stored(values),
    )
    assert created is not None
    return created


def update(kind: type[Part], row_id: UUID, values: dict[str, Any]) -> Part | None:
    """Change these columns. Return None if the row does not exist."""
    changes = ", ".join(f"{column} = %({column})s" for column in values)
    return db.one(
        kind,
        f"UPDATE {TABLES[kind]} SET {changes}, updated_at = now() WHERE id = %(row_id)s RETURNING {_columns(kind)}",
        row_id=row_id,
        **_stored(values),
    )


def delete(kind: type[Part], row_id: UUID) -> bool:
    return db.execute(f"DELETE FROM {TABLES[kind]} WHERE id = %(row_id)s", row_id=row_id) > 0


def _columns(kind: type[Part]) -> str:
    return ", ".join(field.name for field in fields(kind))


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    return {name: Jsonb(value) if isinstance(value, (list, dict)) else value for name, value in values.items()}
