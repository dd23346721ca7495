"""Translates a line of another language into rough English, word by word: enough to know what it asks and does."""

import re
from functools import cache, lru_cache

from rplay.agents.rehearsal.reading.language import language
from rplay.agents.rehearsal.reading.tables import table

KNOWN = 0.62  # a line is understood if this share of its words is known; names and figures count as known
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


@lru_cache(maxsize=4096)
def spoken_in(line: str) -> tuple[str, str]:
    """Return the language of a line, and the line to read: in English if enough of it is understood."""
    code = language(line)
    return code, (in_english(line, code) or _in_english_already(line) or line if code != "en" else line)


def _in_english_already(line: str) -> str:
    """Return the English sentences of a line that changes between two languages; empty if it asks in the other one."""
    said = [one.strip() for one in re.split(r"(?<=[.?!])\s+", line)]
    english = [one for one in said if len(one.split()) >= _SENTENCE and language(one) == "en"]
    return "" if any("?" in one for one in said if one not in english) else " ".join(english)


_SENTENCE = 4  # words


def in_english(line: str, code: str) -> str:
    """Return the line in English; empty if too few words are known, or the language has no word list."""
    known = table("gloss").get(code)
    if not known:
        return ""
    words = _WORD.findall(line)
    strange = [word for word in _left(line, code) if not (word[:1].isupper() or word[0].isdigit())]
    if not words or len(strange) > (1 - KNOWN) * len(words):
        return ""
    said = _phrases(code).sub(lambda found: str(known[found[0].lower()]), line.translate(_OPENING))
    return re.sub(r"\s+([?.!,])", r"\1", " ".join(said.split()))


_OPENING = str.maketrans("", "", "¿¡")


def _left(line: str, code: str) -> list[str]:
    """Return the words that no phrase covers. At the start of a sentence a capital does not make a word a name."""
    rest = _phrases(code).sub(" ", line.translate(_OPENING))
    first = {one.lower() for one in re.findall(r"(?:^|[.!?¿¡] *)([^\W_]+)", line)}
    return [word.lower() if word.lower() in first else word for word in _WORD.findall(rest)]


@cache
def _phrases(code: str) -> re.Pattern[str]:
    known = sorted(table("gloss")[code], key=len, reverse=True)
    return re.compile(rf"(?<![\w'])(?:{'|'.join(map(re.escape, known))})(?![\w'])", re.IGNORECASE)
