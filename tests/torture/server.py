"""The product as it runs in production, and a look at what it holds."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import requests

from tests.conftest import free_port
from tests.live import QUIET, ROOT


@dataclass(frozen=True)
class Vitals:
    """What the worker holds while nobody asks it for anything."""

    connections: int  # to the database
    busy: int  # of these
    greenlets: int
    descriptors: int
    rss: int  # MiB
    kinds: Counter[str]

    def __str__(self) -> str:
        return f"{self.connections} / {self.greenlets} / {self.descriptors} / {self.rss}"


class Server:
    """gunicorn with the project's configuration."""

    def __init__(self, folder: Path, database: str, app: str = "wsgi:app", workers: int = 1, **settings: str) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.log_file = folder / "server.log"
        command = f"-m gunicorn -c {ROOT}/tests/torture/watched.conf.py -b 127.0.0.1:{self.port} -w {workers} {app}"
        with self.log_file.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command.split()],
                cwd=ROOT,
                env={
                    "PATH": os.environ["PATH"],
                    "HOME": str(folder),
                    "PROJECT_CONFIG": str(ROOT / "gunicorn.conf.py"),
                    "VITALS": str(folder / "vitals.json"),
                    "DATABASE_URL": database,
                    "INSTANCE_DIR": str(folder),
                    **QUIET,
                    **settings,
                },
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        began = time.monotonic()
        self.wait()
        self.boot = time.monotonic() - began

    @property
    def worker(self) -> psutil.Process:
        return psutil.Process(self.process.pid).children()[0]

    def wait(self, path: str = "/api/health/ready") -> None:
        end = time.monotonic() + 60
        while True:
            try:
                if requests.get(self.base + path, timeout=5).ok:
                    return
            except requests.RequestException:
                pass  # it does not listen yet, or its worker is on its way
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < end, self.log()
            time.sleep(0.05)

    def call(self, method: str, path: str, body: Any = None, token: str | None = None) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return requests.request(method, self.base + path, json=body, headers=headers, timeout=60)

    def connect(self, timeout: float = 90) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def log(self) -> str:
        return self.log_file.read_text(errors="replace")

    def inside(self) -> dict[str, Any]:
        """What the worker says about itself."""
        target = self.folder / "vitals.json"
        target.unlink(missing_ok=True)
        self.worker.send_signal(signal.SIGUSR2)
        end = time.monotonic() + 10
        while not target.exists():
            assert time.monotonic() < end, f"the worker does not answer a signal\n{self.log()[-3000:]}"
            time.sleep(0.02)
        return dict(json.loads(target.read_text()))

    def vitals(self, connections: tuple[int, int]) -> Vitals:
        inside = self.inside()
        worker = self.worker
        # One for each speech connection of the last 25 s: it sleeps until it sees that the connection is gone.
        pings = inside["kinds"].pop("Socket._send_ping", 0)
        return Vitals(
            *connections,
            inside["greenlets"] - pings,
            worker.num_fds(),
            worker.memory_info().rss // 2**20,
            Counter(inside["kinds"]),
        )

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
