"""What ends `rplay serve`: Ctrl-C, SIGTERM, or the terminal going away."""

import os
import signal
import subprocess
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Self

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
CHILD_SECONDS = 29  # seconds after which the child is killed: gunicorn gives its workers 28, and all must be over in 30


class Stopped(BaseException):
    """A signal came while there was no child yet. No Exception, so that nothing on the way takes it for a failure."""


class Signals:
    """In the block, the first signal raises Stopped, which ends the block; once there is a child, it is ended instead.

    `stopping` says that a signal has come.
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
        """From now on signals are for this child, the leader of its process group."""
        self._child = child

    def _end(self, number: int, _frame: FrameType | None) -> None:
        again, self.stopping = self.stopping, True
        if self._child is None:
            if not again:
                raise Stopped
        elif not again:
            self._child.terminate()
            signal.alarm(CHILD_SECONDS)
        elif number == signal.SIGINT:  # somebody presses Ctrl-C once more
            self._kill()

    def _kill(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        if self._child is not None:
            kill_group(self._child)


def kill_group(child: subprocess.Popen[bytes]) -> None:
    """Ends what is left of the child and its workers at once."""
    with suppress(ProcessLookupError, PermissionError):  # macOS says the second for a group of zombies
        os.killpg(child.pid, signal.SIGKILL)
