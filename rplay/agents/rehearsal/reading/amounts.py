"""Reads figures in an advisor's words: `$8,900`, `6 percent`, `a little over two hundred`, `eighty-five k`."""

import re
from collections.abc import Iterator
from functools import lru_cache

from rplay.agents.persona.life import Unit
from rplay.agents.rehearsal.reading.text import plain
from rplay.agents.rehearsal.reading.types import Amount

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SMALL = {word: number for number, word in enumerate(_ONES)} | {
    word: 10 * number for number, word in enumerate(_TENS, start=2)
}
_SMALL |= {"fourty": 40, "couple": 2}
_BIG = {"dozen": 12, "hundred": 100, "thousand": 1000, "grand": 1000, "million": 1_000_000, "k": 1000, "m": 1_000_000}
_SPOKEN = "|".join(sorted(_SMALL, key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?P<dollar>\$ ?)?(?P<digits>\d[\d,]*(?:\.\d+)?)(?: ?(?P<scale>k|m|thousand|grand|million|hundred)\b)?"
    rf"|\b(?P<spoken>(?:(?:a|{_SPOKEN}|dozen|hundred|thousand|grand|million|point)\b(?:[ -]and)?[ -]?)*"
    rf"(?:{_SPOKEN}|dozen|hundred|thousand|grand|million))\b"
)
_UNITS: tuple[tuple[Unit, re.Pattern[str]], ...] = (
    ("percent", re.compile(r"^ ?(?:%|percent|per cent|pct)")),
    ("dollars a month", re.compile(r"^ ?(?:dollars?|bucks)? ?(?:a|per|each|every|/) ?month|^ ?monthly")),
    ("dollars a year", re.compile(r"^ ?(?:dollars?|bucks)? ?(?:a|per|each|every|/) ?year|^ ?(?:annually|yearly)")),
    ("dollars", re.compile(r"^ ?(?:dollars?|bucks)\b")),
    ("age", re.compile(r"^[ -]years?[ -]old")),
    ("years", re.compile(r"^[ -](?:years?|yrs?)\b")),
    ("count", re.compile(r"^ (?:kids|children|sons|daughters|people|employees|loans|accounts|months|weeks|times)\b")),
)


@lru_cache(maxsize=4096)
def amounts(text: str) -> tuple[Amount, ...]:
    return tuple(_found(plain(text)))


def _found(text: str) -> Iterator[Amount]:
    for hit in _NUMBER.finditer(text):
        value = _digits(hit) if hit["digits"] else _spoken(hit["spoken"])
        if value is None:
            continue
        if part := _PART.match(text[hit.end() :]):
            yield Amount(f"{hit[0]}{part[0]}".strip(), value + _PARTS[part[1]], "percent")
            continue
        unit = _unit(hit, text[hit.end() :], value)
        if hit["digits"] or unit or value > 12:
            yield Amount(hit[0].strip(), value, unit)


# `One and a quarter percent`.
_PART = re.compile(r"[ -]?and (?:a |an |one )?(half|quarter|three quarters|eighth)(?= ?(?:%|percent|per cent|pct))")
_PARTS = {"half": 0.5, "quarter": 0.25, "three quarters": 0.75, "eighth": 0.125}


def _digits(hit: re.Match[str]) -> float | None:
    try:
        return float(hit["digits"].replace(",", "")) * _BIG.get(hit["scale"] or "", 1)
    except ValueError:
        return None


def _unit(hit: re.Match[str], rest: str, value: float) -> Unit | None:
    named = next((unit for unit, pattern in _UNITS if pattern.match(rest)), None)
    if named:
        return named
    if hit["dollar"] or hit["scale"] in ("k", "grand"):
        return "dollars"
    return "year" if value == int(value) and 1950 <= value <= 2080 and "," not in hit[0] else None


def _spoken(words: str) -> float | None:
    """Return a number in words: `two hundred and fifty thousand`, `six point four`, or `twenty three fifty` for
    2,350."""
    whole, _, after = re.sub("^point ", "zero point ", words.replace("-", " ")).partition(" point ")
    found = [word for word in whole.split() if word not in ("and", "a", "point")]
    if not found:
        return None
    tail = [str(_SMALL[word]) for word in after.split() if word in _SMALL and _SMALL[word] < 10]
    total = _sum(found)
    return float(f"{int(total)}.{''.join(tail)}") if tail else total


def _sum(found: list[str]) -> float:
    total, group, last = 0.0, 0.0, 0.0
    for word in found:
        number = _SMALL.get(word)
        if number is None:
            scale = _BIG[word]
            group = (group or 1) * scale
            if scale >= 1000:
                total, group = total + group, 0.0
            last = 0.0
        else:
            together = (last >= 20 and number >= 10) or (0 < last < 20 and number >= 10)
            group = group * 100 + number if together else group + number
            last = float(number)
    return total + group
