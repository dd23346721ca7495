"""The three difficulty levels as clients show them."""

from dataclasses import dataclass

from rplay import db


@dataclass(frozen=True, slots=True)
class DifficultyLevel:
    """A difficulty level as clients see it, with its keys in this order."""

    id: str
    key: str
    label: str
    description: str
    display_order: int


_COLUMNS = "id, key, label, description, display_order"


def every() -> list[DifficultyLevel]:
    """Return all levels in the order in which they are shown."""
    return db.all_of(
        DifficultyLevel, f"SELECT {_COLUMNS} FROM difficulty_levels ORDER BY display_order, key LIMIT 10000"
    )


def by_key(key: str) -> DifficultyLevel | None:
    return db.one(DifficultyLevel, f"SELECT {_COLUMNS} FROM difficulty_levels WHERE key = %(key)s", key=key)
