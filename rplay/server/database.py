"""The database that the settings name, or the embedded one."""

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
    """`folder` and `server` are the embedded server's, None for a database that was given."""

    url: str
    folder: Path | None = None
    server: EmbeddedServer | None = None


def given(settings: Settings) -> str | None:
    """The address of a database that was given; StartError, which does not show it, when it is not an address."""
    if settings.database_url is None:
        return None
    return for_driver(settings.database_url.get_secret_value())


@contextmanager
def database(settings: Settings) -> Iterator[Database]:
    """A database to work with; the embedded server runs at least as long as the block."""
    if url := given(settings):
        yield Database(url)
        return
    folder = settings.instance_dir / "postgres"
    with embedded.start(folder) as server:
        yield Database(server.url, folder, server)


def upgrade(url: str) -> list[str]:
    """Brings the schema up to date and gives a new database the shipped parameters; the migrations that ran."""
    ran = migrate.upgrade(url)
    db.connect(url, size=1)
    try:
        parameters.load_defaults_if_empty(DataFiles.parameter_defaults())
    finally:
        db.close()
    return ran
