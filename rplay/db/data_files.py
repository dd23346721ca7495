"""Data files kept in the database for servers that share no folder, with a notification about each change."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import psycopg
from psycopg.conninfo import make_conninfo

from rplay import db
from rplay.db import Connection

CHANNEL = "rplay_data_files"
LOCK_SECONDS = 10
CONNECT_SECONDS = 5
PROOF_SECONDS = 3.0  # seconds within which a notification sent to ourselves must arrive

_LOCK = 7_526_413_911  # an arbitrary key that no other advisory lock uses


@dataclass(frozen=True, slots=True)
class Content:
    text: str
    version: int


def get(name: str, tx: Connection | None = None) -> Content | None:
    sql = "SELECT content::text AS text, version FROM data_files WHERE name = %(name)s"
    return db.one(Content, sql, tx=tx, name=name)


def version(name: str) -> int:
    """Return the version of the file; 0 if it was never changed."""
    return db.value("SELECT version FROM data_files WHERE name = %(name)s", name=name) or 0


def versions() -> dict[str, int]:
    return {row["name"]: row["version"] for row in db.rows("SELECT name, version FROM data_files")}


def lock(tx: Connection) -> None:
    """Keep all others from changing data files until the transaction ends."""
    db.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'", tx=tx)
    db.execute("SELECT pg_advisory_xact_lock(%(lock)s)", tx=tx, lock=_LOCK)


def put(name: str, text: str, tx: Connection) -> int:
    """Store the file and return its new version. Listeners are notified when the transaction is committed."""
    number: int = db.value(
        """
        INSERT INTO data_files (name, content) VALUES (%(name)s, %(text)s::json)
   ON CONFLICT (name) DO UPDATE SET content = excluded.content, version = data_files.version + 1, changed_at = now()
     RETURNING version
        """,
        tx=tx,
        name=name,
        text=text,
    )
    db.value("SELECT pg_notify(%(channel)s, %(word)s)", tx=tx, channel=CHANNEL, word=f"{name} {number}")
    return number


class Listener:
    """A dedicated connection that receives notifications of changes. Its methods raise psycopg.Error if the connection
    is lost.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def heard(self, seconds: float) -> Iterator[tuple[str, int]]:
        """Yield names and versions of changed files as notifications arrive within this time."""
        for word in self._words(seconds):
            name, _, number = word.rpartition(" ")
            if number.isdigit():
                yield name, int(number)
        self._connection.execute("SELECT 1")  # a dead connection is silent too, so test it

    def hears(self) -> bool:
        """Return True if notifications arrive here. Behind a pooler they may not: it accepts LISTEN and then gives the
        connection to another client.
        """
        proof = f"proof {uuid4()}"
        db.value("SELECT pg_notify(%(channel)s, %(word)s)", channel=CHANNEL, word=proof)
        return any(word == proof for word in self._words(PROOF_SECONDS))

    def _words(self, seconds: float) -> Iterator[str]:
        for notify in self._connection.notifies(timeout=seconds):
            yield notify.payload


@contextmanager
def listening(url: str) -> Iterator[Listener]:
    # TCP keepalive detects a peer that vanished: nothing else is sent on this connection for long periods.
    alive = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}
    address = make_conninfo(url, connect_timeout=CONNECT_SECONDS, application_name="rplay data files", **alive)
    with psycopg.connect(address, autocommit=True, prepare_threshold=None) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        yield Listener(connection)
