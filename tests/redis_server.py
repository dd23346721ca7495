"""A real Redis for tests, which can be ended, started again and made to hang."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis, RedisError

from tests.conftest import free_port
from tests.programs import needs, program

needs_redis = needs("redis-server")


class RedisServer:
    """Keeps nothing on disk. `password` is part of its address."""

    password = "redis-secret"

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://:{self.password}@127.0.0.1:{self.port}/0"
        self.client = Redis.from_url(self.url)
        self.start()

    def start(self) -> None:
        command = [
            program("redis-server"),
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--loglevel",
            "warning",
        ]
        self._process = subprocess.Popen([*command, "--requirepass", self.password])
        for _ in range(3000):
            try:
                self.client.ping()
                return
            except RedisError:
                time.sleep(0.02)
        raise AssertionError("redis-server did not start")

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Takes connections and answers nothing."""
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)
