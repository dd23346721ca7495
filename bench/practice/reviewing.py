"""How right and how useful the rehearsal's reviews are: `python -m bench.practice.reviewing`.

On pairs of a good and a poor talk with the same client, those beside or --talks FOLDER: competencies three points
apart; rules broken in a good talk that are named, by which rule, and the score capped, with marks and without;
accusations in good talks, for a person to judge; what phrases, catchwords, orders to the reviewer and a script deaf to
the client get; what is lost when a machine writes the good talk down without marks; the share of texts that name a
figure, a name or a subject of the talk. With --texts, every text. With --marks FILE, people's marks `{pair: {good:
{overall}, poor: {overall}}}`, how well the ranks agree.

Which rule a kind of breach breaks says reviews/kinds.json; kinds that are not in it are counted apart.
"""

import argparse
import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from statistics import mean
from typing import Any

from bench.practice.readings import spoken
from rplay.agents.broken_rules import broken_in
from rplay.agents.rehearsal.assessment.review import review
from rplay.agents.rehearsal.reading.meant import FAMILIES
from rplay.agents.rehearsal.text import words
from rplay.agents.review import Review, read
from rplay.agents.types import Transcript
from rplay.data import DataFiles

HERE = Path(__file__).parent / "reviews"
APART = 3  # points
_COMMON = 3  # a word that stands in more talks than this is no subject of one
Talk = list[dict[str, str]]


class Bench:
    def __init__(self, folder: Path, data: DataFiles) -> None:
        self.data = data
        paths = sorted((folder / "pairs").glob("*.json"))
        self.pairs: dict[str, dict[str, Any]] = {path.stem: json.loads(path.read_text("utf-8")) for path in paths}
        self.breaches = json.loads((folder / "breaches.json").read_text("utf-8"))
        self.variants = json.loads((folder / "variants.json").read_text("utf-8"))
        talks = [str(pair[kind]) for pair in self.pairs.values() for kind in ("good", "poor")]
        self.usual = Counter(chain.from_iterable(set(words(talk)) for talk in talks))

    def reviewed(self, pair: str, talk: Talk) -> dict[str, Any]:
        level = self.pairs[pair]["difficulty"]
        asked = Transcript(talk, self.data.competencies(), level, self.data.rubrics(level))  # type: ignore[arg-type]
        found: Review = read(review(asked), asked).under_the_rules(broken_in(asked))
        return {**found.as_object(), **found.as_array(), "competencies": found.competencies}

    def good(self, pair: str) -> dict[str, Any]:
        return self.reviewed(pair, self.pairs[pair]["good"])

    def poor(self, pair: str) -> dict[str, Any]:
        return self.reviewed(pair, self.pairs[pair]["poor"])

    def names_fact(self, talk: Talk, text: str) -> bool:
        """Whether a text holds a figure or a name of this talk, or two words that few other talks hold."""
        said = " ".join(one["content"] for one in talk)
        names = set(re.findall(r"(?<![.!?] )(?<!^)\b[A-Z][a-z]+\b", said)) - {"I", "You", "What", "Line", "That"}
        figures = set(re.findall(r"\d[\d,.]*", said))
        quoted = re.sub(r"\b[Ll]ines? \d+|\b\d+/10|\(\d+ of 10\)", "", text)
        subject = {word for word in words(quoted) if self.usual[word] and self.usual[word] <= _COMMON}
        return bool(
            figures & set(re.findall(r"\d[\d,.]*", quoted))
            or names & set(re.findall(r"\b[A-Z][a-z]+\b", quoted))
            or len(subject & set(words(said))) >= 2
        )


def texts(found: Mapping[str, Any]) -> Iterator[str]:
    """All that a learner reads about the talk."""
    yield from found["generalStrengths"]
    yield from found["generalImprovements"]
    for one in found["competencies"]:
        yield from (*one.strengths, *one.improvements, one.feedback)
    yield found["summary"]


def accusations(found: Mapping[str, Any]) -> Iterator[str]:
    """What is held against the advisor as done, as against what they might do."""
    for one in found.get("moments", ()):
        if one["kind"] in ("fault", "breach"):
            yield f"line {one['line']}: {one['text']}"


