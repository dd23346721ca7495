"""What the rehearsal's reviewer knows of exchanges, learned from whole talks: `python -m bench.practice.exchanges`.

Talks are pairs of a good and a poor one with the same client, by several people: those of the tests, and both halves of
`reviews/`; then single talks of the tests, of all degrees, with the score that a trainer would give. A line counts as
what its talk is: wrong now and then, right on the whole. With `--held`, instead, how well it tells the pairs apart that
it has not learned from: each source by the others.
"""

import argparse
import json
import sys
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy

from rplay.agents.rehearsal.assessment.exchanges import WEIGHTS, Model, features
from rplay.agents.rehearsal.reading.bags import kept, known

HERE = Path(__file__).parent / "reviews"
TESTS = Path(__file__).parents[2] / "tests" / "agents"
PENALTY = 2.0
_MIDDLE = 5.5  # of the scale
OFTEN = 6  # lines that hold a word or a pair of words, before it is known


@dataclass(frozen=True)
class Exchange:
    source: str
    pair: str
    kind: str
    worth: float  # of the whole talk, from -1 to 1
    before: str
    line: str
    reply: str


def opened() -> Mapping[str, Mapping[str, Any]]:
    """The half of the pairs that was opened last, by name."""
    with tarfile.open(HERE / "unseen.tar.xz") as packed:
        names = [name for name in packed.getnames() if Path(name).parent.name == "pairs" and name.endswith(".json")]
        read = ((Path(name).stem, packed.extractfile(name)) for name in sorted(names))
        return {name: json.loads(file.read()) for name, file in read if file}


def pairs() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Source, name and talks of each."""
    for source, folder in (("tests", TESTS / "pairs"), ("more", TESTS / "pairs_dev"), ("known", HERE / "pairs")):
        yield from ((source, path.stem, json.loads(path.read_text("utf-8"))) for path in sorted(folder.glob("*.json")))
    yield from (("opened", name, pair) for name, pair in opened().items())


def kinds() -> Iterator[tuple[str, float, Sequence[Mapping[str, str]]]]:
    """Name, score and lines of the single talks."""
    sys.path.append(str(TESTS.parent))
    talks, more = (import_module(f"agents.rehearsal.{name}") for name in ("talks", "more_talks"))
    for name, (talk, least, most) in more.MORE.items():
        yield name, (least + most) / 2, talk
    yield "fair", 3.5, talks.FAIR
    for score, named in ((8.5, talks.GOOD), (2.0, talks.POOR)):
        yield from ((name, score, talk) for name, talk in named.items())


def exchanges(source: str, pair: str, kind: str, worth: float, talk: Sequence[Mapping[str, str]]) -> Iterator[Exchange]:
    for at, one in enumerate(talk):
        if one["role"] == "user":
            before, after = talk[at - 1] if at else None, talk[at + 1] if at + 1 < len(talk) else None
            told = (near["content"] if near and near["role"] == "assistant" else "" for near in (before, after))
            theirs, answer = told
            yield Exchange(source, pair, kind, worth, theirs, one["content"], answer)


def all_exchanges() -> list[Exchange]:
    found: list[Exchange] = []
    for source, name, pair in pairs():
        found += exchanges(source, name, "good", 1, pair["good"])
        found += exchanges(source, name, "poor", -1, pair["poor"])
    for name, score, talk in kinds():
        found += exchanges("kinds", name, "kind", (score - _MIDDLE) / (10 - _MIDDLE), talk)
    return found


def learned(taught: Sequence[Exchange]) -> Model:
    """By least squares; what weighs by itself is not held back."""
    line, answer = known((one.line for one in taught), OFTEN), known((one.reply for one in taught), OFTEN)
    told = numpy.array([features(line, answer, one.before, one.line, one.reply) for one in taught], dtype=numpy.float64)
    told = numpy.hstack([told, numpy.ones((len(told), 1))])
    right = numpy.array([one.worth for one in taught])
    penalty = numpy.full(told.shape[1], PENALTY)
    penalty[-1] = 1e-6
    found = numpy.linalg.solve(told.T @ told + numpy.diag(penalty), told.T @ right)
    return Model(line, answer, found.astype(numpy.float32))


def without(taught: Iterable[Exchange], source: str, pair: str = "") -> list[Exchange]:
    """All but those of a source, or but those of one pair of it."""
    return [one for one in taught if one.source != source or (pair and one.pair != pair)]


def _held(taught: Sequence[Exchange]) -> None:
    for source in dict.fromkeys(one.source for one in taught if one.kind != "kind"):
        model = learned(without(taught, source))
        own = [one for one in taught if one.source == source]
        worth = [model.worth(one.before, one.line, one.reply) for one in own]
        lines = _told_apart([w for w, one in zip(worth, own, strict=True) if one.kind == "good"],
                            [w for w, one in zip(worth, own, strict=True) if one.kind == "poor"])  # fmt: skip
        whole: dict[str, list[float]] = {"good": [], "poor": []}
        by_talk = groupby(zip(worth, own, strict=True), key=lambda one: (one[1].pair, one[1].kind))
        for (_, kind), found in by_talk:
            of_one = [w for w, _ in found]
            whole[kind].append(sum(of_one) / len(of_one))
        talks = _told_apart(whole["good"], whole["poor"])
        print(f"{source}: lines told apart {lines:.2f}, talks {talks:.3f} of {sum(map(len, whole.values()))}")


def _told_apart(good: Sequence[float], poor: Sequence[float]) -> float:
    """How often a good one is worth more than a poor one."""
    return sum(one > other for one in good for other in poor) / (len(good) * len(poor))


def digest() -> str:
    """Of all that is learned from."""
    return sha256(repr(all_exchanges()).encode()).hexdigest()[:16]


def save(model: Model) -> None:
    words = {**kept(model.line, "line"), **kept(model.answer, "answer")}
    numpy.savez_compressed(WEIGHTS, weights=model.weights, digest=digest(), **words)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--held", action="store_true")
    taught = all_exchanges()
    if parser.parse_args().held:
        _held(taught)
        return
    save(learned(taught))
    print(f"learned from {len(taught)} lines: {WEIGHTS}")


if __name__ == "__main__":
    main()
