"""Conversation histories that a save overwrote instead of extending. A database trigger keeps them for 30 days."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rplay import db

KEPT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Version:
    """A history that was overwritten by a save."""

    version: int
    replaced_at: datetime
    messages: int
    last_words: str | None


def of_simulation(simulation_id: UUID) -> list[Version]:
    """Return the overwritten histories of a talk, newest first."""
    return db.all_of(
        Version,
        """
        SELECT version, replaced_at, messages, left(conversation_history -> -1 ->> 'content', 60) AS last_words
          FROM replaced_histories
         WHERE simulation_id = %(simulation_id)s
      ORDER BY version DESC
        """,
        simulation_id=simulation_id,
    )


def restore(simulation_id: UUID, version: int) -> bool:
    """Restore a version; the history that it overwrites is kept in turn. Return False if the talk has no such
    version.
    """
    return (
        db.execute(
            """
            UPDATE simulations s
               SET conversation_history = r.conversation_history
              FROM replaced_histories r
             WHERE s.id = %(simulation_id)s AND r.simulation_id = s.id AND r.version = %(version)s
            """,
            simulation_id=simulation_id,
            version=version,
        )
        > 0
    )
