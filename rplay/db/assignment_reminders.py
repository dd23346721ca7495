"""Reminder mails before the deadline of an assignment: which ones are due, and which were already queued."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from rplay import db
from rplay.db import Connection

Kind = Literal["before", "day"]
MORNING = "18 hours"  # before the deadline, usually the end of a day, so that no mail is sent at midnight
MOST = 1000  # reminders that one query returns at most


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that is due and not queued yet."""

    assignment_id: UUID
    user_id: UUID
    kind: Kind


def due(now: datetime) -> list[Due]:
    """Return reminders that are due: `day` on the day of the deadline, `before` from `remind_days` days before it."""
    return db.all_of(
        Due,
        f"""
        SELECT a.id AS assignment_id, u.id AS user_id, k.kind
          FROM assignments a
         CROSS JOIN LATERAL (SELECT CASE WHEN %(now)s >= a.due_at - interval '{MORNING}' THEN 'day'
                                         ELSE 'before' END AS kind) AS k
          LEFT JOIN group_members m ON m.group_id = a.group_id AND m.role = 'learner'
          JOIN users u ON u.id = coalesce(a.user_id, m.user_id)
         WHERE a.remind_days IS NOT NULL
           AND %(now)s BETWEEN a.due_at - make_interval(days => a.remind_days) - interval '{MORNING}' AND a.due_at
           AND NOT EXISTS (SELECT 1 FROM assignment_reminders r
                            WHERE r.assignment_id = a.id AND r.user_id = u.id AND r.kind = k.kind)
      ORDER BY a.due_at, a.id, u.id
         LIMIT {MOST}
        """,
        now=now,
    )


def note(one: Due, tx: Connection) -> bool:
    """Record that a reminder was queued. Return False if another process did so first."""
    added = db.execute(
        """
        INSERT INTO assignment_reminders (assignment_id, user_id, kind)
        VALUES (%(assignment_id)s, %(user_id)s, %(kind)s)
   ON CONFLICT DO NOTHING
        """,
        tx=tx,
        assignment_id=one.assignment_id,
        user_id=one.user_id,
        kind=one.kind,
    )
    return added == 1
