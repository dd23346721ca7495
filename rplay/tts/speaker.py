"""The interface of a voice: text in, MP3 out, piece by piece."""

from collections.abc import Generator
from typing import Protocol

from rplay import config
from rplay.errors import SpeechError

Audio = Generator[bytes, None, None]

VOICES = frozenset(config.VOICES)


class SpeechRefused(SpeechError):
    """A request for speech that is refused. Unlike the texts of other speech errors, this text is for the client."""


class Speaker(Protocol):
    def configured(self) -> bool:
        """Return True if the voice can speak now."""

    def voices(self) -> frozenset[str]:
        """Return the voice names it knows besides VOICES."""

    def warm(self) -> None:
        """Load now what the first listener would otherwise have to wait for."""

    def stream(self, text: str, voice: str, speed: float) -> Audio:
        """Yield MP3 as it is produced. Closing the generator ends the work behind it, which may cost money.

        Raise SpeechRefused at once if the voice is not configured, and SpeechError if it fails while speaking.
        """


class Timed(bytes):
    """Audio with its duration."""

    seconds: float


def timed(audio: bytes, seconds: float) -> Timed:
    piece = Timed(audio)
    piece.seconds = seconds
    return piece


def not_configured() -> SpeechRefused:
    return SpeechRefused("Speech is not configured")
