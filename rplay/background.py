"""Background work. Errors are logged, without personal data."""

import traceback
from collections.abc import Callable
from functools import partial
from typing import Any

import gevent
import structlog

log = structlog.get_logger()

RESTART_SECONDS = 5.0  # seconds until endless work is restarted after a failure


def run(name: str, work: Callable[..., Any], *given: Any, endless: bool = False, after: float = 0) -> gevent.Greenlet:
    """Run `work(*given)` in a greenlet, after `after` seconds. Endless work is restarted when it ends."""
    return gevent.spawn_later(after, _kept_up if endless else _once, name, partial(work, *given))


def _once(name: str, work: Callable[[], Any]) -> None:
    try:
        work()
    except Exception as error:  # there is no caller to which the error could be raised
        log.error("background_work_failed", work=name, error=type(error).__name__, at=place_of(error))


def _kept_up(name: str, work: Callable[[], Any]) -> None:
    while True:
        _once(name, work)
        gevent.sleep(RESTART_SECONDS)


def place_of(error: BaseException) -> list[str]:
    """Return the stack of the line that failed. The error's message is left out, as it may contain an address or a
    name (the database's messages do).
    """
    return [
        f"{frame.name} ({frame.filename.rpartition('/')[2]}:{frame.lineno})"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
