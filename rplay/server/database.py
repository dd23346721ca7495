"""The configured database, or the embedded one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rplay import db
from rplay.config import Settings
from rplay.data import DataFiles
from rplay.db import migrate, parameters
from rplay.db.address import for_driver
from rplay.postgres import embedded
from rplay.postgres.embedded import EmbeddedServer


@dataclass(frozen=True)
class Database:
    """A database. `folder` and `server` belong to the embedded server and are None for a configured database."""

    url: str
    folder: Path | None = None
    server: EmbeddedServer | None = None


def given(settings: Settings) -> str | None:
    """Return the address of the configured database, None if there is none. Raise StartError, which does not quote
    it, if it is invalid.
    """
    if settings.database_url is None:
        return None
    return for_driver(settings.database_url.get_secret_value())


@contextmanager
def database(settings: Settings) -> Iterator[Database]:
    """Yield a database. An embedded server runs at least until the end of the block."""
    if url := given(settings):
        yield Database(url)
        return
    folder = settings.instance_dir / "postgres"
    with embedded.start(folder) as server:
        yield Database(server.url, folder, server)


def upgrade(url: str) -> list[str]:
    """Run pending migrations and load the shipped parameters into a new database. Return the names of the
    migrations.
    """
    ran = migrate.upgrade(url)
    db.connect(url, size=1)
    try:
        parameters.load_defaults_if_empty(DataFiles.parameter_defaults())
    finally:
        db.close()
    return ran
