"""A text as numbers for a linear model: what it means, and which of the words that are known it holds. Marks make no
difference to either.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from rplay.agents import meaning
from rplay.agents.rehearsal.reading.text import bare

if TYPE_CHECKING:
    from rplay.agents.meaning import Vectors

Words = Mapping[str, tuple[int, float]]  # the place of each word or pair of words, and what it counts


def known(texts: Iterable[str], often: int) -> Words:
    """The words that stand in so many of the texts, the rarer the more they count."""
    found = Counter(word for text in texts for word in spoken(text))
    kept = sorted(word for word, times in found.items() if times >= often)
    return {word: (at, found[word] ** -0.5) for at, word in enumerate(kept)}


def spoken(text: str) -> set[str]:
    """Its words and pairs of words."""
    plain = bare(text).split()
    return {*plain, *(f"{one} {other}" for one, other in pairwise(plain))}


def bag(words: Words, text: str) -> "Vectors":
    """Which of the known words it holds, of length one."""
    import numpy

    found = numpy.zeros(len(words), dtype=numpy.float32)
    for word in spoken(text) & words.keys():
        at, counts = words[word]
        found[at] = counts
    return found / max(float(numpy.linalg.norm(found)), 1e-9)


def vector(text: str) -> "Vectors":
    """All nought for an empty text."""
    import numpy

    plain = bare(text)
    return meaning.vector(plain) if plain else numpy.zeros(meaning.SIZE, dtype=numpy.float32)


def kept(words: Words, name: str) -> dict[str, "Vectors"]:
    """As they are written into a file of numbers."""
    import numpy

    counts = numpy.array([one for _, one in words.values()], dtype=numpy.float32)
    return {name: numpy.array(list(words)), f"{name}_counts": counts}


def read(file: Mapping[str, "Vectors"], name: str) -> Words:
    return {
        str(word): (at, float(one))
        for at, (word, one) in enumerate(zip(file[name], file[f"{name}_counts"], strict=True))
    }
