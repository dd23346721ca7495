"""The interface of a recogniser: a phrase in, its words out."""

from dataclasses import dataclass
from typing import Any, Protocol

RATE = 16_000  # samples a second, for all recognisers
Samples = Any  # a numpy array of float32, one channel, -1 to 1


@dataclass(frozen=True)
class Transcript:
    """Recognised text. `language` is a code such as `en`, None if the recogniser does not report it."""

    text: str
    language: str | None = None


class Recogniser(Protocol):
    """A recogniser. `name` is its value in STT_PROVIDER."""

    name: str

    def configured(self) -> bool:
        """Return True if it can recognise speech now."""

    def warm(self) -> None:
        """Load now what the first speaker would otherwise have to wait for."""

    def transcribe(self, samples: Samples) -> Transcript:
        """Return the words of one phrase, "" if there are none. Raise RecognitionError if it fails."""
