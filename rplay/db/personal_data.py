"""Where a person is in the database: one list, for giving them all of it and for erasing it.

What an erased account leaves: `ai_usage` keeps its sums, without whom they were for, and scenarios stay, without who
made them. What somebody else wrote about a talk of theirs goes with the talk.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rplay import db
from rplay.db import Connection, users

# Arrays, as only those let PostgreSQL look a row up by either of two columns.
_TALKS = """ARRAY(SELECT simulation_id FROM simulations WHERE user_id = %(user_id)s
                  UNION ALL SELECT id::text FROM simulations WHERE user_id = %(user_id)s)"""
_ABOUT = f"user_id = %(user_id)s OR simulation_id = ANY({_TALKS})"
BATCH = 4 * 1024 * 1024  # bytes of rows that are read at once
_UUID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
# The frontend logs without a token: what names nobody, and was logged while a talk of this person's went on.
_BESIDE = f"""
    user_id IS NULL
    AND session_id = ANY(ARRAY(SELECT session_id FROM engagement_log WHERE {_ABOUT}))
    AND NOT EXISTS (SELECT 1 FROM simulations s WHERE s.simulation_id = engagement_log.simulation_id)
    AND NOT EXISTS (SELECT 1 FROM simulations s
                     WHERE s.id = CASE WHEN engagement_log.simulation_id ~* '{_UUID}'
                                       THEN engagement_log.simulation_id::uuid END)"""


@dataclass(frozen=True, slots=True)
class Place:
    """Which rows are about a person. `also` are erased with them, but shown to nobody: they may be another's.
    `written` are shown too, what they wrote about others; it stays, without their name, when they go."""

    where: str
    also: str = "false"
    written: str = "false"
    key: str = "id"
    secrets: tuple[str, ...] = ()
    step: int = 500  # rows read at once
    outlives: bool = False  # nothing in it names the person once the account is gone


_OF_TALKS = "simulation_id IN (SELECT id FROM simulations WHERE user_id = %(user_id)s)"
_BY = "by_user_id = %(user_id)s"

# Those that others are found through come first.
PLACES: dict[str, Place] = {
    "users": Place("id = %(user_id)s", secrets=("password",)),
    "simulations": Place("user_id = %(user_id)s", step=1),  # a history may have 10 MiB
    "replaced_histories": Place(_OF_TALKS, key="version", step=1),
    # Kept from whoever still talks with that client.
    "client_lives": Place(
        "simulation_id IN (SELECT id FROM simulations WHERE user_id = %(user_id)s AND completed_at IS NOT NULL)",
        also=_OF_TALKS,
        key="simulation_id",
        step=20,
    ),
    "talk_memories": Place(
        "simulation_id IN (SELECT id FROM simulations WHERE user_id = %(user_id)s AND completed_at IS NOT NULL)",
        also=_OF_TALKS,
        key="simulation_id",
    ),
    "talk_fidelity": Place(_OF_TALKS, key="simulation_id"),
    "simulation_origins": Place(_OF_TALKS, key="simulation_id"),
    "scenarios": Place(_BY, outlives=True),
    "scenario_versions": Place(_BY, step=20, outlives=True),
    "assignments": Place("user_id = %(user_id)s", written=_BY),
    "assignment_reminders": Place("user_id = %(user_id)s"),
    "assignment_attempts": Place("user_id = %(user_id)s"),
    "group_members": Place("user_id = %(user_id)s"),
    "reviews": Place(_OF_TALKS, step=20),
    "review_disputes": Place(_OF_TALKS),
    "review_overrides": Place(_OF_TALKS, written=_BY),
    "review_marks": Place(_OF_TALKS, written=_BY),
    "review_views": Place(f"user_id = %(user_id)s OR {_OF_TALKS}"),
    "audit_log": Place("user_id = %(user_id)s", written=_BY),
    "nps_feedback": Place(_ABOUT),
    "engagement_events": Place(_ABOUT),
    "engagement_log": Place(_ABOUT, also=_BESIDE),
    "sessions": Place("lower(user_id) = %(user_id)s::text", secrets=("token",)),
    "password_resets": Place("user_id = %(user_id)s", key="token_hash", secrets=("token_hash",)),
    # The rows that an import refused are other people's.
    "jobs": Place(_BY, secrets=("result",)),
    "mail_outbox": Place("user_id = %(user_id)s"),
    "sign_ins": Place("user_id = %(user_id)s"),
    "ai_usage": Place("user_id = %(user_id)s", outlives=True),
}


def everything(user_id: UUID) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    """Each table with the rows that are about this person, all columns but secrets, read as they are asked for."""
    for table in PLACES:
        yield table, _rows(table, user_id)


def _rows(table: str, user_id: UUID) -> Iterator[dict[str, Any]]:
    place = PLACES[table]
    for some in _batches(table, user_id):
        for row in db.rows(f"SELECT * FROM {table} WHERE {place.key} = ANY(%(keys)s) ORDER BY {place.key}", keys=some):
            yield {name: value for name, value in row.items() if name not in place.secrets}


def _batches(table: str, user_id: UUID) -> Iterator[list[Any]]:
    """The keys of the rows, so many together as are read at once: old rows may be long."""
    place = PLACES[table]
    size = "0" if place.step == 1 else f"octet_length({table}::text)"
    found = db.rows(
        f"""
        SELECT {place.key} AS key, {size} AS size
          FROM {table}
         WHERE ({place.where}) OR ({place.written})
      ORDER BY 1
        """,
        user_id=user_id,
    )
    some: list[Any] = []
    room = BATCH
    for row in found:
        if some and (len(some) == place.step or row["size"] > room):
            yield some
            some, room = [], BATCH
        some.append(row["key"])
        room -= row["size"]
    if some:
        yield some


def erase(user_id: UUID, tx: Connection) -> bool:
    """Removes the person with everything about them; False when there was nobody.

    First the account is locked: whoever is just adding something of theirs either has done so or finds no account any
    more. Then the simulations, as by who saves or ends one: nobody waits in a circle.
    """
    if not users.locked([user_id], tx):
        return False
    db.execute("SELECT 1 FROM simulations WHERE user_id = %(user_id)s ORDER BY id FOR UPDATE", tx=tx, user_id=user_id)
    for table, place in reversed(PLACES.items()):
        if not place.outlives:
            db.execute(f"DELETE FROM {table} WHERE ({place.where}) OR ({place.also})", tx=tx, user_id=user_id)
    return True
