"""The Socket.IO server for speech: who may connect, and its events. A single speech is implemented in
rplay.tts.session.
"""

import json
import logging
import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

import gevent
import structlog
from flask import Flask, Request
from flask_socketio import SocketIO
from socketio.exceptions import ConnectionRefusedError as Refused

from rplay import background
from rplay.agents.client import Event
from rplay.config import Settings
from rplay.db.sessions import SignedIn
from rplay.errors import BadRequest, SpeechError, TooLarge, Unauthorized, Unavailable
from rplay.runtime.metrics import count_recognition, count_speech
from rplay.runtime.shutdown import TEXT, Shutdown, refusal
from rplay.security import bearer_of
from rplay.stt.recogniser import Recogniser
from rplay.tts.session import Ack, Session
from rplay.tts.speaker import Speaker
from rplay.web import client_lines
from rplay.web.addresses import client_address, counted
from rplay.web.body import validate
from rplay.web.bounds import many_values
from rplay.web.fields.training import ChatRequest
from rplay.web.socket.handshakes import PATH, RETRY_SECONDS, Wsgi, guarded
from rplay.web.socket.listener import Listener
from rplay.web.socket.packets import ClientPacket, told_in_a_line
from rplay.web.socket.polling import while_polled
from rplay.web.socket.talker import UNDER_WAY, Talker
from rplay.web.socket.websocket import Websocket

if TYPE_CHECKING:
    from rplay.web.limits import Limits

log = structlog.get_logger()

MAX_BODY = 1024 * 1024  # bytes of a talk as JSON
MAX_MESSAGE = MAX_BODY * 5 // 4  # bytes; a longer message ends the connection
MOST_LISTENED_TO = 200  # simultaneous speakers in one process: each may have 6 MB of audio queued
MAX_WAITING = 8  # packets queued for a listener before the speech pauses
MAX_UNREAD = 200  # packets queued for a client that keeps sending without reading, after which its connection ends
PING_INTERVAL, PING_TIMEOUT = 25, 20  # seconds; these are the values that clients of this protocol expect
ADMISSION_SECONDS = 5.0  # seconds a connection may last without being authenticated
LOOK_SECONDS = 0.02  # seconds between two checks whether a client has taken its last packet

AUTHENTICATION = "Authentication required"

FindUser = Callable[[str], Any]
Living = Callable[[list[UUID]], list[SignedIn]]


@dataclass(frozen=True)
class Guest:
    """A connection that was accepted. `user` is None if it has no session."""

    address: str
    user: Any = None


@dataclass(frozen=True)
class Peer:
    """What runs on one connection: speech, replies and recognition."""

    session: Session
    talker: Talker
    listener: Listener

    @property
    def busy(self) -> bool:
        """Return True if the client still waits for something to finish."""
        return self.session.busy or self.talker.reply is not None or self.listener.listening


Admit = Callable[[dict[str, Any], object], Any]


