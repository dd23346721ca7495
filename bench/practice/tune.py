"""Tunes the encoder: on lines that break a rule and lines that don't, and on the entries of the client's repertoire.

    python -m bench.practice.tune            # both
    python -m bench.practice.tune entries    # one; the other stays as it is

Needs the group `training` (`uv sync --group training`) and about half an hour of processor. Writes
rplay/agents/meaning/encoder.onnx. After it come `python -m bench.practice.breaking` and
`python -m bench.practice.recognising`, which say how well it tells.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch

from bench.practice.tuning import lessons, network, onnx_file, training
from bench.practice.tuning.onnx_file import Tower
from rplay.agents import meaning
from rplay.agents.meaning.wordpiece import LONGEST


@dataclass(frozen=True)
class Task:
    """What a tower is taught, in how many rounds, and the seed of its chances."""

    teach: Callable[[], Sequence[lessons.Lesson]]
    rounds: int
    seed: int


_TASKS: Mapping[str, Mapping[str, Task]] = {
    "rules": {
        name: Task(partial(lessons.of_rules, at), 4, 5 + at) for at, name in enumerate(("rules", "rules2", "rules3"))
    },
    "entries": {"entries": Task(lessons.of_entries, 5, 5)},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", nargs="*", choices=_TASKS, default=list(_TASKS))
    parser.add_argument("--out", type=Path, default=meaning.MODEL)
    options = parser.parse_args()
    torch.set_num_threads(1)  # two wait for one another where others work too
    encoder = network.pretrained()
    towers = dict(onnx_file.towers(meaning.MODEL))
    for task in options.tasks:
        towers |= {name: _tuned(encoder, name, one) for name, one in _TASKS[task].items()}
    onnx_file.write(options.out, encoder, {name: towers[name] for names in _TASKS.values() for name in names}, LONGEST)


def _tuned(encoder: network.Encoder, name: str, task: Task) -> Tower:
    taught = task.teach()
    labels = sorted({one.label for one in taught})
    print(f"{name}: {len(taught)} lines of {len(labels)} kinds")
    cases = 2 * [*lessons.cases(aside=False)] if name == "entries" else []
    net = training.tuned(encoder, taught, labels, task.rounds, cases, task.seed)
    return Tower([*net.layers], net.head, labels)  # type: ignore[list-item]


if __name__ == "__main__":
    main()
