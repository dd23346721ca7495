"""Reading what a model wrote: a JSON object, and values that may have an unexpected shape."""

import ast
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
_COMMENT = re.compile(r'("(?:\\.|[^"\\])*+")|//[^\n]*|/\*[^*]{0,300}\*/', re.DOTALL)
_ESCAPE = re.compile(r'(\\["\\/bfnrtu])|\\(.)', re.DOTALL)
_PYTHON_ESCAPE = re.compile(r"""\\(?![\\'"nrt])""")
_LONGEST_PYTHON = 20_000  # limit in characters for a text that is parsed as a Python literal
_BRACE = re.compile(r"\{")
_BEGINNINGS = 40  # limit of opening braces at which the parser tries to find an object
# Allows raw line breaks inside strings, and half of a surrogate pair as an escape.
_DECODER = json.JSONDecoder(strict=False)


def json_object(text: str) -> dict[str, Any]:
    """Return the first complete object in an answer, also out of code fences or surrounding sentences.

    Raw line breaks in strings, a trailing comma and text behind the object are accepted, and so is an object written as
    a JSON string. Other mistakes of small models are repaired only if nothing can be read without that. Raise
    AIBadAnswer if there is no object.
    """
    text = whole_characters(text)
    parts = (*_FENCE.findall(text), text)
    for read in (_object, lambda part: _object(_repaired(part)), _python_object):
        if found := [one for part in parts if (one := read(part)) is not None]:
            return next(filter(None, found), {})
    raise AIBadAnswer("the answer is no JSON object")


def tool_arguments(text: str) -> dict[str, Any]:
    """Return the arguments of a tool call. Some models write the whole call, with the tool's name, in their place."""
    found = json_object(text)
    call = found["function"] if isinstance(found.get("function"), dict) else found
    inner = call.get("arguments", call.get("parameters")) if "name" in call else None
    if isinstance(inner, str):
        return json_object(inner)
    return inner if isinstance(inner, dict) else found


def _object(text: str) -> dict[str, Any] | None:
    """Return the object at the first brace that begins one; None if there is none, or if it is incomplete."""
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
                return None  # the object began well, so a complete object inside it would be only a part of it
        else:
            return found
    return None


def _repaired(text: str) -> str:
    """Return the text with straight quotes, without comments and unknown escapes, and with the last brace that some
    models forget."""
    if re.search(r"{\s*[“”]", text):
        text = re.sub("[“”]", '"', text)
    text = _COMMENT.sub(lambda found: found[1] or "", text.strip())
    text = _ESCAPE.sub(lambda found: found[1] or found[2], text).rstrip()
    return text + "}" if text.endswith(('"', "}", "]")) else text


def _python_object(text: str) -> dict[str, Any] | None:
    """Return an object written as a Python literal, in single quotes; None if there is none."""
    begin, end = text.find("{'"), text.rfind("}")
    if not 0 <= begin < end < begin + _LONGEST_PYTHON:
        return None
    with suppress(ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        value = json.dumps(ast.literal_eval(_PYTHON_ESCAPE.sub("", text[begin : end + 1])))
        return _object(value)
    return None


def _cleaned(value: Any) -> Any:
    """Return the value with valid characters in all its strings: escapes may hold half of a surrogate pair, or NUL."""
    match value:
        case str():
            return whole_characters(value)
        case list():
            return [_cleaned(one) for one in value]
        case dict():
            return {whole_characters(name): _cleaned(one) for name, one in value.items()}
    return value


def number(value: object) -> float | None:
    """Return the value as a number, also from text such as "7" or "70%"; None if it is no finite number."""
    if isinstance(value, str):
        try:
            value = float(value.strip().rstrip("%"))
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return value


def clamped(value: float, low: int, high: int) -> float:
    """Return the value within the limits, as an int if it is whole."""
    value = min(max(value, low), high)
    return int(value) if value == int(value) else value


def text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def texts(value: object) -> list[str]:
    """Return the non-empty strings in a list or in a single value; other values are left out."""
    values = value if isinstance(value, list) else [value]
    return [one.strip() for one in values if isinstance(one, str) and one.strip()]
