"""Opens what commands work with: settings and database."""

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
    """Return the settings, and send log messages to stderr from now on, apart from the results."""
    _log_to_stderr(log_level)
    return config.load(dict(os.environ), ENV_FILE)


def environment() -> dict[str, str | None]:
    """Return the variables of the environment and of .env by name."""
    return {**config.read_env(ENV_FILE), **os.environ}


@contextmanager
def opened(settings: Settings) -> Iterator[None]:
    """Connect `rplay.db` to the database. Raise StartError if migrations are pending."""
    from rplay import db
    from rplay.db import migrate
    from rplay.server.database import database

    # The command reports connection errors itself.
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
