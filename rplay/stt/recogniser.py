"""What a recogniser is: a phrase in, its words out."""

from dataclasses import dataclass
from typing import Any, Protocol

RATE = 16_000  # samples a second, of all that is recognised
Samples = Any  # a numpy array of float32, one channel, -1 to 1


@dataclass(frozen=True)
class Transcript:
    """`language` as in `en`; None where the recogniser does not say."""

    text: str
    language: str | None = None


class Recogniser(Protocol):
    """`name` is its word in STT_PROVIDER."""

    name: str

    def configured(self) -> bool:
        """Whether it could recognise now."""

    def warm(self) -> None:
        """Does now what the first speaker would otherwise wait for."""

    def transcribe(self, samples: Samples) -> Transcript:
        """The words of one phrase, "" for none; RecognitionError when it fails."""
