"""Starts the embedded PostgreSQL again when it was killed while `rplay serve` runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from rplay.config import Settings
from rplay.errors import StartError
from rplay.postgres.embedded import EmbeddedServer

LOOK_SECONDS = 1.0  # seconds between two looks; a look is one flock
LONGEST_PAUSE = 30.0  # seconds between two tries to start it
START_SECONDS = 5.0  # seconds for a start that is under way when the block ends


@contextmanager
def kept_running(server: EmbeddedServer | None, settings: Settings) -> Iterator[None]:
    """In the block, PostgreSQL runs again about a second after its death; does nothing without a server."""
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
    """Imported late, as it brings Flask along: a start without an accident is quicker by that."""
    import structlog

    from rplay.runtime import logs

    logs.install(settings)
    return structlog.get_logger()
