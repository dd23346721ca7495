"""The data files of servers that share no folder, and word of each change to all who listen."""

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
PROOF_SECONDS = 3.0  # seconds for a word sent to ourselves to come back

_LOCK = 7_526_413_911  # any number nobody else uses for an advisory lock


@dataclass(frozen=True, slots=True)
class Content:
    text: str
    version: int


def get(name: str, tx: Connection | None = None) -> Content | None:
    sql = "SELECT content::text AS text, version FROM data_files WHERE name = %(name)s"
    return db.one(Content, sql, tx=tx, name=name)


def version(name: str) -> int:
    """0 for one that was never changed."""
    return db.value("SELECT version FROM data_files WHERE name = %(name)s", name=name) or 0


def versions() -> dict[str, int]:
    return {row["name"]: row["version"] for row in db.rows("SELECT name, version FROM data_files")}


def lock(tx: Connection) -> None:
    """Until the transaction ends nobody else changes any."""
    db.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'", tx=tx)
    db.execute("SELECT pg_advisory_xact_lock(%(lock)s)", tx=tx, lock=_LOCK)


def put(name: str, text: str, tx: Connection) -> int:
    """Its new version, of which those who listen hear when the transaction is committed."""
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
    """A connection of its own that hears of changes; psycopg.Error when it is lost."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def heard(self, seconds: float) -> Iterator[tuple[str, int]]:
        """Names and versions, as they come within this time."""
        for word in self._words(seconds):
            name, _, number = word.rpartition(" ")
            if number.isdigit():
                yield name, int(number)
        self._connection.execute("SELECT 1")  # a connection that is dead says nothing either

    def hears(self) -> bool:
        """Whether what others say comes here. A pooler takes LISTEN, and gives the connection to somebody else."""
        proof = f"proof {uuid4()}"
        db.value("SELECT pg_notify(%(channel)s, %(word)s)", channel=CHANNEL, word=proof)
        return any(word == proof for word in self._words(PROOF_SECONDS))

    def _words(self, seconds: float) -> Iterator[str]:
        for notify in self._connection.notifies(timeout=seconds):
            yield notify.payload


@contextmanager
def listening(url: str) -> Iterator[Listener]:
    # A peer that vanished is noticed: nothing is sent on this connection for long.
    alive = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}
    address = make_conninfo(url, connect_timeout=CONNECT_SECONDS, application_name="rplay data files", **alive)
    with psycopg.connect(address, autocommit=True, prepare_threshold=None) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        yield Listener(connection)
