"""What a command works with: the settings, and the database."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from rplay import config
from rplay.config import ENV_FILE, Settings
from rplay.errors import StartError


def settings(log_level: int = logging.WARNING) -> Settings:
    """Those of this environment; from now on what is logged goes where it does not get between the results."""
    _log_to_stderr(log_level)
    return config.load(dict(os.environ), ENV_FILE)


def environment() -> dict[str, str | None]:
    """What stands in the environment and in .env, by name."""
    return {**config.read_env(ENV_FILE), **os.environ}


@contextmanager
def opened(settings: Settings) -> Iterator[None]:
    """The database, with the schema of this version, behind `rplay.db`."""
    from rplay import db
    from rplay.db import migrate
    from rplay.server.database import database

    # What becomes of the connection, the command says itself.
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)
    with database(settings) as found:
        if migrate.status(found.url).pending:
            raise StartError("The database is not ready for this version of rplay: run `rplay db upgrade` first.")
        db.connect(found.url, size=2, prepare=settings.db_prepare, statement_timeout=settings.db_statement_timeout)
        try:
            yield
        finally:
            db.close()


def _log_to_stderr(level: int) -> None:
    if not structlog.is_configured():
        structlog.configure(
            wrapper_class=structlog.make_filtering_bound_logger(level),
            logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        )
