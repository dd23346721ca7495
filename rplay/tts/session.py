"""Speech for one listener: one text at a time, which can be stopped, and no faster than the listener takes it."""

import time
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import gevent
import structlog
from gevent.event import Event

from rplay.errors import SpeechError
from rplay.tts.request import SpeechRequest, parse
from rplay.tts.speaker import Audio, Speaker, SpeechRefused, Timed

log = structlog.get_logger()

STALLED = 20.0  # seconds a listener may take no data before the speech is ended
LOOK_AGAIN = 0.02  # seconds until the next check whether the listener can take more
BYTES_A_SECOND = 16_000  # playing speed of MP3 of unknown duration: 128 kbit/s

Emit = Callable[[str, dict[str, Any]], None]
Ack = dict[str, Any]


class Speech:
    """One text that is being spoken to the listener."""

    def __init__(self, request: SpeechRequest, emit: Emit, has_room: Callable[[], bool]) -> None:
        self.request = request
        self.stopped = False
        self.done = Event()
        self.bytes = 0
        self.first_chunk_ms: float | None = None
        self._untimed = 0  # bytes of audio whose duration is unknown
        self._seconds = 0.0
        self._chunks = 0
        self._emit = emit
        self._has_room = has_room
        self._pump: gevent.Greenlet | None = None
        self._began = time.monotonic()

    @property
    def ms(self) -> float:
        return round((time.monotonic() - self._began) * 1000, 1)

    def run(self, speaker: Speaker) -> None:
        """Speak until the end or until stopped. Errors of the voice are raised."""
        audio = self.request.audio_of(speaker)
        self._emit("speech-start", {"text": self.request.text, "voice": self.request.voice})
        if not self.stopped:
            # This runs in its own greenlet, so that a stop can end it wherever it is waiting.
            self._pump = gevent.spawn(self._send_all, audio)
            error = self._pump.get()
            if isinstance(error, Exception) and not self.stopped:
                raise error
        seconds = self._seconds + self._untimed / BYTES_A_SECOND
        self._emit("speech-end", {"totalBytes": self.bytes, "duration": seconds})

    def stop(self) -> None:
        """Stop the speech: no audio is sent after this call, and its work is ended without waiting for it."""
        self.stopped = True
        if self._pump is not None:
            self._pump.kill(block=False)

    def _send_all(self, audio: Audio) -> Exception | None:
        try:
            with closing(audio):
                for chunk in audio:
                    self._wait_for_room()
                    self._send(chunk)
        except gevent.GreenletExit:
            return None  # the exception is swallowed for the reason given in Narration
        except Exception as error:
            return error
        return None

    def _wait_for_room(self) -> None:
        # Audio that is already there must not keep other greenlets from running. A stop that came since the last wait
        # ends this greenlet here, before the chunk is sent.
        gevent.sleep(0)
        if self._has_room():
            return
        with gevent.Timeout(STALLED, SpeechError("the listener takes nothing any more")):
            while not self._has_room():
                gevent.sleep(LOOK_AGAIN)

    def _send(self, chunk: bytes) -> None:
        if self.first_chunk_ms is None:
            self.first_chunk_ms = self.ms
        data = bytes(chunk) if self.request.binary else b64encode(chunk).decode()
        self._emit("audio-chunk", {"data": data, "index": self._chunks})
        self._chunks += 1
        self.bytes += len(chunk)
        if isinstance(chunk, Timed):
            self._seconds += chunk.seconds
        else:
            self._untimed += len(chunk)


class Session:
    """The speeches on one connection. Its methods may be called from any greenlet, in the order in which events
    arrived.
    """

    def __init__(
        self,
        speaker: Speaker,
        emit: Emit,
        has_room: Callable[[], bool],
        refusal: Callable[[], str | None] = lambda: None,
        told: Callable[[str, float | None], None] = lambda *_: None,
    ) -> None:
        """Set up the session.

        `refusal` returns why no more texts may be spoken now, or None; it may wait. `told` is called with the outcome
        of each speech and the milliseconds until its first piece.
        """
        self.since = datetime.now(UTC)
        self._speaker = speaker
        self._emit_to_listener = emit
        self._has_room = has_room
        self._refusal = refusal
        self._told = told
        self._current: Speech | None = None
        self._closed = False

    @property
    def streaming(self) -> bool:
        return self._current is not None and not self._current.stopped

    @property
    def busy(self) -> bool:
        """Return True if the listener still waits for the end of a speech or for its acknowledgement."""
        return self._current is not None

    def generate(self, payload: object) -> Ack:
        """Speak a text. Return the acknowledgement when all of it was sent: exactly once, whatever happens."""
        try:
            self._speak(payload)
        except SpeechRefused as refusal:
            return self.refuse(str(refusal))
        except SpeechError:
            return self.refuse("Speech generation failed")
        except Exception:
            log.exception("speech_crashed")
            return self.refuse("Speech generation failed")
        return {"success": True}

    def refuse(self, text: str) -> Ack:
        """Tell the listener why there is no speech, and return the acknowledgement."""
        self._emit("tts-error", {"message": text})
        return {"success": False, "error": "Failed to generate speech"}

    def stop(self) -> None:
        if self._current is not None:
            self._current.stop()

    def close(self) -> None:
        """End the session, as the listener has disconnected."""
        self._closed = True
        self.stop()

    def _speak(self, payload: object) -> None:
        request = parse(payload, self._speaker.voices())
        if self.streaming:
            raise SpeechRefused("Speech already in progress")
        before, speech = self._current, Speech(request, self._emit, self._has_room)
        # This assignment must not wait: a stop or a second text right behind this one must find the speech.
        self._current = speech
        try:
            if before is not None:
                before.done.wait()
            if reason := self._refusal():
                raise SpeechRefused(reason)
            self._run(speech)
        finally:
            speech.done.set()
            if self._current is speech:
                self._current = None

    def _run(self, speech: Speech) -> None:
        outcome = "failed"
        reason: str | None = None
        try:
            if not self._closed:
                speech.run(self._speaker)
            outcome = "stopped" if speech.stopped else "done"
        except SpeechError as error:
            reason = str(error)
            raise
        finally:
            self._told(outcome, speech.first_chunk_ms)
            log.info(
                "speech",
                outcome=outcome,
                reason=reason,
                characters=len(speech.request.text),
                bytes=speech.bytes,
                first_chunk_ms=speech.first_chunk_ms,
                ms=speech.ms,
            )

    def _emit(self, event: str, data: dict[str, Any]) -> None:
        if not self._closed:
            self._emit_to_listener(event, data)
