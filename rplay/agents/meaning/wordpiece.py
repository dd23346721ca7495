"""Splits text into numbers of the model's vocabulary as BERT does: into words, then into the longest known pieces of
each."""

import re
import unicodedata
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

from rplay.errors import StartError

VOCABULARY = Path(__file__).with_name("vocab.txt")
SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
LONGEST = 128  # the most pieces that the model was trained with
_UNKNOWN, _FIRST, _LAST = 100, 101, 102
_LONGEST_WORD = 100  # characters; a longer word counts as unknown, as in BERT
# Each Chinese character, punctuation mark and symbol stands alone; everything else forms words.
_WORD = re.compile(r"[㐀-䶿一-鿿豈-﫿]|[!-/:-@\[-`{-~]|[^\W_]+|[^\w\s]")


def pieces(text: str) -> list[int]:
    """Return the pieces of a text, between the model's marks for beginning and end."""
    found = [piece for word in _WORD.findall(_bare(text)) for piece in _of_word(word)]
    return [_FIRST, *found[: LONGEST - 2], _LAST]


def _bare(text: str) -> str:
    """Return the text in lower case and without accents."""
    apart = unicodedata.normalize("NFD", text.lower())
    return "".join(sign for sign in apart if unicodedata.category(sign) != "Mn")


@lru_cache(maxsize=4096)
def _of_word(word: str) -> tuple[int, ...]:
    known, found, start = _vocabulary(), [], 0
    if len(word) > _LONGEST_WORD:
        return (_UNKNOWN,)
    while start < len(word):
        end = _longest(known, word, start)
        if end == start:
            return (_UNKNOWN,)
        found.append(known[_piece(word, start, end)])
        start = end
    return tuple(found)


def _longest(known: dict[str, int], word: str, start: int) -> int:
    """Return the end of the longest known piece that begins at `start`; `start` if there is none."""
    return next((end for end in range(len(word), start, -1) if _piece(word, start, end) in known), start)


def _piece(word: str, start: int, end: int) -> str:
    return ("##" if start else "") + word[start:end]


@cache
def _vocabulary() -> dict[str, int]:
    raw = VOCABULARY.read_bytes()
    if sha256(raw).hexdigest() != SHA256:
        raise StartError(f"{VOCABULARY} is not the vocabulary that the model of meaning was trained with.")
    return {word: number for number, word in enumerate(raw.decode().split("\n"))}
