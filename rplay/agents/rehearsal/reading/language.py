"""Recognises the language of a line. Short lines and names count as English unless only another language fits."""

import re
from functools import cache, lru_cache

from rplay.agents.rehearsal.reading.tables import table
from rplay.agents.rehearsal.reading.text import plain

_CHINESE = re.compile(r"[㐀-䶿一-鿿]")
_KANA = re.compile(r"[぀-ヿ]")
_LETTER = re.compile(r"[^\W\d_]")
_LATIN = re.compile(r"[a-zà-öø-ÿœßıščžćđłńśźżąęőű]+(?:'[a-zà-ÿ]+)?")
_MARKS = {"es": "ñ¿¡", "de": "äöüß", "fr": "çœêèàùîôû", "pt": "ãõç"}


@lru_cache(maxsize=4096)
def language(line: str) -> str:
    """Return the line's language: `en`, `es`, `de`, `fr`, `pt`, `zh` or `other`."""
    text = plain(line)
    letters = _LETTER.findall(text)
    found = _LATIN.findall(text)
    if len(letters) > 1 and len("".join(found)) < len(letters) * 0.5:
        return "zh" if _CHINESE.search(text) and not _KANA.search(text) else "other"
    return _of_latin(text, found)


def _of_latin(text: str, found: list[str]) -> str:
    english = sum(_stem(word) in _words("en") for word in found)
    counts = {
        code: sum(word in _words(code) for word in found) + _marks(code, text) for code in ("es", "de", "fr", "pt")
    }
    best = max(counts, key=lambda code: counts[code])
    if counts[best] > english and (counts[best] >= 2 or (len(found) <= 2 and _sure(best, found))):
        return best
    strange = sum(word not in _words("en") and not _english_ending(word) for word in map(_stem, found))
    return "other" if len(found) >= 5 and english == 0 and strange == len(found) else "en"


def _sure(code: str, found: list[str]) -> bool:
    """Return whether all words are typical of that language alone, as in the one-word line `gracias`."""
    return (
        bool(found) and all(word in _words(code) for word in found) and not any(word in _words("en") for word in found)
    )


def _marks(code: str, text: str) -> float:
    return 0.5 * any(mark in text for mark in _MARKS[code])


def _stem(word: str) -> str:
    return word.split("'")[0]


def _english_ending(word: str) -> bool:
    return bool(re.search(r"(?:ing|tion|ment|ness|ly|ed|ight|ough|ck|sh|th|w)$", word))


@cache
def _words(code: str) -> frozenset[str]:
    return frozenset(word for line in table("languages")[code] for word in line.split())
