"""The talks that a trainer or an admin should look at."""

from rplay.db import review_queue
from rplay.db.review_queue import Queue, Why
from rplay.db.sessions import SignedIn
from rplay.db.users import ADMINS
from rplay.errors import Forbidden


def of(user: SignedIn, why: Why | None, limit: int, offset: int) -> Queue:
    """Return the queue: talks of a trainer's learners, or of everybody for an admin, but never the user's own."""
    if user.role != "trainer" and user.role not in ADMINS:
        raise Forbidden("Trainer access required")
    return review_queue.of(user.id, user.role in ADMINS, why, limit, offset)
