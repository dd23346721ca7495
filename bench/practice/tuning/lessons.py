"""What the encoder is taught: lines that break a rule, lines that only sound like it, and all else advisors say; and
which lines belong to which entry of the client's repertoire."""

import json
import random
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.practice.tuning import heard
from bench.practice.tuning.sources import NONE, PARTS, PRACTICE, honest_in, labelled
from rplay.agents.rehearsal.client.story import story_of
from rplay.agents.rehearsal.reading.similarity import Book, examples
from rplay.agents.rehearsal.reading.text import bare, sentences
from rplay.agents.rehearsal.repertoire import entries

# What may break a rule itself.
_DOUBTFUL = frozenset({"press", "dismiss", "insult", "role_attack"})
_ORDINARY, _AROUND, _SEED, _SHARE = 500, 20, 5, 0.15


@dataclass(frozen=True)
class Lesson:
    """A text as plain words, and the rule it breaks or the entry it belongs to, or `none`."""

    text: str
    label: str


@dataclass(frozen=True)
class Case:
    """A client's statements, and questions each with the places of the statements that answer it, if any."""

    statements: Sequence[str]
    asks: Sequence[tuple[str, Sequence[int]]]


def of_rules(without: int) -> list[Lesson]:
    """What a tower is taught that goes without the authors of one part."""
    chance, sources = random.Random(_SEED + without), taught_without(without)
    written = [Lesson(text, label) for source in sources for text, label in labelled(source)]
    honest_ = [line for source in sources for line in honest_in(source)]
    innocent = [*honest_, *(one.text for one in written if one.label == NONE)]
    parts = (Lesson(part, NONE) for line in innocent for part in _some(heard.parts(line), chance))
    whole = (Lesson(bare(one.text), one.label) for one in (*written, *(Lesson(line, NONE) for line in honest_)))
    return _once([*_examples(), *whole, *_among(written, honest_, chance), *parts, *_ordinary(chance)])


def taught_without(without: int) -> Sequence[str]:
    return [source for at, part in enumerate(PARTS) if at != without for source in part]


def _some(parts: Sequence[str], chance: random.Random) -> Iterator[str]:
    """All of them in all rounds would take twice the time."""
    return (one for one in parts if chance.random() < _SHARE)


def _among(written: Sequence[Lesson], honest_: Sequence[str], chance: random.Random) -> Iterator[Lesson]:
    """What was written once more, with what honest advisors say around it."""
    others = [one for line in honest_ for one in sentences(line) if 3 <= len(one.split()) <= _AROUND]
    for one in written:
        if len((text := heard.among(one.text, others, chance)).split()) <= heard.LONGEST:
            yield Lesson(text, one.label)


def of_entries() -> list[Lesson]:
    """What breaks a rule belongs to no entry."""
    broken = (one for one in (*_examples(), *_written(aside=False)) if one.label != NONE)
    written = _once([*asked(aside=False), *_of_life(), *(Lesson(one.text, NONE) for one in broken)])
    return [*written, *_HEARD_COUNTS * list(_heard())]


def _once(found: Sequence[Lesson]) -> list[Lesson]:
    return list({one.text: one for one in reversed(found) if one.text}.values())


def aside() -> list[Lesson]:
    """The last fifth of what each author wrote for each rule."""
    return list(_written(aside=True))


