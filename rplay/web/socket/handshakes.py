"""The door of the speech socket: who comes there is counted before the library makes anything of it."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from rplay.errors import HttpError, Unavailable
from rplay.web.failures import answer_to
from rplay.web.limits import TOO_MANY_CONNECTIONS

PATH = "/socket.io/"
RETRY_SECONDS = 5  # seconds after which a client that found no place may ask again

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def guarded(socket: Wsgi, count: Callable[[dict[str, Any]], None], places: Callable[[], float]) -> Wsgi:
    """The socket; it takes at most so many places of its server's, and `count` may refuse a new connection by an
    HttpError. A websocket has its place for as long as it lasts, a poll while it waits."""
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
