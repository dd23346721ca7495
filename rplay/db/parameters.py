"""Parameters: what admins steer the AI agents with."""

from dataclasses import dataclass
from typing import Any, Literal

from rplay import db


@dataclass(frozen=True, slots=True)
class Steering:
    """What an agent needs of a parameter."""

    name: str
    type: Literal["structured", "narrative", "guardrails"]
    value: Any
    description: str | None


def steering() -> list[Steering]:
    """All parameters that have a type, by type and name."""
    return db.all_of(
        Steering,
        """
        SELECT name, type, value, description
          FROM parameters
         WHERE type IS NOT NULL
      ORDER BY type, name
         LIMIT 500
        """,
    )
