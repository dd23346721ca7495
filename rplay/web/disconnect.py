"""Stops work for clients that have hung up, so that no model is asked on their behalf."""

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

LOOK_SECONDS = 0.5  # seconds until the next check of a client that has already sent more data


class Left(BaseException):
    """Thrown into work that nobody waits for any more. It is not an Exception, so that no code on the way handles it
    as a failure and continues.
    """


def while_waited_for(view: View) -> View:
    """Stop a view and its calls to providers as soon as the client hangs up."""

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
    """Return the error that gunicorn treats as the end of a connection and does not log."""
    return BrokenPipeError(errno.EPIPE, "the client has left")


@contextmanager
def watched(socket: Any, error: BaseException) -> Iterator[None]:
    """Throw this error into the current greenlet when the client closes the connection, like a timeout.

    The event loop watches the socket, as `select` only accepts descriptors up to 1,023.
    """
    if socket is None:  # there is no connection: a test client
        yield
        return
    loop, waiting = gevent.get_hub().loop, gevent.getcurrent()
    descriptor = socket.fileno()
    if descriptor < 0:
        raise error
    readable, again = loop.io(descriptor, 1), loop.timer(LOOK_SECONDS)

    def look() -> None:
        """Check the connection; this runs in the hub."""
        readable.stop()
        if _closed(descriptor):
            waiting.throw(error)
        else:  # the client sent its next request, which stays unread until this one is answered
            again.start(lambda: readable.start(look))

    readable.start(look)
    try:
        yield
    finally:
        for watcher in (readable, again):
            watcher.stop()
            watcher.close()


def _closed(descriptor: int) -> bool:
    """Return True if the client closed a connection that the loop reported as readable. This bypasses gevent's socket,
    which must not wait in the hub.
    """
    bare = _socket.socket(fileno=descriptor)
    try:
        return bare.recv(1, MSG_PEEK | MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        bare.detach()
