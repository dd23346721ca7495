"""The end of a server: what it still takes, and when what runs is cut off.

At SIGTERM it is no longer ready and takes no new connections. Requests that came in just before are answered; after
SETTLING new ones are refused. What runs gets GRACE_SECONDS, then a stream its last event and an answer its error.
"""

import time
from typing import Any

import gevent
import structlog

from rplay.errors import Unavailable

log = structlog.get_logger()

SETTLING = 1.0  # seconds in which a proxy learns that we are gone; a request that it sent meanwhile is answered
GRACE_SECONDS = 25.0  # seconds until what still runs is cut off
LAST = 2.0  # seconds more for the last words; gunicorn kills a worker after 28, and all is over in 30
RETRY_SECONDS = 2  # seconds after which a client may ask again, and will meet another server

TEXT = "The server is restarting. Please try again in a moment."


class Shutdown:
    """Whether this process is about to end, and how far that is."""

    def __init__(self) -> None:
        self._began: float | None = None
        self._running: set[Any] = set()  # greenlets that compute an answer of which nothing is sent yet

    def begin(self) -> None:
        if self._began is None:
            self._began = time.monotonic()

    @property
    def begun(self) -> bool:
        return self._began is not None

    @property
    def cut(self) -> bool:
        """Whether the time of what was running is up."""
        return self._age() >= GRACE_SECONDS

    def enter(self, *, probe: bool) -> None:
        """A request begins; Unavailable when it is too late for one."""
        if not probe and self._age() >= SETTLING:
            raise refusal()
        self._running.add(gevent.getcurrent())

    def leave(self) -> None:
        self._running.discard(gevent.getcurrent())

    def cut_off(self) -> None:
        """Ends what computes still; each request of these is answered with the error."""
        running = list(self._running)
        if running:
            log.warning("requests_cut_off", requests=len(running))
        for one in running:
            gevent.kill(one, refusal())

    def _age(self) -> float:
        return 0.0 if self._began is None else time.monotonic() - self._began


def refusal() -> Unavailable:
    return Unavailable(TEXT, RETRY_SECONDS)
