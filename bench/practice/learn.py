"""Learns what the reading knows by heart: `python -m bench.practice.learn`, after any change of the examples or of the
talks in `reading/gold.jsonl`.

Two linear models over the vectors of sentences (`examples/learned.npz`): what a question asks, and which act a
statement is. And what each sign weighs (`weights.toml`): a softmax over all that a question may ask, so that the share
of the best is how likely it is right. Signs are weighed on talks that the linear model did not see.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy

from bench.practice.gold import GOLD, client, gold, heard, kept_aside
from rplay.agents import meaning
from rplay.agents.rehearsal import reading
from rplay.agents.rehearsal.reading import acts, learned, targets
from rplay.agents.rehearsal.reading.about import About, Index, index
from rplay.agents.rehearsal.reading.forms import body
from rplay.agents.rehearsal.reading.learned import Asked
from rplay.agents.rehearsal.reading.similarity import examples
from rplay.agents.rehearsal.reading.tables import FOLDER
from rplay.agents.rehearsal.reading.text import bare

if TYPE_CHECKING:
    Floats = numpy.ndarray[Any, numpy.dtype[numpy.float32]]

# Measured on the talks kept aside.
FOLDS, ROUNDS, STEP, TALK_WEIGHT = 5, 150, 0.3, 2.0
KEEP_SMALL, KEEP_WEIGHTS = 3e-6, 3e-3


@dataclass(frozen=True)
class Known:
    """A text and how it is labelled: one label, or several that are as right."""

    text: str
    labels: tuple[str, ...]
    weight: float = 1.0


Model = tuple[tuple[str, ...], "Floats"]


# What is known


def asked_in_examples() -> Iterator[Known]:
    for book in ("targets", "others"):
        for label, text in examples(book):
            yield Known(text, (".".join(label),))


def asked_in(talks: Iterable[str]) -> Iterator[Known]:
    for talk in talks:
        known = index(*client(talk))
        for line in gold()[talk]:
            for label in line.labels.values():
                if label.asks:
                    purposes = {"detail" if one == "story" else one for one in label.purposes}
                    yield Known(bare(known.general(body(label.text))), tuple(sorted(purposes)), TALK_WEIGHT)


def done_in_examples() -> Iterator[Known]:
    for label, text in examples("acts"):
        yield Known(text, (label[0],))


def done_in(talks: Iterable[str]) -> Iterator[Known]:
    for talk in talks:
        for line in gold()[talk]:
            for label in line.labels.values():
                if not label.asks:
                    yield Known(bare(body(label.text)), label.acts, TALK_WEIGHT)


# Linear models


def fitted(known: Sequence[Known]) -> Model:
    """A softmax over the vectors, by Adam on all of them at once."""
    vectors = numpy.array([numpy.append(_vector(one.text), 1.0) for one in known])
    labels = tuple(sorted({label for one in known for label in one.labels}))
    wanted = numpy.zeros((len(known), len(labels)))
    for row, one in enumerate(known):
        for label in one.labels:
            wanted[row, labels.index(label)] = 1 / len(one.labels)
    each = numpy.array([one.weight for one in known])[:, None] / sum(one.weight for one in known)
    weights = numpy.zeros((vectors.shape[1], len(labels)))
    for change in _adam(weights.shape):
        weights -= change(vectors.T @ ((_softmax(vectors @ weights) - wanted) * each) + KEEP_SMALL * weights)
    return labels, weights.astype(numpy.float16)


_vector = cache(meaning.vector)  # the module's own keeps fewer than there are examples


def _adam(shape: tuple[int, ...], step: float = STEP, rounds: int = ROUNDS) -> Iterator[Any]:
    mean, square = numpy.zeros(shape), numpy.zeros(shape)
    for at in range(1, rounds + 1):

        def change(slope: Any, at: int = at) -> Any:
            mean[...] = 0.9 * mean + 0.1 * slope
            square[...] = 0.99 * square + 0.01 * slope**2
            return step * (mean / (1 - 0.9**at)) / (numpy.sqrt(square / (1 - 0.99**at)) + 1e-8)

        yield change


def _softmax(scores: Any) -> Any:
    shares = numpy.exp(scores - scores.max(axis=-1, keepdims=True))
    return shares / shares.sum(axis=-1, keepdims=True)


# Signs


Seen = tuple[Mapping[Any, learned.Signs], frozenset[str]]


def weighed(seen: Sequence[Seen]) -> dict[str, float]:
    """What each sign weighs, so that the right ones of the candidates have the largest share."""
    signs = sorted({sign for found, _ in seen for one in found.values() for sign in one})
    rows = numpy.zeros((len(seen), max(len(found) for found, _ in seen), len(signs)), numpy.float32)
    there, right = numpy.full(rows.shape[:2], -1e9), numpy.zeros(rows.shape[:2])
    for at, (found, wanted) in enumerate(seen):
        for place, (candidate, one) in enumerate(found.items()):
            there[at, place], right[at, place] = 0.0, _label(candidate) in wanted
            rows[at, place] = [one.get(sign, 0.0) for sign in signs]
    weights = numpy.zeros(len(signs))
    for change in _adam(weights.shape, 0.05, 400):
        share = _softmax(rows @ weights + there)
        hit = share * right
        miss = share - hit / numpy.maximum(hit.sum(axis=1, keepdims=True), 1e-12)
        weights -= change(numpy.tensordot(miss, rows, 2) / len(seen) + KEEP_WEIGHTS * weights)
    return {sign: round(float(one), 3) for sign, one in zip(signs, weights, strict=True) if abs(one) >= 0.005}


def _label(candidate: Any) -> str:
    return ".".join(candidate) if isinstance(candidate, tuple) else str(candidate)


def seen_in(talks: Sequence[str]) -> tuple[list[Seen], list[Seen]]:
    """The signs of questions and of statements, by a model that has learned from other talks only."""
    asked: list[Seen] = []
    told: list[Seen] = []
    for fold in (talks[at::FOLDS] for at in range(FOLDS)):
        others = [talk for talk in talks if talk not in fold]
        with _learned(models(others) if meaning.on() else {}):
            for talk in fold:
                asked += _questions(talk)
                told += _statements(talk)
    return asked, told


def _questions(talk: str) -> Iterator[Seen]:
    own, seen = targets.candidates, dict[str, Mapping[Any, learned.Signs]]()

    def watched(text: str, full: str, about: About, known: Index) -> Any:
        seen[full] = found = own(text, full, about, known)
        return found

    targets.candidates = watched  # type: ignore[assignment]
    try:
        for line, before in heard(talk):
            reading.read(line.text, before, *client(talk))
    finally:
        targets.candidates = own
    for label in (one for line in gold()[talk] for one in line.labels.values() if one.asks):
        wanted = frozenset("detail" if one == "story" else one for one in label.purposes)
        found = seen.get(bare(label.text), {})
        if wanted & {_label(one) for one in found}:
            yield found, wanted


def _statements(talk: str) -> Iterator[Seen]:
    for label in (one for line in gold()[talk] for one in line.labels.values() if not one.asks):
        found = acts.candidates(label.text) if bare(label.text) else {}
        if frozenset(label.acts) & found.keys():
            yield found, frozenset(label.acts)


@contextmanager
def _learned(found: Mapping[Asked, Model]) -> Iterator[None]:
    """Reads with other models than those that are shipped."""
    own = learned.model
    learned.model = found.__getitem__  # type: ignore[assignment]
    _forget()
    try:
        yield
    finally:
        learned.model = own
        _forget()


def _forget() -> None:
    for kept in (reading._read, reading._after_advisor, reading._after_client, learned._likely):
        kept.cache_clear()


# Writing


def digest() -> str:
    """What was learned from."""
    texts = [*asked_in_examples(), *done_in_examples()]
    return sha256(repr(texts).encode() + GOLD.read_bytes()).hexdigest()


def models(talks: Sequence[str]) -> dict[Asked, Model]:
    return {
        "acts": fitted([*done_in_examples(), *done_in(talks)]),
        "questions": fitted([*asked_in_examples(), *asked_in(talks)]),
    }


def main() -> None:
    talks = sorted(gold().keys() - kept_aside(gold()))
    text = "# What each sign weighs. Written by `python -m bench.practice.learn`.\n"
    for way in ("meaning", "words"):
        meaning.allow(way == "meaning")
        for of, seen in zip(("questions", "acts"), seen_in(talks), strict=True):
            signs = "".join(f"{sign} = {weight}\n" for sign, weight in weighed(seen).items())
            text += f"\n[{of}_by_{way}]\n{signs}"
    meaning.allow(True)
    (FOLDER / "weights.toml").write_text(text, encoding="utf-8")
    found = models(talks)
    labels = {f"{of}_labels": numpy.array(names) for of, (names, _) in found.items()}
    weights = {str(of): columns for of, (_, columns) in found.items()}
    numpy.savez_compressed(learned.WEIGHTS, allow_pickle=False, digest=numpy.array(digest()), **labels, **weights)


if __name__ == "__main__":
    main()
