"""The parts of a client's personality that admins describe: five tables alike but for some columns."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from rplay import db


@dataclass(frozen=True, slots=True)
class Table:
    """A table and its columns beside id, name, description and the two times."""

    name: str
    columns: tuple[str, ...]

    @property
    def shown(self) -> str:
        return ", ".join(("id", "name", "description", *self.columns, "created_at", "updated_at"))


CORE_TRAITS = Table("fusion_model_core_traits", ("category", "weight", "influence"))
ARCHETYPES = Table("fusion_model_archetypes", ("traits", "behaviors"))
COMMUNICATION_STYLES = Table("fusion_model_communication_styles", ("characteristics",))
MOODS = Table("fusion_model_moods", ("intensity",))
QUIRKS = Table("fusion_model_quirks", ("impact", "fusion_links"))


def every(table: Table) -> list[dict[str, Any]]:
    """By name."""
    return db.rows(f"SELECT {table.shown} FROM {table.name} ORDER BY name, created_at, id LIMIT 10000")


def create(table: Table, values: dict[str, Any]) -> dict[str, Any]:
    """A new row of these columns; the others get their defaults."""
    places = ", ".join(f"%({column})s" for column in values)
    created = db.row(
        f"INSERT INTO {table.name} ({', '.join(values)}) VALUES ({places}) RETURNING {table.shown}",
        **_stored(values),
    )
    assert created is not None
    return created


def update(table: Table, row_id: UUID, values: dict[str, Any]) -> dict[str, Any] | None:
    """Changes these columns; None when there is no such row."""
    changes = ", ".join(f"{column} = %({column})s" for column in values)
    return db.row(
        f"UPDATE {table.name} SET {changes}, updated_at = now() WHERE id = %(row_id)s RETURNING {table.shown}",
        row_id=row_id,
        **_stored(values),
    )


def delete(table: Table, row_id: UUID) -> bool:
    """False when there was none."""
    return db.execute(f"DELETE FROM {table.name} WHERE id = %(row_id)s", row_id=row_id) > 0


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    return {name: Jsonb(value) if isinstance(value, (list, dict)) else value for name, value in values.items()}
