"""How a connection to the mail server is made, whoever wants one."""

import smtplib

TIMEOUT = 10  # seconds a mail server may be silent


def connected(host: str, port: int, secure: bool, user: str | None, password: str | None) -> smtplib.SMTP:
    """Ready to send; OSError or SMTPException when that cannot be had."""
    if secure:
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT)
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls()
    if user and password:
        server.login(user, password)
    return server
