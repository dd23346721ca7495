"""The socket that speaks: who may connect, and its events. What a speech is stands in rplay.tts.session."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol
from urllib.parse import urlsplit

import gevent
import structlog
from flask import Flask, Request
from flask_socketio import SocketIO
from socketio.exceptions import ConnectionRefusedError as Refused

from rplay.config import Settings
from rplay.errors import SpeechError
from rplay.tts.session import Ack, Session
from rplay.tts.speaker import Speaker
from rplay.web.addresses import client_address
from rplay.web.ending import TEXT, Ending
from rplay.web.metrics import count_speech
from rplay.web.packets import ClientPacket, told_in_a_line
from rplay.web.polling import while_polled
from rplay.web.websocket import Websocket

log = structlog.get_logger()

MAX_MESSAGE = 100_000  # bytes; the longest text takes 24,000 when each character is escaped
MAX_WAITING = 8  # packets that may wait for a listener before the speech pauses
MAX_UNREAD = 200  # packets that may wait for one who keeps asking without reading: then the connection ends
PING_INTERVAL, PING_TIMEOUT = 25, 20  # seconds; what clients of this protocol expect

FindUser = Callable[[str], Any]


class Limits(Protocol):
    """Each gives the reason why not, or None."""

    def connection_refusal(self, address: str, opened: int) -> str | None: ...
    def speech_refusal(self, who: str, address: str) -> str | None: ...


@dataclass(frozen=True)
class Guest:
    """Who is let in; `user_id` is None without a session."""

    address: str
    user_id: str | None


Admit = Callable[[dict[str, Any], object], Guest]


class SpeechSocket(SocketIO):  # type: ignore[misc]
    """The Socket.IO server and the sessions of those connected to this process.

    Its events are registered on the library's own server: a speech needs no request context, and nothing may come
    between what `_connect` does and the packet that tells the client so.

    Each event runs in a greenlet of its own. They start in the order of arrival, so whatever is decided before a
    handler first waits is decided in that order: a stop and the text right after it can't overtake each other.
    """

    def __init__(
        self,
        app: Flask,
        speaker: Speaker,
        admit: Admit,
        limits: Limits | None,
        ending: Ending,
        route: str = "",
        **options: Any,
    ) -> None:
        self.speaker = speaker
        self.sessions: dict[str, Session] = {}
        self.elsewhere: Callable[[], list[dict[str, Any]]] = list  # connections of other processes
        self._guests: dict[str, Guest] = {}
        self._limits = limits
        self._ending = ending
        self._admit = admit
        self._warm = False
        for name in ("engineio.server", "socketio.server"):
            logging.getLogger(name).setLevel(logging.ERROR)  # below that they write packets, and with them tokens
        logging.getLogger("engineio.server").addFilter(told_in_a_line)
        super().__init__(app, path="/socket.io", async_mode="gevent", serializer=ClientPacket, **options)
        engine = self.server.eio
        engine._async = {**engine._async, "websocket": Websocket}
        app.wsgi_app = while_polled(app.wsgi_app, engine, "/socket.io/")  # type: ignore[method-assign,assignment]
        if route:
            new_id = engine.generate_id
            engine.generate_id = lambda: f"{route}.{new_id()}"
        self.server.on("connect", self._connect)
        self.server.on("disconnect", self._disconnect)
        self.server.on("generate-speech", self._generate_speech)
        self.server.on("stop-speech", self._stop_speech)

    def enabled(self) -> bool:
        return self.speaker.configured()

    def connections(self) -> list[dict[str, Any]]:
        """Who is connected to this process."""
        return [
            {
                "socketId": sid,
                "isStreaming": session.streaming,
                "connectedAt": session.since.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "address": self._guests[sid].address,
            }
            for sid, session in self.sessions.items()
        ]

    def stop(self) -> None:
        """Ends every speech; each listener hears that it ended."""
        for session in list(self.sessions.values()):
            session.stop()

    def hang_up(self) -> None:
        """Closes the connections on which nobody speaks.

        The transport is closed rather than the Socket.IO session, as after that a browser would not connect again.
        """
        manager, engine = self.server.manager, self.server.eio
        speaking = {manager.eio_sid_from_sid(sid, "/") for sid, one in list(self.sessions.items()) if one.busy}
        for engine_id in set(engine.sockets) - speaking:
            gevent.spawn(engine.disconnect, engine_id)  # may wait for a client that does not read

    def _connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        guest = self._admit(environ, auth)
        engine_id = self.server.manager.eio_sid_from_sid(sid, "/")
        others = self._opened(guest.address)
        self._guests[sid] = guest  # counts from now on, as what follows may wait
        reason = self._limits.connection_refusal(guest.address, others) if self._limits else None
        if self._waiting(engine_id) is None:
            reason = "Gone"  # while its session was looked up
        if reason:
            del self._guests[sid]
            raise Refused(reason)
        emit = partial(self.server.emit, to=sid, ignore_queue=True)
        refusal = partial(self._speech_refusal, guest.user_id or sid, guest.address)
        self.sessions[sid] = Session(self.speaker, emit, partial(self._has_room, engine_id), refusal, count_speech)
        # Starts after this greenlet's next wait, when the connect packet is on its way.
        self.start_background_task(emit, "tts-connected", {"message": "TTS service ready", "socketId": sid})
        self.start_background_task(self._warm_up)

    def _opened(self, address: str) -> int:
        """How many connections this address has, to all processes."""
        addresses = [guest.address for guest in self._guests.values()] + [one["address"] for one in self.elsewhere()]
        return addresses.count(address)

    def _speech_refusal(self, who: str, address: str) -> str | None:
        return self._limits.speech_refusal(who, address) if self._limits else None

    def _disconnect(self, sid: str, _reason: str) -> None:
        self._guests.pop(sid, None)
        session = self.sessions.pop(sid, None)
        if session is not None:
            session.close()

    def _generate_speech(self, sid: str, payload: object = None, *_more: object) -> Ack | None:
        """What it returns is the acknowledgement."""
        session = self.sessions.get(sid)
        if session is None or self._hung_up_on(sid):
            return None
        return session.refuse(TEXT) if self._ending.begun else session.generate(payload)

    def _stop_speech(self, sid: str, *_more: object) -> None:
        session = self.sessions.get(sid)
        if session is not None:
            session.stop()

    def _warm_up(self) -> None:
        """Loads the voice when the first listener connects: until there is something to say, it is there."""
        if not self._warm:
            self._warm = True
            with suppress(SpeechError):  # logged where it happened, and again at the first speech
                self.speaker.warm()

    def _hung_up_on(self, sid: str) -> bool:
        """Ends the connection of a client that keeps asking and never reads."""
        engine_id = self.server.manager.eio_sid_from_sid(sid, "/")
        if (self._waiting(engine_id) or 0) <= MAX_UNREAD:
            return False
        log.warning("speech_client_does_not_read", sid=sid)
        self.server.eio.sockets[engine_id].close(wait=False, abort=True)
        return True

    def _has_room(self, engine_id: str) -> bool:
        return (self._waiting(engine_id) or 0) < MAX_WAITING

    def _waiting(self, engine_id: str) -> int | None:
        """How many packets wait for this client to take them; None when it is gone."""
        socket = self.server.eio.sockets.get(engine_id)
        return None if socket is None or socket.closed else socket.queue.qsize()


def create_socketio(
    app: Flask,
    settings: Settings,
    speaker: Speaker,
    find_user: FindUser,
    limits: Limits | None = None,
    ending: Ending | None = None,
) -> SpeechSocket:
    """Puts the socket in front of the application. `find_user` gives the user of a session token."""
    return SpeechSocket(
        app,
        speaker,
        partial(_admit, settings, find_user),
        limits,
        ending or Ending(),
        settings.socket_route,
        # A function, as the library takes an empty list for "no check at all".
        cors_allowed_origins=partial(_allowed_origin, settings.cors_origins),
        max_http_buffer_size=MAX_MESSAGE,
        ping_interval=PING_INTERVAL,
        ping_timeout=PING_TIMEOUT,
    )


def _allowed_origin(allowed: list[str], origin: str | None, environ: dict[str, Any]) -> bool:
    """Whether a page from there may connect. Clients that are no browsers send none, or the server's own address."""
    return origin in allowed or urlsplit(origin or "").netloc == environ.get("HTTP_HOST")


def _admit(settings: Settings, find_user: FindUser, environ: dict[str, Any], auth: object) -> Guest:
    """Lets the client in or refuses it with a text that it sees."""
    request = Request(environ)
    token = _token(request, auth)
    try:
        user = find_user(token) if token else None
    except Exception:
        # The library would take a TypeError for "call it again without the token".
        log.exception("speech_connection_failed")
        raise Refused("Internal server error") from None
    if user is None and (token is not None or not settings.legacy_frontend):
        raise Refused("Authentication required")
    return Guest(client_address(request, settings.trusted_proxies), str(user.id) if user else None)


def _token(request: Request, auth: object) -> str | None:
    """The session token; "" when something was sent that can be none, None when nothing was."""
    given = auth.get("token") if isinstance(auth, dict) else None
    if not given:
        given = _bearer(request.headers.get("Authorization"))
    if given is None:
        given = request.cookies.get("session_token") or None
    return given if given is None or _is_plain(given) else ""


def _bearer(header: str | None) -> str | None:
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _is_plain(token: object) -> bool:
    return isinstance(token, str) and token.isascii() and token.isprintable()
