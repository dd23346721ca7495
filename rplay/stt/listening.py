"""Speech recognition for one speaker: audio comes in, the text so far goes out after each phrase and at the end of
each turn.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import gevent
import structlog
from gevent.event import Event
from gevent.queue import Empty, Queue

from rplay.errors import RecognitionError
from rplay.stt import counting
from rplay.stt.decoding import MOST_SECONDS, Resampler
from rplay.stt.phrases import Phrase, Phrases
from rplay.stt.recogniser import Recogniser

log = structlog.get_logger()

MOST_AHEAD = 30  # seconds of audio that may be queued
SILENT_SECONDS = 30.0  # seconds in which at least one second of audio must arrive
STEP_SECONDS = 0.1  # seconds of audio that are processed at once, which takes 1 ms of CPU
FAILED = "Speech recognition failed"
TOO_LONG = f"Recording is too long (max {MOST_SECONDS} seconds)"
TOO_FAST = "Audio comes faster than it can be heard"
NO_AUDIO = f"No audio came for {SILENT_SECONDS:.0f} seconds"

Mode = Literal["hold", "free"]
Emit = Callable[[str, dict[str, Any]], None]


class Refused(Exception):
    """Ends the recognition; the text is for the speaker."""


@dataclass
class Turn:
    """What was said until a pause ended the turn."""

    texts: list[str] = field(default_factory=list)
    start_ms: float | None = None
    end_ms: float = 0.0

    def add(self, phrase: Phrase, text: str) -> None:
        self.start_ms = phrase.start_ms if self.start_ms is None else self.start_ms
        self.end_ms = phrase.end_ms
        if text:
            self.texts.append(text)

    @property
    def text(self) -> str:
        return " ".join(self.texts)

    def summed_up(self, heard_ms: float) -> dict[str, Any]:
        text = self.text
        start, end = (heard_ms, heard_ms) if self.start_ms is None else (self.start_ms, self.end_ms)
        counts = {"words": counting.words(text), "fillers": counting.fillers(text)}
        return {"text": text, "final": True, "startMs": round(start), "endMs": round(end), **counts}


@dataclass(frozen=True)
class TurnEnd:
    heard_ms: float


class Listening:
    """One recognition. `write` and `end` may be called at once, but audio is processed only after `begin`.

    `another` is called before each turn but the first; it may return a text that says why there is no further turn.
    `detected` is called when somebody begins to speak. `told` is called with the outcome of each phrase, its duration
    and the seconds the recogniser took.
    """

    def __init__(
        self,
        name: str,
        rate: int,
        mode: Mode,
        pause_ms: float,
        recogniser: Recogniser,
        emit: Emit,
        another: Callable[[], str | None],
        detected: Callable[[], None],
        told: Callable[[str, float, float], None],
    ) -> None:
        self.id, self._rate, self._mode, self._pause_ms = name, rate, mode, pause_ms
        self._recogniser, self._emit, self._another = recogniser, emit, another
        self._detected, self._told = detected, told
        self.error = ""
        self.ended = False  # no more audio is accepted
        self.done = Event()
        self._audio: Queue[bytes | None] = Queue()
        self._waiting = 0  # bytes of queued audio
        self._due: Queue[Phrase | TurnEnd | None] = Queue()
        self._phrases: Phrases | None = None
        self._turns = 0
        self._turn_began_ms = 0.0
        self._began = time.monotonic()
        self._work: list[gevent.Greenlet] = []

    def begin(self) -> None:
        if not self.done.is_set():
            self._work = [gevent.spawn(self._whole, self._hear), gevent.spawn(self._whole, self._recognise)]

    def write(self, pcm: bytes) -> None:
        self._waiting += len(pcm)
        if self._waiting > MOST_AHEAD * self._rate * 2:
            self.fail(TOO_FAST)
        else:
            self._audio.put(pcm)

    def end(self) -> None:
        """End the recognition; return after the last word was sent."""
        self.ended = True
        self._audio.put(None)
        self.done.wait()

    def fail(self, text: str) -> None:
        """Tell the speaker why, and end the recognition."""
        if not self.done.is_set():
            self.error = text
            self._emit("listen-error", {"id": self.id, "message": text})
            self.close()

    def close(self) -> None:
        self.ended = True
        self.done.set()
        for one in self._work:
            if one is not gevent.getcurrent():
                one.kill(block=False)

    def _whole(self, work: Callable[[], None]) -> None:
        try:
            work()
        except gevent.GreenletExit:
            # an exception that is kept would keep the audio in its frames, in a reference cycle, until the next garbage
            # collection
            return
        except Refused as refusal:
            self.fail(str(refusal))
        except RecognitionError as error:
            log.warning("recognition_failed", reason=str(error))
            self.fail(FAILED)
        except Exception:
            log.exception("listening_crashed")
            self.fail(FAILED)

    # ---------------------------------------------------------------- detecting speech
    def _hear(self) -> None:
        phrases = self._phrases = Phrases()
        resampler, step = Resampler(), int(self._rate * STEP_SECONDS) * 2
        for pcm in self._pieces():
            for at in range(0, len(pcm), step):
                gevent.sleep(0)
                piece = pcm[at : at + step]
                self._waiting -= len(piece)
                self._take(phrases, resampler.pcm(piece, self._rate))
        self._end_turn(phrases, always=self._mode == "hold")
        self._due.put(None)

    def _pieces(self) -> Any:
        """Yield the audio as it arrives. Raise Refused if hardly any does."""
        until, heard = time.monotonic() + SILENT_SECONDS, 0
        while True:
            try:
                pcm = self._audio.get(timeout=max(0.0, until - time.monotonic()))
            except Empty:
                raise Refused(NO_AUDIO) from None
            if pcm is None:
                return
            heard += len(pcm)
            if heard >= self._rate * 2:
                until, heard = time.monotonic() + SILENT_SECONDS, 0
            yield pcm

    def _take(self, phrases: Phrases, samples: Any) -> None:
        spoke = phrases.began
        for phrase in phrases.write(samples):
            self._due.put(phrase)
        if self._mode == "free":
            if phrases.began and not spoke:
                self._begin_turn(phrases)
            if phrases.began and phrases.silent_ms >= self._pause_ms:
                self._end_turn(phrases)
        length = phrases.heard_ms - self._turn_began_ms
        if length > MOST_SECONDS * 1000 and (self._mode == "hold" or phrases.began):
            self._end_turn(phrases, always=True)
            self._due.put(None)
            self.error = TOO_LONG
            raise gevent.GreenletExit

    def _begin_turn(self, phrases: Phrases) -> None:
        self._turn_began_ms = phrases.heard_ms
        self._detected()
        self._turns += 1
        if self._turns > 1 and (reason := self._another()):
            raise Refused(reason)

    def _end_turn(self, phrases: Phrases, always: bool = False) -> None:
        if not phrases.began and not always:
            return
        if last := phrases.rest():
            self._due.put(last)
        phrases.reset()
        self._due.put(TurnEnd(phrases.heard_ms))

    # ---------------------------------------------------------------- recognising
    def _recognise(self) -> None:
        turn, turns, words = Turn(), 0, 0
        for one in iter(self._due.get, None):
            if isinstance(one, Phrase):
                turn.add(one, self._words_of(one))
                if turn.texts and self._due.empty():
                    self._tell(text=turn.text, final=False)
            else:
                summed = turn.summed_up(one.heard_ms)
                self._tell(**summed)
                turns, words, turn = turns + 1, words + summed["words"], Turn()
        log.info("listening", turns=turns, words=words, ms=round((time.monotonic() - self._began) * 1000))
        if self.error:
            self.fail(self.error)
        self.close()

    def _words_of(self, phrase: Phrase) -> str:
        began, outcome = time.monotonic(), "failed"
        try:
            text = self._recogniser.transcribe(phrase.samples).text
            outcome = "done"
        finally:
            self._told(outcome, (phrase.end_ms - phrase.start_ms) / 1000, time.monotonic() - began)
        return text

    def _tell(self, **data: Any) -> None:
        self._emit("heard", {"id": self.id, **data})
