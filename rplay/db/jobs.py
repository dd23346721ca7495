"""Background jobs that go on after their request was answered: their progress and results."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from rplay import db

KEPT_DAYS = 7
# minutes without progress after which the job's server is considered gone. A review by a slow model takes two or three
LOST_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Job:
    """A job with its progress (`done` of `total` steps).

    It has ended when there is a `result`, or a text in `failed` that says why it failed. It is `lost` when the server
    that ran it is gone.
    """

    id: UUID
    kind: str
    asked: Any
    done: int
    total: int
    result: Any
    failed: str | None
    lost: bool
    begun_at: datetime

    @property
    def goes_on(self) -> bool:
        return self.result is None and self.failed is None and not self.lost


def begin(kind: str, by: UUID, asked: dict[str, Any], total: int) -> UUID:
    made: UUID = db.value(
        """
        INSERT INTO jobs (kind, by_user_id, asked, total)
        VALUES (%(kind)s, %(by)s, %(asked)s, %(total)s)
     RETURNING id
        """,
        kind=kind,
        by=by,
        asked=Jsonb(asked),
        total=total,
    )
    return made


def get(job_id: UUID, by: UUID) -> Job | None:
    """Return a job that this person began; None for a job of anybody else."""
    return db.one(
        Job,
        f"""
        SELECT id, kind, asked, done, total, result, failed, begun_at,
               result IS NULL AND failed IS NULL AND heard_at < now() - interval '{LOST_MINUTES} minutes' AS lost
          FROM jobs
         WHERE id = %(id)s AND by_user_id = %(by)s
        """,
        id=job_id,
        by=by,
    )


def advance(job_id: UUID, done: int) -> None:
    db.execute("UPDATE jobs SET done = %(done)s, heard_at = now() WHERE id = %(id)s", id=job_id, done=done)


def finish(job_id: UUID, result: Any) -> None:
    db.execute("UPDATE jobs SET done = total, result = %(result)s WHERE id = %(id)s", id=job_id, result=Jsonb(result))


def fail(job_id: UUID, why: str) -> None:
    db.execute("UPDATE jobs SET failed = %(why)s WHERE id = %(id)s", id=job_id, why=why)
