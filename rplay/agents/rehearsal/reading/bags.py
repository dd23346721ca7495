"""A text as numbers for a linear model: its meaning, and which of the known words it contains.

Punctuation makes no difference.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from rplay.agents import meaning
from rplay.agents.rehearsal.reading.text import bare

if TYPE_CHECKING:
    from rplay.agents.meaning import Vectors

Words = Mapping[str, tuple[int, float]]  # each known word or pair of words, with its index and its weight


def known(texts: Iterable[str], often: int) -> Words:
    """Return the words that occur in at least `often` of the texts. The rarer a word, the higher its weight."""
    found = Counter(word for text in texts for word in spoken(text))
    kept = sorted(word for word, times in found.items() if times >= often)
    return {word: (at, found[word] ** -0.5) for at, word in enumerate(kept)}


def spoken(text: str) -> set[str]:
    """Return the text's words and pairs of neighbouring words."""
    plain = bare(text).split()
    return {*plain, *(f"{one} {other}" for one, other in pairwise(plain))}


def bag(words: Words, text: str) -> "Vectors":
    """Return a vector of length one that shows which of the known words the text contains."""
    import numpy

    found = numpy.zeros(len(words), dtype=numpy.float32)
    for word in spoken(text) & words.keys():
        at, counts = words[word]
        found[at] = counts
    return found / max(float(numpy.linalg.norm(found)), 1e-9)


def vector(text: str) -> "Vectors":
    """Return the vector of the text's meaning; zeros for an empty text."""
    import numpy

    plain = bare(text)
    return meaning.vector(plain) if plain else numpy.zeros(meaning.SIZE, dtype=numpy.float32)


def kept(words: Words, name: str) -> dict[str, "Vectors"]:
    """Return the words in the form in which they are written to a file of arrays."""
    import numpy

    counts = numpy.array([one for _, one in words.values()], dtype=numpy.float32)
    return {name: numpy.array(list(words)), f"{name}_counts": counts}


def read(file: Mapping[str, "Vectors"], name: str) -> Words:
    return {
        str(word): (at, float(one))
        for at, (word, one) in enumerate(zip(file[name], file[f"{name}_counts"], strict=True))
    }
