"""How well breaches of rules are told from what only sounds like one: `python -m bench.practice.breaking [--show]`.

By the encoder alone, at the thresholds at which so many honest lines would be accused; and as `breaches` reads them. Of
lines that it was not taught: the last fifth of what each author wrote, breaches put into talks by two strangers, and
honest advisors' lines of talks.
"""

import argparse
import io
import json
import tarfile
from collections.abc import Iterator, Sequence
from math import log
from pathlib import Path

from bench.practice.tuning.lessons import NONE, aside, honest
from rplay.agents import meaning
from rplay.agents.rehearsal.reading.compliance import BY_WORDS, LIKELY, SURE, breaches
from rplay.agents.rehearsal.reading.text import bare, sentences

HERE = Path(__file__).parent
UNSEEN = HERE / "reviews" / "unseen.tar.xz"
_LONGEST = 60  # words


def strangers() -> list[str]:
    """Breaches by two people, to be put into good talks."""
    known = json.loads((HERE / "reviews" / "breaches.json").read_text(encoding="utf-8"))
    with tarfile.open(UNSEEN) as packed:
        file = packed.extractfile("breaches.json")
        assert file is not None
        unseen = json.load(io.TextIOWrapper(file, "utf-8"))
    return [str(one["lines"][0]["content"]) for one in (*known, *unseen)]


def honest_lines() -> list[str]:
    return list(dict.fromkeys([*honest("fourth"), *_of_pairs()]))


def _of_pairs() -> Iterator[str]:
    with tarfile.open(UNSEEN) as packed:
        unseen = [json.load(file) for one in packed if "pairs/" in one.name and (file := packed.extractfile(one))]
    known = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((HERE / "reviews/pairs").glob("*.json"))]
    for pair in (*known, *unseen):
        yield from (line["content"] for line in pair["good"] if line["role"] == "user")


def odds(text: str) -> float:
    """That a text breaks some rule."""
    none = meaning.broken(text)[NONE]
    return log(max(1 - none, 1e-9) / max(none, 1e-9))


def rule_of(text: str) -> str:
    found = {rule: share for rule, share in meaning.broken(text).items() if rule != NONE}
    return max(found, key=lambda rule: found[rule])


def worst(line: str) -> tuple[float, str]:
    """As the reading looks at it: sentence by sentence, and as a whole."""
    single = [one for one in map(bare, sentences(line)) if one.count(" ") >= 3]
    whole = [bare(line)] if len(line.split()) <= _LONGEST else []
    return max(((odds(part), part) for part in (*single, *whole)), default=(-99.0, ""))


def by_meaning(show: bool) -> None:
    honest_, broken = sorted((worst(one) for one in honest_lines()), reverse=True), list(map(worst, strangers()))
    own = [(odds(one.text), rule_of(one.text), one) for one in aside()]
    guilty, near = ([one for one in own if (one[2].label == NONE) == innocent] for innocent in (False, True))
    order = [(one[0] > other[0]) + (one[0] == other[0]) / 2 for one in guilty for other in near]
    right = sum(rule == one.label for _, rule, one in guilty)
    print(f"kept aside: AUC {sum(order) / len(order):.3f}; the rule is right {right} of {len(guilty)}")
    for many in (0, 1, 3, 7, 15):
        least = honest_[many][0]
        print(f"  above {least:.2f}: {many} of {len(honest_)} honest lines, {_above(least, broken)} of {len(broken)} "
              f"strangers' breaches, {_above(least, guilty)} of {len(guilty)} kept aside, {_above(least, near)} of "
              f"{len(near)} that only sound alike")  # fmt: skip
    for score, text in honest_[:20] if show else ():
        print(f"    {score:.2f} {rule_of(text)}: {text}")


def _above(least: float, found: Sequence[tuple]) -> int:
    return sum(one[0] > least for one in found)


def as_read(show: bool) -> None:
    guilty, near = ([one for one in aside() if (one.label == NONE) == innocent] for innocent in (False, True))
    for least in (BY_WORDS, SURE, LIKELY):

        def found(text: str, least: float = least) -> list[str]:
            return [one.id for one in breaches(text) if one.confidence >= least]

        accused = [one for one in honest_lines() if found(one)]
        named = sum(one.label in found(one.text) for one in guilty)
        print(f"read at {least}: {len(accused)} honest lines accused, {sum(bool(found(one)) for one in strangers())} "
              f"strangers' breaches, {named} of {len(guilty)} kept aside by their rule, "
              f"{sum(bool(found(one.text)) for one in near)} of {len(near)} that only sound alike")  # fmt: skip
        for line in accused if show else ():
            print(f"    {found(line)} {line}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true")
    show = parser.parse_args().show
    by_meaning(show)
    as_read(show)


if __name__ == "__main__":
    main()
