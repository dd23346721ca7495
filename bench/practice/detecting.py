"""How the detectors agree with people on talks of another field: `python -m bench.practice.detecting`.

Cohen's κ of reflections, open and closed questions and unsolicited advice, line by line, with each labelling, and
between the labellings. Reflections and advice are learned from the first labelling (`--learn` writes what is learned of
all); here each subject, its good talk and its poor one, is judged by what the others teach.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, cached_property
from hashlib import sha256
from itertools import combinations
from pathlib import Path

import numpy

from rplay.agents.rehearsal.reading import labelled as labelled_
from rplay.agents.rehearsal.reading.bags import kept, known
from rplay.agents.rehearsal.reading.detectors import numbers, questions, reflection, unsolicited_advice
from rplay.agents.rehearsal.reading.labelled import KINDS as LEARNED
from rplay.agents.rehearsal.reading.labelled import WEIGHTS, Model, features
from rplay.agents.types import Message

HERE = Path(__file__).parent / "detectors"
KINDS = ("reflection", "complex", "open", "closed", "advice")
PENALTY, OFTEN = 2.5, 4
Labels = Mapping[tuple[str, int], tuple[bool, ...]]


def labelled(path: Path) -> Labels:
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines() if line]
    return {
        (talk, int(number)): (depth != "none", depth == "complex", opened > "0", closed > "0", advice == "yes")
        for talk, number, depth, opened, closed, advice in rows
    }


@dataclass(frozen=True)
class Line:
    """One line of the advisor, what it answers, and all that was said before."""

    talk: str
    number: int
    text: str
    before: list[Message]

    @property
    def subject(self) -> str:
        return self.talk.partition("-")[2]

    @property
    def answers(self) -> str:
        return next((one["content"] for one in reversed(self.before) if one["role"] == "assistant"), "")

    @cached_property
    def numbers(self) -> tuple[float, ...]:
        return numbers(self.text, self.before)


def lines() -> Iterator[Line]:
    for path in sorted((HERE / "talks").glob("*.txt")):
        before: list[Message] = []
        number = 0
        for line in path.read_text("utf-8").splitlines():
            who, _, text = line.partition(": ")
            if who == "A":
                number += 1
                yield Line(path.stem, number, text, [*before])
            if who in ("A", "C"):
                before.append({"role": "user" if who == "A" else "assistant", "content": text})


def learned(taught: Sequence[Line], right: Labels) -> Model:
    """By least squares, all weights held back but the last."""
    words = known((one.text for one in taught), OFTEN)
    counted = numpy.array([one.numbers for one in taught], dtype=numpy.float32)
    bare = Model(words, counted.mean(axis=0), counted.std(axis=0) + 1e-6, numpy.zeros(0, dtype=numpy.float32))
    told = numpy.array([features(bare, one.text, one.answers, one.numbers) for one in taught], dtype=numpy.float64)
    told = numpy.hstack([told, numpy.ones((len(told), 1))])
    places = [KINDS.index(kind) for kind in LEARNED]
    wanted = numpy.array([[2.0 * right[one.talk, one.number][at] - 1 for at in places] for one in taught])
    penalty = numpy.full(told.shape[1], PENALTY)
    penalty[-1] = 1.0
    found = numpy.linalg.solve(told.T @ told + numpy.diag(penalty), told.T @ wanted)
    return replace(bare, weights=found.T.astype(numpy.float32))


def detected(right: Labels) -> Labels:
    """Each subject by what the others teach."""
    told = list(lines())
    found: dict[tuple[str, int], tuple[bool, ...]] = {}
    for subject in dict.fromkeys(one.subject for one in told):
        model = learned([one for one in told if one.subject != subject], right)
        with patched(model):
            found |= {(one.talk, one.number): _done(one) for one in told if one.subject == subject}
    return found


@contextmanager
def patched(model: Model) -> Iterator[None]:
    usual, labelled_.model = labelled_.model, cache(lambda: model)
    try:
        yield
    finally:
        labelled_.model = usual


def _done(one: Line) -> tuple[bool, ...]:
    depth, asked = reflection(one.text, one.before), questions(one.text)
    advice = unsolicited_advice(one.text, one.before)
    return (bool(depth), depth == "complex", asked.open > 0, asked.closed > 0, advice)


def digest() -> str:
    """Of all that is learned from."""
    texts = (path.read_bytes() for path in [*sorted((HERE / "talks").glob("*.txt")), HERE / "labels" / "first.tsv"])
    return sha256(b"".join(texts)).hexdigest()[:16]


def save(model: Model) -> None:
    numpy.savez_compressed(
        WEIGHTS,
        usual=model.usual,
        spread=model.spread,
        weights=model.weights,
        digest=digest(),
        **kept(model.words, "words"),
    )


def kappa(one: Sequence[bool], other: Sequence[bool]) -> float:
    n = len(one)
    agreed = sum(a == b for a, b in zip(one, other, strict=True)) / n
    chance = (sum(one) * sum(other) + (n - sum(one)) * (n - sum(other))) / n**2
    return 1.0 if chance == 1 else (agreed - chance) / (1 - chance)


def report(title: str, one: Labels, other: Labels) -> None:
    lines = sorted(one.keys() & other.keys())
    told = (
        f"{kind} {kappa([one[at][place] for at in lines], [other[at][place] for at in lines]):.2f}"
        for place, kind in enumerate(KINDS)
    )
    print(f"{title}, {len(lines)} lines: κ " + ", ".join(told))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--learn", action="store_true")
    labels = {path.stem: labelled(path) for path in sorted((HERE / "labels").glob("*.tsv"))}
    if parser.parse_args().learn:
        save(learned(list(lines()), labels["first"]))
        return
    ours = detected(labels["first"])
    for name, found in labels.items():
        report(f"detectors and {name}", ours, found)
    for (name, found), (other, others) in combinations(labels.items(), 2):
        report(f"{name} and {other}", found, others)


if __name__ == "__main__":
    main()
