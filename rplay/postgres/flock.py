"""Locked files between processes. A lock ends with the last process that has its file open, even after kill -9."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from rplay.errors import StartError

LOCK_SECONDS = 60.0  # seconds to wait for a lock


@contextmanager
def held(path: Path) -> Iterator[None]:
    with opened(path) as file:
        if not wait_for(file):
            raise StartError(
                f"Another process holds {path} for {LOCK_SECONDS:.0f} seconds now: see what it does, or end it."
            )
        yield


def wait_for(file: IO[str]) -> bool:
    """Wait for the lock; return False after LOCK_SECONDS. This polls, as a blocking flock would stop every greenlet."""
    deadline = time.monotonic() + LOCK_SECONDS
    while not taken(file):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def taken(file: IO[str]) -> bool:
    """Take the lock if it is free. Return True if it was taken."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def opened(path: Path, mode: str = "r+") -> IO[str]:
    """Open a private file, created if missing. Links are not followed, as somebody else may have put one there for
    root to follow.
    """
    return open(path, mode, opener=_private)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW, 0o600)
