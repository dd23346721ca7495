"""Reminder mails about a deadline, for learners who have not passed: once some days before it and once on the day."""

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
    """Queue due reminders and return how many. If several processes do this at the same time, each queues different
    ones.
    """
    if not outbox.sends_notifications():
        return 0  # today's reminders are sent later if mails are enabled today
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