class SpeechSocket(SocketIO):  # type: ignore[misc]
    """The Socket.IO server with the connections of this process.

    Its events are registered on the library's own server: a speech needs no request context, and nothing may come
    between `_connect` and the packet that tells the client about it.

    Each event runs in its own greenlet. Greenlets start in the order of arrival, so decisions made before a handler
    first waits are made in that order: a stop and the text right after it cannot overtake each other.
    """

    def __init__(
        self,
        app: Flask,
        speaker: Speaker,
        admit: Admit,
        living: Living,
        address_of: Callable[[dict[str, Any]], str],
        client_lines: Callable[[Any, dict[str, Any], Callable[[], None]], Iterator[Event]],
        limits: "Limits | None",
        shutdown: Shutdown,
        elsewhere: Callable[[], list[dict[str, Any]]],
        recogniser: Recogniser | None,
        pause_ms: float,
        route: str = "",
        **options: Any,
    ) -> None:
        """Set up the server. `elsewhere` returns the connections of other processes."""
        self.speaker = speaker
        self._peers: dict[str, Peer] = {}
        self._elsewhere = elsewhere
        self.places = math.inf  # how many of the server's connections this socket may take
        self._guests: dict[str, Guest] = {}
        self._client_lines = client_lines
        self._recogniser, self._pause_ms = recogniser, pause_ms
        self._limits = limits
        self._shutdown = shutdown
        self._admit = admit
        self._living = living
        self._address_of = address_of
        self._warm = False
        for name in ("engineio.server", "socketio.server"):
            # at lower levels these loggers write whole packets, including tokens
            logging.getLogger(name).setLevel(logging.ERROR)
        logging.getLogger("engineio.server").addFilter(told_in_a_line)
        super().__init__(app, path=PATH.rstrip("/"), async_mode="gevent", serializer=ClientPacket, **options)
        engine = self.server.eio
        engine._async = {**engine._async, "websocket": Websocket}
        engine.on("connect", self._begin)
        if route:
            new_id = engine.generate_id
            engine.generate_id = lambda: f"{route}.{new_id()}"
        self.server.on("connect", self._connect)
        self.server.on("disconnect", self._disconnect)
        self.server.on("generate-speech", self._generate_speech)
        self.server.on("stop-speech", self._stop_speech)
        self.server.on("talk", self._talk)
        self.server.on("interrupt", self._interrupt)
        self.server.on("listen-start", self._listen_start)
        self.server.on("listen-audio", self._listen_audio)
        self.server.on("listen-end", self._listen_end)

    def guarded(self, application: Wsgi) -> Wsgi:
        """Wrap the application's socket: new connections are counted, and polling connections end when their client
        hangs up.
        """
        return guarded(while_polled(application, self.server.eio), self._count, lambda: self.places)

    def enabled(self) -> bool:
        return self.speaker.configured()

    def connections(self) -> list[dict[str, Any]]:
        return [
            {
                "socketId": sid,
                "isStreaming": peer.session.streaming or peer.talker.speaking,
                "connectedAt": peer.session.since.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "address": self._guests[sid].address,
            }
            for sid, peer in self._peers.items()
        ]

    def stop(self) -> None:
        """End every speech, reply and recognition. The clients are told."""
        for peer in list(self._peers.values()):
            peer.session.stop()
            peer.talker.end(TEXT)
            peer.listener.stop(TEXT)

    def hang_up(self) -> None:
        """Close the connections on which nothing is running.

        The transport is closed instead of the Socket.IO session, as after the latter a browser would not reconnect.
        """
        manager, engine = self.server.manager, self.server.eio
        speaking = {manager.eio_sid_from_sid(sid, "/") for sid, one in list(self._peers.items()) if one.busy}
        for engine_id in set(engine.sockets) - speaking:
            background.run("disconnect", engine.disconnect, engine_id)  # this may wait for a client that does not read

    def look_again(self) -> None:
        """End the connections whose session has ended or whose account has changed since they were accepted."""
        listeners = {sid: guest.user for sid, guest in self._guests.items() if guest.user is not None}
        if not listeners:
            return
        living = {_identity(user) for user in self._living([user.session_id for user in listeners.values()])}
        for sid, user in listeners.items():
            if _identity(user) not in living:
                self._end(self.server.manager.eio_sid_from_sid(sid, "/"))

    def _count(self, environ: dict[str, Any]) -> None:
        if self._limits:
            self._limits.count_socket(self._address_of(environ))

    def _begin(self, engine_id: str, environ: dict[str, Any]) -> None:
        """Handle a new connection that is not authenticated yet."""
        background.run("admission", self._end_unless_admitted, engine_id, after=ADMISSION_SECONDS)
        self.server._handle_eio_connect(engine_id, environ)

    def _end_unless_admitted(self, engine_id: str) -> None:
        if self.server.manager.sid_from_eio_sid(engine_id, "/") not in self._peers:
            self._end(engine_id)

    def _end(self, engine_id: str) -> None:
        connection = self.server.eio.sockets.pop(engine_id, None)
        if connection is not None:
            connection.close(wait=False, abort=True)

    def _end_after_last_word(self, engine_id: str) -> None:
        """End a connection as soon as its client has taken all queued packets."""
        with gevent.Timeout(ADMISSION_SECONDS, False):
            while self._waiting(engine_id):
                gevent.sleep(LOOK_SECONDS)
        self._end(engine_id)

    def _connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        engine_id = self.server.manager.eio_sid_from_sid(sid, "/")
        address = self._address_of(environ)
        others = self._opened(address)
        self._guests[sid] = Guest(address)  # counts from now on, as the next steps may wait
        try:
            guest = self._guests[sid] = Guest(address, self._let_in(engine_id, address, others, environ, auth))
        except Refused:
            self._guests.pop(sid, None)
            # This starts when the current greenlet waits next, and by then the refusal has been queued.
            self.start_background_task(self._end_after_last_word, engine_id)
            raise
        emit = partial(self.server.emit, to=sid, ignore_queue=True)
        why_not = partial(self._speech_refusal, sid, engine_id, guest)
        has_room = partial(self._has_room, engine_id)
        session = Session(self.speaker, emit, has_room, why_not, count_speech)
        ask = partial(self._ask_client, engine_id, guest)
        talker = Talker(self.speaker, emit, has_room, ask, lambda: session.streaming, count_speech)
        admit = partial(self._admit_speaker, engine_id, guest)
        listener = Listener(self._recogniser, self._pause_ms, emit, admit, lambda: talker.reply_id, count_recognition)
        self._peers[sid] = Peer(session, talker, listener)
        # This starts when the current greenlet waits next, and by then the connect packet has been queued.
        self.start_background_task(emit, "tts-connected", {"message": "TTS service ready", "socketId": sid})
        self.start_background_task(self._warm_up)

    def _opened(self, address: str) -> int:
        """Return how many connections this address has with all processes."""
        addresses = [guest.address for guest in self._guests.values()] + [one["address"] for one in self._elsewhere()]
        return addresses.count(address)

    def _let_in(self, engine_id: str, address: str, others: int, environ: dict[str, Any], auth: object) -> Any:
        """Return the user, None without a session. Raise Refused if this address or client may not connect.

        The address is counted before the database is queried. A refusal holds for the rest of the connection.
        """
        connection = self.server.eio.sockets.get(engine_id)
        if connection is None or connection.session.get("refused"):
            raise Refused("Gone")
        connection.session["refused"] = True  # until the client is accepted
        reason = self._limits.connection_refusal(address, others) if self._limits else None
        if reason:
            raise Refused(reason)
        user = self._admit(environ, auth)
        if self._waiting(engine_id) is None:
            raise Refused("Gone")  # the client disconnected while its session was looked up
        connection.session["refused"] = False
        return user

    def _speech_refusal(self, sid: str, engine_id: str, guest: Guest) -> str | None:
        if sid in self._peers and self._peers[sid].talker.speaking:
            return UNDER_WAY
        who = sid if guest.user is None else str(guest.user.id)
        reason = self._limits.speech_refusal(who, guest.address) if self._limits else None
        if reason or guest.user is None:
            return reason
        return None if self._now(engine_id, guest) else AUTHENTICATION

    def _now(self, engine_id: str, guest: Guest) -> Any:
        """Return the user as they are now. If their session or account has changed, end the connection and return
        None.
        """
        living = self._living([guest.user.session_id])
        if _identity(guest.user) in map(_identity, living):
            return living[0]
        self.start_background_task(self._end_after_last_word, engine_id)
        return None

    def _ask_client(
        self, engine_id: str, guest: Guest, payload: dict[str, Any], spoken: bool, written: Callable[[], None]
    ) -> Iterator[Event]:
        """Return the events of the client's reply to the body of a `talk`. Raise an HttpError if it is refused."""
        user = self._signed_in(engine_id, guest)
        if self._limits:
            self._limits.count_talk(str(user.id), guest.address, spoken)
        return self._client_lines(user, payload, written)

    def _admit_speaker(self, engine_id: str, guest: Guest) -> None:
        """Raise an HttpError if this speaker cannot be accepted now."""
        user = self._signed_in(engine_id, guest)
        if sum(peer.listener.listening for peer in self._peers.values()) > MOST_LISTENED_TO:
            raise Unavailable("Not available for a moment", RETRY_SECONDS)
        if self._limits:
            self._limits.count_listening(str(user.id), guest.address)

    def _signed_in(self, engine_id: str, guest: Guest) -> Any:
        if self._shutdown.begun:
            raise refusal()
        user = self._now(engine_id, guest) if guest.user else None
        if user is None:
            raise Unauthorized(AUTHENTICATION)
        return user

    def _disconnect(self, sid: str, _reason: str) -> None:
        engine_id = self.server.manager.eio_sid_from_sid(sid, "/")
        background.run(
            "admission", self._end_unless_admitted, engine_id, after=ADMISSION_SECONDS
        )  # the client may have left only the namespace, not the connection
        self._guests.pop(sid, None)
        peer = self._peers.pop(sid, None)
        if peer is not None:
            peer.session.close()
            peer.talker.close()
            peer.listener.close()

    def _generate_speech(self, sid: str, payload: object = None, *_more: object) -> Ack | None:
        """Handle the event; the return value is the acknowledgement."""
        peer = self._peers.get(sid)
        if peer is None or self._hung_up_on(sid):
            return None
        return peer.session.refuse(TEXT) if self._shutdown.begun else peer.session.generate(payload)

    def _stop_speech(self, sid: str, *_more: object) -> None:
        peer = self._peers.get(sid)
        if peer is not None:
            peer.session.stop()
            peer.talker.stop_audio()

    def _talk(self, sid: str, payload: object = None, *_more: object) -> Ack | None:
        peer = self._peers.get(sid)
        return None if peer is None or self._hung_up_on(sid) else peer.talker.talk(payload)

    def _interrupt(self, sid: str, payload: object = None, *_more: object) -> Ack | None:
        peer = self._peers.get(sid)
        return None if peer is None or self._hung_up_on(sid) else peer.talker.interrupt(payload)

    def _listen_start(self, sid: str, payload: object = None, *_more: object) -> Ack | None:
        peer = self._peers.get(sid)
        return None if peer is None or self._hung_up_on(sid) else peer.listener.start(payload)

    def _listen_audio(self, sid: str, pcm: object = None, *_more: object) -> None:
        peer = self._peers.get(sid)
        if peer is not None and not self._hung_up_on(sid):
            peer.listener.frame(pcm)

    def _listen_end(self, sid: str, *_more: object) -> Ack | None:
        peer = self._peers.get(sid)
        return None if peer is None or self._hung_up_on(sid) else peer.listener.end()

    def _warm_up(self) -> None:
        """Load the voice when the first listener connects, so that it is ready when there is something to say."""
        if not self._warm:
            self._warm = True
            with suppress(SpeechError):  # the voice logs the error, and does so again at the first speech
                self.speaker.warm()

    def _hung_up_on(self, sid: str) -> bool:
        """End the connection of a client that keeps sending without reading. Return True if it was ended."""
        engine_id = self.server.manager.eio_sid_from_sid(sid, "/")
        if (self._waiting(engine_id) or 0) <= MAX_UNREAD:
            return False
        log.warning("speech_client_does_not_read", sid=sid)
        self.server.eio.sockets[engine_id].close(wait=False, abort=True)
        return True

    def _has_room(self, engine_id: str) -> bool:
        return (self._waiting(engine_id) or 0) < MAX_WAITING

    def _waiting(self, engine_id: str) -> int | None:
        """Return how many packets are queued for this client; None if it has disconnected."""
        socket = self.server.eio.sockets.get(engine_id)
        return None if socket is None or socket.closed else socket.queue.qsize()