def asked(*, aside: bool) -> Iterator[Lesson]:
    """The ways of asking the entries of the repertoire; every fifth is kept aside."""
    for path in sorted((PRACTICE / "training" / "repertoire").glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["entry"]:
            kept = (text for at, text in enumerate(entry["asks"]) if (at % _FIFTH == _FIFTH - 1) == aside)
            yield from (Lesson(bare(text), entry["id"]) for text in kept)


_FIFTH = 5


_HEARD_COUNTS = 2  # what was really said counts for more than what was written to be taught


def _heard() -> Iterator[Lesson]:
    """Lines of known talks, by the entry people say they belong to."""
    for path in sorted((PRACTICE / "training").glob("heard-*.jsonl")):
        rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
        known = entries().keys() | {NONE}
        yield from (Lesson(bare(row["text"]), row["entry"]) for row in rows if row["entry"] in known)


def cases(*, aside: bool) -> Iterator[Case]:
    """Profiles by people who wrote down what answers which question; every fifth is kept aside."""
    for path in sorted((PRACTICE / "training").glob("told-*.jsonl")):
        for at, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            if (at % _FIFTH == _FIFTH - 1) == aside:
                yield _case(json.loads(line))


def _case(row: Mapping[str, Any]) -> Case:
    """The statements are taught as the client says them."""
    first = row["name"].split()[0]
    said = [" ".join(story_of(text, first)) if text.rstrip().endswith(".") else text for text in row["statements"]]
    told = [bare(one or text) for one, text in zip(said, row["statements"], strict=True)]
    return Case(told, [(bare(one["ask"]), one["answers"]) for one in row["asks"]])


def _of_life() -> Iterator[Lesson]:
    """The reading's examples of questions on the life belong to the entry whose first fact they ask for."""
    first = Counter(one.facts[0] for one in entries().values() if one.facts)
    known = {one.facts[0]: one.id for one in entries().values() if one.facts and first[one.facts[0]] == 1} | _MEANT
    for label, text in examples("targets"):
        if fact := known.get((label[0], label[1])):
            yield Lesson(text, fact)


# Where several entries have the fact first, or none.
_MEANT = {
    tuple(fact.split(".")): entry
    for fact, entry in {
        "decision.who": "decision.who", "decision.needs": "decision.conditions", "spending.emergency": "save.emergency",
        "if.disability": "if.disability", "spending.budget": "spend.budget", "retirement.picture": "retire.picture",
        "cover.life": "cover.life", "goal.why": "goal.why", "advisor.want": "advisor.want", "work.like": "work.like",
        "cover.home": "cover.home", "cover.auto": "cover.auto", "spending.saves": "save.monthly",
        "goal.first": "goal.first", "goal.what": "goal.what", "work.benefits": "work.benefits",
        "risk.what": "risk.attitude", "children.custody": "kids.custody", "debt.feel": "debt.feel",
        "self.origin": "self.origin", "goal.progress": "goal.progress", "estate.will": "estate.will",
        "income.tax": "income.tax", "knowledge.reads": "knowledge.reads", "asset.why": "asset.why",
        "asset.risk": "asset.risk", "advisor.happened": "advisor.past", "if.crash": "risk.drop",
        "meeting.heard": "come.referral", "home.plan": "home.move", "work.employer": "work.do",
        "income.monthly": "income.what", "asset.what": "asset.what", "cover.what": "cover.what",
        "children.what": "kids.have", "home.what": "home.what", "home.like": "home.like", "debt.since": "debt.since",
    }.items()
}  # fmt: skip


def _examples() -> Iterator[Lesson]:
    for label, text in examples("breaches"):
        yield Lesson(text, NONE if label[0] == "innocent" else label[0])


def _written(*, aside: bool) -> Iterator[Lesson]:
    yield from (Lesson(bare(row["text"]), row["rule"]) for row in _rows(aside=aside))


def _rows(*, aside: bool) -> Iterator[Mapping[str, str]]:
    for path in sorted((PRACTICE / "training").glob("breaches-*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        groups = [(row["rule"], row["kind"], row.get("near")) for row in rows]
        many, seen = Counter(groups), Counter[tuple[str, str, str]]()
        for row, group in zip(rows, groups, strict=True):
            seen[group] += 1
            if (5 * seen[group] > 4 * many[group]) == aside:
                yield row


def _ordinary(chance: random.Random) -> Iterator[Lesson]:
    books: tuple[Book, ...] = ("acts", "targets", "others")
    for book in books:
        texts = [text for label, text in examples(book) if label[0] not in _DOUBTFUL]
        yield from (Lesson(text, NONE) for text in chance.sample(texts, min(_ORDINARY, len(texts))))
