"""Handles what the Socket.IO library leaves open about polling.

A listener that hangs up is noticed at once, not after 45 s without a poll. Requests to a connection that was closed
are refused; the library would fail with a traceback.
"""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from rplay.web.disconnect import Left, hung_up, watched
from rplay.web.socket.handshakes import Wsgi


def while_polled(socket: Wsgi, engine: Any) -> Wsgi:
    """Wrap the socket: when a client closes a poll before it is answered, its connection of `engine` ends."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        engine_id = _polling(environ)
        connection = engine.sockets.get(engine_id)
        if connection is not None and connection.closed:
            engine.sockets.pop(engine_id)  # the library refuses requests to an unknown connection
        if engine_id is None or environ["REQUEST_METHOD"] != "GET":
            return socket(environ, start_response)
        try:
            with watched(environ.get("gunicorn.socket"), Left()):
                return socket(environ, start_response)
        except Left:
            connection = engine.sockets.get(engine_id)
            if connection is not None:
                connection.close(wait=False, abort=True)
            raise hung_up() from None

    return answer


def _polling(environ: dict[str, Any]) -> str | None:
    """Return the id of the connection to which a polling request belongs; None for any other request."""
    query = parse_qs(environ.get("QUERY_STRING", ""))
    return query["sid"][0] if query.get("transport") == ["polling"] and "sid" in query else None
