"""The fixed order of what happens before and after every view.

Whatever refuses a request comes after `begin`, so that each response has an id, a log line and a metric. It comes
before the last steps, so that each response has CORS and security headers.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from flask import Flask

from rplay.web import auth, failures, headers, limits, requests
from rplay.web.parts import Parts
from rplay.web.slow_bodies import TimedBody
from rplay.web.socket.handshakes import PATH, Wsgi


def entrance(requests: Wsgi, socket: Wsgi) -> Wsgi:
    """Return the outermost WSGI application: requests for the speech socket go there, all others to Flask."""

    def enter(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["wsgi.input"] = TimedBody(environ["wsgi.input"])
        if environ.get("PATH_INFO", "").startswith(PATH):
            return socket(environ, start_response)
        return requests(environ, start_response)

    return enter


def install(app: Flask, parts: Parts) -> None:
    settings, shutdown = parts.settings, parts.shutdown
    before = (
        requests.begin,
        partial(requests.enter, shutdown),
        requests.preflight,
        limits.count_arrival,
        auth.count_where_nobody_looks,
    )
    after = (
        limits.tell,
        partial(requests.share, frozenset(settings.cors_origins)),
        partial(headers.protect, bool(settings.trusted_proxies)),
        partial(requests.finish, settings.slow_request_seconds),
    )
    for first in before:
        app.before_request(first)
    for last in reversed(after):  # Flask runs after_request functions in reverse order of registration
        app.after_request(last)
    app.teardown_request(lambda _: shutdown.leave())
    failures.install(app)
