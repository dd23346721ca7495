"""Talks with the rehearsal's client as a script says, and writes what was said.

    python -m bench.practice.replay bench/practice/talks/*.json --out answers/
    python -m bench.practice.replay bench/practice/talks/a01*.json --bare

A script holds the advisor's side alone (README.md). `--bare` says it as a machine hears speech: without marks and
capitals. Written is one JSON file a talk, with the client's answer, the milliseconds it took and the state beside each
line; without --out the talk is printed.
"""

import argparse
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rplay.agents.persona.make import life_of
from rplay.agents.rehearsal.client import next_line
from rplay.agents.types import Message, Scene

GREETING: Message = {"role": "system", "content": "Initial greeting"}


def main() -> None:
    options = _options()
    for path in options.scripts:
        script = json.loads(path.read_text(encoding="utf-8"))
        talk = {**script, "lines": list(replayed(script, options.bare))}
        if options.out:
            options.out.mkdir(parents=True, exist_ok=True)
            (options.out / path.name).write_text(json.dumps(talk, ensure_ascii=False, indent=1), encoding="utf-8")
        else:
            _print(path.stem, talk)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scripts", nargs="+", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--bare", action="store_true")
    return parser.parse_args()


def replayed(script: dict[str, Any], bare: bool = False) -> Iterator[dict[str, Any]]:
    """Each line of the script with the client's answer to it."""
    scene = Scene(script["profile"], script["industry"], script["difficulty"], script.get("subcategory"))
    life = life_of(scene.profile, scene.industry, scene.subcategory, scene.difficulty)
    messages: list[Message] = [GREETING]
    for line in script["lines"]:
        said = spoken(line["say"]) if bare else line["say"]
        messages.append({"role": "user", "content": said})
        began = time.perf_counter()
        answer = next_line(scene, life, messages)
        ms = round((time.perf_counter() - began) * 1000, 1)
        messages.append({"role": "assistant", "content": answer.text})
        ended = answer.ended.as_object() if answer.ended else None
        yield {**line, "say": said, "answer": answer.text, "ended": ended, "ms": ms}


def spoken(text: str) -> str:
    """As a machine writes down speech."""
    return " ".join(re.sub(r"[.,!?;:\"“”()…—–-]+(?!\d)", " ", text.lower()).split())


def _print(name: str, talk: dict[str, Any]) -> None:
    print(f"== {name} ({talk['kind']}, {talk['difficulty']})")
    for number, line in enumerate(talk["lines"], start=1):
        print(f"{number:2} A: {line['say']}\n      [{line['probe']}]\n   C: {line['answer']}", end="")
        print(f"  <<ended by {line['ended']['by']}: {line['ended']['why']}>>" if line["ended"] else "")


if __name__ == "__main__":
    main()
