"""Fixes for the websocket libraries under gevent: whole frames, and limits for message sizes and waiting."""

from collections.abc import Callable, Iterable
from socket import AF_UNIX, IPPROTO_TCP, SHUT_RDWR, TCP_NODELAY
from ssl import SSLSocket
from struct import pack
from typing import Any

import gevent
import structlog
from engineio.async_drivers.gevent import WebSocketWSGI  # type: ignore[import-untyped]
from gevent.lock import BoundedSemaphore

from rplay import background

log = structlog.get_logger()

FRAME_SECONDS = 30.0  # seconds a client may take to receive one frame
TEXT, BINARY = 0x81, 0x82  # first bytes of a frame that holds a whole message
UPGRADE = 5.0  # seconds a connection may take to upgrade from polling to a websocket


class WholeSocket:
    """A socket whose `send` sends everything or closes the connection.

    Under gevent a plain `send` stops where the kernel's buffer is full: the rest of a frame to a slow client was lost,
    and the next frame began in the middle of it.
    """

    def __init__(self, socket: Any) -> None:
        if socket.family != AF_UNIX:
            # Without this option a small packet waits 40 ms for the client to acknowledge the one before.
            socket.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        self._socket = socket
        self._sending = BoundedSemaphore()  # frames of two greenlets must not mix
        self.recv = socket.recv
        self.close = socket.close

    def send(self, data: bytes) -> int:
        with self._sending:
            try:
                sent = self._sent_at_once(data)
                if sent < len(data):
                    with gevent.Timeout(FRAME_SECONDS, OSError("the client takes nothing any more")):
                        self._socket.sendall(memoryview(data)[sent:])
            except OSError:
                self.shut_down()
                raise
        return len(data)

    def _sent_at_once(self, data: bytes) -> int:
        """Send what fits into the kernel's buffer now, without waiting, and return the number of bytes. Usually
        everything fits, and starting a timeout would cost as much as sending.
        """
        if isinstance(self._socket, SSLSocket):  # the `send` of an SSL socket always waits
            return 0
        try:
            return int(self._socket.send(data, 0, 0.0))
        except BlockingIOError:
            return 0

    def shut_down(self) -> None:
        """Wake whoever reads from the socket, so that the connection ends on both sides."""
        try:
            self._socket.shutdown(SHUT_RDWR)
        except OSError:
            return  # it is already shut down


def frame_of(message: str | bytes) -> bytes:
    """Return a whole message as an unmasked frame, as RFC 6455 requires of a server."""
    kind, payload = (BINARY, message) if isinstance(message, bytes) else (TEXT, message.encode())
    size = len(payload)
    if size < 126:
        return bytes((kind, size)) + payload
    if size < 65_536:
        return pack(">BBH", kind, 126, size) + payload
    return pack(">BBQ", kind, 127, size) + payload


class Websocket(WebSocketWSGI):  # type: ignore[misc]
    """engineio's websocket connection with these fixes."""

    def __init__(self, handler: Callable[..., Any], server: Any) -> None:
        super().__init__(handler, server)
        self._connection = handler.__self__  # type: ignore[attr-defined]
        self._socket: WholeSocket | None = None
        # engineio checks the length of a message only when all of it is in memory
        self.server_args["max_message_size"] = server.max_http_buffer_size

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        # Disable compression: audio can't be compressed further, and a compressed message could grow a thousandfold in
        # memory.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        if self._connection.upgrading:  # each upgrade takes a place on the server while it sends nothing
            refused: Iterable[bytes] = self._connection.server._bad_request("Upgrading already")
            return refused
        if "gunicorn.socket" in environ:
            self._socket = environ["gunicorn.socket"] = WholeSocket(environ["gunicorn.socket"])
        if self._connection.connected:  # the client connected by polling first
            background.run("upgrade", self._end_unless_upgraded, after=UPGRADE)
        try:
            answer: Iterable[bytes] = super().__call__(environ, start_response)
        except ValueError as error:
            # A malformed packet ends the connection. Left to the library, a speech went on for 45 s.
            log.info("speech_bad_packet", reason=str(error)[:80])
            self._connection.close(wait=False, abort=True)
            self.ws.close()
            raise StopIteration from None  # this is how the library ends every connection under gunicorn
        return answer

    def send(self, message: str | bytes) -> None:
        """Send a whole message as one frame. The library's own code took a third of the CPU time of each message."""
        if self._socket is None:
            super().send(message)
        elif self.ws.connected:
            self._socket.send(frame_of(message))
        else:
            raise OSError("the connection is closed")

    def close(self) -> None:
        """Close the connection even if the client does not confirm it; such a client could keep its place for as long
        as it likes.
        """
        super().close()
        if self._socket is not None:
            self._socket.shut_down()

    def _end_unless_upgraded(self) -> None:
        if self._socket is not None and not self._connection.upgraded:
            self._socket.shut_down()
