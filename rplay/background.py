"""Work that nobody waits for. What goes wrong in it is told in the log, without what it was about."""

import traceback
from collections.abc import Callable
from functools import partial
from typing import Any

import gevent
import structlog

log = structlog.get_logger()

RESTART_SECONDS = 5.0  # seconds until endless work that failed is begun anew


def run(name: str, work: Callable[..., Any], *given: Any, endless: bool = False, after: float = 0) -> gevent.Greenlet:
    """Does `work(*given)` beside all else, `after` so many seconds; endless work begins anew when it ends."""
    return gevent.spawn_later(after, _kept_up if endless else _once, name, partial(work, *given))


def _once(name: str, work: Callable[[], Any]) -> None:
    try:
        work()
    except Exception as error:  # nobody else is there to hear of it
        log.error("background_work_failed", work=name, error=type(error).__name__, at=place_of(error))


def _kept_up(name: str, work: Callable[[], Any]) -> None:
    while True:
        _once(name, work)
        gevent.sleep(RESTART_SECONDS)


def place_of(error: BaseException) -> list[str]:
    """The way to the line that failed. An error's own words may hold an address or a name, as the database's do."""
    return [
        f"{frame.name} ({frame.filename.rpartition('/')[2]}:{frame.lineno})"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
