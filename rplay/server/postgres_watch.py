"""Restarts the embedded PostgreSQL if it is killed while `rplay serve` runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from rplay.config import Settings
from rplay.errors import StartError
from rplay.postgres.embedded import EmbeddedServer

LOOK_SECONDS = 1.0  # seconds between two checks; a check is one flock
LONGEST_PAUSE = 30.0  # seconds between two attempts to start it
START_SECONDS = 5.0  # seconds that a start already under way gets when the block ends


@contextmanager
def kept_running(server: EmbeddedServer | None, settings: Settings) -> Iterator[None]:
    """Restart PostgreSQL about a second after it dies, until the block ends. Do nothing without a server."""
    if server is None:
        yield
        return
    over = Event()
    thread = Thread(target=_watch, args=(server, settings, over), name="postgres-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(START_SECONDS)


def _watch(server: EmbeddedServer, settings: Settings, over: Event) -> None:
    pause = LOOK_SECONDS
    while not over.wait(pause):
        try:
            revived = server.revive()
        except (StartError, OSError) as error:
            pause = min(pause * 2, LONGEST_PAUSE)
            _log(settings).error("postgres_not_started", reason=str(error), next_try_in=pause)
            continue
        if revived:
            _log(settings).warning("postgres_started_again")
        pause = min(pause * 2, LONGEST_PAUSE) if revived else LOOK_SECONDS


def _log(settings: Settings) -> Any:
    """Return a logger. This is imported late, as it imports Flask, which a normal start does not need."""
    import structlog

    from rplay.runtime import logs

    logs.install(settings)
    return structlog.get_logger()
