"""How a connection to the mail server is made, whoever wants one."""

import smtplib

TIMEOUT = 10  # seconds a mail server may be silent


def connected(host: str, port: int, secure: bool, user: str | None, password: str | None) -> smtplib.SMTP:
    """Ready to send; OSError or SMTPException when that cannot be had."""
    kind = smtplib.SMTP_SSL if secure else smtplib.SMTP
    server = kind(host, port, timeout=TIMEOUT)
    try:
        server.ehlo()
        if not secure and server.has_extn("starttls"):
            server.starttls()
        if user and password:
            server.login(user, password)
    except BaseException:
        server.close()
        raise
    return server
