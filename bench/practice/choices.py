"""How often the client chooses a right answer of those it could give: `python -m bench.practice.choices [--out FILE]`.

`choices.jsonl.xz` holds 2,150 lines of the five sets of talks from `fourth` to `eighth`, each behind the answers that
were given then, and beside it about 35 things the client could say to it: what it said, what the profile and the life
tell, what the likeliest entries and the nearest precedents say. People judged which of them are right. Each line is
answered by the code of today; an answer that nobody judged counts as unknown. With --out every answer is written with
its verdict, so that two trees can be compared.
"""

import argparse
import json
import lzma
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from bench.practice.replay import GREETING
from rplay.agents.persona.make import life_of
from rplay.agents.rehearsal.client import next_line
from rplay.agents.rehearsal.reading.text import bare
from rplay.agents.types import Message, Scene

HERE = Path(__file__).parent
Verdict = Literal["right", "wrong", "unknown"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    told: list[dict[str, str]] = []
    counts: Counter[tuple[str, str]] = Counter()
    for talk in talks():
        for one in answered(talk):
            told.append(one)
            counts.update({(talk["set"], one["verdict"]): 1, ("all", one["verdict"]): 1})
        print(f"\r{len(told)} lines", end="", flush=True)
    print()
    for name in dict.fromkeys(name for name, _ in counts):
        print(name, _shares({verdict: many for (of, verdict), many in counts.items() if of == name}))
    print(f"a right answer among those judged: {100 * _answerable():.0f} %")
    if options.out:
        options.out.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


def talks() -> Iterator[dict[str, Any]]:
    with lzma.open(HERE / "choices.jsonl.xz", "rt", encoding="utf-8") as rows:
        yield from map(json.loads, rows)


def answered(talk: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Yield what the client says now to each line that was judged, and whether that is right."""
    script = json.loads((HERE / talk["set"] / f"{talk['talk']}.json").read_text(encoding="utf-8"))
    scene = Scene(script["profile"], script["industry"], script["difficulty"], script.get("subcategory"))
    life = life_of(scene.profile, scene.industry, scene.subcategory, scene.difficulty)
    messages: list[Message] = [GREETING]
    for number, (line, known) in enumerate(zip(script["lines"], talk["lines"], strict=True)):
        messages.append({"role": "user", "content": line["say"]})
        if "right" in known:
            now = next_line(scene, life, messages).text
            yield {
                "line": f"{talk['talk']}#{number}",
                "say": line["say"],
                "answer": now,
                "verdict": verdict(known, now),
            }
        messages.append({"role": "assistant", "content": known["answer"]})


def verdict(known: Mapping[str, list[str]], answer: str) -> Verdict:
    if bare(answer) in map(bare, known["right"]):
        return "right"
    return "wrong" if bare(answer) in map(bare, known["wrong"]) else "unknown"


def _shares(counts: Mapping[str, int]) -> str:
    whole = sum(counts.values())
    return ", ".join(f"{name} {100 * counts.get(name, 0) / whole:.1f} %" for name in ("right", "wrong", "unknown"))


def _answerable() -> float:
    known = [line for talk in talks() for line in talk["lines"] if "right" in line]
    return sum(bool(line["right"]) for line in known) / len(known)


if __name__ == "__main__":
    main()
