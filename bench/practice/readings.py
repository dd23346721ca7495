"""How well an advisor's lines are read: `python -m bench.practice.readings [--held] [--words]`.

Acts, targets and breaches on the lines of `reading/`, with their marks and without. Every second line is held back and
only looked at with --held; --words leaves meaning out. With --wrong the lines that were read wrongly are shown.
With --gold: each sentence of the talks in `reading/gold.jsonl`, labelled by hand with what may be read in it. Every
fifth talk is kept aside: its lines teach nothing (`make_vectors`) and are counted apart.
"""

import argparse
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.practice.gold import Label, fresh, gold, heard, kept_aside
from bench.practice.gold import client as client_of
from rplay.agents import meaning
from rplay.agents.persona.life import Life
from rplay.agents.persona.make import life_of
from rplay.agents.rehearsal.reading import Reading, Sentence, read
from rplay.agents.rehearsal.reading.compliance import SURE, breaches
from rplay.agents.rehearsal.reading.text import bare
from rplay.agents.types import Message

HERE = Path(__file__).parent
CLIENT = HERE / "talks/a01-bus-mechanic-term-life.json"


@dataclass(frozen=True)
class Line:
    acts: tuple[str, ...]
    targets: tuple[str, ...]
    before: str
    text: str


def rows(name: str, *, held: bool) -> list[list[str]]:
    lines = [line for line in (HERE / "reading" / name).read_text().splitlines() if line and line[0] != "#"]
    return [[part.strip() for part in line.split(" | ")] for line in lines[int(held) :: 2]]


def spoken(text: str) -> str:
    return " ".join(re.sub(r"(?<!\d)[.,;:!?]|[.,;:!?](?!\d)", " ", text).lower().split())


def client() -> Life:
    talk = json.loads(CLIENT.read_text())
    return life_of(talk["profile"], talk["industry"], talk["subcategory"], talk["difficulty"])


def reading(line: Line, life: Life, *, marks: bool) -> Reading:
    before: list[Message] = [{"role": "assistant", "content": line.before}] if line.before != "-" else []
    return read(line.text if marks else spoken(line.text), before, life)


def right(line: Line, found: Reading) -> tuple[bool, bool]:
    asked = {f"{one.kind}.{one.aspect}" for one in found.asks[:1]}
    act = any(act in found.acts for act in line.acts)
    return act, bool(asked & set(line.targets)) if line.targets != ("-",) else not (asked and "ask" in found.acts)


def measure(*, held: bool, marks: bool, wrong: bool) -> None:
    life, lines = (
        client(),
        [Line(tuple(a.split("/")), tuple(t.split("/")), b, c) for a, t, b, c in rows("lines.txt", held=held)],
    )
    judged = [(line, found := reading(line, life, marks=marks), right(line, found)) for line in lines]
    acts = sum(ok[0] for _, _, ok in judged)
    asked = [ok[1] for line, _, ok in judged if line.targets != ("-",)]
    print(f"{'with' if marks else 'without'} marks: acts {acts}/{len(judged)}, targets {sum(asked)}/{len(asked)}")
    for line, found, ok in judged if wrong else ():
        if not all(ok):
            got = [(f"{one.kind}.{one.aspect}", one.subject) for one in found.asks]
            print("   ", "/".join(line.acts), "/".join(line.targets), "|", line.text, "|", sorted(found.acts), got)


def accused(*, held: bool, marks: bool, wrong: bool) -> None:
    judged = [(id_, text, _found(text if marks else spoken(text))) for id_, text in rows("breaches.txt", held=held)]
    guilty = [(id_, sure, doubt) for id_, _, (sure, doubt) in judged if id_ != "innocent"]
    innocent = [(sure, doubt) for id_, _, (sure, doubt) in judged if id_ == "innocent"]
    named = sum(id_ in sure for id_, sure, _ in guilty), sum(id_ in doubt - sure for id_, sure, doubt in guilty)
    some = sum(bool(sure) for _, sure, _ in guilty), sum(bool(sure) for sure, _ in innocent)
    doubted = sum(bool(doubt) for _, doubt in innocent)
    print(f"    breaches: {named[0]} of {len(guilty)} named surely, {named[1]} doubtfully;")
    print(f"    {some[0]} as some breach; innocent: {some[1]} of {len(innocent)} accused surely, {doubted} doubtfully")
    for id_, text, (sure, doubt) in judged if wrong else ():
        if (id_ == "innocent" and (sure or doubt)) or (id_ != "innocent" and id_ not in sure):
            print("   ", id_, "|", text, "|", sorted(sure), sorted(doubt))


