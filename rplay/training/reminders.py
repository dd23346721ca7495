"""Mails that remind learners of a deadline: once some days before it and once on the day, for who has not passed."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from rplay import db
from rplay.db import assignment_reminders, assignments
from rplay.db.assignment_reminders import Due
from rplay.errors import Erased
from rplay.mail.outbox import Outbox
from rplay.training.assigning import with_learners

REMINDED = frozenset({"open", "begun"})


def put_due(outbox: Outbox, link: str, now: datetime) -> int:
    """How many were handed in. Of several processes that come at the same time each hands in others."""
    if not outbox.sends_notifications():
        return 0  # those of today go out when mails are turned on today
    found = assignment_reminders.due(now)
    unfinished = set(_unfinished({one.assignment_id for one in found})) if found else set()
    put = sum(_put(one, outbox, link) for one in found if (one.assignment_id, one.user_id) in unfinished)
    if put:
        outbox.wake()
    return put


def _unfinished(assignment_ids: set[UUID]) -> Iterator[tuple[UUID, UUID]]:
    there = [one for one in map(assignments.get, assignment_ids) if one]
    for details in with_learners(there):
        for learner in details.learners:
            if learner.standing.state in REMINDED:
                yield details.assignment.id, learner.id


def _put(one: Due, outbox: Outbox, link: str) -> bool:
    with suppress(Erased), db.transaction() as tx:
        if assignment_reminders.note(one, tx):
            outbox.put("assignment_due", one.user_id, link, tx, assignment_id=one.assignment_id)
            return True
    return False
