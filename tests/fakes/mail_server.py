"""A mail server that keeps what it is given."""

from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from tests.conftest import free_port


class Sink(Message):
    """The mails that came, and the port they come to."""

    def __init__(self):
        super().__init__()
        self.mails = []
        self.port = 0

    def handle_message(self, message):
        self.mails.append(message)


@contextmanager
def running() -> Iterator[Sink]:
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    sink.port = controller.port
    try:
        yield sink
    finally:
        controller.stop()


def parts(mail):
    """The text of each part by its content type."""
    return {
        part.get_content_type(): part.get_payload(decode=True).decode().replace("\r\n", "\n")
        for part in mail.walk()
        if not part.is_multipart()
    }
