"""Reading what a model wrote: a JSON object, and values that may have come in another shape."""

import json
import math
import re
from contextlib import suppress
from itertools import islice
from typing import Any

from rplay.agents.model_text import whole_characters
from rplay.errors import AIBadAnswer

_FENCE = re.compile(r"```\w*\s*\n(.*?)```", re.DOTALL)
_LAST_COMMA = re.compile(r'("(?:\\.|[^"\\])*+")|,(?=\s*[}\]])')
_BRACE = re.compile(r"\{")
_BEGINNINGS = 40  # braces from which an object is tried to be read
# Lets line breaks stand in texts; a half character in an escape is no error either.
_DECODER = json.JSONDecoder(strict=False)


def json_object(text: str) -> dict[str, Any]:
    """The first whole object in an answer, out of code fences or of the sentences around it.

    Raw line breaks in texts, a last comma in a list and what follows the object are passed over, and an object that was
    written as a text is read.
    """
    text = whole_characters(text)
    found = [one for part in (*_FENCE.findall(text), text) if (one := _object(part)) is not None]
    if not found:
        raise AIBadAnswer("the answer is no JSON object")
    return next(filter(None, found), {})


def _object(text: str) -> dict[str, Any] | None:
    """The object at the first brace that is not just a word in braces."""
    text = _LAST_COMMA.sub(lambda found: found[1] or "", text.strip())
    with suppress(ValueError):
        inner = _DECODER.decode(text) if text.startswith('"') else None
        text = inner if isinstance(inner, str) else text
    for begin in islice(_BRACE.finditer(text), _BEGINNINGS):
        try:
            found: dict[str, Any] = _cleaned(_DECODER.raw_decode(text, begin.start())[0])
        except RecursionError:
            return None
        except json.JSONDecodeError as error:
            if text[begin.end() : error.pos].strip():
                return None  # it had begun well: what is whole inside of it is a part only
        else:
            return found
    return None


def _cleaned(value: Any) -> Any:
    """The same with whole characters in all its texts, as escapes may stand for half of one, or for NUL."""
    match value:
        case str():
            return whole_characters(value)
        case list():
            return [_cleaned(one) for one in value]
        case dict():
            return {whole_characters(name): _cleaned(one) for name, one in value.items()}
    return value


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
