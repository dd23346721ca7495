"""How near a clause comes to the examples of each label: by meaning where the model is here, and by letters and words.

Neither alone knows that nothing was understood: right and wrong neighbours score alike. Rules and the talk decide that.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from heapq import nlargest
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import orjson

from rplay.agents import meaning
from rplay.agents.rehearsal.reading.tables import FOLDER, table
from rplay.agents.rehearsal.reading.text import bare

if TYPE_CHECKING:
    from rplay.agents.meaning import Vectors

Label = tuple[str, ...]
Book = Literal["targets", "acts", "breaches"]
BOOKS: tuple[Book, ...] = ("targets", "acts", "breaches")
# Of letters beside meaning; measured on 25 intents: 45 of 60 right by meaning alone, 47 with it.
LETTERS = 0.3
# Of the nearest examples: of what is asked there are many for each label, and three tell it better than one.
SHARES: Mapping[Book, tuple[float, ...]] = {"targets": (0.5, 0.3, 0.2), "acts": (0.85, 0.15), "breaches": (0.85, 0.15)}
_COMMON = 0.12  # grams in more than this share of the examples tell nothing


@cache
def examples(book: Book) -> tuple[tuple[Label, str], ...]:
    """Every example with its label, in the order of the vectors."""
    own = tuple(_leaves(table(f"examples/{book}"), ()))
    return own if book != "breaches" else own + tuple(_leaves(_catalogue(), ()))


def _catalogue() -> Mapping[str, list[str]]:
    """The examples of the breaches as shipped, and those that are none."""
    found = orjson.loads((files("rplay") / "data/compliance.json").read_bytes())
    innocent = [text for one in found for text in one["counterExamples"]]
    return {one["id"]: one["examples"] for one in found} | {"innocent": innocent}


def _leaves(node: Mapping[str, Any], path: Label) -> Iterable[tuple[Label, str]]:
    for key, value in node.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*path, key))
        else:
            yield from (((*path, key), bare(text)) for text in value)


def nearness(book: Book, clause: str) -> Mapping[Label, float]:
    """For each label how near its nearest examples are to the clause, about 0 to 1.3."""
    return _nearness(book, bare(clause), meaning.on())


@lru_cache(maxsize=8192)
def _nearness(book: Book, text: str, by_meaning: bool) -> Mapping[Label, float]:
    letters = _by_letters(book, text)
    if not by_meaning or not text:
        return _best(book, [1.1 * one for one in letters])
    near = vectors(book) @ meaning.vector(text)
    return _best(book, [float(one) + LETTERS * other for one, other in zip(near.tolist(), letters, strict=True)])


def _best(book: Book, scores: list[float]) -> Mapping[Label, float]:
    """Of each label the nearest examples: some that agree are worth more than one by chance."""
    found: dict[Label, list[float]] = defaultdict(list)
    for (label, _), score in zip(examples(book), scores, strict=True):
        found[label].append(score)
    shares = SHARES[book]
    return {label: _weighed(nlargest(len(shares), near), shares) for label, near in found.items()}


def _weighed(near: list[float], shares: tuple[float, ...]) -> float:
    """Some labels have fewer examples than there are shares."""
    return sum(one * share for one, share in zip(near, shares, strict=False)) / sum(shares[: len(near)])


# Letters and words


def _by_letters(book: Book, text: str) -> list[float]:
    index, weights = _index(book)
    scores = [0.0] * len(examples(book))
    grams = Counter(gram for gram in _grams(text) if gram in weights)
    length = math.sqrt(sum((count * weights[gram]) ** 2 for gram, count in grams.items())) or 1.0
    for gram, count in grams.items():
        mine = count * weights[gram] / length
        for row, theirs in index[gram]:
            scores[row] += mine * theirs
    return scores


@cache
def _index(book: Book) -> tuple[Mapping[str, list[tuple[int, float]]], Mapping[str, float]]:
    counted = [Counter(_grams(text)) for _, text in examples(book)]
    spread = Counter(chain.from_iterable(counted))
    weights = {
        gram: math.log(len(counted) / number) for gram, number in spread.items() if number < _COMMON * len(counted)
    }
    index: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for row, counts in enumerate(counted):
        known = {gram: count * weights[gram] for gram, count in counts.items() if gram in weights}
        length = math.sqrt(sum(weight**2 for weight in known.values())) or 1.0
        for gram, weight in known.items():
            index[gram].append((row, weight / length))
    return index, weights


def _grams(text: str) -> list[str]:
    """Whole words, pairs of words, and groups of four letters within them."""
    found = text.split()
    letters = (f" {word} "[start : start + 4] for word in found for start in range(max(1, len(word) - 1)))
    return [*letters, *(f"={word}" for word in found), *map("={}={}".format, found, found[1:])]


# Meaning


def vectors(book: Book) -> "Vectors":
    return shipped()[book]


@cache
def shipped() -> Mapping[Book, "Vectors"]:
    """The examples' vectors, one row an example, of length one."""
    import numpy

    with numpy.load(VECTORS) as file:
        return {book: _unit(file[book].astype(numpy.float32)) for book in BOOKS}


VECTORS: Path = FOLDER / "examples" / "vectors.npz"


def _unit(rows: "Vectors") -> "Vectors":
    import numpy

    return rows / numpy.linalg.norm(rows, axis=1, keepdims=True)  # type: ignore[no-any-return]
