"""Runs the numbered SQL migrations, each once, in order, each in its own transaction.

`schema_migrations` records the migrations that have run, with the checksums of their files. An advisory lock lets two
processes start at the same time.

A file whose first line is `-- additive` changes nothing that earlier versions of rplay use: these versions keep
running, and start, on a database to which it was applied. They refuse to start if a migration that they do not know is
not additive.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psycopg
from psycopg.rows import class_row

from rplay import db
from rplay.db.address import reason_of
from rplay.errors import StartError

FOLDER = Path(__file__).parent / "migrations"
ADDITIVE = "-- additive"
_LOCK = 7_526_413_908  # an arbitrary key that no other advisory lock uses


@dataclass(frozen=True)
class Migration:
    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()

    @property
    def is_additive(self) -> bool:
        return self.sql.partition("\n")[0].strip() == ADDITIVE


@dataclass(frozen=True)
class _Applied:
    number: int
    name: str
    checksum: str
    additive: bool


@dataclass(frozen=True)
class Status:
    """Names of the migrations that have run, of those that are pending, and of additive ones that a newer
    version ran.
    """

    applied: list[str]
    pending: list[str]
    newer: list[str]


def migrations(folder: Path = FOLDER) -> list[Migration]:
    return [
        Migration(int(path.stem.split("_")[0]), path.stem, path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("[0-9]*.sql"))
    ]


def upgrade(url: str, folder: Path = FOLDER) -> list[str]:
    """Run the pending migrations and return their names.

    Raise StartError if a migration was changed after it ran, or if a newer version ran a breaking one.
    """
    ran: list[str] = []
    with connected(url) as connection:
        _prepare(connection)
        for migration in _to_run(_applied(connection), migrations(folder)):
            _apply(connection, migration)
            ran.append(migration.name)
    return ran


def _prepare(connection: psycopg.Connection) -> None:
    """Wait for other processes that upgrade, and create the table of migrations if it is missing."""
    connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    connection.execute("SET client_min_messages = warning")
    try:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations ("
            " number int PRIMARY KEY, name text NOT NULL, checksum text NOT NULL,"
            " applied_at timestamptz NOT NULL DEFAULT now(), additive boolean NOT NULL DEFAULT false)"
        )
        if not _tells_additive(connection):  # the table was created by an earlier version
            connection.execute("ALTER TABLE schema_migrations ADD COLUMN additive boolean NOT NULL DEFAULT false")
    except psycopg.errors.InsufficientPrivilege:
        raise StartError(
            f"The database account {connection.info.user} may not create tables. Upgrade with the account that owns "
            "the database, or grant this one CREATE on the schema public."
        ) from None


def _tells_additive(connection: psycopg.Connection) -> bool:
    found = connection.execute(
        "SELECT FROM pg_attribute WHERE attrelid = 'schema_migrations'::regclass AND attname = 'additive'"
    )
    return found.fetchone() is not None


def status(url: str, folder: Path = FOLDER) -> Status:
    """Return which migrations have run and which have not, without changing anything."""
    ours = migrations(folder)
    with connected(url) as connection:
        known = connection.execute("SELECT to_regclass('schema_migrations') IS NOT NULL").fetchone()
        there = _applied(connection) if known and known[0] else []
    pending = [migration.name for migration in _to_run(there, ours)]
    applied = [migration.name for migration in ours if migration.name not in pending]
    return Status(applied, pending, [one.name for one in _unknown(there, ours)])


def standing() -> Status:
    """Like `status`, for the database of the open pool."""
    there, ours = db.all_of(_Applied, _APPLIED), migrations()
    ran = {(one.number, one.checksum) for one in there}
    applied = [one.name for one in ours if (one.number, one.checksum) in ran]
    pending = [one.name for one in ours if one.name not in applied]
    return Status(applied, pending, [one.name for one in _unknown(there, ours)])


State = Literal["ok", "pending", "newer"]


def state() -> State:
    """Return the state of the open pool's database: `newer` if a later version made a change that this version cannot
    work with.
    """
    there, ours = db.all_of(_Applied, _APPLIED), migrations()
    if any(not one.additive for one in _unknown(there, ours)):
        return "newer"
    ran = {(one.number, one.checksum) for one in there}
    return "ok" if all((one.number, one.checksum) in ran for one in ours) else "pending"


def connected(url: str) -> psycopg.Connection:
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        raise StartError(
            f"The database cannot be reached: {reason_of(error)}. Check DATABASE_URL and that the server is running."
        ) from None
    if connection.info.parameter_status("server_encoding") == "SQL_ASCII":  # in this encoding texts are only bytes
        connection.close()
        raise StartError(
            "The database has the encoding SQL_ASCII, in which texts cannot be kept safely: make one with "
            "ENCODING 'UTF8' TEMPLATE template0, and bring over what is there with pg_dump and psql."
        )
    return connection


def _to_run(there: list[_Applied], ours: list[Migration]) -> list[Migration]:
    """Return the pending migrations. Raise StartError if this version cannot work with the ones that have run."""
    breaking = next((one for one in _unknown(there, ours) if not one.additive), None)
    if breaking:
        raise StartError(
            f"The database has migration {breaking.name}, which this version of rplay does not know and cannot work "
            "with: it was upgraded by a newer version. Start that version, or restore a backup made before the upgrade."
        )
    ran = {one.number: one.checksum for one in there}
    for migration in ours:
        if ran.get(migration.number, migration.checksum) != migration.checksum:
            raise StartError(
                f"Migration {migration.name} was changed after it had run on this database. "
                "Put the file back as it was and add a new migration instead."
            )
    return [migration for migration in ours if migration.number not in ran]


def _unknown(there: list[_Applied], ours: list[Migration]) -> list[_Applied]:
    numbers = {migration.number for migration in ours}
    return [one for one in there if one.number not in numbers]


# The column is read through JSON, as a table created by an earlier version has no column `additive`.
_APPLIED = """
    SELECT number, name, checksum, coalesce((to_jsonb(m) ->> 'additive')::boolean, false) AS additive
      FROM schema_migrations m
     ORDER BY number
"""


def _applied(connection: psycopg.Connection) -> list[_Applied]:
    with connection.cursor(row_factory=class_row(_Applied)) as cursor:
        return cursor.execute(_APPLIED).fetchall()


def _apply(connection: psycopg.Connection, migration: Migration) -> None:
    try:
        with connection.transaction():
            connection.execute(migration.sql.encode())
            connection.execute(
                "INSERT INTO schema_migrations (number, name, checksum, additive) VALUES (%s, %s, %s, %s)",
                [migration.number, migration.name, migration.checksum, migration.is_additive],
            )
    except psycopg.Error as error:
        raise StartError(
            f"Migration {migration.name} failed and changed nothing: {str(error).strip()}. "
            "Run `rplay db doctor` to see what in this database is unusual."
        ) from error
