"""Reading what a model wrote: a JSON object, and values that may have come in another shape."""

import math
import re
from typing import Any

import orjson

from rplay.errors import AIBadAnswer

_FENCE = re.compile(r"^```\w*\s*\n?(.*?)\n?\s*```$", re.DOTALL)


def json_object(text: str) -> dict[str, Any]:
    """The object in an answer, out of code fences or of the sentences around it."""
    text = text.strip()
    fenced = _FENCE.match(text)
    found = _parsed(fenced[1] if fenced else text)
    if found is None:
        found = _parsed(text[text.find("{") : text.rfind("}") + 1])
    if not isinstance(found, dict):
        raise AIBadAnswer("the answer is no JSON object")
    return found


def _parsed(text: str) -> Any:
    try:
        return orjson.loads(text)
    except ValueError:
        return None


def number(value: object) -> float | None:
    """A number, also one written as text."""
    if isinstance(value, str):
        try:
            value = float(value.strip().rstrip("%"))
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return value


def clamped(value: float, low: int, high: int) -> float:
    """Within the limits; whole where it is whole."""
    value = min(max(value, low), high)
    return int(value) if value == int(value) else value


def text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def texts(value: object) -> list[str]:
    """A list of texts out of a list, a single text or nothing; what is no text in it is left out."""
    values = value if isinstance(value, list) else [value]
    return [one.strip() for one in values if isinstance(one, str) and one.strip()]
