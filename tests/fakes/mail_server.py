"""A mail server that keeps what it is given."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import AuthResult

from tests.conftest import free_port


class Sink(Message):
    """The mails that came, who signed in with what, and the port they come to."""

    def __init__(self):
        super().__init__()
        self.mails = []
        self.signed_in = []
        self.refused = set()  # recipients
        self.port = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return "550 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def handle_message(self, message):
        self.mails.append(message)

    def sign_in(self, server, session, envelope, mechanism, data):
        self.signed_in.append((data.login.decode(), data.password.decode(), session.ssl is not None))
        return AuthResult(success=data.password == b"right", handled=False)


@contextmanager
def running(host: str = "127.0.0.1", sink: Sink | None = None, **options: Any) -> Iterator[Sink]:
    """`options` are aiosmtpd's."""
    sink = sink or Sink()
    controller = Controller(sink, hostname=host, port=free_port(), **options)
    controller.start()
    sink.port = controller.port
    try:
        yield sink
    finally:
        controller.stop()


def with_sign_in(sink: Sink) -> dict[str, Any]:
    return {"sink": sink, "authenticator": sink.sign_in, "auth_require_tls": False}


def tls(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def parts(mail):
    """The text of each part by its content type."""
    return {
        part.get_content_type(): part.get_payload(decode=True).decode().replace("\r\n", "\n")
        for part in mail.walk()
        if not part.is_multipart()
    }
