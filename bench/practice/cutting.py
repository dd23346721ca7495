"""Learns where spoken sentences end: `python -m bench.practice.cutting`, from talks and transcripts with marks and from
examples said one after another; `--held` leaves every fourth talk out and says how many of its questions are found.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path

import numpy
import orjson

from bench.practice.replay import spoken
from rplay.agents.rehearsal.reading import cuts
from rplay.agents.rehearsal.reading.similarity import examples
from rplay.agents.rehearsal.reading.text import clauses, sentences

HERE = Path(__file__).parent
JOINED, JOINED_WEIGHT = 2500, 0.4
KEEP_SMALL, ROUNDS, STEP, LEAST = 1.5, 120, 0.1, 0.12
# A line as spoken words, and after how many of them each sentence ends.
Spoken = tuple[list[str], frozenset[int]]


def talks() -> Iterator[list[str]]:
    """The advisor's lines of each talk that was written with marks."""
    for folder in ("talks", "opened", "third"):
        for path in sorted((HERE / folder).glob("*.json")):
            yield [line["say"] for line in json.loads(path.read_text(encoding="utf-8"))["lines"]]
    for path in sorted((HERE / "reviews" / "pairs").glob("*.json")):
        pair = json.loads(path.read_text(encoding="utf-8"))
        for way in ("good", "poor"):
            yield [line["content"] for line in pair[way] if line["role"] == "user"]


def heard(line: str) -> Spoken:
    pieces = [spoken(clause).split() for sentence in sentences(line) for clause in clauses(sentence)]
    words = [cuts.word_of(word) for piece in pieces for word in piece]
    return words, frozenset(accumulate(map(len, pieces)))


def joined(seed: int = 5) -> Iterator[Spoken]:
    """Examples of statements and questions said one after another."""
    chance = random.Random(seed)
    books = [[text for _, text in examples(book)] for book in ("acts", "targets")]
    for _ in range(JOINED):
        pieces = [chance.choice(chance.choice(books)).split() for _ in range(chance.choice((2, 2, 3)))]
        yield [cuts.word_of(word) for piece in pieces for word in piece], frozenset(accumulate(map(len, pieces)))


def learned(known: Iterable[tuple[Spoken, float]]) -> dict[str, int]:
    """A logistic regression over the signs at each place, by Adam; weights in hundredths."""
    rows, ends, weights = [], [], []
    for (words, after), weight in known:
        since = 0
        for at in range(len(words) - 1):
            since += 1
            rows.append(cuts.signs(words, at, since))
            ends.append(at + 1 in after)
            weights.append(weight)
            since = 0 if at + 1 in after else since
    counts = Counter(sign for row in rows for sign in row)
    names = [sign for sign, count in counts.items() if count > 1]
    return {name: round(100 * one) for name, one in zip(names, _fitted(rows, ends, weights, names), strict=True)
            if abs(one) >= LEAST}  # fmt: skip


def _fitted(
    rows: Sequence[Sequence[str]], ends: Sequence[bool], each: Sequence[float], names: Sequence[str]
) -> list[float]:
    places = {name: at for at, name in enumerate(names)}
    pairs = [(at, places[sign]) for at, row in enumerate(rows) for sign in row if sign in places]
    row, column = numpy.array(pairs).T
    right, weight = numpy.array(ends, float), numpy.array(each)
    weights, mean, square = (numpy.zeros(len(names)) for _ in range(3))
    for at in range(1, ROUNDS + 1):
        share = 1 / (1 + numpy.exp(-numpy.bincount(row, weights=weights[column], minlength=len(right))))
        miss = (share - right) * weight
        slope = (numpy.bincount(column, weights=miss[row], minlength=len(names)) + KEEP_SMALL * weights) / len(right)
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        weights -= STEP * (mean / (1 - 0.9**at)) / (numpy.sqrt(square / (1 - 0.99**at)) + 1e-9)
    return [float(one) for one in weights]


def known(lines: Iterable[str]) -> list[tuple[Spoken, float]]:
    return [(heard(line), 1.0) for line in lines if cuts.marked(line)] + [(one, JOINED_WEIGHT) for one in joined()]


# How well


_FILLERS = frozenset(
    ("okay", "ok", "right", "so", "and", "but", "now", "well", "great", "good", "thanks", "yeah", "yes", "no", "um",
     "uh", "hi", "hey", "or", "then", "also")
)  # fmt: skip


def _start(text: str) -> tuple[str, ...]:
    words = spoken(text).split()
    first = next((at for at, word in enumerate(words) if word not in _FILLERS), 0)
    return tuple(words[first : first + 3])


def found(lines: Iterable[str], cut: Callable[[str], list[str]]) -> str:
    """How many questions behind another sentence begin a piece, and how many pieces begin where nothing does."""
    asked = hit = wrong = pieces = 0
    for line in lines:
        whole = sentences(line)
        if len(whole) < 2 or not cuts.marked(line):
            continue
        got = {_start(one) for one in cut(spoken(line))}
        wanted = {_start(clause) for one in whole for clause in clauses(one)}
        questions = [_start(one) for one in whole[1:] if one.rstrip("\"')").endswith("?") and len(_start(one)) == 3]
        asked, hit = asked + len(questions), hit + sum(one in got for one in questions)
        pieces, wrong = pieces + len(got), wrong + len(got - wanted)
    return f"questions found {hit} of {asked} ({hit / max(asked, 1):.0%}), wrong pieces {wrong} of {pieces}"


def _cut(line: str) -> list[str]:
    return [clause for piece in cuts.spoken_pieces(line) for clause in clauses(piece)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held", action="store_true")
    held = parser.parse_args().held
    every = list(talks())
    taught = [line for at, talk in enumerate(every) if not (held and at % 4 == 0) for line in talk]
    weights = learned(known(taught))
    if not held:
        cuts.WEIGHTS.write_bytes(orjson.dumps(weights, option=orjson.OPT_APPEND_NEWLINE))
        return
    cuts._weights = lambda: weights  # type: ignore[assignment]
    aside = [line for talk in every[::4] for line in talk]
    print("by rules:", found(aside, clauses))
    print("learned: ", found(aside, _cut), f"({len(weights)} weights)")


if __name__ == "__main__":
    main()
