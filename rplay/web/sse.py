"""Server-sent events: responses that arrive in pieces."""

from collections.abc import Iterator
from typing import Any, Protocol

import gevent
import structlog
from flask import Response, request
from gevent.queue import Empty, Queue

from rplay.runtime import json
from rplay.runtime.metrics import STREAMS
from rplay.runtime.shutdown import TEXT, Shutdown
from rplay.web.disconnect import hung_up, watched
from rplay.web.parts import parts

log = structlog.get_logger()

HEARTBEAT_SECONDS = 15.0  # seconds of silence after which a comment shows that the connection is alive
MOST_WAITING = 64  # events queued for a slow client before their source has to wait
LOOK_SECONDS = 1.0  # seconds between two checks whether the server is shutting down
READ_SECONDS = 30.0  # seconds a client may take to read one event


class Event(Protocol):
    """One event: its type and its data, a JSON object."""

    @property
    def type(self) -> str: ...
    @property
    def data(self) -> dict[str, Any]: ...


def stream(events: Iterator[Event]) -> Response:
    """Send the events as they occur. If the client disconnects, their source is closed within a second."""
    pieces = _pieces(events, request.environ.get("gunicorn.socket"), parts().shutdown)
    response = Response(pieces, content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _pieces(events: Iterator[Event], socket: Any, shutdown: Shutdown) -> Iterator[bytes]:
    queue: Queue[bytes | None] = Queue(MOST_WAITING)
    with watched(socket, hung_up()):
        source = gevent.spawn(_feed, events, queue)
        STREAMS.inc()
        silence = 0.0
        try:
            while not shutdown.cut:
                look = min(LOOK_SECONDS, HEARTBEAT_SECONDS)
                try:
                    piece = queue.get(timeout=look)
                except Empty:
                    silence += look
                    if silence < HEARTBEAT_SECONDS:
                        continue
                    piece = b": still here\n\n"
                if piece is None:
                    return
                silence = 0.0
                with gevent.Timeout(READ_SECONDS, hung_up()):
                    yield piece
            yield encode("error", {"error": TEXT})
        finally:
            STREAMS.dec()
            source.kill(block=False)


def _feed(events: Iterator[Event], queue: "Queue[bytes | None]") -> None:
    """Put the events into the queue; this runs in its own greenlet. Killing it closes the source of the events, and so
    the call to the provider.
    """
    try:
        for event in events:
            queue.put(encode(event.type, event.data))
    except Exception:
        log.exception("stream_failed")
        queue.put(encode("error", {"error": "Internal server error"}))
    finally:
        close = getattr(events, "close", None)
        if close:
            close()
    queue.put(None)  # not sent if this greenlet was killed: then nobody reads the queue, which may be full


def encode(kind: str, data: dict[str, Any]) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (kind.encode(), json.dumps(data))