def create_socketio(
    app: Flask,
    settings: Settings,
    speaker: Speaker,
    find_user: FindUser,
    living: Living,
    limits: "Limits | None" = None,
    shutdown: Shutdown | None = None,
    elsewhere: Callable[[], list[dict[str, Any]]] = list,
    recogniser: Recogniser | None = None,
) -> SpeechSocket:
    """Attach the socket to the application.

    `find_user` returns the user of a session token, `living` returns those of the given sessions that are still valid.
    """
    return SpeechSocket(
        app,
        speaker,
        partial(_admit, settings, find_user),
        living,
        lambda environ: counted(client_address(Request(environ), settings.trusted_proxies)),
        partial(_client_lines, app),
        limits,
        shutdown or Shutdown(),
        elsewhere,
        recogniser,
        settings.listen_pause_ms,
        settings.socket_route,
        # A function, as the library takes an empty list for "no check at all".
        cors_allowed_origins=partial(_allowed_origin, settings.cors_origins),
        max_http_buffer_size=MAX_MESSAGE,
        ping_interval=PING_INTERVAL,
        ping_timeout=PING_TIMEOUT,
    )


def _client_lines(app: Flask, user: SignedIn, payload: dict[str, Any], written: Callable[[], None]) -> Iterator[Event]:
    """Return the client's reply to the body of a `talk`. Raise an HttpError where the same HTTP request would be
    refused.
    """
    _check_size(payload)
    with app.app_context():
        return client_lines.events(user, validate(ChatRequest, payload), written)


