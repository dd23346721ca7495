"""/api/admin: what only operators need."""

from collections.abc import Iterator
from dataclasses import asdict
from threading import Lock

import gevent
from flask import Blueprint

from rplay import background
from rplay.db.sessions import SignedIn
from rplay.demo import people, seeding
from rplay.errors import Forbidden
from rplay.web import shapes
from rplay.web.answers import Answer, ok
from rplay.web.auth import super_admin_only
from rplay.web.body import takes_nothing
from rplay.web.openapi import responds
from rplay.web.parts import parts

bp = Blueprint("admin", __name__, url_prefix="/api/admin")

PAUSE_SECONDS = 0.05  # between two turns of a demo talk, about as long as one takes: half the processor stays free
_beginning = Lock()
_running: list[gevent.Greenlet] = []  # what this process does of it now: one at most


@bp.post("/seed-data")
@super_admin_only
@takes_nothing
@responds(200, 409, data=shapes.Seeded)
def seed_data(user: SignedIn) -> Answer:  # noqa: ARG001
    """Fills the dashboards with demo people, their talks and reviews; again puts new ones in place of the earlier ones.
    It goes on in the background, and the answer says what is there."""
    if parts().settings.production:
        raise Forbidden("Demo data is for development; this server runs with NODE_ENV=production")
    _begin()
    seeded = seeding.counts()
    message = (
        f"Demo sessions in place: {seeded.sessions} of {len(people.plan())}. They are made anew in the background."
    )
    # The web frontend's page reads two of them under names of its own.
    stats = {**asdict(seeded), "feedbackEntries": seeded.feedback, "engagementLogs": seeded.events}
    return ok(data={"message": message, "stats": stats})


def _begin() -> None:
    """Unless it goes on already. The first talk of all is there at once, so that there is something to show."""
    with _beginning:
        if any(not one.dead for one in _running):
            return
        seeding.put_people()
        seeding.put_first()
        talks = seeding.hold_talks(parts().settings, parts().data, PAUSE_SECONDS)
        _running[:] = [background.run("demo_data", _finish, talks)]


def _finish(talks: Iterator[int]) -> None:
    for _ in talks:
        pass
