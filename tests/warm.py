"""Servers and commands forked from processes that have imported what they import: a server takes 0.25 s of processor
instead of 1.6, a command 0.1 instead of 0.9.

`python -m tests.warm gunicorn` and `python -m tests.warm rplay` take orders: a program's words, environment and folder, and
its three streams. Nothing is made here, so each reads its settings and makes its parts as ever. A server's master is patched
by gevent, which real ones are not: what is tested of a server's own processes is started anew (tests/live.py). A command's end
is not the interpreter's: what is tested of that is started anew, too.
"""

import fcntl
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
import termios
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

from tests import processor

ROOT = Path(__file__).parent.parent
# What `import wsgi` imports, for servers, and what those that ask a model import then. Not gunicorn's settings, which look at the environment as they are imported.
MODULES = [
    "cryptography.fernet",
    "flask.testing",
    "gevent.pywsgi",
    "openai.resources.chat",
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
    "rplay.shown_settings",
    "rplay.stt.catalogue",
    "rplay.stt.local",
    "rplay.tts.auto",
    "rplay.tts.catalogue",
    "rplay.tts.local",
    "rplay.tts.openai",
    "rplay.web.frame",
    "rplay.web.probes",
    "rplay.web.socket.other_processes",
    "rplay.web.socket.server",
    "simple_websocket",
]
# What commands import when they run.
COMMANDS = ["psycopg"]
LONGEST = 1 << 20  # bytes of an order


class Process:
    """A server or a command, used as one that subprocess.Popen has started in a session of its own. What it says and
    complains of goes into `output` unless `errors` is another file; a terminal that it reads becomes its own."""

    def __init__(
        self,
        words: list[str],
        env: Mapping[str, str],
        cwd: Path,
        output: int,
        errors: int | None = None,
        read: int | None = None,
    ) -> None:
        self.args, self.returncode = words, None
        self._told = socket.socket(socket.AF_UNIX)
        self._told.connect(start(words[0]))
        order = json.dumps({"words": words, "env": dict(env), "cwd": str(cwd)}).encode()
        with Path(os.devnull).open() as nothing:
            streams = [nothing.fileno() if read is None else read, output, output if errors is None else errors]
            socket.send_fds(self._told, [order], streams)
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
def start(kind: str) -> str:
    """Where orders of `gunicorn` or `rplay` are taken, by a process that ends with this one and its forks."""
    folder = tempfile.mkdtemp(prefix="rplay-warm-")
    path = f"{folder}/orders"
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen(64)
    lifeline, ours = os.pipe()  # our end is closed when the last of us is gone
    given = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.warm", kind, str(listening.fileno()), str(lifeline), folder],
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


def main(kind: str, listening: int, lifeline: int, folder: str) -> None:
    orders = socket.socket(fileno=listening)
    fork, wait4, poll = os.fork, os.wait4, select.select  # as they are before gevent patches
    gc.disable()
    become = {"gunicorn": _server, "rplay": _command}[kind](folder)
    gc.enable()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while lifeline not in poll([orders, lifeline], [], [])[0]:
        asked, _ = orders.accept()
        if fork() == 0:
            orders.close()
            _keep(asked, become, fork, wait4)
        asked.close()
    shutil.rmtree(folder)


def _server(folder: str) -> Callable[[], Any]:
    # With it prometheus_client counts into files; each process makes its own, where its environment says then.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    from gevent import monkey

    monkey.patch_all()
    for name in MODULES:
        import_module(name)
    _import_commands()
    from tests import rules

    rules.compile_all()
    rehearse()
    read_dictionaries()
    assert "gunicorn.config" not in sys.modules

    def serve() -> None:
        from gunicorn.app.wsgiapp import run

        run()

    return serve


def _command(_: str) -> Callable[[], Any]:
    for name in COMMANDS:
        import_module(name)
    _import_commands()
    rehearse()
    read_dictionaries()
    import cli

    return partial(cli.main, prog_name="rplay")


def rehearse() -> None:
    """A talk in which the rehearsal reads and compiles what it keeps for the life of a process: two seconds of processor,
    which forks of this one need not spend again."""
    from rplay.agents.persona.make import life_of
    from rplay.agents.rehearsal.assessment.review import review
    from rplay.agents.rehearsal.client import next_line
    from rplay.agents.types import Message, Scene, Transcript

    profile = {"name": "Ruth Okafor", "age": 61}
    said: list[Message] = [
        {"role": "user", "content": "Good morning. What do you owe? I have a question about your family."}
    ]
    life = life_of(profile, "insurance", "life-health", "beginner")
    answer = next_line(Scene(profile, "insurance", "beginner", "life-health"), life, said)
    review(Transcript([*said, {"role": "assistant", "content": answer.text}], [], "beginner"))


def read_dictionaries() -> None:
    """Those of the local voice, which nobody changes: 0.4 s of processor for each voice that is made."""
    from hibari import g2p

    g2p._load_json = cache(g2p._load_json)
    g2p.G2P()


def _import_commands() -> None:
    from rplay.commands.base import NAMES, loaded

    for name in NAMES:
        loaded(name)


def _keep(asked: socket.socket, become: Callable[[], Any], fork, wait4) -> None:
    """Starts what is ordered, tells its process number, waits for its end and tells its status and seconds of processor."""
    order, streams, _, _ = socket.recv_fds(asked, LONGEST, 3)
    while piece := asked.recv(LONGEST):
        order += piece
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if (pid := fork()) == 0:
        asked.close()
        _take(streams)
        _run(become, **json.loads(order))
    for stream in streams:
        os.close(stream)
    asked.sendall(f"{pid}\n".encode())
    _, status, used = wait4(pid, 0)
    asked.sendall(f"{os.waitstatus_to_exitcode(status)} {used.ru_utime + used.ru_stime}\n".encode())
    os._exit(0)


def _take(streams: list[int]) -> None:
    """Makes these its own, as if it had been started with them."""
    os.setsid()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    if os.isatty(0):
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # Ctrl-C on it interrupts this process
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=stream is sys.stderr or stream.isatty())  # type: ignore[union-attr]


def _run(become: Callable[[], Any], words: list[str], env: dict[str, str], cwd: str) -> None:
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    sys.path[0] = cwd
    sys.argv = words
    random.seed()
    status = 1
    try:
        become()
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
