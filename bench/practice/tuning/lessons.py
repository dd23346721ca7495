"""What the encoder is taught: lines that break a rule, lines that only sound like it, and all else advisors say."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from rplay.agents.rehearsal.reading.similarity import Book, examples
from rplay.agents.rehearsal.reading.text import bare, sentences

PRACTICE = Path(__file__).parents[1]
NONE = "none"
# Talks of advisors who keep to the rules, whatever else they do.
_HONEST = frozenset(
    {
        "good",
        "long",
        "voice-to-text",
        "recovery",
        "memory-check",
        "off-topic",
        "hurried",
        "silent",
        "mediocre",
        "jargon",
    }
)
# What may break a rule itself.
_DOUBTFUL = frozenset({"press", "dismiss", "insult", "role_attack"})
_ORDINARY, _LONGEST, _SEED = 4000, 60, 5


@dataclass(frozen=True)
class Lesson:
    """A text as plain words, and the rule it breaks, or `none`."""

    text: str
    rule: str


def taught() -> list[Lesson]:
    found = [*_examples(), *_written(aside=False), *_said("talks", "opened", "third"), *_ordinary()]
    return list({one.text: one for one in reversed(found) if one.text}.values())


def aside() -> list[Lesson]:
    """The last fifth of what each author wrote for each rule."""
    return list(_written(aside=True))


def _examples() -> Iterator[Lesson]:
    for label, text in examples("breaches"):
        yield Lesson(text, NONE if label[0] == "innocent" else label[0])


def _written(*, aside: bool) -> Iterator[Lesson]:
    for path in sorted((PRACTICE / "training").glob("breaches-*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        groups = [(row["rule"], row["kind"], row.get("near")) for row in rows]
        many, seen = Counter(groups), Counter[tuple[str, str, str]]()
        for row, group in zip(rows, groups, strict=True):
            seen[group] += 1
            if (5 * seen[group] > 4 * many[group]) == aside:
                yield Lesson(bare(row["text"]), row["rule"])


def _said(*folders: str) -> Iterator[Lesson]:
    for line in honest(*folders):
        yield from (Lesson(part, NONE) for part in parts(line))


def honest(*folders: str) -> Iterator[str]:
    """The advisor's lines of talks in which no rule is broken."""
    for folder in folders:
        for path in sorted((PRACTICE / folder).glob("*.json")):
            talk = json.loads(path.read_text(encoding="utf-8"))
            if talk["kind"] in _HONEST:
                yield from (line["say"] for line in talk["lines"])


def parts(line: str) -> list[str]:
    """The sentences of a line, and those that follow one another: one is often an innocent half of what two say."""
    single = [bare(one) for one in sentences(line)]
    both = [f"{one} {other}" for one, other in pairwise(single)]
    return [one for one in dict.fromkeys([*single, *both]) if one and len(one.split()) <= _LONGEST]


def _ordinary() -> Iterator[Lesson]:
    chance = random.Random(_SEED)
    books: tuple[Book, ...] = ("acts", "targets", "others")
    for book in books:
        texts = [text for label, text in examples(book) if label[0] not in _DOUBTFUL]
        yield from (Lesson(text, NONE) for text in chance.sample(texts, min(_ORDINARY, len(texts))))