def _check_size(payload: dict[str, Any]) -> None:
    """Apply the size limits of an HTTP body. Like there, NaN is refused and half an emoji is not, both of which the
    packet parser accepts.
    """
    try:
        raw = json.dumps(payload, ensure_ascii=False, allow_nan=False).encode("utf-8", "surrogatepass")
    except ValueError:
        raise BadRequest("Invalid JSON in request body") from None
    if len(raw) > MAX_BODY or many_values(raw):
        raise TooLarge("Request body too large")


def _allowed_origin(allowed: list[str], origin: str | None, environ: dict[str, Any]) -> bool:
    """Return True if a page of this origin may connect. Clients other than browsers send no origin, or the server's
    own address.
    """
    return origin in allowed or urlsplit(origin or "").netloc == environ.get("HTTP_HOST")


def _identity(user: Any) -> tuple[Any, ...]:
    """Return what must stay the same for a user to remain connected."""
    return user.session_id, user.id, user.email, user.role


def _admit(settings: Settings, find_user: FindUser, environ: dict[str, Any], auth: object) -> Any:
    """Return the user, None without a session. Raise Refused with a text for the client."""
    token = _token(Request(environ), auth)
    try:
        user = find_user(token) if token else None
    except Exception:
        # The library would take a TypeError to mean "call it again without the token".
        log.exception("speech_connection_failed")
        raise Refused("Internal server error") from None
    if user is None and (token is not None or not settings.legacy_frontend):
        raise Refused(AUTHENTICATION)
    return user


def _token(request: Request, auth: object) -> str | None:
    """Return the session token; "" if what was sent cannot be a token, None if nothing was sent."""
    token = auth.get("token") if isinstance(auth, dict) else None
    if not token:
        token = bearer_of(request.headers.get("Authorization"))
    if token is None:
        token = request.cookies.get("session_token") or None
    return token if token is None or _is_plain(token) else ""


def _is_plain(token: object) -> bool:
    return isinstance(token, str) and token.isascii() and token.isprintable()
