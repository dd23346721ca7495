"""Parses the payloads of `talk` and `interrupt`, which may be anything."""

import math
from dataclasses import dataclass, replace
from uuid import uuid4

from rplay.tts.request import speed_of, voice_of
from rplay.values import is_storable

ID_CHARACTERS = 64


@dataclass(frozen=True)
class TalkWish:
    id: str
    speak: bool
    voice: str
    speed: float
    binary: bool  # audio as bytes instead of base64

    def silent(self) -> "TalkWish":
        return replace(self, speak=False)


@dataclass(frozen=True)
class Heard:
    """How much of a reply the learner had heard: everything that was sent, or only up to `offset_ms` in this
    sentence.
    """

    sentence: int | None = None
    offset_ms: float | None = None


def id_of(payload: object) -> str:
    """Return the id that the client sent, or a new one if it is missing or invalid."""
    found = payload.get("id") if isinstance(payload, dict) else None
    good = isinstance(found, str) and 0 < len(found) <= ID_CHARACTERS and is_storable(found)
    return str(found) if good else uuid4().hex


def talk_of(payload: dict[str, object], known_voices: frozenset[str]) -> TalkWish:
    """Parse the request for a reply. Raise SpeechRefused with a text for the client."""
    return TalkWish(
        id=id_of(payload),
        speak=payload.get("speak") is not False,
        voice=voice_of(payload.get("voice"), known_voices),
        speed=speed_of(payload.get("speed")),
        binary=bool(payload.get("binary")),
    )


def heard_of(payload: dict[str, object]) -> Heard:
    """Parse how much of a reply the learner had heard. Values that are not numbers are ignored."""
    sentence, offset = number_of(payload.get("sentence")), number_of(payload.get("offsetMs"))
    return Heard(None if sentence is None else int(sentence), None if offset is None else max(0.0, offset))


def number_of(value: object) -> float | None:
    good = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if good else None  # type: ignore[arg-type]
