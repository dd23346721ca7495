"""Deletes expired rows, one process at a time, in small steps that do not block others."""

from dataclasses import dataclass

from rplay import db
from rplay.db import client_lives, jobs, replaced_histories, sign_ins

USAGE_DAYS = 400  # a year and about a month more, for comparisons with the year before
STEP_ROWS = 5000  # rows that one transaction deletes

_LOCK = 7_526_413_910  # an arbitrary key that no other advisory lock uses

_OUTLIVED = {
    "sessions": """
        DELETE FROM sessions WHERE id IN
            (SELECT id FROM sessions WHERE expires_at <= now() AT TIME ZONE 'UTC' LIMIT %(step)s)
        """,
    "password_resets": """
        DELETE FROM password_resets WHERE token_hash IN
            (SELECT token_hash FROM password_resets WHERE expires_at <= now() LIMIT %(step)s)
        """,
    "ai_usage": f"""
        DELETE FROM ai_usage WHERE id IN
            (SELECT id FROM ai_usage WHERE at < now() - interval '{USAGE_DAYS} days' LIMIT %(step)s)
        """,
    "replaced_histories": f"""
        DELETE FROM replaced_histories WHERE version IN
            (SELECT version FROM replaced_histories
              WHERE replaced_at < now() - interval '{replaced_histories.KEPT_DAYS} days' LIMIT %(step)s)
        """,
    "waiting_lives": f"""
        DELETE FROM waiting_lives WHERE profile IN
            (SELECT profile FROM waiting_lives
              WHERE made_at < now() - interval '{client_lives.WAITING_DAYS} days' LIMIT %(step)s)
        """,
    "mail_outbox": """
        DELETE FROM mail_outbox WHERE id IN
            (SELECT id FROM mail_outbox WHERE expires_at <= now() LIMIT %(step)s)
        """,
    "jobs": f"""
        DELETE FROM jobs WHERE id IN
            (SELECT id FROM jobs WHERE begun_at < now() - interval '{jobs.KEPT_DAYS} days' LIMIT %(step)s)
        """,
    "sign_ins": f"""
        DELETE FROM sign_ins WHERE id IN
            (SELECT id FROM sign_ins WHERE at < now() - interval '{sign_ins.KEPT_DAYS} days' LIMIT %(step)s)
        """,
    "audit_log": """
        DELETE FROM audit_log WHERE id IN
            (SELECT id FROM audit_log WHERE at < now() - %(audit_days)s * interval '1 day' LIMIT %(step)s)
        """,
}


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows were deleted in each table. Password reset tokens are deleted as soon as they are used, so those
    are not counted here.
    """

    sessions: int
    password_resets: int
    ai_usage: int
    replaced_histories: int
    waiting_lives: int
    mail_outbox: int
    jobs: int
    sign_ins: int
    audit_log: int


def purge(audit_days: int) -> Purged | None:
    """Delete what has expired. Return None if another process is already doing so."""
    removed = dict.fromkeys(_OUTLIVED, 0)
    for table, statement in _OUTLIVED.items():
        while (step := _step(statement, audit_days)) is not None:
            removed[table] += step
            if step < STEP_ROWS:
                break
        else:
            return None
    return Purged(**removed)


def _step(statement: str, audit_days: int) -> int | None:
    """Delete up to STEP_ROWS rows; None if another process holds the lock.

    The lock ends with the transaction: this works through a pooler, and the lock cannot be left behind.
    """
    with db.transaction() as tx:
        if not db.value("SELECT pg_try_advisory_xact_lock(%(lock)s)", tx=tx, lock=_LOCK):
            return None
        return db.execute(statement, tx=tx, step=STEP_ROWS, audit_days=audit_days)
