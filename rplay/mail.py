"""What we send by mail, through any SMTP server."""

import smtplib

import flask_mail
import gevent
import structlog
from flask import Flask, current_app

from rplay.config import Settings

log = structlog.get_logger()

TIMEOUT = 10  # seconds a mail server may take to answer


class _Connection(flask_mail.Connection):
    """Flask-Mail's connection has no time limit of its own."""

    def configure_host(self) -> smtplib.SMTP:
        mail = self.mail
        if mail.use_ssl:
            host: smtplib.SMTP = smtplib.SMTP_SSL(mail.server, mail.port, timeout=TIMEOUT)
        else:
            host = smtplib.SMTP(mail.server, mail.port, timeout=TIMEOUT)
            host.ehlo()
            if host.has_extn("starttls"):
                host.starttls()
        if mail.username and mail.password:
            host.login(mail.username, mail.password)
        return host


def install(app: Flask, settings: Settings) -> None:
    app.config.update(
        MAIL_SERVER=settings.email_host,
        MAIL_PORT=settings.email_port,
        MAIL_USE_SSL=settings.email_secure,
        MAIL_USERNAME=settings.email_user,
        MAIL_PASSWORD=settings.email_password.get_secret_value() if settings.email_password else None,
        MAIL_DEFAULT_SENDER=settings.email_from,
        MAIL_SUPPRESS_SEND=False,
    )
    flask_mail.Mail(app)


def send(recipient: str, subject: str, text: str) -> None:
    """Sends in the background: no request waits for a mail server or fails with one."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if not app.config["MAIL_SERVER"]:
        log.warning("mail_not_sent", subject=subject, reason="EMAIL_HOST is not set")
        return
    message = flask_mail.Message(subject, recipients=[recipient], body=text)
    gevent.spawn(_deliver, app, message)


def _deliver(app: Flask, message: flask_mail.Message) -> None:
    with app.app_context():
        try:
            with _Connection(app.extensions["mail"]) as connection:
                connection.send(message)
        except (OSError, smtplib.SMTPException) as error:
            log.error("mail_failed", subject=message.subject, reason=type(error).__name__)


def password_reset(email: str, name: str, link: str) -> None:
    send(
        email,
        "Choose a new password",
        f"Hello {name},\n\nsomebody, hopefully you, asked to choose a new password for your account. "
        f"This link works once and for one hour:\n\n{link}\n\n"
        "If it was not you, there is nothing to do: your password stays as it is.\n",
    )


def simulation_completed(email: str, name: str, score: float | None, link: str) -> None:
    result = f"Your overall score is {score:g} out of 10. " if score is not None else ""
    send(
        email,
        "Your training session is complete",
        f"Hello {name},\n\nyou completed a training session. {result}Practise again whenever you like:\n\n{link}\n",
    )


def welcome(email: str, name: str, link: str) -> None:
    send(
        email,
        "Welcome",
        f"Hello {name},\n\nyour account is ready. Start your first training session here:\n\n{link}\n",
    )
