"""What a voice is: text in, MP3 out, piece by piece."""

from collections.abc import Generator
from typing import Protocol

from rplay import config
from rplay.errors import SpeechError

Audio = Generator[bytes, None, None]

VOICES = frozenset(config.VOICES)


class SpeechRefused(SpeechError):
    """A request that is not served at all. Unlike that of other speech errors, this text is for the client."""


class Speaker(Protocol):
    """A voice."""

    def configured(self) -> bool:
        """Whether it could speak now."""

    def voices(self) -> frozenset[str]:
        """The names it knows besides VOICES."""

    def warm(self) -> None:
        """Does now what the first listener would otherwise wait for."""

    def stream(self, text: str, voice: str, speed: float) -> Audio:
        """MP3 as it comes; closing it ends the work behind it, which may cost money.

        SpeechRefused at the call when it is not configured, SpeechError while it runs.
        """


class Timed(bytes):
    """Audio that knows how long it plays."""

    seconds: float


def timed(audio: bytes, seconds: float) -> Timed:
    piece = Timed(audio)
    piece.seconds = seconds
    return piece


def not_configured() -> SpeechRefused:
    return SpeechRefused("Speech is not configured")
