"""Transcribes whole recordings."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import gevent
from gevent.threadpool import ThreadPool

from rplay import threads
from rplay.stt.decoding import decoded
from rplay.stt.phrases import Phrase, phrases_of, seconds_of
from rplay.stt.recogniser import Recogniser


@dataclass(frozen=True)
class Recording:
    """A recording: its phrases with speech, and its whole duration."""

    phrases: list[Phrase]
    seconds: float


def read(audio: bytes) -> Recording:
    """Decode a recording. Raise UnsupportedType if it is not one, TooLarge if it is too long."""
    return threads.run(_thread(gevent.get_hub()), _read, audio)


def transcribed(
    recording: Recording, recogniser: Recogniser, told: Callable[[str, float, float], None] = lambda *_: None
) -> tuple[str, str | None]:
    """Return text and language of a recording. Raise RecognitionError if the recogniser fails.

    `told` is called with the outcome of each phrase, its duration and the seconds the recogniser took.
    """
    texts, language = [], None
    for phrase in recording.phrases:
        began, outcome = time.monotonic(), "failed"
        try:
            found = recogniser.transcribe(phrase.samples)
            outcome = "done"
        finally:
            told(outcome, seconds_of(phrase.samples), time.monotonic() - began)
        texts.append(found.text)
        language = language or found.language
    return " ".join(filter(None, texts)), language


def _read(audio: bytes) -> Recording:
    samples = decoded(audio)
    return Recording(phrases_of(samples), round(seconds_of(samples), 3))


@lru_cache(maxsize=1)
def _thread(hub: object) -> ThreadPool:
    """Return a pool with one thread: two minutes of audio take a second of CPU and 8 MB of memory."""
    return ThreadPool(1, hub)
