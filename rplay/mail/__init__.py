"""The mails that rplay sends, through any SMTP server, each as text and as HTML."""

import smtplib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from html import escape

import flask_mail
from flask import Flask

from rplay.config import Settings
from rplay.mail import smtp


class _Connection(flask_mail.Connection):
    """A connection with a time limit, which Flask-Mail's own lacks."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app.extensions["mail"])
        self._settings: Settings = app.config["MAIL_SETTINGS"]

    def configure_host(self) -> smtplib.SMTP:
        return smtp.connected(self._settings)


@dataclass(frozen=True, slots=True)
class Letter:
    """The content of a mail: some text, a link with its purpose, and more text."""

    subject: str
    name: str
    before: str
    link: str
    invitation: str
    after: str = ""
    language: str = "en"

    def text(self) -> str:
        pieces = [f"{_HELLO[self.language]} {self.name},", self.before, f"{self.invitation}:", self.link, self.after]
        return "\n\n".join(piece for piece in pieces if piece) + "\n"

    def html(self) -> str:
        """Return the HTML version. Everything is escaped, as the name is arbitrary user input."""
        button = f'<a href="{escape(self.link)}" style="{_BUTTON}">{escape(self.invitation)}</a>'
        pieces = [f"{_HELLO[self.language]} {escape(self.name)},", escape(self.before), button, escape(self.after)]
        paragraphs = "\n".join(f"<p>{piece}</p>" for piece in pieces if piece)  # long lines are not allowed in mails
        body = f'<html lang="{self.language}">\n<body style="{_PAGE}">\n{paragraphs}\n</body>\n</html>'
        return f"<!doctype html>\n{body}\n"


_HELLO = {"en": "Hello", "de": "Guten Tag"}
_PAGE = "font-family: sans-serif; font-size: 16px; line-height: 1.5; max-width: 36em; color: #1a1a1a"
_BUTTON = (
    "display: inline-block; padding: 10px 18px; background: #1d4ed8; color: #ffffff;"
    " text-decoration: none; border-radius: 6px"
)


class Post:
    """Sends mails at once, several over one connection, for callers that wait. It raises errors that
    `smtp.reason_of` explains.
    """

    def __init__(self, settings: Settings) -> None:
        self._app = Flask("rplay.mail")
        self._app.config.update(
            MAIL_SETTINGS=settings, MAIL_DEFAULT_SENDER=settings.email_from, MAIL_SUPPRESS_SEND=False
        )
        flask_mail.Mail(self._app)
        self._connection = _Connection(self._app)

    def send(self, recipient: str, letter: Letter, message_id: str | None = None) -> None:
        with self._app.app_context():
            message = flask_mail.Message(letter.subject, recipients=[recipient], body=letter.text(), html=letter.html())
            message.msgId = message_id or message.msgId
            try:
                self._send(message)
            except smtplib.SMTPException:
                raise
            except BaseException:
                self._drop()  # do not wait again for a server that failed, just to end the session politely
                raise

    def _send(self, message: flask_mail.Message) -> None:
        if not self.is_open():
            self.connect()
        try:
            self._connection.send(message)
        except smtplib.SMTPException:
            if self.is_open():
                raise  # the server refuses this mail
            self.connect()  # servers accept a limited number of mails over a connection, and then close it
            self._connection.send(message)

    def close(self) -> None:
        server = self._connection.host
        if server is not None and server.sock is not None:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()

    def connect(self) -> None:
        self._connection.__enter__()

    def is_open(self) -> bool:
        return self._connection.host is not None and self._connection.host.sock is not None

    def _drop(self) -> None:
        if self._connection.host is not None:
            self._connection.host.close()


def _line(name: str) -> str:
    """Return the name on one line and cut to length, so that it cannot add paragraphs to a mail to somebody else's
    address.
    """
    return " ".join(name.split())[:80]


def password_reset(name: str, link: str) -> Letter:
    return Letter(
        "Choose a new password",
        _line(name),
        "somebody, hopefully you, asked to choose a new password for your account.",
        link,
        "Choose a new password",
        "The link works once and for one hour. If it was not you, do nothing: your password stays as it is.",
    )


def invitation(name: str, link: str) -> Letter:
    return Letter(
        "Your account is ready",
        _line(name),
        "an account was made for you to practise talks with clients.",
        link,
        "Choose your password",
        "The link works once and for seven days. After that, say that you forgot your password where you sign in.",
    )


def simulation_completed(name: str, score: float | None, link: str) -> Letter:
    result = f" Your overall score is {score:g} out of 10." if score is not None else ""
    return Letter(
        "Your training session is complete",
        _line(name),
        f"you completed a training session.{result}",
        link,
        "Practise again whenever you like",
    )


def welcome(name: str, link: str) -> Letter:
    return Letter("Welcome", _line(name), "your account is ready.", link, "Start your first training session here")


def feedback_received(name: str, link: str) -> Letter:
    return Letter(
        "Thank you for your feedback",
        _line(name),
        "thank you for telling us what you think of your training session. It helps to make the next ones better.",
        link,
        "Practise again whenever you like",
    )


def assignment_due(name: str, scenario: str, due: datetime, link: str, language: str | None = None) -> Letter:
    """Return the mail in the language in which the user reads the console, if that is known."""
    what = _line(scenario)
    if language == "de":
        return Letter(
            f"Bis {due:%d.%m.%Y} zu üben: {what}",
            _line(name),
            f"„{what}“ ist bis {due:%d.%m.%Y} zu üben, und bestanden haben Sie es noch nicht.",
            link,
            "Zum Gespräch",
            "Bis dahin können Sie es beginnen, solange Versuche übrig sind.",
            "de",
        )
    return Letter(
        f"To practise by {due:%B} {due.day}: {what}",
        _line(name),
        f"“{what}” is to be practised by {due:%B} {due.day}, {due.year}, and you have not passed it yet.",
        link,
        "Practise it now",
        "You can begin it until then, as long as attempts are left.",
    )
