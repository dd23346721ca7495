"""A time limit for receiving a body; gunicorn's gevent worker has one (`keepalive`) only for the head of a request.

Malformed chunked bodies are also translated into our own error, as gunicorn's parser raises its own wherever the body
is read.
"""

import time
from typing import Any

import gevent
from gunicorn.http.errors import NoMoreData, ParseException

from rplay.errors import BadRequest, RequestTimeout

GRACE_SECONDS = 20.0  # seconds for a body of any size
BYTES_A_SECOND = 16_384  # bytes for which one more second is granted
PIECE_BYTES = 65_536  # bytes between two checks of the time limit


class TimedBody:
    """A request body that raises RequestTimeout if it arrives too slowly. werkzeug and engineio only use its `read`."""

    def __init__(self, body: Any) -> None:
        self._body = body
        self._until = time.monotonic() + GRACE_SECONDS
        self._bad = False

    def read(self, size: int = -1) -> bytes:
        content = bytearray()
        while size < 0 or len(content) < size:
            piece = self._piece(PIECE_BYTES if size < 0 else min(PIECE_BYTES, size - len(content)))
            if not piece:
                break
            content += piece
        return bytes(content)

    def _piece(self, size: int) -> bytes:
        with gevent.Timeout(max(self._until - time.monotonic(), 0.001), RequestTimeout("Request body took too long")):
            piece = self._readable(size)
        self._until += len(piece) / BYTES_A_SECOND
        return piece

    def _readable(self, size: int) -> bytes:
        """Read a piece. After a malformed piece every further read raises BadRequest too, rather than reporting the
        end of the body.
        """
        if not self._bad:
            try:
                piece: bytes = self._body.read(size)
                return piece
            except (ParseException, NoMoreData):
                self._bad = True
        raise BadRequest("Request body could not be read")
