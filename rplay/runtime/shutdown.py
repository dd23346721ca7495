"""The shutdown of a server: what it still accepts, and when running work is cut off.

After SIGTERM it is not ready and accepts no new connections. Requests that arrived just before are handled; after
SETTLING new ones are refused. Running work gets GRACE_SECONDS; then a stream gets its last event and other requests an
error.
"""

import time
from typing import Any

import gevent
import structlog

from rplay.errors import Unavailable

log = structlog.get_logger()

SETTLING = 1.0  # seconds in which a proxy notices the shutdown; requests that it sends meanwhile are handled
GRACE_SECONDS = 25.0  # seconds until running work is cut off
LAST = 2.0  # more seconds to send the last responses; gunicorn kills a worker after 28, and everything ends within 30
RETRY_SECONDS = 2  # seconds after which a client may retry, by then with another server

TEXT = "The server is restarting. Please try again in a moment."


class Shutdown:
    """Whether this process is shutting down, and how far the shutdown has come."""

    def __init__(self) -> None:
        self._began: float | None = None
        self._running: set[Any] = set()  # greenlets of requests whose response has not begun

    def begin(self) -> None:
        if self._began is None:
            self._began = time.monotonic()

    @property
    def begun(self) -> bool:
        return self._began is not None

    @property
    def cut(self) -> bool:
        """Return True if running work has used up its grace period."""
        return self._age() >= GRACE_SECONDS

    def enter(self, *, probe: bool) -> None:
        """Register a request. Raise Unavailable if the shutdown no longer accepts any."""
        if not probe and self._age() >= SETTLING:
            raise refusal()
        self._running.add(gevent.getcurrent())

    def leave(self) -> None:
        self._running.discard(gevent.getcurrent())

    def cut_off(self) -> None:
        """Abort the requests that are still running; each gets an error response."""
        running = list(self._running)
        if running:
            log.warning("requests_cut_off", requests=len(running))
        for one in running:
            gevent.kill(one, refusal())

    def _age(self) -> float:
        return 0.0 if self._began is None else time.monotonic() - self._began


def refusal() -> Unavailable:
    return Unavailable(TEXT, RETRY_SECONDS)
