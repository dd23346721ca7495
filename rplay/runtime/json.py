"""JSON encoding and decoding for all responses: timestamps are ISO 8601 in UTC with milliseconds."""

import json as stdlib
import math
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson

_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS


def timestamp(moment: datetime) -> str:
    """Return `2026-01-31T12:00:00.000Z`. A timestamp without a time zone is taken as UTC, as in the database."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _default(thing: Any) -> Any:
    if isinstance(thing, datetime):
        return timestamp(thing)
    if isinstance(thing, Decimal):
        return int(thing) if thing == thing.to_integral_value() else float(thing)
    if isinstance(thing, (set, frozenset, tuple)):
        return list(thing)
    raise TypeError(f"{type(thing).__name__} does not go into JSON")


def dumps(thing: Any) -> bytes:
    return orjson.dumps(thing, default=_default, option=_OPTIONS)


def loads(raw: bytes | str) -> Any:
    """Return parsed JSON. Raise ValueError if the text is not JSON.

    orjson refuses half a surrogate pair, which is legal JSON. Such texts are parsed by the slower standard library, so
    that the error can name the field.
    """
    try:
        return orjson.loads(raw)
    except ValueError:
        if (b"\\ud" if isinstance(raw, bytes) else "\\ud") not in raw.lower():  # type: ignore[operator]
            raise
    try:
        return stdlib.loads(raw, parse_constant=_no_constant, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _finite(number: str) -> float:
    value = float(number)
    if math.isinf(value):
        raise ValueError(f"{number} is too large")
    return value
