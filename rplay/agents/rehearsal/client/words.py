"""Joins texts to sentences, and splits texts into sentences."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from rplay.agents.rehearsal.reading import text as reading
from rplay.agents.rehearsal.reading.text import bare

__all__ = ["bare", "capital", "ended", "joined", "kept", "listed", "names", "sentences", "suffixes"]


@lru_cache(maxsize=8192)
def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a text. They are cached, because each answer needs those of life and talk: 24 of 45 ms at
    80 messages."""
    return tuple(reading.sentences(text))


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def ended(text: str) -> str:
    text = capital(text.strip())
    return text if not text or text[-1] in ".!?…\"'" else f"{text}."


def joined(parts: Iterable[str]) -> str:
    return " ".join(ended(part) for part in parts if part)


def names(text: str, word: str) -> bool:
    """Return whether a text contains the word or its plural. The text must be plain words with a blank at both ends."""
    plain = bare(word)
    return len(plain) > 2 and (f" {plain} " in text or f" {plain}s " in text)


def kept(*said: str) -> list[str]:
    """Return the texts that are not empty."""
    return [one for one in said if one]


def listed(items: Sequence[str]) -> str:
    """Return the items as `a, b and c`."""
    return "".join(items) if len(items) < 2 else f"{', '.join(items[:-1])} and {items[-1]}"


def suffixes(text: str, most: int = 8) -> list[str]:
    """Return the plain words of a sentence, whole and without the first few, so that a fact is recognised after a
    lead-in."""
    parts = bare(text).split()
    return [" ".join(parts[start:]) for start in range(min(most, max(1, len(parts) - 2)))]
