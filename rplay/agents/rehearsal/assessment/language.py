"""Whether the client can understand a line: it answers in English, and understands some Spanish and German."""

import re
from functools import cache
from typing import Literal

from rplay.agents.rehearsal.tables import table
from rplay.agents.rehearsal.text import plain

Reading = Literal["ok", "silence", "foreign"]
_LATIN = re.compile(r"[a-zà-ÿœß']+")
_LETTER = re.compile(r"[^\W\d_]")
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "poiuytrewq", "lkjhgfdsa", "mnbvcxz")


@cache
def _known(kind: str) -> frozenset[str]:
    return frozenset(word for line in table("words")[kind] for word in line.split())


@cache
def _english() -> frozenset[str]:
    return _known("english") | _known("common")


def reading(line: str) -> Reading:
    text = plain(line)
    letters = _LETTER.findall(text)
    found = _LATIN.findall(text)
    if not letters:
        return "ok" if re.search(r"\d", text) else "silence"
    if len("".join(found)) < len(letters) * 0.6:
        return "foreign"
    return "ok" if _is_english(found) else "foreign"


def is_foreign(line: str) -> bool:
    """Return whether the line is certainly in another language, not only names, figures or a dialect."""
    text = plain(line)
    found = _LATIN.findall(text)
    strange = sum(word in _known("foreign") and word not in _english() for word in found)
    latin = len("".join(found)) >= len(_LETTER.findall(text)) * 0.6
    return reading(line) == "foreign" and (not latin or strange > 0)


def _is_english(found: list[str]) -> bool:
    known = sum(word.split("'")[0] in _english() or word in _english() for word in found)
    strange = sum(word in _known("foreign") and word not in _english() for word in found)
    if len(found) >= 4:
        return known >= strange and known / len(found) >= 0.25
    return (known > 0 and known >= strange) or (not strange and not all(_noise(word) for word in found))


def _noise(word: str) -> bool:
    """Return whether the word looks like random keys."""
    bare = word.replace("'", "")
    if len(bare) > 2 and not re.search(r"[aeiouyà-ÿ]", bare):
        return True
    return bool(re.search(r"[^aeiouy']{5}|(.)\1{3}", bare)) or any(
        len(bare) >= 4 and bare[:4] in row for row in _KEYBOARD
    )
