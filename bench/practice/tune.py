"""Tunes the encoder on lines that break a rule and lines that don't: `python -m bench.practice.tune`.

Needs the group `training` (`uv sync --group training`) and about ten minutes of processor. Writes
rplay/agents/meaning/encoder.onnx. After it come `python -m bench.practice.breaches`, which says how well it tells.
"""

import argparse
from pathlib import Path

import torch

from bench.practice.tuning import lessons, network, onnx_file, training
from rplay.agents import meaning
from rplay.agents.meaning.wordpiece import LONGEST


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(meaning.__file__).with_name("encoder.onnx"))
    out = parser.parse_args().out
    torch.set_num_threads(1)  # two wait for one another where others work too
    encoder, taught = network.pretrained(), lessons.taught()
    labels = sorted({one.rule for one in taught})
    print(f"{len(taught)} lines, {sum(one.rule != lessons.NONE for one in taught)} of them break one of "
          f"{len(labels) - 1} rules")  # fmt: skip
    net = training.tuned(encoder, taught, labels)
    onnx_file.write(out, encoder, list(net.layers), {"rules": net.head}, {"rules": labels}, LONGEST)


if __name__ == "__main__":
    main()
