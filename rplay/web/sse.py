"""Server-sent events: an answer that comes in pieces."""

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

HEARTBEAT_SECONDS = 15.0  # seconds of silence after which a comment shows that the connection lives
MOST_WAITING = 64  # events that may wait for a slow client before their source has to wait too
LOOK_SECONDS = 1.0  # seconds between two looks whether the server is about to end
READ_SECONDS = 30.0  # seconds that a client may take to read one


class Event(Protocol):
    """One event: its type and its JSON object."""

    @property
    def type(self) -> str: ...
    @property
    def data(self) -> dict[str, Any]: ...


def stream(events: Iterator[Event]) -> Response:
    """Sends the events as they come; a client that goes away ends their source within a second."""
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
    """Runs beside the answer; being killed closes the events' source, and with it the call upstream."""
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
    queue.put(None)  # nobody waits for the end of a source that was killed, and the queue may be full


def encode(kind: str, data: dict[str, Any]) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (kind.encode(), json.dumps(data))
