"""Tunes the encoder: on lines that break a rule and lines that don't, and on the entries of the client's repertoire.

    python -m bench.practice.tune            # both
    python -m bench.practice.tune entries    # one; the other stays as it is

Needs the group `training` (`uv sync --group training`) and about forty minutes of processor. Writes
rplay/agents/meaning/encoder.onnx. Each tower is kept in --kept as soon as it is tuned: called again, the command goes
on with what is left. After it come `python -m bench.practice.breaking` and
`python -m bench.practice.recognising`, which say how well it tells.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
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
    parser.add_argument("--kept", type=Path, default=Path("build") / "towers", help="where tuned towers are kept")
    options = parser.parse_args()
    options.kept.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)  # two wait for one another where others work too
    encoder = network.pretrained()
    towers = dict(onnx_file.towers(meaning.MODEL))
    for task in options.tasks:
        towers |= {name: _tuned(encoder, name, one, options.kept) for name, one in _TASKS[task].items()}
    onnx_file.write(options.out, encoder, {name: towers[name] for names in _TASKS.values() for name in names}, LONGEST)


def _tuned(encoder: network.Encoder, name: str, task: Task, folder: Path) -> Tower:
    taught = task.teach()
    labels = sorted({one.label for one in taught})
    cases = 2 * [*lessons.cases(aside=False)] if name == "entries" else []
    digest = sha256(repr((taught, cases, task.rounds, task.seed)).encode()).hexdigest()[:16]
    path = folder / f"{name}-{digest}.pt"
    print(f"{name}: {len(taught)} lines of {len(labels)} kinds{', tuned before' if path.exists() else ''}", flush=True)
    if not path.exists():
        net = training.tuned(encoder, taught, labels, task.rounds, cases, task.seed)
        torch.save(net.state_dict(), path)
    net = training.Tuned(encoder, labels)
    net.load_state_dict(torch.load(path))
    return Tower([*net.layers], net.head, labels)  # type: ignore[list-item]


if __name__ == "__main__":
    main()
