"""One reply of the client over the socket: the text as it is written, and each sentence as audio."""

import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from typing import Any

import gevent
import structlog

from rplay.agents.client import TROUBLE, Event
from rplay.errors import SpeechError
from rplay.tts.narration import Narration, Sentence
from rplay.tts.session import LOOK_AGAIN, STALLED, Emit
from rplay.tts.speaker import Speaker
from rplay.web.socket.wishes import Heard, TalkWish

log = structlog.get_logger()

TEXT_SECONDS = 0.06  # seconds between two pieces of text, as each costs as much CPU as a token of a model


class Reply:
    """One reply. `run` produces it; its other methods may be called from any greenlet."""

    def __init__(self, wish: TalkWish, emit: Emit, has_room: Callable[[], bool]) -> None:
        self.id = wish.id
        self.error = ""
        self.first_audio_ms: float | None = None
        self._wish, self._emit, self._has_room = wish, emit, has_room
        self._heard: Heard | None = None
        self._closed = False
        self._said: list[str] = []
        self._shown = 0  # how many of the pieces in `_said` were sent
        self._audio_bytes = 0
        self._complete: dict[str, Any] = {}
        self._narration: Narration | None = None
        self._reading: gevent.Greenlet | None = None
        self._writing: gevent.Greenlet | None = None
        self._next_text = self._began = time.monotonic()

    @property
    def speaking(self) -> bool:
        """Return True if more audio may come."""
        return self._wish.speak and (self._narration is None or self._narration.speaking)

    @property
    def cut(self) -> bool:
        return self._heard is not None

    def written(self) -> None:
        """Note that no more text follows."""
        if self._narration:
            self._narration.finish()

    def run(self, events: Iterator[Event], speaker: Speaker) -> None:
        """Send the whole reply, from `reply-start` to `reply-end` or `reply-error`."""
        self._tell("reply-start")
        if self._wish.speak:
            speak = partial(speaker.stream, voice=self._wish.voice, speed=self._wish.speed)
            self._narration = Narration(speak, self._send, self._wait)
        self._reading = gevent.spawn(self._read, events)
        if self.cut or self._closed:
            self._end_all()
        self._reading.join()
        if not self._complete:  # otherwise the narration would wait for more sentences forever
            self.error = self.error or ("" if self.cut else TROUBLE)
            self._end_all()
        if self._narration:
            self._narration.join()
        if not self.cut and not self.error:
            self._show_rest()
        if self.error:
            self._tell("reply-error", message=self.error)
        else:
            self._tell("reply-end", **self._result())

    def interrupt(self, heard: Heard) -> None:
        """Stop the reply: no audio is sent after this call, and the calls to providers are ended without waiting for
        them.
        """
        self._heard = heard
        self._end_all()

    def fail(self, text: str) -> None:
        self.error = self.error or text
        self._end_all()

    def stop_audio(self) -> None:
        """Stop the audio; the text goes on."""
        if self._narration:
            self._narration.stop()
        else:
            self._wish = self._wish.silent()

    def close(self) -> None:
        """End the reply, as the learner has disconnected."""
        self._closed = True
        self._end_all()

    def log(self, outcome: str) -> None:
        log.info(
            "reply",
            outcome=outcome,
            characters=len("".join(self._said)),
            bytes=self._audio_bytes,
            first_audio_ms=self.first_audio_ms,
            ms=self._ms(),
        )

    def _end_all(self) -> None:
        for one in (self._reading, self._writing):
            if one is not None:
                one.kill(block=False)
        if self._narration:
            self._narration.stop()

    # ---------------------------------------------------------------- text of the reply
    def _read(self, events: Iterator[Event]) -> None:
        try:
            with closing(events):  # type: ignore[type-var]
                for event in events:
                    self._take(event)
        except gevent.GreenletExit:
            # an exception that is kept would keep the prompt, 100 kB, until the next garbage collection: see Narration
            return
        except Exception:
            log.exception("reply_crashed")

    def _take(self, event: Event) -> None:
        if event.type == "delta":
            self._said.append(event.data["text"])
            if self._narration:
                self._narration.write(event.data["text"])
            if self._writing is None:
                self._writing = gevent.spawn_later(max(0.0, self._next_text - time.monotonic()), self._show)
        elif event.type == "complete":
            self._complete = event.data
        elif event.type == "error":
            self.error = event.data["error"]

    def _show(self) -> None:
        """Send the text written since the last time, once the client can take it."""
        while not self._has_room():
            gevent.sleep(LOOK_AGAIN)
        self._writing = None
        text = "".join(self._said[self._shown :])
        self._shown = len(self._said)
        self._next_text = time.monotonic() + TEXT_SECONDS
        if text:
            self._tell("reply-text", text=text)

    def _show_rest(self) -> None:
        if self._writing is not None:
            self._writing.kill(block=False)
        try:
            self._wait()
        except SpeechError:
            self.error = TROUBLE
        else:
            self._show()

    # ---------------------------------------------------------------- audio
    def _wait(self) -> None:
        if self._has_room():
            return
        with gevent.Timeout(STALLED, SpeechError("the listener takes nothing any more")):
            while not self._has_room():
                gevent.sleep(LOOK_AGAIN)

    def _send(self, sentence: Sentence, piece: bytes) -> None:
        if self.first_audio_ms is None:
            self.first_audio_ms = self._ms()
        data = bytes(piece) if self._wish.binary else b64encode(piece).decode()
        text = {} if sentence.sent else {"text": sentence.text.strip()}
        self._tell("reply-audio", sentence=sentence.number, index=sentence.sent, data=data, **text)
        self._audio_bytes += len(piece)

    # ---------------------------------------------------------------- the end
    def _result(self) -> dict[str, Any]:
        found = self._complete
        message = found.get("response", "".join(self._said))
        ended = {"ended": found["ended"]} if "ended" in found else {}
        return {
            "message": message if self._heard is None else self._heard_of(self._heard),
            "objectiveProgress": found.get("objectiveProgress"),
            "source": found["metadata"]["provider"] if found else None,
            "cut": self.cut,
            "audio": self._audio(),
            **ended,
        }

    def _heard_of(self, heard: Heard) -> str:
        """Return the part of the reply that the learner heard; without audio the part they could read."""
        if self._narration is None or self._narration.error:
            return "".join(self._said).strip()
        sentences = self._narration.heard
        if heard.sentence is None:
            return "".join(sentence.text for sentence in sentences).strip()
        text = "".join(sentence.text for sentence in sentences if sentence.number < heard.sentence)
        for sentence in sentences:
            if sentence.number == heard.sentence:
                text += sentence.text if heard.offset_ms is None else sentence.until(heard.offset_ms)
        return text.strip()

    def _audio(self) -> dict[str, Any] | None:
        """Return statistics of the audio; None if nothing was spoken or the voice failed."""
        narration = self._narration
        if narration is None or narration.error or not narration.heard:
            return None
        return {
            "sentences": len(narration.heard),
            "totalBytes": self._audio_bytes,
            "duration": sum(sentence.seconds for sentence in narration.heard),
            "firstAudioMs": self.first_audio_ms,
        }

    def _ms(self) -> float:
        return round((time.monotonic() - self._began) * 1000, 1)

    def _tell(self, event: str, **data: Any) -> None:
        if not self._closed:
            self._emit(event, {"id": self.id, **data})
