"""A real server for tests: gunicorn as its own process, on a free port."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from tests import leaks, warm
from tests.conftest import free_port

ROOT = Path(__file__).parent.parent
QUIET = {
    "RATE_LIMIT_ENABLED": "false",
    "BCRYPT_COST": "4",
    "LOCAL_TYPING": "0",
    "NODE_ENV": "test",
    "LOG_LEVEL": "info",
}
# A voice that nobody asks: the local one is loaded when the first listener connects, which takes a second of each worker.
UNASKED_VOICE = {"TTS_PROVIDER": "openai", "TTS_API_KEY": "sk-fake"}


Process = subprocess.Popen[bytes] | warm.Process


class Live:
    """The running server, and a browser-like client for it."""

    def __init__(self, base: str, process: Process, log: Path, database: str) -> None:
        self.base = self.url = base
        self.process, self._log, self.database = process, log, database

    def call(self, method: str, path: str, body: Any = None, token: str | None = None, **options: Any) -> Any:
        headers = {**({"Authorization": f"Bearer {token}"} if token else {}), **options.pop("headers", {})}
        return leaks.watched(requests.request)(
            method, self.base + path, json=body, headers=headers, timeout=60, **options
        )

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def live_server(
    database: str,
    data_dir: Path,
    /,
    *,
    app: str = "wsgi:app",
    bind: str = "127.0.0.1",
    port: int = 0,
    anew: bool = False,
    root: Path = ROOT,
    **env: str,
) -> Iterator[Live]:
    """Serves this database; `env` are settings. Ends by SIGTERM; its log is searched for secrets.

    `anew` is for tests of the processes themselves: the server is started as by hand, not forked (tests/warm.py). With
    it, `root` is the folder of another version.
    """
    leaks.keep_all(env)
    port = port or free_port()
    with tempfile.NamedTemporaryFile(prefix="rplay-live-", suffix=".log") as log:
        words = ["gunicorn", "-c", str(root / "gunicorn.conf.py"), "-b", f"{bind}:{port}", app]
        given = {
            "PATH": os.environ["PATH"],
            "HOME": str(data_dir),
            "DATABASE_URL": database,
            "DATA_DIR": str(data_dir),
            "INSTANCE_DIR": str(data_dir),
            **{name: value for name, value in os.environ.items() if name == "SSL_CERT_FILE"},
            **QUIET,
            **env,
        }
        process: Process = (
            subprocess.Popen([sys.executable, "-m", *words], cwd=root, env=given, stdout=log, stderr=subprocess.STDOUT)
            if anew
            else warm.Process(words, given, ROOT, log.fileno())
        )
        server = Live(f"http://127.0.0.1:{port}", process, Path(log.name), database)
        try:
            wait_until_ready(server)
            yield server
            leaks.check_log(server.log())
        finally:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise


def wait_until_ready(server: Live) -> None:
    for _ in range(1200):
        if server.process.poll() is not None:
            raise AssertionError(f"The server ended:\n{server.log()}")
        try:
            if requests.get(f"{server.base}/api/health/ready", timeout=60).ok:
                return
        except requests.RequestException:
            pass  # it does not listen yet, or its worker is still on its way
        time.sleep(0.05)
    raise AssertionError(f"The server did not become ready:\n{server.log()}")
