"""Sentences, words and the overlap of what two people said."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from rplay.agents.rehearsal.tables import table

# What is read of one message; a longer one is cut, so that no message costs more than a few milliseconds.
LONGEST = 4000

_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "})
_SENTENCE = re.compile(
    r"(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bMrs)(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<=[.!?…])[\"')\]]*\s+|\s*\n+\s*"
)
# How people write in a chat, and what it stands for.
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
    """Straight quotes and single blanks, lower case: what the expressions are matched against."""
    straight = " ".join(text[:LONGEST].translate(_QUOTES).split()).lower()
    return _SHORTHAND.sub(lambda found: _SHORT[found[0]], straight)


def sentences(text: str) -> list[str]:
    """The sentences word for word, so that each can be quoted."""
    return [piece.strip() for piece in _SENTENCE.split(text[:LONGEST]) if piece and piece.strip()]


def words(text: str) -> list[str]:
    return _WORD.findall(plain(text))


def stem(word: str) -> str:
    """A rough common form: `worried`, `worries` and `worry` meet."""
    if word[0].isdigit():
        return word.strip(".,").replace(",", "")
    base = word.removesuffix("'s")
    return _ENDINGS.sub("", base) if len(base) > 4 else base


@cache
def _common() -> frozenset[str]:
    return frozenset(stem(word) for line in table("words")["common"] for word in line.split())


@lru_cache(maxsize=2048)
def content(text: str) -> frozenset[str]:
    """Stems of the words that carry this text's own meaning."""
    return frozenset(stem(word) for word in words(text) if _carries(word)) - _common()


def _carries(word: str) -> bool:
    return len(word) > 2 or word[0].isdigit()


def listed(items: Iterable[str]) -> str:
    """`a, b and c`."""
    parts = list(items)
    if len(parts) < 2:
        return "".join(parts)
    # An item with a comma inside needs more than a comma between.
    glue = "; " if any("," in re.sub(r"\d,\d", "", part) for part in parts) and len(parts) > 2 else ", "
    return f"{glue.join(parts[:-1])} and {parts[-1]}"


def capped(text: str, longest: int) -> str:
    """Cut at a word's end."""
    if len(text) <= longest:
        return text
    return text[: longest + 1].rsplit(" ", 1)[0][:longest].rstrip(" ,;:-")


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """With a capital and an end."""
    text = upper_first(text.strip())
    return text if not text or text[-1] in ".!?…" else f"{text}."


def lower_first_word(text: str) -> str:
    """For joining sentences: `It's fine` becomes `it's fine`, `I'm` stays."""
    first = text.split(" ", 1)[0]
    return text if re.match(r"(?:I|I'.+|[A-Z]{2,}.*)$", first) else text[:1].lower() + text[1:]
