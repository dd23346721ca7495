"""Counts and limits requests to the speech socket before the Socket.IO library handles them."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from rplay.errors import HttpError, Unavailable
from rplay.web.failures import answer_to
from rplay.web.limits import TOO_MANY_CONNECTIONS

PATH = "/socket.io/"
RETRY_SECONDS = 5  # seconds after which a refused client may try again

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def guarded(socket: Wsgi, count: Callable[[dict[str, Any]], None], places: Callable[[], float]) -> Wsgi:
    """Wrap the socket so that it takes at most `places()` of the server's connections. `count` may refuse a new
    connection with an HttpError.

    A websocket takes its place for as long as it lasts, polling only while a poll waits.
    """
    taken = 0

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        nonlocal taken
        try:
            if "sid" not in parse_qs(environ.get("QUERY_STRING", "")):
                count(environ)
            if taken >= places():
                raise Unavailable(TOO_MANY_CONNECTIONS, RETRY_SECONDS)
        except HttpError as error:
            return answer_to(error)(environ, start_response)
        taken += 1
        try:
            return socket(environ, start_response)
        finally:
            taken -= 1

    return answer