def scores(found: Mapping[str, Any]) -> dict[str, float]:
    return {one.name: one.score for one in found["competencies"]}


def ranks(values: Sequence[float]) -> list[float]:
    return [sum(other < one for other in values) + sum(other == one for other in values) / 2 for one in values]


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    a, b = ranks(one), ranks(other)
    top = sum((x - mean(a)) * (y - mean(b)) for x, y in zip(a, b, strict=True))
    return top / (sum((x - mean(a)) ** 2 for x in a) * sum((y - mean(b)) ** 2 for y in b)) ** 0.5


def report_pairs(bench: Bench) -> None:
    names = {one["id"]: one["name"] for one in bench.data.competencies()}
    apart = shown = silent = 0
    for pair, told in bench.pairs.items():
        good, poor = bench.good(pair), bench.poor(pair)
        scored = [(one, *(scores(talk).get(names[one]) for talk in (good, poor))) for one in told["shown"]]
        both = [(one, g, p) for one, g, p in scored if g is not None and p is not None]
        apart += sum(g - p >= APART for _, g, p in both)
        shown += len(scored)
        silent += len(scored) - len(both)
        told_apart = ", ".join(f"{one} {g:g}/{p:g}" for one, g, p in both)
        print(f"  {pair}: {good['overallScore']}/{poor['overallScore']}  {told_apart}")
    print(f"three points apart: {apart} of {shown}; {silent} have no score in one of the talks")


def report_breaches(bench: Bench, *, heard: bool) -> None:
    """With `heard`, the breach and the talk as a machine writes them down."""
    told = Counter[str]()
    for one in bench.breaches:
        talk = list(bench.pairs[one["pair"]]["good"])
        talk[one["after"] + 1 : one["after"] + 1] = one["lines"]
        plain, line = bench.pairs[one["pair"]]["good"], one["lines"][0]["content"]
        if heard:
            plain, talk, line = as_heard(plain), as_heard(talk), spoken(line)
        before, found = bench.reviewed(one["pair"], plain), bench.reviewed(one["pair"], talk)
        shown = [b["id"] for b in found.get("breaches", ()) if b["quote"] in line]
        flagged = [f.get("rule", f["kind"]) for f in found.get("flags", ()) if f["quote"] in line]
        low, named = found["overallScore"] <= 5, _named(one["kind"], shown)
        told.update({named: 1, "named": bool(shown), "capped": low, "named and capped": bool(shown) and low})
        told["raised"] += any(scores(found).get(name, 0) > value for name, value in scores(before).items())
        print(f"  {one['id']} ({one['kind']}): {named} {shown} {found['overallScore']:g}, flags {flagged}")
    print(f"breaches{' without marks' if heard else ''}, of {len(bench.breaches)}: "
          + ", ".join(f"{told[what]} {what}" for what in _COUNTED))  # fmt: skip


_MISSED, _RIGHT, _RELATED, _ANOTHER, _UNKNOWN = (
    "missed", "by the right rule", "by a related rule", "by another rule", "of a kind that kinds.json lacks"
)  # fmt: skip
_COUNTED = ("named and capped", "named", "capped", "raised", _RIGHT, _RELATED, _ANOTHER, _UNKNOWN)


def _named(kind: str, shown: Sequence[str]) -> str:
    """By which rule a breach is named, of those that reviews/kinds.json gives for its kind."""
    right = kinds().get(kind)
    if not shown or right is None:
        return _UNKNOWN if shown else _MISSED
    related = {rule for family in FAMILIES if not set(right).isdisjoint(family) for rule in family}
    return _RIGHT if set(right) & set(shown) else _RELATED if related & set(shown) else _ANOTHER


@cache
def kinds() -> Mapping[str, Sequence[str]]:
    found: Mapping[str, Sequence[str]] = json.loads((HERE / "kinds.json").read_text("utf-8"))
    return found


