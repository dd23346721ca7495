"""How the last layers learn: the first ones stay as published, so what they make of each text is worked out once."""

import copy
import random
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from bench.practice.tuning.lessons import Lesson
from bench.practice.tuning.network import SIZE, Encoder, padded
from rplay.agents.meaning.wordpiece import pieces

SHARED = 3  # layers that are not tuned
LONGEST = 64  # pieces
BATCH, STEP, STEP_OF_HEAD, KEEP_SMALL, WARM, SMOOTH = 64, 3e-4, 3e-3, 0.01, 0.1, 0.05


class Tuned(nn.Module):
    """The last layers, and how likely each label is by the mean of what they make of a text."""

    def __init__(self, encoder: Encoder, labels: Sequence[str]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(copy.deepcopy(one) for one in encoder.layers[SHARED:])
        self.head = nn.Linear(SIZE, len(labels))

    def forward(self, given: Tensor, mask: Tensor) -> Tensor:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            for layer in self.layers:
                given = layer(given, mask)
        mean = (given.float() * mask[..., None]).sum(dim=1) / mask.sum(dim=1, keepdim=True)
        found: Tensor = self.head(functional.dropout(mean, 0.1, self.training))
        return found


def begun(encoder: Encoder, texts: Sequence[str]) -> list[Tensor]:
    """What the first layers make of each text."""
    rows = [pieces(text)[:LONGEST] for text in texts]
    found: list[Tensor] = [torch.empty(0)] * len(rows)
    encoder.eval()
    order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for at in range(0, len(order), 128):
            batch = order[at : at + 128]
            numbers, kinds, mask = padded([rows[one] for one in batch])
            given = encoder.embedded(numbers, kinds)
            for layer in encoder.layers[:SHARED]:
                given = layer(given, mask)
            for one, made in zip(batch, given, strict=True):
                found[one] = made[: len(rows[one])].bfloat16()
    return found


def _together(rows: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    given = nn.utils.rnn.pad_sequence([row.float() for row in rows], batch_first=True)
    mask = torch.zeros(given.shape[:2])
    for at, row in enumerate(rows):
        mask[at, : len(row)] = 1
    return given, mask


def tuned(encoder: Encoder, lessons: Sequence[Lesson], labels: Sequence[str], rounds: int, seed: int = 5) -> Tuned:
    torch.manual_seed(seed)
    net, rows = Tuned(encoder, labels), begun(encoder, [one.text for one in lessons])
    right = torch.tensor([labels.index(one.label) for one in lessons])
    ways = [{"params": list(part.parameters()), "lr": step, "top": step}
            for part, step in ((net.layers, STEP), (net.head, STEP_OF_HEAD))]  # fmt: skip
    best = torch.optim.AdamW(ways, weight_decay=KEEP_SMALL, fused=True)
    batches = [one for number in range(rounds) for one in _batches(rows, random.Random(seed + number))]
    for at, batch in enumerate(batches):
        share = min(1.0, at / (WARM * len(batches))) * (1 - at / len(batches))
        for way in best.param_groups:
            way["lr"] = way["top"] * share
        loss = _learn(net, best, [rows[one] for one in batch], right[batch])
        if at % 50 == 0:
            print(f"  {at} of {len(batches)}: {loss:.3f}", flush=True)
    return net.eval()


def _batches(rows: Sequence[Tensor], chance: random.Random) -> Iterator[list[int]]:
    """Texts about as long as one another, in any order."""
    order = sorted(range(len(rows)), key=lambda at: (len(rows[at]) // 6, chance.random()))
    found = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
    chance.shuffle(found)
    yield from found


def _learn(net: Tuned, best: torch.optim.Optimizer, rows: Sequence[Tensor], right: Tensor) -> float:
    net.train()
    best.zero_grad()
    loss = functional.cross_entropy(net(*_together(rows)), right, label_smoothing=SMOOTH)
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    best.step()
    return float(loss.detach())
