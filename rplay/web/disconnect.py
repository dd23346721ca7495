"""Whether the client still waits: nothing is asked of a model for somebody who has hung up."""

import _socket
import errno
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from socket import MSG_DONTWAIT, MSG_PEEK
from typing import Any

import gevent
from flask import request

from rplay.errors import ClientLeft
from rplay.web.views import Arguments, View, declared, preceded

LOOK_SECONDS = 0.5  # seconds until the next look at a client that has already sent something more


class Left(BaseException):
    """Thrown into work that nobody waits for. No Exception: nothing on the way may take it for a failure and go on."""


def while_waited_for(view: View) -> View:
    """Ends a view, and what it asks upstream, as soon as the client hangs up."""

    declared(view).ends_with_client = True
    return preceded(view, _watch)


def _watch(arguments: Arguments, entered: ExitStack) -> Arguments:
    entered.enter_context(_waited_for())
    return arguments


@contextmanager
def _waited_for() -> Iterator[None]:
    try:
        with watched(request.environ.get("gunicorn.socket"), Left()):
            yield
    except Left:
        raise ClientLeft("The client has left") from None


def hung_up() -> OSError:
    """What gunicorn takes for the end of a connection, without a word in the log."""
    return BrokenPipeError(errno.EPIPE, "the client has left")


@contextmanager
def watched(socket: Any, error: BaseException) -> Iterator[None]:
    """Throws this error into the greenlet that is here once the client closes the connection, as a time limit would.

    The loop tells of it, also when there are thousands of connections: `select` takes no descriptor above 1,023.
    """
    if socket is None:  # nobody is connected: a test client
        yield
        return
    loop, waiting = gevent.get_hub().loop, gevent.getcurrent()
    descriptor = socket.fileno()
    if descriptor < 0:
        raise error
    readable, again = loop.io(descriptor, 1), loop.timer(LOOK_SECONDS)

    def look() -> None:
        """Runs in the hub."""
        readable.stop()
        if _closed(descriptor):
            waiting.throw(error)
        else:  # the next request, which stays where it is until this one is answered
            again.start(lambda: readable.start(look))

    readable.start(look)
    try:
        yield
    finally:
        for watcher in (readable, again):
            watcher.stop()
            watcher.close()


def _closed(descriptor: int) -> bool:
    """Whether a readable connection has nothing to read. Not gevent's socket, which must not wait in the hub."""
    bare = _socket.socket(fileno=descriptor)
    try:
        return bare.recv(1, MSG_PEEK | MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        bare.detach()
