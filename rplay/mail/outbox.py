"""The outbox: mails are queued in the database with the data for their texts, and sent after the transaction commits.

A mail is sent at least once, with the same Message-ID each time: a mail server that was down, or a process that was
killed, only delays it. The database keeps no token, as that is created when the mail is sent.
"""

import smtplib
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Final, Literal
from uuid import UUID

import gevent
import structlog

from rplay import background, mail, security
from rplay.config import Settings
from rplay.db import Connection, assignments, mail_outbox, password_resets
from rplay.db.mail_outbox import CHOOSING, INVITATION, RESET, Waiting
from rplay.errors import DatabaseError
from rplay.mail import smtp

log = structlog.get_logger()

Notification = Literal["welcome", "simulation_completed", "feedback_received", "assignment_due"]

# seconds that sending a mail may take in all: a server that sends a byte every few seconds never triggers the timeout
WHOLE = 60.0
TAKEN: Final = WHOLE + 30  # seconds after which a mail that was taken but not sent may be taken by another process
SENDERS = 4  # mails that one process sends at a time
IDLE = 30.0  # seconds between two checks for mails of processes that have ended


class Outbox:
    """The outbox of a process. Call `put` in a transaction, and `wake` after its commit."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._senders = 0
        self._domain = parseaddr(settings.email_from)[1].rpartition("@")[2] or "rplay"

    def put(
        self,
        kind: Notification,
        user_id: UUID,
        link: str,
        tx: Connection,
        score: float | None = None,
        assignment_id: UUID | None = None,
    ) -> None:
        """Queue a notification, if this kind is enabled and can be sent."""
        if self._settings.enable_email_notifications and self._can_send(kind):
            mail_outbox.put(kind, user_id, link, score, mail_outbox.KEPT, tx, assignment_id)

    def put_reset(self, user_id: UUID, page: str) -> None:
        """Queue a mail with a link to this page and a token to choose a password, unless one was sent within the
        last five minutes.
        """
        if self._can_send(RESET):
            password_resets.ask(user_id, page)

    def put_invitation(self, user_id: UUID, page: str, tx: Connection) -> None:
        """Queue a mail with a link to this page and a token to choose the first password."""
        if self._can_send(INVITATION):
            mail_outbox.put(INVITATION, user_id, page, None, mail_outbox.KEPT, tx)

    def put_invitations(self, emails: Iterable[str], page: str, tx: Connection) -> None:
        if self._can_send(INVITATION):
            mail_outbox.put_invitations(emails, page, tx)

    def sends_notifications(self) -> bool:
        return self._settings.enable_email_notifications and self._settings.email_host is not None

    def can_invite(self) -> bool:
        return self._settings.email_host is not None

    def wake(self) -> None:
        """Send due mails in the background, so that no request waits for a mail server or fails because of one."""
        if self._settings.email_host and self._senders < SENDERS:
            background.run("mail", self.send_due)

    def run(self) -> None:
        """Send forever what must be retried, and what other processes left."""
        while True:
            pause = None
            try:
                self.send_due()
                pause = mail_outbox.seconds_to_next()
            except DatabaseError as error:
                log.warning("mail_outbox_unread", reason=str(error))
            gevent.sleep(IDLE if pause is None else min(max(pause, 0.1), IDLE))

    def send_due(self) -> None:
        self._senders += 1
        try:
            with closing(mail.Post(self._settings)) as post:
                while waiting := mail_outbox.take(TAKEN):
                    self._deliver(post, waiting)
        finally:
            self._senders -= 1

    def _can_send(self, kind: str) -> bool:
        if not self._settings.email_host:
            log.warning("mail_not_sent", kind=kind, reason="EMAIL_HOST is not set")
        return self._settings.email_host is not None

    def _deliver(self, post: mail.Post, waiting: Waiting) -> None:
        letter = _letter(waiting)
        if letter is None:
            if waiting.kind not in CHOOSING:
                mail_outbox.done(waiting.id)
            return
        try:
            with gevent.Timeout(WHOLE, TimeoutError("the mail server takes too long")):
                post.send(waiting.email, letter, f"<{waiting.id}@{self._domain}>")
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            _failed(waiting, error)
        else:
            mail_outbox.done(waiting.id)


def _failed(waiting: Waiting, error: Exception) -> None:
    again_in = None if smtp.is_final(error) else mail_outbox.put_off(waiting)
    if again_in is None:
        mail_outbox.done(waiting.id)
    event = "mail_given_up" if again_in is None else "mail_failed"
    log.error(event, kind=waiting.kind, tries=waiting.tries, again_in=again_in, reason=smtp.reason_of(error))


def _letter(waiting: Waiting) -> mail.Letter | None:
    """Return the mail's text; None if the mail is no longer needed."""
    if waiting.kind not in CHOOSING:
        return _LETTERS[waiting.kind](waiting)
    lives, letter = _CHOOSING[waiting.kind]
    token = security.new_token()
    if not password_resets.add_for(waiting.id, waiting.user_id, security.token_hash(token), lives):
        return None
    return letter(waiting.name, f"{waiting.link}?token={token}")


def _assignment_due(waiting: Waiting) -> mail.Letter | None:
    """Return the reminder; None if the deadline was removed or is over."""
    found = assignments.get(waiting.assignment_id) if waiting.assignment_id else None
    if found is None or found.due_at is None or found.due_at < datetime.now(UTC):
        return None
    return mail.assignment_due(waiting.name, found.scenario, found.due_at, waiting.link, waiting.language)


_LETTERS: dict[str, Callable[[Waiting], mail.Letter | None]] = {
    "assignment_due": _assignment_due,
    "welcome": lambda waiting: mail.welcome(waiting.name, waiting.link),
    "simulation_completed": lambda waiting: mail.simulation_completed(waiting.name, waiting.score, waiting.link),
    "feedback_received": lambda waiting: mail.feedback_received(waiting.name, waiting.link),
}
_CHOOSING = {
    RESET: (password_resets.OF_A_RESET, mail.password_reset),
    INVITATION: (password_resets.OF_AN_INVITATION, mail.invitation),
}
