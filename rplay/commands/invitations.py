"""Invitations: mails with a link to choose a password, for accounts without one."""

import smtplib
from collections.abc import Iterator
from contextlib import closing, contextmanager

import click

from rplay import db, mail, security
from rplay.commands.base import Failed, tell
from rplay.config import Settings
from rplay.db import password_resets
from rplay.db.users import User
from rplay.mail import smtp

# Errors that concern only this mail. After any other error the next mail would fail too.
_OF_ONE = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, UnicodeError)


class Invitations:
    """Sends invitations. `send` returns None, or the reason why somebody was not invited. It raises Failed if
    nobody can be invited.
    """

    def __init__(self, post: mail.Post, settings: Settings) -> None:
        self._post = post
        self._settings = settings

    def send(self, user: User) -> str | None:
        token = security.new_token()
        if not password_resets.create(user.id, security.token_hash(token), password_resets.OF_AN_INVITATION):
            return "A mail to choose a password is on its way already"
        letter = mail.invitation(user.name, f"{self._settings.app_url}/reset-password?token={token}")
        try:
            self._post.send(user.email, letter)
        except BaseException as error:
            with db.transaction() as tx:
                password_resets.revoke(user.id, tx)  # otherwise the next import would consider the user invited
            if isinstance(error, _OF_ONE) and self._post.is_open():
                return f"The invitation was not sent: {smtp.reason_of(error)}"
            if isinstance(error, OSError | smtplib.SMTPException):
                raise _unusable(self._settings, error) from error
            raise
        return None


@contextmanager
def opened(settings: Settings) -> Iterator[Invitations]:
    """Connect to the mail server before anything else is done, and yield the invitations."""
    if not settings.email_host:
        raise click.UsageError("--invite sends mails, and EMAIL_HOST is not set.")
    if "localhost" in settings.app_url:
        tell(f"APP_URL is {settings.app_url}: the links in the invitations lead there.")
    post = mail.Post(settings)
    try:
        post.connect()
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        raise _unusable(settings, error) from error
    with closing(post):
        yield Invitations(post, settings)


def _unusable(settings: Settings, error: Exception) -> Failed:
    return Failed(
        f"The mail server {settings.email_host}:{settings.email_port} cannot be used: {smtp.reason_of(error)}."
    )
