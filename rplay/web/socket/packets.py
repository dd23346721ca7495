"""Checks a client's Socket.IO packets. The libraries would pass on anything else, or fail with a traceback."""

import json
import logging
from typing import Any

import orjson
import structlog
from socketio.packet import ACK, BINARY_EVENT, CONNECT, DISCONNECT, EVENT, Packet

from rplay.errors import HttpError

log = structlog.get_logger()

FROM_CLIENTS = frozenset({CONNECT, DISCONNECT, EVENT, ACK, BINARY_EVENT})
MAX_ATTACHMENTS = 4  # no event takes attachments, and announced ones keep a packet in memory until the last has arrived
# The library calls these two handlers itself, and would also call them when a client sends an event of that name.
RESERVED = frozenset({"connect", "disconnect"})
HANDLERS = frozenset({"message handler error", "post request handler error"})


class Json:
    """The JSON codec of packets; reading is the library's own."""

    loads = staticmethod(json.loads)

    @staticmethod
    def dumps(thing: Any, **_: Any) -> str:
        """Encode with orjson, in a sixth of the time of the standard library. The latter is used for what orjson
        refuses, such as half a surrogate pair.
        """
        try:
            return orjson.dumps(thing).decode()
        except TypeError:
            return json.dumps(thing, separators=(",", ":"))


class ClientPacket(Packet):  # type: ignore[misc]
    """A packet that raises ValueError if it is not one that our clients send."""

    json = Json

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.packet_type == EVENT and self.data is None:  # the library does not decode an empty event
            raise ValueError("no event")

    def decode(self, encoded_packet: Any) -> int:
        try:
            attachments = super().decode(encoded_packet) or 0
        except RecursionError:
            raise ValueError("nested too deeply") from None
        if attachments > MAX_ATTACHMENTS:
            raise ValueError("too many attachments")
        if self.packet_type not in FROM_CLIENTS:
            raise ValueError("no packet of a client")
        if self.packet_type in (EVENT, BINARY_EVENT) and not _is_event(self.data):
            raise ValueError("no event")
        if self.packet_type == ACK and not isinstance(self.data, list):
            raise ValueError("no acknowledgement")
        return attachments


def _is_event(data: object) -> bool:
    name = data[0] if isinstance(data, list) and data else None
    return isinstance(name, str) and name not in RESERVED


def told_in_a_line(record: logging.LogRecord) -> bool:
    """Logging filter: log a malformed packet as one line without a traceback, as it is the client's fault."""
    error = record.exc_info[1] if record.exc_info else None
    if not (isinstance(error, ValueError | HttpError) and record.getMessage() in HANDLERS):
        return True
    log.info("speech_bad_packet", reason=str(error)[:80])
    return False
