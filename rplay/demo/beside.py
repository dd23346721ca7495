"""Creates the demo data while the server serves requests, by one job per process at a time."""

from collections.abc import Iterator
from threading import Lock

import gevent

from rplay import background
from rplay.config import Settings
from rplay.data import DataFiles
from rplay.demo import seeding

# seconds between two turns of a demo talk, about as long as a turn takes, so that half the CPU stays free
PAUSE_SECONDS = 0.05
_beginning = Lock()
_running: list[gevent.Greenlet] = []  # the jobs of this process, one at most


def begin(settings: Settings, data: DataFiles) -> None:
    """Start creating the demo data, unless that is already going on. The first talk is stored at once, so that
    there is something to show.
    """
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
