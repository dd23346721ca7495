"""The speech connections of the other processes that share a Redis."""

import os
import socket
from typing import Any, cast
from uuid import uuid4

import orjson

from rplay.runtime.redis import Shared

ALIVE = 5_000  # milliseconds without news after which a process counts as dead
NAMES = "rplay:processes"

Connection = dict[str, Any]


class OtherProcesses:
    """Publishes this process's connections, and knows those of the others as of the last exchange."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._name = f"rplay:speech:{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self._theirs: list[Connection] = []

    def theirs(self) -> list[Connection]:
        """Return the connections of the other processes; an empty list while Redis does not answer."""
        return self._theirs if self._shared.state == "ok" else []

    def meet(self, ours: list[Connection]) -> None:
        with self._shared.answering() as redis:
            with redis.pipeline(transaction=False) as pipe:
                pipe.set(self._name, orjson.dumps(ours), px=ALIVE)
                pipe.sadd(NAMES, self._name)
                pipe.smembers(NAMES)
                *_, names = pipe.execute()
            others = sorted(names - {self._name.encode()})
            reports = cast(list[bytes | None], redis.mget(others)) if others else []
            dead = [name for name, connections in zip(others, reports, strict=True) if connections is None]
            if dead:
                redis.srem(NAMES, *dead)
        self._theirs = [one for connections in reports if connections for one in orjson.loads(connections)]

    def leave(self) -> None:
        with self._shared.answering() as redis, redis.pipeline() as pipe:
            pipe.delete(self._name)
            pipe.srem(NAMES, self._name)
            pipe.execute()
