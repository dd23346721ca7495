"""Speech recognition on one connection, for at most one speaker at a time."""

from collections.abc import Callable
from typing import Any, cast

from rplay.errors import HttpError
from rplay.stt.listening import Listening, Mode
from rplay.stt.recogniser import Recogniser
from rplay.tts.session import Ack, Emit
from rplay.web.socket.talker import text_of
from rplay.web.socket.wishes import id_of, number_of

SLOWEST_RATE, FASTEST_RATE = 8_000, 96_000  # samples a second
MOST_FRAME = 65_536  # bytes in one frame of audio
NOT_LISTENING, ALREADY = "Not listening", "Already listening"
NO_PCM, TOO_LARGE = "Audio frame is not 16-bit PCM", "Audio frame is too large"


class Listener:
    """Recognises speech on one connection.

    `admit` raises an HttpError, whose text is sent to the speaker, if no more speakers are accepted. `reply_id` returns
    the id of the reply in progress.
    """

    def __init__(
        self,
        recogniser: Recogniser | None,
        pause_ms: float,
        emit: Emit,
        admit: Callable[[], None],
        reply_id: Callable[[], str | None],
        told: Callable[[str, float, float], None],
    ) -> None:
        self._recogniser, self._pause_ms, self._emit = recogniser, pause_ms, emit
        self._admit, self._reply_id, self._told = admit, reply_id, told
        self._current: Listening | None = None
        self._closed = False
        self._said_so = False  # whether the client was told that recognition is not running

    @property
    def listening(self) -> bool:
        return self._current is not None and not self._current.done.is_set()

    def start(self, payload: object) -> Ack:
        given = payload if isinstance(payload, dict) else {}
        name = id_of(payload)
        rate, mode = number_of(given.get("sampleRate")), cast(Mode, given.get("mode") or "hold")
        if self.listening:
            return self._refuse(name, ALREADY)
        if rate is None or int(rate) != rate or not SLOWEST_RATE <= rate <= FASTEST_RATE:
            return self._refuse(name, "Invalid sampleRate")
        if mode not in ("hold", "free"):
            return self._refuse(name, "Invalid mode")
        if self._recogniser is None or not self._recogniser.configured():
            return self._refuse(name, "Speech recognition is not configured")
        # This assignment must not wait: frames may follow right behind the event.
        listening = self._current = self._made(name, int(rate), mode, self._recogniser)
        self._said_so = False
        try:
            self._admit()
        except Exception as error:
            listening.fail(text_of(error))
        listening.begin()
        return _ack(listening) | {"id": name}

    def frame(self, pcm: object) -> None:
        current = self._current
        if current is None or current.ended:
            if not self._said_so:
                self._said_so = True
                self._refuse(None, NOT_LISTENING)
        elif not isinstance(pcm, bytes) or len(pcm) % 2:
            current.fail(NO_PCM)
        elif len(pcm) > MOST_FRAME:
            current.fail(TOO_LARGE)
        elif pcm:
            current.write(pcm)

    def end(self) -> Ack:
        """End the recognition and acknowledge it after the last word was sent."""
        current = self._current
        if current is None or current.ended:
            return self._refuse(None, NOT_LISTENING)
        current.end()
        return _ack(current)

    def stop(self, text: str) -> None:
        """Abort the recognition, as the server is shutting down."""
        if self._current is not None:
            self._current.fail(text)

    def close(self) -> None:
        """Abort the recognition, as the speaker has disconnected."""
        self._closed = True
        if self._current is not None:
            self._current.close()

    def _made(self, name: str, rate: int, mode: Mode, recogniser: Recogniser) -> Listening:
        return Listening(
            name, rate, mode, self._pause_ms, recogniser, self._send, self._another, self._detected, self._told
        )

    def _another(self) -> str | None:
        try:
            self._admit()
        except HttpError as error:
            return error.text
        return None

    def _detected(self) -> None:
        if self._current is not None:
            self._send("speech-detected", {"id": self._current.id, "reply": self._reply_id()})

    def _refuse(self, name: str | None, text: str) -> Ack:
        self._send("listen-error", {"id": name, "message": text})
        return {"success": False, "error": text}

    def _send(self, event: str, data: dict[str, Any]) -> None:
        if not self._closed:
            self._emit(event, data)


def _ack(listening: Listening) -> Ack:
    return {"success": False, "error": listening.error} if listening.error else {"success": True}
