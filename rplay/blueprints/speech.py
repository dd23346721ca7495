"""The socket that speaks: who may connect, and its events. What a speech is stands in rplay.tts.session."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, Request
from flask_socketio import SocketIO
from socketio.exceptions import ConnectionRefusedError as Refused

from rplay.config import Settings
from rplay.tts.session import Ack, Session
from rplay.tts.speaker import Speaker
from rplay.web.addresses import client_address
from rplay.web.websocket import Websocket

log = structlog.get_logger()

MAX_MESSAGE = 100_000  # bytes; the longest text takes 24,000 when each character is escaped
MAX_WAITING = 8  # packets that may wait for a listener before the speech pauses
MAX_UNREAD = 200  # packets that may wait for one who keeps asking without reading: then the connection ends
PING_INTERVAL, PING_TIMEOUT = 25, 20  # seconds; what clients of this protocol expect

FindUser = Callable[[str], object | None]
Allow = Callable[[str], bool]


class SpeechSocket(SocketIO):  # type: ignore[misc]
    """The Socket.IO server and the sessions of those connected to this process."""

    def __init__(self, app: Flask, speaker: Speaker, **options: Any) -> None:
        self.speaker = speaker
        self.sessions: dict[str, Session] = {}
        for name in ("engineio.server", "socketio.server"):
            logging.getLogger(name).setLevel(logging.ERROR)  # below that they write packets, and with them tokens
        super().__init__(app, **options)
        engine = self.server.eio
        engine._async = {**engine._async, "websocket": Websocket}

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

    def waiting(self, engine_id: str) -> int | None:
        """How many packets wait for this client to take them; None when it is gone."""
        socket = self.server.eio.sockets.get(engine_id)
        return None if socket is None or socket.closed else socket.queue.qsize()

    def hang_up(self, engine_id: str) -> None:
        self.server.eio.sockets[engine_id].close(wait=False, abort=True)


def create_socketio(
    app: Flask,
    settings: Settings,
    speaker: Speaker,
    find_user: FindUser,
    allow: Allow | None = None,
) -> SpeechSocket:
    """Puts the socket in front of the application.

    `find_user` gives the user of a session token, `allow` says whether one more connection without a token may come
    from this address.
    """
    socketio = SpeechSocket(
        app,
        speaker,
        path="/socket.io",
        async_mode="gevent",
        # A function, as the library takes an empty list for "no check at all".
        cors_allowed_origins=partial(_allowed_origin, settings.cors_origins),
        max_http_buffer_size=MAX_MESSAGE,
        ping_interval=PING_INTERVAL,
        ping_timeout=PING_TIMEOUT,
    )
    _register(socketio, partial(_admit, settings, find_user, allow))
    return socketio


def _register(socketio: SpeechSocket, admit: Callable[[dict[str, Any], object], None]) -> None:
    """The events, on the library's own server: a speech needs no request context, and connecting no switch
    between what `connect` does and the packet that tells the client so.

    Each event runs in a greenlet of its own. They start in the order of arrival, so whatever is decided before a
    handler first waits is decided in that order: a stop and the text right after it can't overtake each other.
    """
    server = socketio.server

    def connect(sid: str, environ: dict[str, Any], auth: object = None) -> None:
        admit(environ, auth)
        engine_id = server.manager.eio_sid_from_sid(sid, "/")
        if socketio.waiting(engine_id) is None:
            raise Refused("Gone")  # while its session was looked up
        emit = partial(server.emit, to=sid, ignore_queue=True)
        has_room = partial(_has_room, socketio, engine_id)
        socketio.sessions[sid] = Session(socketio.speaker, emit, has_room)
        # Starts after this greenlet's next wait, when the connect packet is on its way.
        socketio.start_background_task(emit, "tts-connected", {"message": "TTS service ready", "socketId": sid})

    def disconnect(sid: str, _reason: str) -> None:
        session = socketio.sessions.pop(sid, None)
        if session is not None:
            session.close()

    def generate_speech(sid: str, payload: object = None, *_more: object) -> Ack | None:
        session = socketio.sessions.get(sid)
        if session is None:
            return None
        engine_id = server.manager.eio_sid_from_sid(sid, "/")
        if (socketio.waiting(engine_id) or 0) > MAX_UNREAD:
            log.warning("speech_client_does_not_read", sid=sid)
            socketio.hang_up(engine_id)
            return None
        return session.generate(payload)

    def stop_speech(sid: str, *_more: object) -> None:
        session = socketio.sessions.get(sid)
        if session is not None:
            session.stop()

    server.on("connect", connect)
    server.on("disconnect", disconnect)
    server.on("generate-speech", generate_speech)
    server.on("stop-speech", stop_speech)


def _allowed_origin(allowed: list[str], origin: str | None, environ: dict[str, Any]) -> bool:
    """Whether a page from there may connect. Clients that are no browsers send none, or the server's own address."""
    return origin in allowed or urlsplit(origin or "").netloc == environ.get("HTTP_HOST")


def _has_room(socketio: SpeechSocket, engine_id: str) -> bool:
    return (socketio.waiting(engine_id) or 0) < MAX_WAITING


def _admit(settings: Settings, find_user: FindUser, allow: Allow | None, environ: dict[str, Any], auth: object) -> None:
    """Lets the client in or refuses it with a text that it sees."""
    try:
        refusal = _refusal(settings, find_user, allow, Request(environ), auth)
    except Exception:
        # The library would take a TypeError for "call it again without the token".
        log.exception("speech_connection_failed")
        refusal = "Internal server error"
    if refusal:
        raise Refused(refusal)


def _refusal(
    settings: Settings, find_user: FindUser, allow: Allow | None, request: Request, auth: object
) -> str | None:
    token = _token(request, auth)
    if token is not None:
        return None if token and find_user(token) is not None else "Authentication required"
    if not settings.legacy_frontend:
        return "Authentication required"
    if allow is not None and not allow(client_address(request, settings.trusted_proxies)):
        return "Too many requests"
    return None


def _token(request: Request, auth: object) -> str | None:
    """The session token; "" when something was sent that can be none, None when nothing was."""
    given = auth.get("token") if isinstance(auth, dict) else None
    if given:
        return given if isinstance(given, str) else ""
    header = request.headers.get("Authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""
    return request.cookies.get("session_token") or None
