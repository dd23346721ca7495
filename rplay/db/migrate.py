"""Numbered SQL files, each run once, in order and in a transaction of its own.

What has run stands in `schema_migrations` with the file's checksum. An advisory lock lets two processes start at once.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import psycopg

from rplay import db
from rplay.db.address import reason_of
from rplay.errors import StartError

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 7_526_413_908  # any number nobody else uses for an advisory lock


@dataclass(frozen=True)
class Migration:
    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


@dataclass(frozen=True)
class Status:
    """Names of the migrations that have run and of those that still have to."""

    applied: list[str]
    pending: list[str]


def migrations(folder: Path = FOLDER) -> list[Migration]:
    return [
        Migration(int(path.stem.split("_")[0]), path.stem, path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("[0-9]*.sql"))
    ]


def upgrade(url: str, folder: Path = FOLDER) -> list[str]:
    """Runs what has not run yet; the names of what it ran. StartError on a newer or changed schema."""
    ran: list[str] = []
    with connected(url) as connection:
        _prepare(connection)
        for migration in _pending(connection, migrations(folder)):
            _apply(connection, migration)
            ran.append(migration.name)
    return ran


def _prepare(connection: psycopg.Connection) -> None:
    """Waits for others who upgrade, and makes the table of what has run."""
    connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    connection.execute("SET client_min_messages = warning")
    try:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations ("
            " number int PRIMARY KEY, name text NOT NULL, checksum text NOT NULL,"
            " applied_at timestamptz NOT NULL DEFAULT now())"
        )
    except psycopg.errors.InsufficientPrivilege:
        raise StartError(
            f"The database account {connection.info.user} may not create tables. Upgrade with the account that owns "
            "the database, or grant this one CREATE on the schema public."
        ) from None


def status(url: str, folder: Path = FOLDER) -> Status:
    """What has run and what has not, without changing anything."""
    ours = migrations(folder)
    with connected(url) as connection:
        known = connection.execute("SELECT to_regclass('schema_migrations') IS NOT NULL").fetchone()
        pending = [migration.name for migration in _pending(connection, ours)] if known and known[0] else None
    names = [migration.name for migration in ours]
    pending = names if pending is None else pending
    return Status([name for name in names if name not in pending], pending)


def is_current() -> bool:
    """Whether everything has run on the database of the open pool, unchanged."""
    applied = {(row["number"], row["checksum"]) for row in db.rows("SELECT number, checksum FROM schema_migrations")}
    return applied == {(migration.number, migration.checksum) for migration in migrations()}


def connected(url: str) -> psycopg.Connection:
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        raise StartError(
            f"The database cannot be reached: {reason_of(error)}. Check DATABASE_URL and that the server is running."
        ) from None


def _pending(connection: psycopg.Connection, ours: list[Migration]) -> list[Migration]:
    """What still has to run, after making sure that what ran is what we know."""
    applied = {number: (name, checksum) for number, name, checksum in _applied(connection)}
    newer = sorted(set(applied) - {migration.number for migration in ours})
    if newer:
        raise StartError(
            f"The database has migration {applied[newer[0]][0]}, which this version of rplay does not know: "
            "it was upgraded by a newer version. Start that version, or restore a backup made before the upgrade."
        )
    for migration in ours:
        if migration.number in applied and applied[migration.number][1] != migration.checksum:
            raise StartError(
                f"Migration {migration.name} was changed after it had run on this database. "
                "Put the file back as it was and add a new migration instead."
            )
    return [migration for migration in ours if migration.number not in applied]


def _applied(connection: psycopg.Connection) -> list[tuple[int, str, str]]:
    return connection.execute("SELECT number, name, checksum FROM schema_migrations ORDER BY number").fetchall()


def _apply(connection: psycopg.Connection, migration: Migration) -> None:
    try:
        with connection.transaction():
            connection.execute(migration.sql.encode())
            connection.execute(
                "INSERT INTO schema_migrations (number, name, checksum) VALUES (%s, %s, %s)",
                [migration.number, migration.name, migration.checksum],
            )
    except psycopg.Error as error:
        raise StartError(
            f"Migration {migration.name} failed and changed nothing: {str(error).strip()}. "
            "Run `rplay db doctor` to see what in this database is unusual."
        ) from error
