"""Servers forked from a process that has imported what they import: 0.25 s of processor each, instead of 1.6.

`python -m tests.warm` takes orders: a program's words, environment and folder, and where its output goes. Nothing is made
here, so each server reads its settings and makes its parts as ever. Its master is patched by gevent, which real ones are
not: what is tested of a server's own processes is started anew (tests/live.py).
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

from tests import processor

ROOT = Path(__file__).parent.parent
# What `import wsgi` imports. Not gunicorn's settings, which look at the environment as they are imported.
MODULES = [
    "cryptography.fernet",
    "flask.testing",
    "gevent.pywsgi",
    "rich.traceback",
    "rplay.agents.providers.azure",
    "rplay.agents.providers.openai",
    "rplay.agents.providers.rehearsal",
    "rplay.briefing",
    "rplay.mail",
    "rplay.runtime.ai_usage",
    "rplay.runtime.logs",
    "rplay.runtime.openai_key",
    "rplay.server.worker",
    "rplay.tts.local",
    "rplay.tts.openai",
    "rplay.web.frame",
    "rplay.web.probes",
    "rplay.web.socket.server",
    "simple_websocket",
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
            status, seconds = self._lines.readline().split()
            self.returncode = int(status)
            processor.add(float(seconds))
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
    fork, wait4, poll = os.fork, os.wait4, select.select  # as they are before gevent patches
    _import(folder)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while lifeline not in poll([orders, lifeline], [], [])[0]:
        asked, _ = orders.accept()
        if fork() == 0:
            orders.close()
            _keep(asked, fork, wait4)
        asked.close()
    shutil.rmtree(folder)


def _import(folder: str) -> None:
    gc.disable()
    # With it prometheus_client counts into files; each process makes its own, where its environment says then.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    from gevent import monkey

    monkey.patch_all()
    for name in MODULES:
        import_module(name)
    from rplay.commands.base import NAMES, loaded
    from tests import rules

    for name in NAMES:
        loaded(name)
    rules.compile_all()
    assert "gunicorn.config" not in sys.modules
    gc.enable()
    gc.freeze()


def _keep(asked: socket.socket, fork, wait4) -> None:
    """Starts what is ordered, tells its process number, waits for its end and tells its status and seconds of processor."""
    order, [output], _, _ = socket.recv_fds(asked, LONGEST, 1)
    while piece := asked.recv(LONGEST):
        order += piece
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if (pid := fork()) == 0:
        asked.close()
        _become(output=output, **json.loads(order))
    os.close(output)
    asked.sendall(f"{pid}\n".encode())
    _, status, used = wait4(pid, 0)
    asked.sendall(f"{os.waitstatus_to_exitcode(status)} {used.ru_utime + used.ru_stime}\n".encode())
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
