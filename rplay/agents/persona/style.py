"""How the client talks, derived from traits, archetype, mood and communication style of the profile or the admins."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from rplay.agents.persona.life import Style
from rplay.agents.persona.tables import table


def style_of(traits: Mapping[str, float], manner: str) -> Style:
    """Return the style. Traits give the base values, and each known word in `manner` changes them."""
    get = traits.get
    ground = {
        "terse": 50 + (50 - get("extraversion", 50)) * 0.6,
        "warm": 50 + (get("agreeableness", 50) - 50) * 0.8,
        "anxious": 50 + (get("neuroticism", 50) - 50) * 0.9,
        "numbers": 50 + (get("conscientiousness", 50) - 50) * 0.5,
        "blunt": 50 + (50 - get("agreeableness", 50)) * 0.6 + (get("assertiveness", 50) - 50) * 0.4,
    }
    for pattern, moves in _moves():
        if pattern.search(manner):
            for side, by in moves.items():
                ground[side] += by
    return Style(**{side: round(min(100, max(0, value))) for side, value in ground.items()})


@cache
def _moves() -> list[tuple[re.Pattern[str], Mapping[str, float]]]:
    """Return the pattern of each known word, with the values it changes and by how much."""
    return [(re.compile(rf"\b(?:{pattern})"), moves) for pattern, moves in table("style")["words"].items()]


def style_in(personality: Mapping[str, Any], fusion: Sequence[Mapping[str, Any]]) -> Style:
    """Return the style of a scene, from its personality and the admins' descriptions of these words."""
    given = personality.get("traits")
    traits = (
        {str(name).lower(): float(one) for name, one in given.items() if _counts(one)}
        if isinstance(given, Mapping)
        else {}
    )
    named = [personality.get(key) for key in ("archetype", "mood", "communicationStyle", "quirk")]
    described = [row.get("description") for row in fusion] + [str(row.get("details") or "") for row in fusion]
    return style_of(traits, " ".join(str(one) for one in (*named, *described) if one).lower())


def _counts(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 100
