"""Steps that every request passes: fair scheduling, request id, CORS and the log line."""

import re
import time
import uuid

import gevent
import structlog
from flask import Response, g, request

from rplay.errors import NotFound
from rplay.runtime.metrics import count_request
from rplay.runtime.shutdown import Shutdown
from rplay.web.views import declared_here

log = structlog.get_logger()

_SANE_ID = re.compile(r"[A-Za-z0-9._:/+=-]{1,200}")
PROBES = frozenset({"/health", "/api/health/db", "/api/health/ready"})


def begin() -> None:
    # Yield to other greenlets first. Without this one greedy keep-alive client starves the others: their 99th
    # percentile is 0.7–1.0 s, with it 35–78 ms.
    gevent.sleep(0)
    g.started = time.perf_counter()
    sent = request.headers.get("X-Request-ID", "")
    g.request_id = sent if _SANE_ID.fullmatch(sent) else str(uuid.uuid4())


def enter(shutdown: Shutdown) -> None:
    """Register the request as running. Raise Unavailable if the server is shutting down."""
    shutdown.enter(probe=request.path in PROBES)


def preflight() -> Response | None:
    """Answer a browser's CORS preflight for any path, before all other checks; `share` adds the headers."""
    if request.method == "OPTIONS":
        return Response(status=204)
    if "\0" in request.path:
        raise NotFound("Endpoint not found")
    return None


def share(origins: frozenset[str], response: Response) -> Response:
    """Add CORS headers: pages of these origins may read the response and send cookies. flask-cors takes 50 µs for the
    same.
    """
    response.headers.add("Vary", "Origin")
    origin = request.headers.get("Origin")
    if origin not in origins:
        return response
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Allow-Credentials"] = "true"
    response.headers["Access-Control-Expose-Headers"] = "X-Request-ID, Retry-After, RateLimit, RateLimit-Policy"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, PUT, PATCH, POST, DELETE"
        response.headers["Access-Control-Allow-Headers"] = request.headers.get("Access-Control-Request-Headers", "")
        response.headers["Access-Control-Max-Age"] = "600"
    return response


def finish(slow: float, response: Response) -> Response:
    response.headers["X-Request-ID"] = g.request_id
    seconds = time.perf_counter() - g.started
    route = request.url_rule.rule if request.url_rule else "none"
    count_request(request.method if request.url_rule else "any", route, response.status_code, seconds)
    log.log(
        10 if request.path in PROBES else 20,
        "request",
        method=request.method,
        path=request.path,
        route=route,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        user_id=str(g.user_id) if "user_id" in g else None,
    )
    if seconds > slow and seconds > slow * (10 if _asks_ai() else 1):
        log.warning("slow_request", method=request.method, route=route, ms=round(seconds * 1000))
    return response


def _asks_ai() -> bool:
    """Return True if the view waits for a model, which may take seconds and has metrics of its own."""
    return "ai" in declared_here().limits
