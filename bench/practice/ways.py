"""Which way answers each line of the labelled talks, and how often each way is right.

    python -m bench.practice.ways talks/ labels.json [talks/ labels.json …] --out lines.json

`talks/` holds talks with the answers that were labelled. Every line is answered anew behind the talk as it was; where
the answer is the labelled one, the label counts. Printed are the ways with how many of their answers are known,
and how many of these are right.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.practice.replay import GREETING
from rplay.agents.persona.make import life_of
from rplay.agents.rehearsal.client import answers, next_line, reactions, reply, trouble
from rplay.agents.types import Message, Scene

_REPLY = (
    "looked_at", "read_back", "about_the_talk", "to_jargon", "to_address", "to_statement", "particular", "goodbye",
    "to_belittling", "of_statement", "confirmed", "best_known", "_held_back", "_at_a_loss", "before_answer",
    "to_greeting",
)  # fmt: skip
_MODULES = ("presumed.corrected", "presumed.confirmed_status", "presumed.guessed", "secret.asked_for",
            "objections.handled", "objections.raised", "objections.hidden_doubt", "trouble.after_leaving",
            "trouble.foreign", "trouble.to_breach", "trouble.to_attack", "trouble.to_insult", "trouble.taken_back",
            "trouble.to_silence", "trouble.to_straying")  # fmt: skip
_gone: list[str] = []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", nargs="+", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    _watch()
    pairs = zip(options.pairs[::2], options.pairs[1::2], strict=True)
    lines = [one for talks, labels in pairs for one in _lines(talks, json.loads(labels.read_text(encoding="utf-8")))]
    if options.out:
        options.out.write_text(json.dumps(lines, ensure_ascii=False, indent=1), encoding="utf-8")
    _print(lines)


def _lines(talks: Path, labels: dict[str, list[dict[str, str]]]) -> Iterator[dict[str, Any]]:
    for path in sorted(talks.rglob("*.json")):
        talk = json.loads(path.read_text(encoding="utf-8"))
        if talk["id"] in labels:
            yield from _answered(talk, labels[talk["id"]])


def _answered(talk: dict[str, Any], labels: Sequence[dict[str, str]]) -> Iterator[dict[str, Any]]:
    scene = Scene(talk["profile"], talk["industry"], talk["difficulty"], talk.get("subcategory"))
    life = life_of(scene.profile, scene.industry, scene.subcategory, scene.difficulty)
    messages: list[Message] = [GREETING]
    for number, (line, label) in enumerate(zip(talk["lines"], labels, strict=False)):
        messages.append({"role": "user", "content": line["say"]})
        _gone.clear()
        now = next_line(scene, life, messages).text
        yield {"talk": talk["id"], "number": number, "say": line["say"], "probe": line.get("probe", ""),
               "before": messages[-2]["content"] if number else "", "labelled": line["answer"], "now": now,
               "label": label["label"], "why": label.get("why", ""), "ways": list(_gone)}  # fmt: skip
        messages.append({"role": "assistant", "content": line["answer"]})


# Watching


def _watch() -> None:
    for name in _REPLY:
        setattr(reply, name, _watched(name.strip("_"), getattr(reply, name)))
    for name in _MODULES:
        module, _, function = name.partition(".")
        found = {"trouble": trouble}.get(module) or getattr(reply, module)
        setattr(found, function, _watched(function, getattr(found, function)))
    kept = {way: _watched(way.__name__.strip("_"), way) for ways in answers._WAYS.values() for way in ways}
    answers._WAYS = {asks: tuple(kept[way] for way in ways) for asks, ways in answers._WAYS.items()}  # type: ignore[misc]
    for name in ("_ANY_FORM", "_OWN_WORDS", "_INVENTS", "_DOUBTFUL"):
        setattr(answers, name, tuple(kept[way] for way in getattr(answers, name)))
    answers.from_life = kept[answers.from_life]
    reactions._MAIN = tuple(  # type: ignore[misc]
        (applies, _watched(f"main {react.__name__}", react)) for applies, react in reactions._MAIN
    )


def _watched(name: str, way: Callable[..., Any]) -> Callable[..., Any]:
    def noted(*given: Any, **named: Any) -> Any:
        said = way(*given, **named)
        if said and (not isinstance(said, (list, tuple)) or any(said)):
            _gone.append(name)
        return said

    noted.__name__ = way.__name__
    return noted


def _print(lines: Sequence[dict[str, Any]]) -> None:
    known: dict[str, list[bool]] = defaultdict(list)
    for one in lines:
        if one["now"] == one["labelled"]:
            known[" > ".join(one["ways"]) or "?"].append(one["label"] == "right")
    for way, right in sorted(known.items(), key=lambda one: -len(one[1])):
        print(f"{len(right):5} {100 * sum(right) / len(right):4.0f} %  {way}")


if __name__ == "__main__":
    main()
