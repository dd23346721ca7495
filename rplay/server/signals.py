"""Handles the signals that end `rplay serve`: Ctrl-C, SIGTERM, or the terminal closing."""

import os
import signal
import subprocess
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Self

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# seconds after which the child is killed: gunicorn gives its workers 28, and everything must end within 30
CHILD_SECONDS = 29


class Stopped(BaseException):
    """A signal arrived before there was a child. It is not an Exception, so that no code handles it as a failure."""


class Signals:
    """Signal handling for a block: the first signal raises Stopped or, once there is a child, terminates the child.

    `stopping` is True after a signal.
    """

    def __init__(self) -> None:
        self.stopping = False
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._end) for number in ENDING}
        self._before[signal.SIGALRM] = signal.signal(signal.SIGALRM, self._kill)
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: object, _traceback: TracebackType | None) -> bool:
        signal.alarm(0)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        return kind is Stopped

    def forward_to(self, child: subprocess.Popen[bytes]) -> None:
        """Send signals to this child from now on. It must lead its process group."""
        self._child = child

    def _end(self, number: int, _frame: FrameType | None) -> None:
        again, self.stopping = self.stopping, True
        if self._child is None:
            if not again:
                raise Stopped
        elif not again:
            self._child.terminate()
            signal.alarm(CHILD_SECONDS)
        elif number == signal.SIGINT:  # Ctrl-C was pressed again
            self._kill()

    def _kill(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        if self._child is not None:
            kill_group(self._child)


def kill_group(child: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the child and its workers."""
    with suppress(ProcessLookupError, PermissionError):  # macOS raises PermissionError for a group of zombies
        os.killpg(child.pid, signal.SIGKILL)
