"""Redis, which the processes of a deployment share, and how to get along without it.

While Redis does not answer, one call a second tries it and may wait TIMEOUT; all other calls fail at once.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import structlog
from pydantic import SecretStr
from redis import BlockingConnectionPool, Redis, RedisError
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Disconnected
from redis.retry import Retry

from rplay.errors import SharedAway, StartError

log = structlog.get_logger()

TIMEOUT = 0.5  # seconds to connect or to get a response; a busy process may read the response late
RETRY_SECONDS = 1.0  # seconds between two attempts while Redis is unavailable
CONNECTIONS = 16  # connections of one process; a call takes 0.1 ms
# Seconds to wait for a free connection. This wait says nothing about Redis, as the process that holds the connection
# may be busy. With half a second, fifty simultaneous learners made a healthy Redis appear unavailable.
TURN_SECONDS = 5.0

State = Literal["ok", "away"]


class Shared:
    """Redis, and whether it answers."""

    def __init__(self, url: SecretStr) -> None:
        try:
            pool = BlockingConnectionPool.from_url(
                url.get_secret_value(),
                max_connections=CONNECTIONS,
                timeout=TURN_SECONDS,
                socket_timeout=TIMEOUT,
                socket_connect_timeout=TIMEOUT,
                # The library's default waits up to 10 s between three retries. One retry replaces a connection that has
                # died.
                retry=Retry(NoBackoff(), 1, supported_errors=(Disconnected,)),
                client_name="rplay",
            )
        except ValueError as error:
            raise StartError(f"REDIS_URL is not the address of a Redis: {error}.") from None
        self.redis = Redis(connection_pool=pool)
        self._away_since: float | None = None
        self._next_try = 0.0

    @property
    def state(self) -> State:
        return "ok" if self._away_since is None else "away"

    @contextmanager
    def answering(self) -> Iterator[Redis]:
        """Yield the client for calls in the block. Raise SharedAway if Redis does not answer: at once if that is
        already known.
        """
        trial = self._enter()
        try:
            yield self.redis
        except (RedisError, OSError) as error:
            self._went_away(error)
            raise SharedAway(type(error).__name__) from error
        else:
            if trial:
                self._came_back()

    def close(self) -> None:
        self.redis.close()
        self.redis.connection_pool.disconnect()

    def _enter(self) -> bool:
        """Return True if this call may try an unavailable Redis again; raise SharedAway if it is too early for that."""
        if self._away_since is None:
            return False
        now = time.monotonic()
        if now < self._next_try:
            raise SharedAway("it did not answer a moment ago")
        self._next_try = now + RETRY_SECONDS
        return True

    def _went_away(self, error: Exception) -> None:
        now = time.monotonic()
        self._next_try = now + RETRY_SECONDS
        if self._away_since is None:
            self._away_since = now
            log.error("redis_away", reason=f"{type(error).__name__}: {error}")

    def _came_back(self) -> None:
        if self._away_since is not None:
            log.warning("redis_back", seconds=round(time.monotonic() - self._away_since, 1))
            self._away_since = None
