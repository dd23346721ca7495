"""The demo data made while a server serves: by one piece of work in a process at a time."""

from collections.abc import Iterator
from threading import Lock

import gevent

from rplay import background
from rplay.config import Settings
from rplay.data import DataFiles
from rplay.demo import seeding

PAUSE_SECONDS = 0.05  # between two turns of a demo talk, about as long as one takes: half the processor stays free
_beginning = Lock()
_running: list[gevent.Greenlet] = []  # what this process does of it now: one at most


def begin(settings: Settings, data: DataFiles) -> None:
    """Begins to make them, unless that goes on already. The first talk is there at once, so that there is something to
    show."""
    with _beginning:
        if any(not one.dead for one in _running):
            return
        seeding.put_people()
        seeding.put_first()
        talks = seeding.hold_talks(settings, data, PAUSE_SECONDS)
        _running[:] = [background.run("demo_data", _finish, talks)]


def _finish(talks: Iterator[int]) -> None:
    for _ in talks:
        pass
