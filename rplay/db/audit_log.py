"""Who changed groups, people's numbers and rules, and when."""

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
    """`about` is the person, `subject` the thing that was changed."""
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
