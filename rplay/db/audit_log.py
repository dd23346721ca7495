"""The audit log: who changed groups, scores given to people, and rules, and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from rplay import db
from rplay.db import Connection


def record(
    action: str,
    by: UUID,
    *,
    about: UUID | None = None,
    subject: UUID | None = None,
    tx: Connection | None = None,
    **details: Any,
) -> None:
    """Add an entry. `about` is the person concerned, `subject` the id of the thing that was changed."""
    db.execute(
        """
        INSERT INTO audit_log (action, by_user_id, user_id, subject_id, details)
        VALUES (%(action)s, %(by)s, %(about)s, %(subject)s, %(details)s)
        """,
        tx=tx,
        action=action,
        by=by,
        about=about,
        subject=subject,
        details=Jsonb(details),
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `by` is the name of whoever made the change, None if that account is gone."""

    at: datetime
    action: str
    by: str | None
    details: Any


def newest(action: str | None, before: datetime | None, limit: int) -> list[Entry]:
    """Return entries, newest first: only those of `action` and only those older than `before`, where these
    are given.
    """
    return db.all_of(
        Entry,
        """
        SELECT a.at, a.action, left(u.name, 200) AS by, a.details
          FROM audit_log a
          LEFT JOIN users u ON u.id = a.by_user_id
         WHERE (%(action)s::text IS NULL OR a.action = %(action)s)
           AND (%(before)s::timestamptz IS NULL OR a.at < %(before)s)
      ORDER BY a.at DESC
         LIMIT %(limit)s
        """,
        action=action,
        before=before,
        limit=limit,
    )


def actions() -> list[str]:
    """Return the names of all actions that occur in the log, sorted."""
    rows = db.rows("SELECT DISTINCT action FROM audit_log ORDER BY action LIMIT 1000")
    return [row["action"] for row in rows]
