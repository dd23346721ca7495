"""Starting and stopping the server: `rplay serve`, and what a gunicorn worker does besides serving."""

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rplay.config import read_env
from rplay.errors import StartError

LIFELINE = "RPLAY_LIFELINE"  # environment variable with a file descriptor that closes when `rplay serve` ends
NEVER_AGAIN = 3  # exit status with which a worker tells gunicorn that a new worker would fail too


@contextmanager
def said_in_a_sentence() -> Iterator[None]:
    """End the process without a traceback if the block raises StartError."""
    try:
        yield
    except StartError as error:
        sys.stderr.write(f"{_line(str(error))}\n")
        sys.exit(NEVER_AGAIN)


def _line(text: str) -> str:
    """Format an error: as a JSON line if gunicorn logs JSON, else as a sentence for a person at a terminal."""
    if "gunicorn" not in sys.modules or not _logs_json():
        return f"Error: {text}"
    from rplay.runtime.lines import Lines

    record = logging.LogRecord(__name__, logging.CRITICAL, __file__, 0, text, None, None)
    return Lines(production=True).format(record)


def _logs_json() -> bool:
    try:
        return is_production(given())
    except StartError:  # .env cannot be read
        return is_production(os.environ)


def given() -> dict[str, str | None]:
    """Return the variables of the environment and of `.env`, not validated yet."""
    return {**read_env(Path(".env")), **os.environ}


def is_production(given: Mapping[str, str | None]) -> bool:
    return (given.get("NODE_ENV") or "").strip() == "production"


def refuse_other_workers() -> None:
    """Raise StartError if gunicorn runs with another worker class.

    Without gevent the first open stream would block all other requests. gunicorn's own gevent worker does not run
    rplay's hooks at start and end.
    """
    if "gunicorn.workers.base" in sys.modules and "rplay.server.gunicorn_worker" not in sys.modules:
        raise StartError(
            "rplay is served by workers of its own only; "
            "start it with `gunicorn -c python:rplay.server.gunicorn_config wsgi:app`, without --worker-class."
        )
