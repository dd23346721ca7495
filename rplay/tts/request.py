"""A client's request for speech."""

from dataclasses import dataclass

from rplay.tts.speakable import speakable
from rplay.tts.speaker import VOICES, Audio, Speaker, SpeechRefused

MAX_TEXT = 4000  # characters
SPEEDS = (0.25, 4.0)


@dataclass(frozen=True)
class SpeechRequest:
    text: str
    voice: str
    speed: float
    binary: bool  # chunks as bytes instead of base64

    def audio_of(self, speaker: Speaker) -> Audio:
        """Return the audio of the spoken words. It is empty if the text has only marks, stage directions or emoji."""
        words = speakable(self.text)
        return speaker.stream(words, self.voice, self.speed) if words else _silence()


def _silence() -> Audio:
    yield from ()


def parse(payload: object, known_voices: frozenset[str]) -> SpeechRequest:
    """Parse the payload of `generate-speech`, which may be anything. Raise SpeechRefused with a text for the client."""
    given = payload if isinstance(payload, dict) else {}
    return SpeechRequest(
        text=_text(given.get("text")),
        voice=voice_of(given.get("voice"), known_voices),
        speed=speed_of(given.get("speed")),
        binary=bool(given.get("binary")),
    )


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise SpeechRefused("Text is required")
    if len(value) > MAX_TEXT:
        raise SpeechRefused(f"Text is too long (max {MAX_TEXT} characters)")
    return value


def voice_of(value: object, known: frozenset[str]) -> str:
    if not value or (isinstance(value, str) and not value.strip()):
        return "alloy"
    if not isinstance(value, str) or value not in VOICES | known:
        raise SpeechRefused(f"Unknown voice: {str(value)[:100]}")
    return value


def speed_of(value: object) -> float:
    if not value:
        return 1.0
    low, high = SPEEDS
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise SpeechRefused(f"Speed must be between {low} and {high}")
    return float(value)
