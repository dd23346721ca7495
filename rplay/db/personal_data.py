"""Where personal data is in the database: one list, used both to export and to erase everything about a person.

After an erasure `ai_usage` keeps its sums without the user, and scenarios stay without their author. What others wrote
about the person's talks is erased with the talks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rplay import db
from rplay.db import Connection, users

# These are arrays, as only with arrays can PostgreSQL use an index on either of two columns.
_TALKS = """ARRAY(SELECT simulation_id FROM simulations WHERE user_id = %(user_id)s
                  UNION ALL SELECT id::text FROM simulations WHERE user_id = %(user_id)s)"""
_ABOUT = f"user_id = %(user_id)s OR simulation_id = ANY({_TALKS})"
BATCH = 4 * 1024 * 1024  # bytes of rows that are read at once
_UUID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
# The frontend logs without a token. These rows name no user and no existing talk, but belong to sessions of this
# person's talks.
_BESIDE = f"""
    user_id IS NULL
    AND session_id = ANY(ARRAY(SELECT session_id FROM engagement_log WHERE {_ABOUT}))
    AND NOT EXISTS (SELECT 1 FROM simulations s WHERE s.simulation_id = engagement_log.simulation_id)
    AND NOT EXISTS (SELECT 1 FROM simulations s
                     WHERE s.id = CASE WHEN engagement_log.simulation_id ~* '{_UUID}'
                                       THEN engagement_log.simulation_id::uuid END)"""


@dataclass(frozen=True, slots=True)
class Place:
    """Which rows of a table are about a person, as SQL conditions.

    `where` selects the rows that are exported and erased. Rows in `also` are erased too but not exported, as they may
    be about somebody else. Rows in `written` are what the person wrote about others: they are exported, and stay
    without the author's name after the erasure.
    """

    where: str
    also: str = "false"
    written: str = "false"
    key: str = "id"
    secrets: tuple[str, ...] = ()
    step: int = 500  # rows read at once
    outlives: bool = False  # True if the rows stay, as nothing in them names the person once the account is gone


_OF_TALKS = "simulation_id IN (SELECT id FROM simulations WHERE user_id = %(user_id)s)"
_BY = "by_user_id = %(user_id)s"

# Tables that the conditions of other tables refer to come first.
PLACES: dict[str, Place] = {
    "users": Place("id = %(user_id)s", secrets=("password",)),
    "simulations": Place("user_id = %(user_id)s", step=1),  # a history can have 10 MiB
    "replaced_histories": Place(_OF_TALKS, key="version", step=1),
    # The life of a client is not shown to a learner whose talk with this client still goes on.
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
    # The result of an import lists refused rows, which are about other people.
    "jobs": Place(_BY, secrets=("result",)),
    "mail_outbox": Place("user_id = %(user_id)s"),
    "sign_ins": Place("user_id = %(user_id)s"),
    "ai_usage": Place("user_id = %(user_id)s", outlives=True),
}


def everything(user_id: UUID) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    """Yield each table with the rows about this person, with all columns but secrets. Rows are read as they are
    consumed.
    """
    for table in PLACES:
        yield table, _rows(table, user_id)


def _rows(table: str, user_id: UUID) -> Iterator[dict[str, Any]]:
    place = PLACES[table]
    for some in _batches(table, user_id):
        for row in db.rows(f"SELECT * FROM {table} WHERE {place.key} = ANY(%(keys)s) ORDER BY {place.key}", keys=some):
            yield {name: value for name, value in row.items() if name not in place.secrets}


def _batches(table: str, user_id: UUID) -> Iterator[list[Any]]:
    """Yield the keys of the rows in batches that are read at once, limited by bytes too, as old rows may be long."""
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
    """Delete the person with everything about them. Return False if the account does not exist.

    The account is locked first: a concurrent insert for this person has either finished or finds no account any more.
    The simulations are locked next, in the same order as when one is saved or ended, to avoid deadlocks.
    """
    if not users.locked([user_id], tx):
        return False
    db.execute("SELECT 1 FROM simulations WHERE user_id = %(user_id)s ORDER BY id FOR UPDATE", tx=tx, user_id=user_id)
    for table, place in reversed(PLACES.items()):
        if not place.outlives:
            db.execute(f"DELETE FROM {table} WHERE ({place.where}) OR ({place.also})", tx=tx, user_id=user_id)
    return True
