"""A line in another language as rough English: enough to know what is asked and done, word by word."""

import re
from functools import cache, lru_cache

from rplay.agents.rehearsal.reading.language import language
from rplay.agents.rehearsal.reading.tables import table

KNOWN = 0.62  # of the words, so that the line is understood; names and figures are known in any language
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


@lru_cache(maxsize=4096)
def spoken_in(line: str) -> tuple[str, str]:
    """The language of a line, and the line as it is read: in English where enough of it is understood."""
    code = language(line)
    return code, (in_english(line, code) or line)


def in_english(line: str, code: str) -> str:
    """Empty where too little is understood, or the language is not one of those known a little."""
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
    """The words that no phrase covers; a word at the beginning of a sentence is no name for its capital."""
    rest = _phrases(code).sub(" ", line.translate(_OPENING))
    first = {one.lower() for one in re.findall(r"(?:^|[.!?¿¡] *)([^\W_]+)", line)}
    return [word.lower() if word.lower() in first else word for word in _WORD.findall(rest)]


@cache
def _phrases(code: str) -> re.Pattern[str]:
    known = sorted(table("gloss")[code], key=len, reverse=True)
    return re.compile(rf"(?<![\w'])(?:{'|'.join(map(re.escape, known))})(?![\w'])", re.IGNORECASE)
