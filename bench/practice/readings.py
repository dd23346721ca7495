"""How well an advisor's lines are read: `python -m bench.practice.readings [--held] [--words]`.

Acts, targets and breaches on the lines of `reading/`, with their marks and without. Every second line is held back and
only looked at with --held; --words leaves meaning out. With --wrong the lines that were read wrongly are shown.
"""

import argparse
import json
import re
from dataclasses import dataclass
from pathlib import Path

from rplay.agents import meaning
from rplay.agents.persona.life import Life
from rplay.agents.persona.make import life_of
from rplay.agents.rehearsal.reading import Reading, read
from rplay.agents.rehearsal.reading.compliance import SURE, breaches
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("held", "words", "wrong"):
        parser.add_argument(f"--{name}", action="store_true")
    given = parser.parse_args()
    meaning.allow(not given.words)
    for marks in (True, False):
        measure(held=given.held, marks=marks, wrong=given.wrong and marks)
        accused(held=given.held, marks=marks, wrong=given.wrong and marks)


if __name__ == "__main__":
    main()
