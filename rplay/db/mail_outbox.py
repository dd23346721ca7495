"""Mails that are queued for sending, with the data for their texts. Whichever process is first takes the next one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from rplay import db
from rplay.db import Connection

KEPT = timedelta(days=1)  # how long the server keeps trying to send a mail
# how long the server keeps trying to send the reset mail for which somebody who forgot their password is waiting
RESET_KEPT = timedelta(hours=1)
RESET, INVITATION = "password_reset", "invitation"
CHOOSING = [RESET, INVITATION]  # kinds of mail that carry a token for choosing a password
# seconds until the next attempt: the pause doubles each time, from the first number to the second
FIRST_PAUSE, LONGEST_PAUSE = 5, 600


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail that is being sent, with its recipient."""

    id: UUID
    kind: str
    link: str
    score: float | None
    tries: int
    user_id: UUID
    email: str
    name: str
    language: str | None
    assignment_id: UUID | None


def put(
    kind: str,
    user_id: UUID,
    link: str,
    score: float | None,
    kept: timedelta,
    tx: Connection,
    assignment_id: UUID | None = None,
) -> None:
    db.execute(
        """
        INSERT INTO mail_outbox (kind, user_id, link, score, assignment_id, expires_at)
        VALUES (%(kind)s, %(user_id)s, %(link)s, %(score)s, %(assignment_id)s, now() + %(kept)s)
        """,
        tx=tx,
        kind=kind,
        user_id=user_id,
        link=link,
        score=score,
        assignment_id=assignment_id,
        kept=kept,
    )


def put_invitations(emails: Iterable[str], link: str, tx: Connection) -> None:
    """Queue an invitation for each person who has one of these lower-case addresses."""
    db.execute(
        """
        INSERT INTO mail_outbox (kind, user_id, link, expires_at)
        SELECT %(kind)s, id, %(link)s, now() + %(kept)s FROM users WHERE email = ANY(%(emails)s)
        """,
        tx=tx,
        kind=INVITATION,
        link=link,
        kept=KEPT,
        emails=list(emails),
    )


def take(seconds: float) -> Waiting | None:
    """Take the mail that has been due longest, reserved for this process for `seconds`; None if none is due.

    No lock is held while the mail is sent. If the process is killed meanwhile, the mail can be taken again.
    """
    return db.one(
        Waiting,
        """
        UPDATE mail_outbox m
           SET tries = m.tries + 1, next_try_at = now() + make_interval(secs => %(seconds)s)
          FROM users u
         WHERE u.id = m.user_id
           AND m.id = (SELECT id FROM mail_outbox
                        WHERE next_try_at <= now() AND expires_at > now()
                     ORDER BY next_try_at
                        LIMIT 1
                          FOR UPDATE SKIP LOCKED)
     RETURNING m.id, m.kind, m.link, m.score::float AS score, m.tries, m.user_id, u.email, u.name,
               u.language, m.assignment_id
        """,
        seconds=seconds,
    )


def done(mail_id: UUID) -> None:
    db.execute("DELETE FROM mail_outbox WHERE id = %(id)s", id=mail_id)


def put_off(waiting: Waiting) -> int | None:
    """Schedule the next attempt and return the seconds until then. Return None if the mail expires before that."""
    seconds = min(FIRST_PAUSE * 2 ** (waiting.tries - 1), LONGEST_PAUSE)
    kept = db.execute(
        """
        UPDATE mail_outbox
           SET next_try_at = now() + make_interval(secs => %(seconds)s)
         WHERE id = %(id)s AND expires_at > now() + make_interval(secs => %(seconds)s)
        """,
        id=waiting.id,
        seconds=seconds,
    )
    return seconds if kept else None


def seconds_to_next() -> float | None:
    """Return the seconds until the next mail is due; None if none is queued."""
    seconds: float | None = db.value(
        "SELECT extract(epoch FROM min(next_try_at) - now())::float FROM mail_outbox WHERE expires_at > now()"
    )
    return seconds


def has_fresh_reset(user_id: UUID, tx: Connection) -> bool:
    """Return True if a reset or invitation mail was queued within the last five minutes and has not been sent yet."""
    sql = """
        SELECT EXISTS (SELECT 1 FROM mail_outbox
                        WHERE user_id = %(user_id)s AND kind = ANY(%(kinds)s)
                          AND created_at > now() - interval '5 minutes')
        """
    return db.value(sql, tx=tx, user_id=user_id, kinds=CHOOSING) is True


def drop_resets(user_id: UUID, tx: Connection) -> None:
    """Remove the user's queued reset mails, invitations included."""
    sql = "DELETE FROM mail_outbox WHERE user_id = %(user_id)s AND kind = ANY(%(kinds)s)"
    db.execute(sql, tx=tx, user_id=user_id, kinds=CHOOSING)
