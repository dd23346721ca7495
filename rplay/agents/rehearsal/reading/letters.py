"""Compares texts by their letters and words, in place of meaning if the model is not installed."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Any

_COMMON = 0.12  # a gram that occurs in more than this share of the texts says nothing


class Letters:
    """An index of texts. It returns one score from 0 to 1 for each text."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._count = len(texts)
        counted = [Counter(_grams(text)) for text in texts]
        spread = Counter(chain.from_iterable(counted))
        self._weights = {
            gram: math.log(len(counted) / number) for gram, number in spread.items() if number < _COMMON * len(counted)
        }
        self._index: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for row, counts in enumerate(counted):
            for gram, weight in self._weighed(counts).items():
                self._index[gram].append((row, weight))

    def scores(self, text: str) -> list[float]:
        found = [0.0] * self._count
        for gram, mine in self._weighed(Counter(_grams(text))).items():
            for row, theirs in self._index[gram]:
                found[row] += mine * theirs
        return found

    def array(self, text: str) -> Any:
        """Return the scores as a numpy array, which is several times faster."""
        import numpy

        found = numpy.zeros(self._count, dtype=numpy.float32)
        for gram, mine in self._weighed(Counter(_grams(text))).items():
            rows, theirs = self._arrays[gram]
            found[rows] += mine * theirs
        return found

    @cached_property
    def _arrays(self) -> Mapping[str, tuple[Any, Any]]:
        import numpy

        return {
            gram: (numpy.array([row for row, _ in found]), numpy.array([one for _, one in found], dtype=numpy.float32))
            for gram, found in self._index.items()
        }

    def _weighed(self, counts: Counter[str]) -> dict[str, float]:
        """Return the weights of the grams, normalised to length one. Rare grams weigh more."""
        known = {gram: count * self._weights[gram] for gram, count in counts.items() if gram in self._weights}
        length = math.sqrt(sum(weight**2 for weight in known.values())) or 1.0
        return {gram: weight / length for gram, weight in known.items()}


def _grams(text: str) -> list[str]:
    """Return the text's words, pairs of words, and groups of four letters within words."""
    found = text.split()
    letters = (f" {word} "[start : start + 4] for word in found for start in range(max(1, len(word) - 1)))
    return [*letters, *(f"={word}" for word in found), *map("={}={}".format, found, found[1:])]
