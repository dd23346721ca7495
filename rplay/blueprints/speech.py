"""The socket that speaks: who may connect, and its events. What a speech is stands in rplay.tts.session."""

import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any
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
from rplay.web.packets import ClientPacket, told_in_a_line
from rplay.web.polling import while_polled
from rplay.web.websocket import Websocket

log = structlog.get_logger()

MAX_MESSAGE = 100_000  # bytes; the longest text takes 24,000 when each character is escaped
MAX_WAITING = 8  # packets that may wait for a listener before the speech pauses
MAX_UNREAD = 200  # packets that may wait for one who keeps asking without reading: then the connection ends
PING_INTERVAL, PING_TIMEOUT = 25, 20  # seconds; what clients of this protocol expect

FindUser = Callable[[str], object | None]
RefusalOf = Callable[[str], str | None]
Admit = Callable[[dict[str, Any], object], None]


class SpeechSocket(SocketIO):  # type: ignore[misc]
    """The Socket.IO server and the sessions of those connected to this process.

    Its events are registered on the library's own server: a speech needs no request context, and nothing may come
    between what `_connect` does and the packet that tells the client so.

    Each event runs in a greenlet of its own. They start in the order of arrival, so whatever is decided before a
    handler first waits is decided in that order: a stop and the text right after it can't overtake each other.
    """

    def __init__(
        self, app: Flask, speaker: Speaker, admit: Admit, ending: Ending, route: str = "", **options: Any
    ) -> None:
        self.speaker = speaker
        self._ending = ending
        self.sessions: dict[str, Session] = {}
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
        self._admit(environ, auth)
        engine_id = self.server.manager.eio_sid_from_sid(sid, "/")
        if self._waiting(engine_id) is None:
            raise Refused("Gone")  # while its session was looked up
        emit = partial(self.server.emit, to=sid, ignore_queue=True)
        self.sessions[sid] = Session(self.speaker, emit, partial(self._has_room, engine_id))
        # Starts after this greenlet's next wait, when the connect packet is on its way.
        self.start_background_task(emit, "tts-connected", {"message": "TTS service ready", "socketId": sid})
        self.start_background_task(self._warm_up)

    def _disconnect(self, sid: str, _reason: str) -> None:
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
    refusal_of: RefusalOf | None = None,
    ending: Ending | None = None,
) -> SpeechSocket:
    """Puts the socket in front of the application.

    `find_user` gives the user of a session token, `refusal_of` the reason why no more connections without a token may
    come from this address, if there is one.
    """
    return SpeechSocket(
        app,
        speaker,
        partial(_admit, settings, find_user, refusal_of),
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


def _admit(
    settings: Settings, find_user: FindUser, refusal_of: RefusalOf | None, environ: dict[str, Any], auth: object
) -> None:
    """Lets the client in or refuses it with a text that it sees."""
    try:
        refusal = _refusal(settings, find_user, refusal_of, Request(environ), auth)
    except Exception:
        # The library would take a TypeError for "call it again without the token".
        log.exception("speech_connection_failed")
        refusal = "Internal server error"
    if refusal:
        raise Refused(refusal)


def _refusal(
    settings: Settings, find_user: FindUser, refusal_of: RefusalOf | None, request: Request, auth: object
) -> str | None:
    token = _token(request, auth)
    if token is not None:
        return None if token and find_user(token) is not None else "Authentication required"
    if not settings.legacy_frontend:
        return "Authentication required"
    return refusal_of(client_address(request, settings.trusted_proxies)) if refusal_of else None


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
