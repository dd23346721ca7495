"""Bodies that come slowly."""

import gevent
import pytest

from rplay.web import slow_bodies
from tests.conftest import error


class Drip:
    """A body that comes byte by byte."""

    def __init__(self, body, pause):
        self.left, self.pause = body, pause

    def read(self, size=-1):
        gevent.sleep(self.pause)
        piece, self.left = self.left[:1], self.left[1:]
        return piece


LOGIN = b'{"email": "nobody@example.com", "password": "x"}'


def login(anyone, body, **environ):
    environ = {"wsgi.input": body, "CONTENT_TYPE": "application/json", **environ}
    return anyone.post("/api/auth/login", environ_overrides=environ)


@pytest.fixture
def hasty(monkeypatch):
    monkeypatch.setattr(slow_bodies, "GRACE_SECONDS", 0.3)


@pytest.mark.parametrize(
    "length", [{"CONTENT_LENGTH": "1000"}, {"wsgi.input_terminated": True}], ids=["given", "chunked"]
)
def test_one_that_takes_too_long_is_told_so(anyone, hasty, length):
    assert error(login(anyone, Drip(LOGIN * 20, 0.1), **length)) == (408, "Request body took too long")


def test_one_that_is_slow_and_comes_in_time_is_served(anyone):
    assert login(anyone, Drip(LOGIN, 0.002), CONTENT_LENGTH=str(len(LOGIN))).status_code == 401


def test_what_has_come_earns_more_time(anyone, hasty, monkeypatch):
    monkeypatch.setattr(slow_bodies, "BYTES_A_SECOND", 0.1)  # each byte ten seconds; all of them take one
    assert login(anyone, Drip(LOGIN, 0.02), CONTENT_LENGTH=str(len(LOGIN))).status_code == 401
