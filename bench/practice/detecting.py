"""How the detectors agree with people on talks of another field: `python -m bench.practice.detecting [LABELS …]`.

Cohen's κ of reflections, open and closed questions and unsolicited advice, line by line, with each labelling, those
beside the talks if none is named, and between the labellings.
"""

import sys
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

from rplay.agents.rehearsal.reading.detectors import questions, reflection, unsolicited_advice
from rplay.agents.types import Message

HERE = Path(__file__).parent / "detectors"
KINDS = ("reflection", "complex", "open", "closed", "advice")
Labels = Mapping[tuple[str, int], tuple[bool, ...]]


def labelled(path: Path) -> Labels:
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines() if line]
    return {
        (talk, int(number)): (depth != "none", depth == "complex", opened > "0", closed > "0", advice == "yes")
        for talk, number, depth, opened, closed, advice in rows
    }


def detected() -> Labels:
    found: dict[tuple[str, int], tuple[bool, ...]] = {}
    for path in sorted((HERE / "talks").glob("*.txt")):
        before: list[Message] = []
        number = 0
        for line in path.read_text("utf-8").splitlines():
            who, _, text = line.partition(": ")
            if who == "A":
                number += 1
                depth, asked = reflection(text, before), questions(text)
                advice = unsolicited_advice(text, before)
                found[path.stem, number] = (bool(depth), depth == "complex", asked.open > 0, asked.closed > 0, advice)
            if who in ("A", "C"):
                before.append({"role": "user" if who == "A" else "assistant", "content": text})
    return found


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


def main(names: Sequence[str]) -> None:
    paths = [Path(name) for name in names] or sorted((HERE / "labels").glob("*.tsv"))
    labels, ours = {path.stem: labelled(path) for path in paths}, detected()
    for name, found in labels.items():
        report(f"detectors and {name}", ours, found)
    for (name, found), (other, others) in combinations(labels.items(), 2):
        report(f"{name} and {other}", found, others)


if __name__ == "__main__":
    main(sys.argv[1:])