def report_good(bench: Bench, show: bool) -> None:
    held = list(chain.from_iterable(bench.good(pair).get("breaches", ()) for pair in bench.pairs))
    print(f"rules said to be broken in good talks: {len(held)} {[(one['id'], one['quote']) for one in held]}")
    against = {pair: list(accusations(bench.good(pair))) for pair in bench.pairs}
    print(f"held against the advisor in good talks: {sum(map(len, against.values()))}")
    for pair, ones in against.items():
        print(*(f"  {pair} {one}" for one in ones), sep="\n", end="\n" if ones else "")
    counted = named = 0
    different: set[str] = set()
    for pair, told in bench.pairs.items():
        for kind in ("good", "poor"):
            found = [*texts(bench.reviewed(pair, told[kind]))]
            named += sum(bench.names_fact(told[kind], one) for one in found)
            counted += len(found)
            different |= set(found)
            if show:
                print(f"--- {pair} {kind}", *found, sep="\n  ")
    print(f"texts: {counted}, {len(different)} different, {named / counted:.0%} name a fact of the talk")


def sprinkled(talk: Talk, phrases: Iterable[str]) -> Talk:
    """Each phrase in front of one of the advisor's lines, in turn."""
    left = iter(phrases)
    return [{**one, "content": f"{next(left, '')} {one['content']}".strip()} if one["role"] == "user" else one
            for one in talk]  # fmt: skip


def report_variants(bench: Bench) -> None:
    for one in bench.variants["deaf"]:
        print(f"  deaf, {one['pair']}: {bench.reviewed(one['pair'], one['talk'])['overallScore']}")
    for one in bench.variants["phrases"]:
        before, after = bench.poor(one["pair"]), None
        after = bench.reviewed(one["pair"], sprinkled(bench.pairs[one["pair"]]["poor"], one["insert"]))
        change = {n[:13]: v - scores(before)[n] for n, v in scores(after).items() if v != scores(before)[n]}
        print(f"  phrases, {one['pair']}: {after['overallScore'] - before['overallScore']:+.1f} {change}")
    for kind in ("soup", "injection"):
        for one in bench.variants[kind]:
            for which in ("good", "poor"):
                talk = bench.pairs[one["pair"]][which]
                line = {"role": "user", "content": one["line"]}
                before = bench.reviewed(one["pair"], talk)["overallScore"]
                found = [bench.reviewed(one["pair"], [*talk[:at], line, *talk[at:]]) for at in (1, 7, len(talk))]
                print(f"  {kind}, {one['pair']} {which}: {max(f['overallScore'] for f in found) - before:+.1f} at most")


def as_heard(talk: Talk) -> Talk:
    return [{**one, "content": spoken(one["content"])} if one["role"] == "user" else one for one in talk]


def report_unpunctuated(bench: Bench) -> None:
    lost = []
    for pair, told in bench.pairs.items():
        before = bench.good(pair)
        after = bench.reviewed(pair, as_heard(told["good"]))
        change = {n[:13]: v - scores(before)[n] for n, v in scores(after).items() if v != scores(before)[n]}
        lost.append(after["overallScore"] - before["overallScore"])
        print(f"  without marks, {pair}: {lost[-1]:+.1f} {change} accused {[*accusations(after)]}")
    print(f"without marks: {mean(lost):+.2f} on average, {max(lost, key=abs):+.1f} at worst")


def report_marks(bench: Bench, marks: Mapping[str, Any]) -> None:
    for kinds in (("good", "poor"), ("good",)):
        asked = [(pair, kind) for pair in bench.pairs if pair in marks for kind in kinds]
        ours = [bench.reviewed(pair, bench.pairs[pair][kind])["overallScore"] for pair, kind in asked]
        theirs = [marks[pair][kind]["overall"] for pair, kind in asked]
        print(f"Spearman on {' and '.join(kinds)}: {spearman(ours, theirs):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--talks", type=Path, default=HERE)
    parser.add_argument("--marks", type=Path)
    parser.add_argument("--texts", action="store_true", help="print every text of every review")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = DataFiles(Path(folder))
        data.lay_out()
        bench = Bench(asked.talks, data)
        report_pairs(bench)
        if asked.marks:
            report_marks(bench, json.loads(asked.marks.read_text("utf-8")))
        report_breaches(bench, heard=False)
        report_breaches(bench, heard=True)
        report_variants(bench)
        report_unpunctuated(bench)
        report_good(bench, asked.texts)


if __name__ == "__main__":
    main()
