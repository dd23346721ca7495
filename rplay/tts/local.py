"""The local voice, which needs no key and no network: hibari's American woman, encoded to MP3 by lameenc."""

import re
import textwrap
from collections.abc import Callable, Iterator
from functools import cached_property
from importlib.util import find_spec
from typing import Any, TypeVar

import structlog
from gevent.threadpool import ThreadPool

from rplay import threads
from rplay.errors import SpeechError
from rplay.tts.speaker import Audio, Timed, not_configured, timed

log = structlog.get_logger()

SLOWEST, FASTEST = 0.5, 2.0
SAMPLE_RATE = 24_000  # samples a second
MP3_KBIT = 64
# The model processes a piece of text at once, and its memory grows with the length: 2,000 characters without a full
# stop took 850 MB.
PIECE_CHARACTERS = 200  # characters
FIRST_CHARACTERS = 120  # characters; shorter for the first sentence, as somebody is waiting for it
CLAUSE = re.compile(r"(?<=[,;:—])\s+")
# The model has no words for numbers from 10^33 on and fails. Such numbers are read digit by digit.
ENDLESS_NUMBER = re.compile(r"[0-9][0-9,]{19,}")

T = TypeVar("T")


def installed() -> bool:
    return all(find_spec(name) is not None for name in ("hibari", "lameenc", "numpy"))


class LocalSpeaker:
    """The local voice, with one model per process. It runs in its own thread, as a sentence takes 20 to 150 ms of
    CPU.
    """

    def configured(self) -> bool:
        return self._installed

    def voices(self) -> frozenset[str]:
        return frozenset({"heart"})

    def warm(self) -> None:
        if self.configured():
            self._run(self._say, "Hello.", 1.0)

    def stream(self, text: str, voice: str, speed: float) -> Audio:  # noqa: ARG002
        """Speak the text. Every name stands for the one voice, and a speed out of range is set to the nearest
        possible one.
        """
        if not self.configured():
            raise not_configured()
        return self._speak(text, min(max(speed, SLOWEST), FASTEST))

    def _speak(self, text: str, speed: float) -> Audio:
        for piece in self._run(self._pieces, text):
            audio = self._run(self._say, piece, speed)
            if audio:
                yield audio

    def _run(self, work: Callable[..., T], *given: object) -> T:
        try:
            return threads.run(self._pool, work, *given)
        except Exception as error:
            log.error("local_voice_failed", exc_info=error)
            raise SpeechError(f"the local voice failed: {type(error).__name__}") from None

    @cached_property
    def _installed(self) -> bool:
        """Cached, as the check takes 0.2 ms and every /health request needs it."""
        return installed()

    @cached_property
    def _pool(self) -> ThreadPool:
        """A pool with one thread: it speaks many times faster than anybody listens, and listeners take turns by
        sentence.
        """
        return ThreadPool(1)

    @cached_property
    def _model(self) -> Any:
        from hibari import Hibari  # importing this takes half a second
        from onnxruntime import InferenceSession

        threads.finish_before_exit(InferenceSession)
        return Hibari(voice="heart")  # the voice inside the package; any other would be downloaded

    def _pieces(self, text: str) -> list[str]:
        readable = ENDLESS_NUMBER.sub(lambda number: " ".join(number[0].replace(",", "")), text)
        first, *others = self._model.split_sentences(readable) or [""]
        return [*split_long(first, FIRST_CHARACTERS), *(piece for sentence in others for piece in split_long(sentence))]

    def _say(self, piece: str, speed: float) -> Timed:
        """Return a complete MP3; empty for text that cannot be spoken."""
        samples = self._model(piece, speed=speed)
        return timed(_mp3(samples), len(samples) / SAMPLE_RATE) if len(samples) else timed(b"", 0.0)


def split_long(sentence: str, longest: int = PIECE_CHARACTERS) -> Iterator[str]:
    """Split a long sentence into pieces: at clauses, or else at blanks, or else anywhere."""
    piece = ""
    for clause in CLAUSE.split(sentence):
        if piece and len(piece) + len(clause) >= longest:
            yield piece
            piece = ""
        *full, rest = textwrap.wrap(f"{piece} {clause}", longest) or [""]
        yield from full
        piece = rest
    if piece:
        yield piece


def _mp3(samples: Any) -> bytes:
    import lameenc
    import numpy

    encoder = lameenc.Encoder()
    encoder.set_channels(1)
    encoder.set_in_sample_rate(SAMPLE_RATE)
    encoder.set_bit_rate(MP3_KBIT)
    encoder.set_quality(7)  # 2 is best and slowest; a voice at 64 kbit/s sounds the same
    encoder.silence()
    pcm = (numpy.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
    return bytes(encoder.encode(pcm) + encoder.flush())
