"""The client's precedents (rplay/agents/rehearsal/precedents): their vectors, and how likely an answer of one fits.

    python -m bench.practice.precede            # writes the vectors of the wordings; takes two minutes
    python -m bench.practice.precede --judged   # how well client/by_precedent.py tells which answers fit

The vectors are written after a change of the wordings or of the encoder. `judged-precedents.jsonl` holds lines of three
sets of known talks, each with an answer by precedent that one of two people judged: whether it would do as the client's
next line. Printed are the weights fitted to all of them, and how the ones in use tell them apart.
"""

import argparse
import json
from collections.abc import Sequence
from math import log
from pathlib import Path
from typing import Any

import numpy

from rplay.agents import meaning
from rplay.agents.rehearsal.client.by_precedent import asks_alike, likely
from rplay.agents.rehearsal.client.story import content
from rplay.agents.rehearsal.precedents import WORDINGS, Near, Precedent, vectors_of, wordings
from rplay.agents.rehearsal.reading.text import bare

_JUDGED = Path(__file__).with_name("judged-precedents.jsonl")
_LEAST = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
_KEEP_SMALL, _ROUNDS = 3.0, 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--judged", action="store_true")
    if parser.parse_args().judged:
        _print_judged()
        return
    numpy.save(WORDINGS, vectors_of([bare(one) for one in wordings()]))
    print(f"{len(wordings())} wordings in {WORDINGS}, {WORDINGS.stat().st_size / 1e6:.1f} MB")


def _print_judged() -> None:
    rows = [json.loads(line) for line in _JUDGED.read_text(encoding="utf-8").splitlines()]
    fit = numpy.array([row["fits"] for row in rows])
    near = [_near(row["asked"], row["wording"]) for row in rows]
    told = numpy.array([likely(row["asked"], one) for row, one in zip(rows, near, strict=True)])
    print(f"{len(rows)} answers, {100 * fit.mean():.0f} % fit")
    for least in _LEAST:
        sure = told >= least
        print(f"{least}: {100 * sure.mean():.0f} % told, {100 * fit[sure].mean():.0f} % of these fit")
    weights = _fitted([_parts(row["asked"], one) for row, one in zip(rows, near, strict=True)], fit)
    print("fitted:", " ".join(f"{name} {value:.2f}" for name, value in zip(_NAMES, weights, strict=True)))


def _near(asked: str, wording: str) -> Near:
    one, other = (meaning.read(bare(text), "vector", "asked") for text in (asked, wording))
    found = Precedent((wording,), (), frozenset())
    return Near(found, wording, float(one["vector"] @ other["vector"]), float(one["asked"] @ other["asked"]))


_NAMES = ("meaning", "direction", "length", "words", "form", "always")


def _parts(asked: str, near: Near) -> list[float]:
    words, others = content(asked), content(near.wording)
    shared = len(words & others) / max(1, len(words | others))
    return [near.meaning, near.direction, log(len(bare(asked).split())), shared, asks_alike(asked, near.wording), 1.0]


def _fitted(parts: Sequence[Sequence[float]], fit: Any) -> Any:
    """A logistic regression with small weights preferred, on parts of equal spread."""
    given = numpy.array(parts)
    mean, spread = given[:, :-1].mean(axis=0), given[:, :-1].std(axis=0)
    given[:, :-1] = (given[:, :-1] - mean) / spread
    weights = numpy.zeros(given.shape[1])
    for _ in range(_ROUNDS):
        told = 1 / (1 + numpy.exp(-given @ weights))
        slope = given.T @ (told - fit) + _KEEP_SMALL * numpy.r_[weights[:-1], 0]
        bend = (given.T * (told * (1 - told))) @ given + _KEEP_SMALL * numpy.eye(len(weights))
        weights -= numpy.linalg.solve(bend, slope)
    return numpy.r_[weights[:-1] / spread, weights[-1] - (weights[:-1] * mean / spread).sum()]


if __name__ == "__main__":
    main()
