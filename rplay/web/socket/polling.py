"""What polling leaves open: a listener that hangs up is noticed at once, not after 45 s without a poll."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from rplay.web.disconnect import Left, hung_up, watched

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def while_polled(app: Wsgi, engine: Any, path: str) -> Wsgi:
    """The application; a connection of `engine` ends with the client that closes one of its polls unanswered."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        engine_id = _poll_of(environ, path)
        if engine_id is None:
            return app(environ, start_response)
        try:
            with watched(environ.get("gunicorn.socket"), Left()):
                return app(environ, start_response)
        except Left:
            connection = engine.sockets.get(engine_id)
            if connection is not None:
                connection.close(wait=False, abort=True)
            raise hung_up() from None

    return answer


def _poll_of(environ: dict[str, Any], path: str) -> str | None:
    """Which connection this request waits for packets of, if it is such a one."""
    if environ["REQUEST_METHOD"] != "GET" or not environ.get("PATH_INFO", "").startswith(path):
        return None
    query = parse_qs(environ.get("QUERY_STRING", ""))
    return query["sid"][0] if query.get("transport") == ["polling"] and "sid" in query else None
