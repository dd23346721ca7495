"""Rewrites the vectors of the examples: `python -m rplay.agents.rehearsal.reading.make_vectors`.

Run it after each change of the TOML files in this folder; a test checks that vectors and texts match.
"""

from typing import TYPE_CHECKING, Any

import numpy

from rplay.agents import meaning
from rplay.agents.rehearsal.reading.similarity import BOOKS, VECTORS, Book, examples

if TYPE_CHECKING:
    Bytes = numpy.ndarray[Any, numpy.dtype[numpy.int8]]


def made(book: Book) -> "Bytes":
    """Return the vectors with one byte for each number. Each row is scaled separately, because only its direction
    matters."""
    rows = meaning.vectors([text for _, text in examples(book)])
    scaled: Bytes = numpy.rint(rows * (127 / numpy.abs(rows).max(axis=1, keepdims=True))).astype(numpy.int8)
    return scaled


if __name__ == "__main__":
    numpy.savez_compressed(VECTORS, allow_pickle=False, **{str(book): made(book) for book in BOOKS})
