"""Connects to the mail server, and explains in words why that failed."""

import ipaddress
import smtplib
import socket
import ssl
from collections.abc import Iterator
from email.utils import parseaddr

from rplay.config import Settings

PERMANENT = 500  # SMTP response codes from here on are permanent failures
TIMEOUT = 10  # seconds a mail server may be silent

NO_TLS = (
    "it offers no TLS, and EMAIL_PASSWORD would cross the network for everybody to read;"
    " EMAIL_TLS_VERIFY=false sends it all the same"
)
NO_SIGN_IN = "it offers no way to sign in, and EMAIL_USER is set; many offer it after TLS alone"
NOT_AT_ONCE = (
    "it does not speak TLS from the first byte, as EMAIL_SECURE=true wants;"
    " on port 587 TLS begins later: leave EMAIL_SECURE out"
)
SILENT = "it hung up, or said nothing in time; one that speaks TLS from the first byte needs EMAIL_SECURE=true"
LETTERS = "an address has letters before the @ that it does not take"


class Unfit(smtplib.SMTPException):
    """The connection must not be used for sending; the text says why."""


def connected(settings: Settings) -> smtplib.SMTP:
    """Return a connection that is ready for sending. Raise OSError or SMTPException, which `reason_of` explains."""
    server = _greeted(settings, _context(settings))
    try:
        server.ehlo()
        if not settings.email_secure and server.has_extn("starttls"):
            server.starttls(context=_context(settings))
            server.ehlo()
        _sign_in(server, settings)
    except BaseException:
        server.close()
        raise
    return server


def _greeted(settings: Settings, context: ssl.SSLContext) -> smtplib.SMTP:
    host, port = str(settings.email_host), settings.email_port
    if settings.email_secure:
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
    return smtplib.SMTP(host, port, timeout=TIMEOUT)


def _context(settings: Settings) -> ssl.SSLContext:
    """Return the TLS context: the certificate is checked against the system's authorities and the operator's own."""
    context = ssl.create_default_context()
    if not settings.email_tls_verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif settings.email_ca_file:
        try:
            context.load_verify_locations(settings.email_ca_file)
        except ssl.SSLError:
            raise Unfit("EMAIL_CA_FILE holds no certificates (PEM)") from None
    return context


def _sign_in(server: smtplib.SMTP, settings: Settings) -> None:
    if not (settings.email_user and settings.email_password):
        return
    if settings.email_tls_verify and not (isinstance(server.sock, ssl.SSLSocket) or _is_here(server.sock)):
        raise Unfit(NO_TLS)
    if not server.has_extn("auth"):
        raise Unfit(NO_SIGN_IN)
    server.login(settings.email_user, settings.email_password.get_secret_value())


def _is_here(connection: socket.socket | None) -> bool:
    """Return True if the server runs on this machine."""
    if connection is None or connection.family == socket.AF_UNIX:
        return True
    return ipaddress.ip_address(connection.getpeername()[0]).is_loopback


def is_final(error: Exception) -> bool:
    """Return True if the server would refuse this mail at any later time too."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= PERMANENT
    return isinstance(error, smtplib.SMTPNotSupportedError | UnicodeError)


def reason_of(error: Exception) -> str:
    """Explain why a mail cannot be sent, without addresses or secrets."""
    if isinstance(error, Unfit):
        return str(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"its certificate is not accepted ({error.verify_message.rstrip('.')});"
            " EMAIL_CA_FILE names the authority that a private one is from"
        )
    if isinstance(error, ssl.SSLError):
        return NOT_AT_ONCE if error.reason == "WRONG_VERSION_NUMBER" else f"TLS failed ({error.reason})"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "it refuses EMAIL_USER and EMAIL_PASSWORD"
    if isinstance(error, smtplib.SMTPSenderRefused):
        return f"it refuses EMAIL_FROM, or a sender that has not signed in (answer {error.smtp_code})"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"it refuses the recipient (answer {next(iter(error.recipients.values()))[0]})"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return SILENT
    if isinstance(error, smtplib.SMTPResponseException):
        return f"it refuses (answer {error.smtp_code})"
    if isinstance(error, smtplib.SMTPException):
        return str(error) or type(error).__name__  # smtplib explains these errors itself
    if isinstance(error, UnicodeError):
        return LETTERS
    if isinstance(error, socket.gaierror):
        return "no server is known by this name"
    if isinstance(error, TimeoutError):
        return "it takes too long to answer"
    return getattr(error, "strerror", None) or type(error).__name__


def doubts(settings: Settings) -> Iterator[str]:
    """Yield what is suspicious about the mail settings, without connecting to the server."""
    if not settings.email_host:
        return
    if not settings.email_tls_verify:
        yield "EMAIL_TLS_VERIFY is false: whoever is between here and the mail server reads its password and the mails."
    if settings.email_secure and settings.email_port in (25, 587):
        yield f"EMAIL_SECURE is true and EMAIL_PORT is {settings.email_port}, where TLS begins later: leave it out."
    if bool(settings.email_user) != bool(settings.email_password):
        missing = "EMAIL_PASSWORD" if settings.email_user else "EMAIL_USER"
        yield f"{missing} is not set, and its other half is: nobody signs in to the mail server."
    local, _, domain = parseaddr(settings.email_from)[1].rpartition("@")
    if not (local and domain):
        yield "EMAIL_FROM is no address; one looks like rplay@example.com, or Training <rplay@example.com>."
    elif not local.isascii():
        yield "EMAIL_FROM has letters before the @ that mail servers do not take: use an address without them."
