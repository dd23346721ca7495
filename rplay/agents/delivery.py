"""How the advisor spoke in a talk with voice, in figures: facts for the learner that never change a score."""

import math
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from rplay.agents.talk import without_coach
from rplay.agents.types import Message

LONGEST = 3600.0  # limit for the seconds, words and fillers of one turn: a higher number cannot have been measured


def delivery_of(messages: Sequence[Message]) -> dict[str, Any]:
    """Return figures from the `voice` keys of the turns; an empty dict if the advisor spoke no turn aloud."""
    talk = without_coach(messages)
    spoken = [voice for one in talk if one["role"] == "user" and (voice := _voice(one))]
    if not spoken:
        return {}
    heard = sum(_number(voice, "seconds") for one in talk if one["role"] == "assistant" and (voice := _voice(one)))
    seconds, words, fillers = (sum(_number(one, key) for one in spoken) for key in ("seconds", "words", "fillers"))
    pauses = [_number(one, "pauseMs", 3_600_000) for one in spoken if "pauseMs" in one]
    share = {"talkShare": round(100 * seconds / (seconds + heard))} if heard else {}
    return {
        "turns": len(spoken),
        "seconds": round(seconds, 1),
        **share,
        "longestSeconds": round(max(_number(one, "seconds") for one in spoken), 1),
        "wordsPerMinute": round(60 * words / seconds),
        **({"medianPauseMs": round(median(pauses))} if pauses else {}),
        "interruptions": sum(one.get("interrupted") is True for one in spoken),
        "fillers": round(fillers),
        "fillersPer100Words": round(100 * fillers / words, 1) if words else 0.0,
    }


def _voice(turn: Message) -> Mapping[str, Any] | None:
    """Return what was measured of a spoken turn; None if it took no time."""
    voice = turn.get("voice")
    return voice if isinstance(voice, Mapping) and _number(voice, "seconds") > 0 else None


def _number(voice: Mapping[str, Any], key: str, most: float = LONGEST) -> float:
    value = voice.get(key)
    good = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return min(max(float(value), 0.0), most) if good and value is not None else 0.0
