"""How well broken rules are told: `python -m bench.practice.breaking [--rules] [--show]`.

On whole lines, as the reviewer looks at them: the breaches put into the good talks of `reviews/`, between the client's
messages and with marks and without, and the lines of those talks; and the lines that were written to be taught
(`training/`), breaches of each rule, lines that only sound like one, and plain ones.

Each is looked at twice: by all towers, of which two were taught its author's lines, and by the one that was not, which
is how well strangers' lines are told. With --rules that is counted rule by rule. With --show, what is missed and
accused in talks.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

from bench.practice.readings import spoken
from bench.practice.tuning.sources import NONE, PARTS, Talk, good_talks, put_in, rules_of, written
from rplay.agents import meaning
from rplay.agents.broken_rules import least, proves
from rplay.agents.rehearsal.reading.compliance import breaches
from rplay.agents.rehearsal.reading.meant import meant

TOWERS = ("rules", "rules2", "rules3")  # each goes without the authors of one part
_CURVE = (0, 1, 3, 7, 15)


@dataclass(frozen=True)
class Line:
    """A line of the advisor between two of the client. `rules` are those it breaks, the meant one first."""

    kind: str
    text: str
    rules: Sequence[str] = ()
    before: str = ""
    reply: str = ""

    def without_marks(self) -> "Line":
        return Line(self.kind, spoken(self.text), self.rules, self.before, self.reply)


@dataclass(frozen=True)
class Seen:
    """What a line is said to break, and by how much its meaning is above what is needed to prove it."""

    line: Line
    broken: Sequence[str]
    above: float
    rule: str

    @property
    def right(self) -> bool:
        return not set(self.broken).isdisjoint(self.line.rules)


def breaches_in_talks(source: str) -> Iterator[Line]:
    talks = good_talks(source)
    for one in put_in(source):
        talk = list(talks[one["pair"]])
        talk[one["after"] + 1 : one["after"] + 1] = one["lines"]
        yield _line("breach in a talk", talk, one["after"] + 1, rules_of(one["kind"]))


def lines_of_talks(source: str) -> Iterator[Line]:
    for talk in good_talks(source).values():
        yield from (_line("honest in a talk", talk, at) for at, one in enumerate(talk) if one["role"] == "user")


def _line(kind: str, talk: Talk, at: int, rules: Sequence[str] = ()) -> Line:
    def client(place: int) -> str:
        there = 0 <= place < len(talk) and talk[place]["role"] == "assistant"
        return talk[place]["content"] if there else ""

    return Line(kind, talk[at]["content"], rules, client(at - 1), client(at + 1))


def written_lines(source: str) -> Iterator[Line]:
    for row in written(source):
        yield Line(row["kind"], row["text"], () if row["rule"] == NONE else (row["rule"],))


def lines(part: Sequence[str]) -> list[Line]:
    """All that the authors of a part wrote."""
    each = (breaches_in_talks, lines_of_talks, written_lines)
    return [one for of in each for source in dict.fromkeys(part) for one in of(source)]


@contextmanager
def only(*towers: str) -> Iterator[None]:
    """Rules are told by these towers alone."""
    with patch.dict(meaning._TOLD, {"rules": towers}):  # type: ignore[arg-type]
        _forget()
        yield
    _forget()


def _forget() -> None:
    for kept in (meaning._kept, meant, breaches):
        kept.cache_clear()  # type: ignore[attr-defined]


def seen(line: Line) -> Seen:
    proved = [one.id for one in breaches(line.text) if proves(one, line.before, line.text, line.reply)]
    found = meant(line.text)
    needed = least(line.before, line.text, line.reply)
    return Seen(line, proved, found.strength - needed if found else -99.0, found.rule if found else "")


def by_strangers() -> Iterator[Seen]:
    for part, tower in zip(PARTS, TOWERS, strict=True):
        with only(tower):
            yield from map(seen, lines(part))


def by_all() -> Iterator[Seen]:
    for part in PARTS:
        yield from map(seen, lines(part))


def in_talks_without_marks() -> Iterator[Seen]:
    for part, tower in zip(PARTS, TOWERS, strict=True):
        told = [one.without_marks() for one in lines(part) if one.kind.endswith("a talk")]
        with only(tower):
            yield from map(seen, told)


def report(name: str, found: Iterable[Seen], show: bool) -> list[Seen]:
    those = list(found)
    print(name)
    for kind in dict.fromkeys(one.line.kind for one in those):
        of = [one for one in those if one.line.kind == kind]
        right = f", {sum(one.right for one in of)} by a rule that was meant" if of[0].line.rules else ""
        print(f"  {kind}: {sum(bool(one.broken) for one in of)} of {len(of)} accused{right}")
        for one in of if show and (not of[0].line.rules or kind.endswith("a talk")) else ():
            if bool(one.broken) != bool(one.line.rules):
                print(f"    {one.above:.2f} {one.rule} {one.broken} {one.line.text}")
    return those


def curve(those: Sequence[Seen]) -> None:
    """By meaning alone, at the thresholds at which so many honest lines of talks would be accused."""
    honest = sorted((one.above for one in those if one.line.kind == "honest in a talk"), reverse=True)
    for many in _CURVE:
        told = Counter(one.line.kind for one in those if one.above > honest[many])
        print(f"  with {honest[many]:+.2f}: {dict(told)}")


def by_rule(those: Sequence[Seen]) -> None:
    rules = sorted({one.line.rules[0] for one in those if one.line.rules})
    for rule in rules:
        of = [one for one in those if rule in one.line.rules[:1]]
        falsely = sum(rule in one.broken for one in those if not one.line.rules)
        print(f"  {rule}: {sum(bool(one.broken) for one in of)} of {len(of)}, {sum(one.right for one in of)} by it; "
              f"{falsely} others accused of it")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", action="store_true")
    parser.add_argument("--show", action="store_true")
    asked = parser.parse_args()
    strange = report("by the tower that knows nothing of the author", by_strangers(), asked.show)
    curve(strange)
    if asked.rules:
        by_rule(strange)
    report("the same without marks", in_talks_without_marks(), show=False)
    report("by all towers", by_all(), asked.show)


if __name__ == "__main__":
    main()
