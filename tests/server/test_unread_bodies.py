"""What becomes of a body that nobody wanted to read, and of the request after it."""

import socket

import gevent
import pytest
from gunicorn.config import Config
from gunicorn.http import get_parser
from gunicorn.http.unreader import Unreader

from rplay.server import worker
from rplay.server.worker import Parser, _finish_body

NEXT = b"GET /next HTTP/1.1\r\nHost: x\r\n\r\n"


def post(size):
    return f"POST /first HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n".encode() + b"x" * size


@pytest.fixture
def reads(monkeypatch):
    """How often somebody reads a part of what was sent."""
    monkeypatch.setattr(Parser, "finish_body", _finish_body)
    counted = []
    read = Unreader.read
    monkeypatch.setattr(Unreader, "read", lambda self, *args, **more: counted.append(1) or read(self, *args, **more))
    return counted


@pytest.fixture
def connection():
    here, there = gevent.socket.socketpair()
    with here, there:
        yield here, there


def requests_of(connection, sent):
    here, there = connection
    sending = gevent.spawn(lambda: (there.sendall(sent), there.shutdown(socket.SHUT_WR)))
    try:
        parser = get_parser(Config(), here, ("127.0.0.1", 1))
        yield from iter(parser.__next__, None)
    finally:
        here.close()
        sending.kill()


def test_it_is_read_in_large_steps_and_the_next_request_answered(connection, reads):
    requests = requests_of(connection, post(8 * 1024 * 1024) + NEXT)
    assert next(requests).path == "/first"
    assert next(requests).path == "/next"
    assert len(reads) < 200


def test_one_that_is_very_long_ends_the_connection(connection, reads, monkeypatch):
    monkeypatch.setattr(_finish_body, "__defaults__", (None, 1024 * 1024))
    requests = requests_of(connection, post(8 * 1024 * 1024) + NEXT)
    assert next(requests).path == "/first"
    with pytest.raises((StopIteration, RuntimeError)):
        next(requests)
    assert worker.UNREAD > 10 * 1024 * 1024
