"""Tunes the encoder: on lines that break a rule and lines that don't, and on the entries of the client's repertoire.

    python -m bench.practice.tune            # both
    python -m bench.practice.tune entries    # one; the other stays as it is

Needs the group `training` (`uv sync --group training`) and about twenty minutes of processor. Writes
rplay/agents/meaning/encoder.onnx. After it come `python -m bench.practice.breaking` and
`python -m bench.practice.recognising`, which say how well it tells.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import torch

from bench.practice.tuning import lessons, network, onnx_file, training
from bench.practice.tuning.onnx_file import Tower
from rplay.agents import meaning
from rplay.agents.meaning.wordpiece import LONGEST

_TAUGHT: Mapping[str, tuple[Callable[[], Sequence[lessons.Lesson]], int]] = {  # and in how many rounds
    "rules": (lessons.of_rules, 7),
    "entries": (lessons.of_entries, 7),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("towers", nargs="*", choices=_TAUGHT, default=list(_TAUGHT))
    parser.add_argument("--out", type=Path, default=meaning.MODEL)
    options = parser.parse_args()
    torch.set_num_threads(1)  # two wait for one another where others work too
    encoder = network.pretrained()
    kept = onnx_file.towers(meaning.MODEL)
    made = {name: _tuned(encoder, name) if name in options.towers else kept[name] for name in _TAUGHT}
    onnx_file.write(options.out, encoder, made, LONGEST)


def _tuned(encoder: network.Encoder, name: str) -> Tower:
    teach, rounds = _TAUGHT[name]
    taught = teach()
    labels = sorted({one.label for one in taught})
    print(f"{name}: {len(taught)} lines of {len(labels)} kinds")
    net = training.tuned(encoder, taught, labels, rounds, [*lessons.cases(aside=False)] if name == "entries" else [])
    return Tower([*net.layers], net.head, labels)  # type: ignore[list-item]


if __name__ == "__main__":
    main()
