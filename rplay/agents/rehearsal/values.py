"""Any value of a profile as short text, because the frontend sends texts, numbers, lists and objects."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rplay.agents.rehearsal.text import capped

_LONGEST = 160
_MOST = 5
# From this number on, a bare number inside an object of a profile is an amount of money.
_A_SUM = 1000
_EMPTY = {
    "",
    "null",
    "undefined",
    "n/a",
    "na",
    "unknown",
    "not specified",
    "unspecified",
    "tbd",
    "-",
    "nan",
    "[]",
    "{}",
    "[object object]",
}
_NOTHING = {"none", "no", "no debt", "no debts", "none.", "nothing", "zero", "debt-free", "debt free", "$0", "0"}


def spoken(value: Any) -> str:
    """Return a value as one short text; empty if it says nothing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, str):
        return _clean(value)
    return ", ".join(pieces(value))


def pieces(value: Any, depth: int = 3) -> list[str]:
    """Return a value as a list of short texts. A text is split where it lists things, an object yields names and
    amounts."""
    return list(dict.fromkeys(piece for piece in _pieces(value, depth) if piece))[:_MOST]


def _pieces(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from _of_mapping(value, depth)
    elif isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        for item in list(value)[: _MOST * 2]:
            yield from _item(item, depth)
    elif isinstance(value, str):
        yield from (_clean(part) for part in re.split(r"\s*[;\n•|]\s*|,\s+(?=[A-Z])", value[:2000]))
    elif value is not None:
        yield spoken(value)


def _item(item: Any, depth: int) -> Iterator[str]:
    if isinstance(item, Mapping):
        name, amount = _named(item)
        yield f"{name}: {amount}" if name and amount else name or amount or ", ".join(_of_mapping(item, depth - 1))
    elif isinstance(item, str):
        yield _clean(item)
    elif depth > 0:
        yield ", ".join(_pieces(item, depth - 1))


def _of_mapping(value: Mapping[str, Any], depth: int) -> Iterator[str]:
    if depth <= 0:
        return
    for key, inner in list(value.items())[: _MOST * 2]:
        counts = isinstance(inner, (int, float)) and abs(inner) >= _A_SUM
        text = money(inner) if counts else ", ".join(_pieces(inner, depth - 1))
        if text and not str(key).lower().startswith(("id", "_")) and str(key).strip().lower() not in _EMPTY:
            yield f"{key_words(str(key))}: {text}"


def _named(item: Mapping[str, Any]) -> tuple[str, str]:
    """Return name and amount of an object such as `{type: "401(k)", value: 120000}`."""
    texts = {str(key).lower(): inner for key, inner in list(item.items())[:20]}
    name = next(
        (
            texts[key]
            for key in ("name", "type", "title", "description", "label", "goal", "kind")
            if isinstance(texts.get(key), str)
        ),
        "",
    )
    amount = next(
        (
            texts[key]
            for key in ("value", "amount", "balance", "total", "worth")
            if isinstance(texts.get(key), (str, int, float))
        ),
        None,
    )
    return _clean(name), money(amount) if amount is not None else ""


def key_words(key: str) -> str:
    """Return a key as words: `riskTolerance` becomes `risk tolerance`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[_\-]+", " ", key[:60]).lower().strip()


def money(value: Any) -> str:
    """Return a bare number as dollars, anything else unchanged."""
    text = spoken(value)
    digits = text.replace(",", "")
    if re.fullmatch(r"\d{3,12}(?:\.\d+)?", digits):
        return f"${float(digits):,.0f}"
    if short := re.fullmatch(r"\$?(\d{1,4}(?:\.\d)?) ?([km])", digits.lower()):
        return f"${float(short[1]) * (1_000 if short[2] == 'k' else 1_000_000):,.0f}"
    return text


def is_nothing(value: Any) -> bool:
    """Return whether the value says "none": no debts, N/A or an empty list. A missing value does not count."""
    if isinstance(value, (list, tuple, Mapping)):
        return not value or all(
            is_nothing(item) for item in (value if not isinstance(value, Mapping) else value.values())
        )
    return spoken(value).lower() in _NOTHING


def _number(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")) or abs(value) > 1e15:
        return ""
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:g}"


def _clean(text: str) -> str:
    text = " ".join(text[:2000].replace("\x00", "").split()).strip('*#`<>{}[]"').strip()
    return "" if text.lower() in _EMPTY else capped(text, _LONGEST)