def _found(text: str) -> tuple[set[str], set[str]]:
    found = breaches(text)
    return {one.id for one in found if one.confidence >= SURE}, {one.id for one in found if one.confidence < SURE}


# Sentences of whole talks


@dataclass(frozen=True)
class Judged:
    """What was read of a sentence beside what may be: acts, and what a question may be for."""

    label: Label
    found: Sentence

    @property
    def target(self) -> str:
        return f"{one.kind}.{one.aspect}" if (one := self.found.target) else ""

    @property
    def purpose(self) -> str:
        return self.target if self.found.asks == "life" else self.found.asks or ""

    @property
    def right(self) -> bool:
        """A detail may be taken for one of the story and the other way round: they are answered from the same."""
        alike = {"story", "detail"}
        return bool({self.purpose, *(alike if self.purpose in alike else ())} & self.label.purposes)

    @property
    def hit(self) -> bool:
        return self.target in self.label.targets


def judged(talk: str, *, marks: bool) -> Iterator[Judged]:
    """The sentences that the reading cuts as the labels do."""
    life, story = client_of(talk)
    for line, before in heard(talk):
        for sentence in read(line.text if marks else spoken(line.text), before, life, story).sentences:
            if label := line.labels.get(bare(sentence.text)):
                yield Judged(label, sentence)


def measure_gold(*, marks: bool, wrong: bool) -> None:
    aside = kept_aside(gold())
    for name, part in (("talks learned from", gold().keys() - aside), ("talks kept aside", aside)):
        found = [one for talk in sorted(part) for one in judged(talk, marks=marks)]
        print(f"{name}, {'with' if marks else 'without'} marks: {len(found)} sentences")
        _print_gold(found)
        for one in found if wrong and part == aside else ():
            if not (one.right if one.label.asks else one.found.act in one.label.acts):
                read_ = f"{one.found.act} {one.found.asks} {one.target} {one.found.score:.2f}"
                print(f"    {one.found.text} | {one.label.acts} {one.label.asks} | {read_}")


def measure_fresh(*, marks: bool, wrong: bool) -> None:
    """Lines of no talk, written after the examples: said to one client who has told why he came."""
    life, story = client_of(CLIENT.stem)
    found = [
        Judged(label, _main(read(label.text if marks else spoken(label.text), TOLD, life, story))) for label in fresh()
    ]
    print(f"fresh lines, {'with' if marks else 'without'} marks: {len(found)}")
    _print_gold(found)
    for one in found if wrong else ():
        if not (one.right if one.label.asks else one.found.act in one.label.acts):
            print(f"    {one.label} | {one.found.act} {one.found.asks} {one.target} {one.found.score:.2f}")


TOLD: list[Message] = [
    {"role": "user", "content": "What brings you in?"},
    {"role": "assistant", "content": "A coworker of 42 died of a heart attack last fall. That stuck with me."},
]


def _main(found: Reading) -> Sentence:
    """The last question, else the last sentence."""
    return next((one for one in reversed(found.sentences) if one.question), found.sentences[-1])


def _print_gold(found: list[Judged]) -> None:
    told, asked = [one for one in found if not one.label.asks], [one for one in found if one.label.asks]
    life = [one for one in asked if one.label.targets]
    print(f"    acts of statements {_share(one.found.act in one.label.acts for one in told)}, "
          f"questions taken for statements {_share(not one.found.question for one in asked)}, "
          f"statements for questions {_share(one.found.question for one in told)}")  # fmt: skip
    print(f"    purpose {_share(one.right for one in asked)}, target of those on the life "
          f"{_share(one.hit for one in life)}")  # fmt: skip
    for least in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        sure = [one for one in found if one.target and one.found.score >= least and not one.found.follow]
        print(f"    from {least}: precision {_share(one.hit for one in sure)}, "
              f"of the life {_share(one in sure and one.hit for one in life)}")  # fmt: skip


def _share(ticks: Iterable[bool]) -> str:
    counted = list(ticks)
    return f"{sum(counted)}/{len(counted)} ({sum(counted) / max(1, len(counted)):.0%})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("held", "words", "wrong", "gold"):
        parser.add_argument(f"--{name}", action="store_true")
    given = parser.parse_args()
    meaning.allow(not given.words)
    for marks in (True, False):
        if given.gold:
            measure_gold(marks=marks, wrong=given.wrong and marks)
            measure_fresh(marks=marks, wrong=given.wrong and marks)
            continue
        measure(held=given.held, marks=marks, wrong=given.wrong and marks)
        accused(held=given.held, marks=marks, wrong=given.wrong and marks)


if __name__ == "__main__":
    main()
