"""Sentences and words of a message, and the stems with which two texts are compared."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from rplay.agents.rehearsal.tables import table

# Only this much of a message is read, so that reading never costs more than a few milliseconds.
LONGEST = 4000

_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "})
_SENTENCE = re.compile(
    r"(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bMrs)(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<=[.!?…])[\"')\]]*\s+|\s*\n+\s*"
)
# Chat shorthand, with what it stands for.
_SHORT = {
    "u": "you", "ur": "your", "whats": "what's", "hows": "how's", "dont": "don't", "im": "i'm", "ive": "i've",
    "youre": "you're", "thats": "that's", "pls": "please", "plz": "please", "thx": "thanks", "cant": "can't",
    "doesnt": "doesn't", "didnt": "didn't", "agian": "again",
}  # fmt: skip
_SHORTHAND = re.compile(rf"(?<![\w'.])(?:{'|'.join(_SHORT)})(?![\w'])")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d[\d,.]*")
_ENDINGS = re.compile(r"(?:ation|ations|ments?|ings?|ies|ied|ers?|ed|es|ly|s|e|y)$")


@lru_cache(maxsize=2048)
def plain(text: str) -> str:
    """Return the text for matching: straight quotes, single blanks, lower case, shorthand written out."""
    straight = " ".join(text[:LONGEST].translate(_QUOTES).split()).lower()
    return _SHORTHAND.sub(lambda found: _SHORT[found[0]], straight)


def sentences(text: str) -> list[str]:
    """Return the sentences word for word, so that each can be quoted."""
    return [piece.strip() for piece in _SENTENCE.split(text[:LONGEST]) if piece and piece.strip()]


def words(text: str) -> list[str]:
    return _WORD.findall(plain(text))


def stem(word: str) -> str:
    """Return a rough stem, which `worried`, `worries` and `worry` share."""
    if word[0].isdigit():
        return word.strip(".,").replace(",", "")
    base = word.removesuffix("'s")
    return _ENDINGS.sub("", base) if len(base) > 4 else base


@cache
def _common() -> frozenset[str]:
    return frozenset(stem(word) for line in table("words")["common"] for word in line.split())


@lru_cache(maxsize=2048)
def content(text: str) -> frozenset[str]:
    """Return the stems of the words that are specific to this text."""
    return frozenset(stem(word) for word in words(text) if _carries(word)) - _common()


def _carries(word: str) -> bool:
    return len(word) > 2 or word[0].isdigit()


def listed(items: Iterable[str]) -> str:
    """Return the items as `a, b and c`."""
    parts = list(items)
    if len(parts) < 2:
        return "".join(parts)
    # If an item contains a comma, semicolons separate the items.
    glue = "; " if any("," in re.sub(r"\d,\d", "", part) for part in parts) and len(parts) > 2 else ", "
    return f"{glue.join(parts[:-1])} and {parts[-1]}"


def capped(text: str, longest: int) -> str:
    """Return the text cut at the end of a word."""
    if len(text) <= longest:
        return text
    return text[: longest + 1].rsplit(" ", 1)[0][:longest].rstrip(" ,;:-")


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Return the text with a capital at the start and a punctuation mark at the end."""
    text = upper_first(text.strip())
    return text if not text or text[-1] in ".!?…" else f"{text}."


def lower_first_word(text: str) -> str:
    """Return the text for the middle of a sentence: `It's fine` becomes `it's fine`, `I'm` is not changed."""
    first = text.split(" ", 1)[0]
    return text if re.match(r"(?:I|I'.+|[A-Z]{2,}.*)$", first) else text[:1].lower() + text[1:]
