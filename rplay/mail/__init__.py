"""What we send by mail, through any SMTP server: each mail as text and as HTML."""

import smtplib
from dataclasses import dataclass
from html import escape
from typing import Any

import flask_mail
import gevent
import structlog
from flask import Flask, current_app

from rplay import background
from rplay.config import Settings
from rplay.mail import smtp

log = structlog.get_logger()

WHOLE = 60  # seconds a mail may take in all: a server that says a byte every few seconds is never silent


class _Connection(flask_mail.Connection):
    """Flask-Mail's connection has no time limit of its own."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app.extensions["mail"])
        self._settings: Settings = app.config["MAIL_SETTINGS"]

    def configure_host(self) -> smtplib.SMTP:
        return smtp.connected(self._settings)

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        if self.host is not None and kind is not None:
            self.host.close()  # a server that failed us is not waited for once more to say goodbye
            return
        super().__exit__(kind, error, traceback)


def install(app: Flask, settings: Settings) -> None:
    app.config.update(MAIL_SETTINGS=settings, MAIL_DEFAULT_SENDER=settings.email_from, MAIL_SUPPRESS_SEND=False)
    flask_mail.Mail(app)


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says: some words, one link with what it is for, some more words."""

    subject: str
    name: str
    before: str
    link: str
    invitation: str
    after: str = ""

    def text(self) -> str:
        pieces = [f"Hello {self.name},", self.before, f"{self.invitation}:", self.link, self.after]
        return "\n\n".join(piece for piece in pieces if piece) + "\n"

    def html(self) -> str:
        """Everything escaped: the name is whatever somebody typed."""
        button = f'<a href="{escape(self.link)}" style="{_BUTTON}">{escape(self.invitation)}</a>'
        pieces = [f"Hello {escape(self.name)},", escape(self.before), button, escape(self.after)]
        paragraphs = "\n".join(f"<p>{piece}</p>" for piece in pieces if piece)  # lines of a mail must stay short
        return f'<!doctype html>\n<html lang="en">\n<body style="{_PAGE}">\n{paragraphs}\n</body>\n</html>\n'


_PAGE = "font-family: sans-serif; font-size: 16px; line-height: 1.5; max-width: 36em; color: #1a1a1a"
_BUTTON = (
    "display: inline-block; padding: 10px 18px; background: #1d4ed8; color: #ffffff;"
    " text-decoration: none; border-radius: 6px"
)


def send(recipient: str, letter: Letter) -> None:
    """Sends in the background: no request waits for a mail server or fails with one."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if not app.config["MAIL_SETTINGS"].email_host:
        log.warning("mail_not_sent", subject=letter.subject, reason="EMAIL_HOST is not set")
        return
    background.run("mail", _deliver, app, _message(recipient, letter))


def _message(recipient: str, letter: Letter) -> flask_mail.Message:
    return flask_mail.Message(letter.subject, recipients=[recipient], body=letter.text(), html=letter.html())


def _deliver(app: Flask, message: flask_mail.Message) -> None:
    with app.app_context():
        try:
            limit = gevent.Timeout(WHOLE, TimeoutError("the mail server takes too long"))
            with limit, _Connection(app) as connection:
                connection.send(message)
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            log.error("mail_failed", subject=message.subject, reason=smtp.reason_of(error))


class Post:
    """Sends at once, for who waits for it: many mails over one connection. Raises what `smtp.reason_of` knows."""

    def __init__(self, settings: Settings) -> None:
        self._app = Flask("rplay.mail")
        install(self._app, settings)
        self._connection = _Connection(self._app)
        self._connect()

    def send(self, recipient: str, letter: Letter) -> None:
        with self._app.app_context():
            message = _message(recipient, letter)
            try:
                self._connection.send(message)
            except smtplib.SMTPException:
                if self.is_open():
                    raise  # it refuses this one
                self._connect()  # servers take so many mails over a connection, and end it
                self._connection.send(message)

    def close(self) -> None:
        if self.is_open():
            self._connection.__exit__(None, None, None)

    def _connect(self) -> None:
        self._connection.__enter__()

    def is_open(self) -> bool:
        return self._connection.host is not None and self._connection.host.sock is not None


def _line(name: str) -> str:
    """A name that cannot make paragraphs of its own in a mail to somebody else's address."""
    return " ".join(name.split())[:80]


def password_reset(email: str, name: str, link: str) -> None:
    letter = Letter(
        "Choose a new password",
        _line(name),
        "somebody, hopefully you, asked to choose a new password for your account.",
        link,
        "Choose a new password",
        "The link works once and for one hour. If it was not you, do nothing: your password stays as it is.",
    )
    send(email, letter)


def invitation(name: str, link: str) -> Letter:
    return Letter(
        "Your account is ready",
        _line(name),
        "an account was made for you to practise talks with clients.",
        link,
        "Choose your password",
        "The link works once and for seven days. After that, say that you forgot your password where you sign in.",
    )


def simulation_completed(email: str, name: str, score: float | None, link: str) -> None:
    result = f" Your overall score is {score:g} out of 10." if score is not None else ""
    letter = Letter(
        "Your training session is complete",
        _line(name),
        f"you completed a training session.{result}",
        link,
        "Practise again whenever you like",
    )
    send(email, letter)


def welcome(email: str, name: str, link: str) -> None:
    letter = Letter("Welcome", _line(name), "your account is ready.", link, "Start your first training session here")
    send(email, letter)


def feedback_received(email: str, name: str, link: str) -> None:
    letter = Letter(
        "Thank you for your feedback",
        _line(name),
        "thank you for telling us what you think of your training session. It helps to make the next ones better.",
        link,
        "Practise again whenever you like",
    )
    send(email, letter)
