"""How well the encoder tells the entries of the client's repertoire: `python -m bench.practice.recognising`.

Asked are the ways of asking that it was not taught (every fifth of each entry), lines that break a rule, which belong
to no entry, and what strangers said in the sixth set of talks, labelled by a person who read the list of entries only.
Printed is, for each threshold, how many are told at all and how many of these rightly.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.practice.tuning import lessons
from rplay.agents import meaning
from rplay.agents.rehearsal.reading.text import bare

_SAID = Path(__file__).parent / "sixth" / "entries.jsonl"
_LEAST = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-v", action="store_true", help="print what is confused")
    verbose = parser.parse_args().v
    ways = list(lessons.asked(aside=True))
    told = [next(iter(meaning.entries(one.text).items())) for one in ways]
    broken = [next(iter(meaning.entries(one.text).items())) for one in lessons.aside() if one.label != lessons.NONE]
    right = [name == one.label for one, (name, _) in zip(ways, told, strict=True)]
    print(f"{len(ways)} ways of asking kept aside, {100 * sum(right) / len(ways):.0f} % told rightly")
    for least in _LEAST:
        sure = [good for good, (_, share) in zip(right, told, strict=True) if share >= least]
        taken = sum(name != lessons.NONE and share >= least for name, share in broken)
        print(f"{least}: told {_share(len(sure), len(ways))}, of these rightly {_share(sum(sure), len(sure))}; "
              f"of {len(broken)} breaches {taken} taken for an entry")  # fmt: skip
    _print_of_strangers()
    if verbose:
        confused = Counter((one.label, name) for one, (name, _) in zip(ways, told, strict=True) if name != one.label)
        for (meant, name), count in confused.most_common(40):
            print(f"{count:3} {meant} taken for {name}")


def _print_of_strangers() -> None:
    found = list(_of_strangers())
    right = sum(good for _, _, good in found)
    print(f"{len(found)} pieces of strangers' talks, {_share(right, len(found))} told rightly")
    for least in _LEAST:
        sure = [good for name, share, good in found if share >= least and name != lessons.NONE]
        print(f"{least}: told {_share(len(sure), len(found))}, of these rightly {_share(sum(sure), len(sure))}")


def _of_strangers() -> Iterator[tuple[str, float, bool]]:
    """The likeliest entry, how likely it is, and whether a person named it or said that it would do as well."""
    for line in _SAID.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        name, share = next(iter(meaning.entries(bare(row["text"])).items()))
        yield name, share, name in (row["entry"], *row.get("also", ()))


def _share(part: int, whole: int) -> str:
    return f"{100 * part / max(1, whole):.0f} %"


if __name__ == "__main__":
    main()
