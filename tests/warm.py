"""Servers forked from a process that has imported the libraries: 0.8 s of processor each, instead of 2.

`python -m tests.warm` takes orders: a program's words, environment and folder, and where its output goes. Nothing of rplay
is imported here, so each server reads its settings and makes its parts as ever. Its master is patched by gevent, which
real ones are not: what is tested of a server's own processes is started anew (tests/live.py).
"""

import gc
import json
import os
import random
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parent.parent
# What `import wsgi` imports of others. Not gunicorn and prometheus_client, which look at the environment as they are imported.
LIBRARIES = [
    "bcrypt",
    "click",
    "cryptography.fernet",
    "dotenv",
    "flask",
    "flask_mail",
    "flask_socketio",
    "gevent.pywsgi",
    "httpx2",
    "limits.storage",
    "limits.strategies",
    "openai",
    "orjson",
    "psycopg",
    "psycopg.rows",
    "psycopg.types.json",
    "psycopg_pool",
    "pydantic",
    "redis.retry",
    "rich.console",
    "rich.traceback",
    "simple_websocket",
    "socketio",
    "structlog",
]
LONGEST = 1 << 20  # bytes of an order


class Process:
    """A server, used as one that subprocess.Popen has started."""

    def __init__(self, words: list[str], env: Mapping[str, str], cwd: Path, output: int) -> None:
        self.args, self.returncode = words, None
        self._told = socket.socket(socket.AF_UNIX)
        self._told.connect(start())
        order = json.dumps({"words": words, "env": dict(env), "cwd": str(cwd)}).encode()
        socket.send_fds(self._told, [order], [output])
        self._told.shutdown(socket.SHUT_WR)
        self._lines = self._told.makefile("r")
        self.pid = int(self._lines.readline())

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            if not select.select([self._told], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
            self.returncode = int(self._lines.readline())
            self._lines.close()
            self._told.close()
        return self.returncode

    def poll(self) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


@cache
def start() -> str:
    """Where orders are taken, by a process that ends with this one and its forks."""
    folder = tempfile.mkdtemp(prefix="rplay-warm-")
    path = f"{folder}/orders"
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen(64)
    lifeline, ours = os.pipe()  # our end is closed when the last of us is gone
    given = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.warm", str(listening.fileno()), str(lifeline), folder],
        cwd=ROOT,
        env=given,
        stdin=subprocess.DEVNULL,
        pass_fds=[listening.fileno(), lifeline],
        start_new_session=True,
    )
    listening.close()
    os.close(lifeline)
    _kept.append((process, ours))
    return path


def stop() -> None:
    """By the process that has started it."""
    for process, ours in _kept:
        os.close(ours)
        process.wait()


_kept: list[tuple[subprocess.Popen[bytes], int]] = []


def main(listening: int, lifeline: int, folder: str) -> None:
    orders = socket.socket(fileno=listening)
    fork, waitpid, poll = os.fork, os.waitpid, select.select  # as they are before gevent patches
    _import()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while lifeline not in poll([orders, lifeline], [], [])[0]:
        asked, _ = orders.accept()
        if fork() == 0:
            orders.close()
            _keep(asked, fork, waitpid)
        asked.close()
    shutil.rmtree(folder)


def _import() -> None:
    gc.disable()
    from gevent import monkey

    monkey.patch_all()
    for name in LIBRARIES:
        import_module(name)
    gc.enable()
    gc.freeze()


def _keep(asked: socket.socket, fork, waitpid) -> None:
    """Starts what is ordered, tells its process number, waits for its end and tells its status."""
    order, [output], _, _ = socket.recv_fds(asked, LONGEST, 1)
    while piece := asked.recv(LONGEST):
        order += piece
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if (pid := fork()) == 0:
        asked.close()
        _become(output=output, **json.loads(order))
    os.close(output)
    asked.sendall(f"{pid}\n".encode())
    status = os.waitstatus_to_exitcode(waitpid(pid, 0)[1])
    asked.sendall(f"{status}\n".encode())
    os._exit(0)


def _become(words: list[str], env: dict[str, str], cwd: str, output: int) -> None:
    """gunicorn."""
    for number in (1, 2):
        os.dup2(output, number)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    sys.path[0] = cwd
    sys.argv = words
    random.seed()
    status = 0
    try:
        from gunicorn.app.wsgiapp import run

        run()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
