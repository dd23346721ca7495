"""What a command works with: the settings, and the database."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from rplay import config
from rplay.config import Settings
from rplay.errors import StartError

ENV_FILE = Path(".env")


def settings() -> Settings:
    _log_to_stderr()
    return config.load(dict(os.environ), ENV_FILE)


@contextmanager
def opened(settings: Settings) -> Iterator[None]:
    """The database, with the schema of this version, behind `rplay.db`."""
    from rplay import db
    from rplay.db import migrate
    from rplay.server.database import database

    # What becomes of the connection, the command says itself.
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
    with database(settings) as found:
        if migrate.status(found.url).pending:
            raise StartError("The database is not ready for this version of rplay: run `rplay db upgrade` first.")
        db.connect(found.url, size=2, prepare=settings.db_prepare, statement_timeout=settings.db_statement_timeout)
        try:
            yield
        finally:
            db.close()


def _log_to_stderr() -> None:
    """What is worth a warning, where it does not get between the results."""
    if not structlog.is_configured():
        structlog.configure(
            wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
            logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        )
