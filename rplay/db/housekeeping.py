"""Rows that have had their time, removed: by one process at a time, in steps that hold nobody up."""

from dataclasses import dataclass

from rplay import db
from rplay.db import client_lives, jobs, replaced_histories, sign_ins

USAGE_DAYS = 400  # a year, and the month before it to compare with
STEP_ROWS = 5000  # rows a transaction

_LOCK = 7_526_413_910  # any number nobody else uses for an advisory lock

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
    """How many rows went. Reset tokens that were used went at once."""

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
    """Removes what has expired; None when another process is at it."""
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
    """The lock ends with the transaction, so that it works through a pooler and nobody can forget it."""
    with db.transaction() as tx:
        if not db.value("SELECT pg_try_advisory_xact_lock(%(lock)s)", tx=tx, lock=_LOCK):
            return None
        return db.execute(statement, tx=tx, step=STEP_ROWS, audit_days=audit_days)
