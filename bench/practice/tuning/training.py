"""How the last layers learn: the first ones stay as published, so what they make of each text is worked out once."""

import copy
import random
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from bench.practice.tuning.lessons import Case, Lesson
from bench.practice.tuning.network import SIZE, Encoder, padded
from rplay.agents.meaning.wordpiece import pieces

SHARED = 3  # layers that are not tuned
LONGEST = 80  # pieces
BATCH, STEP, STEP_OF_HEAD, KEEP_SMALL, WARM, SMOOTH = 64, 3e-4, 3e-3, 0.01, 0.1, 0.05


class Tuned(nn.Module):
    """The last layers, and how likely each label is by the mean of what they make of a text."""

    def __init__(self, encoder: Encoder, labels: Sequence[str]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(copy.deepcopy(one) for one in encoder.layers[SHARED:])
        self.head = nn.Linear(SIZE, len(labels))
        self.sharpness, self.none = nn.Parameter(torch.tensor(12.0)), nn.Parameter(torch.tensor(6.0))

    def forward(self, given: Tensor, mask: Tensor) -> Tensor:
        found: Tensor = self.head(functional.dropout(self.mean(given, mask), 0.1, self.training))
        return found

    def mean(self, given: Tensor, mask: Tensor) -> Tensor:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            for layer in self.layers:
                given = layer(given, mask)
        return (given.float() * mask[..., None]).sum(dim=1) / mask.sum(dim=1, keepdim=True)


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


def tuned(
    encoder: Encoder, lessons: Sequence[Lesson], labels: Sequence[str], rounds: int, cases: Sequence[Case] = (),
    seed: int = 5,
) -> Tuned:  # fmt: skip
    """Learn the labels of lessons; with `cases` also that what answers a question lies in its direction."""
    torch.manual_seed(seed)
    net, rows = Tuned(encoder, labels), begun(encoder, [one.text for one in lessons])
    told = [_Case(encoder, one) for one in cases]
    right = torch.tensor([labels.index(one.label) for one in lessons])
    ways = [{"params": parameters, "lr": step, "top": step}
            for parameters, step in (([*net.layers.parameters()], STEP), ([*net.head.parameters()], STEP_OF_HEAD),
                                     ([net.sharpness, net.none], STEP_OF_HEAD))]  # fmt: skip
    best = torch.optim.AdamW(ways, weight_decay=KEEP_SMALL, fused=True)
    steps = [one for number in range(rounds) for one in _steps(rows, told, random.Random(seed + number))]
    for at, step in enumerate(steps):
        share = min(1.0, at / (WARM * len(steps))) * (1 - at / len(steps))
        for way in best.param_groups:
            way["lr"] = way["top"] * share
        loss = _learn(net, best, step if isinstance(step, _Case) else ([rows[one] for one in step], right[step]))
        if at % 50 == 0:
            print(f"  {at} of {len(steps)}: {loss:.3f}", flush=True)
    return net.eval()


class _Case:
    """A case whose texts have gone through the first layers."""

    def __init__(self, encoder: Encoder, case: Case) -> None:
        self.many = len(case.statements)
        self.rows = begun(encoder, [*case.statements, *(ask for ask, _ in case.asks)])
        self.right = torch.zeros(len(case.asks), self.many + 1, dtype=torch.bool)
        for at, (_, answers) in enumerate(case.asks):
            self.right[at, list(answers) or [self.many]] = True


def found_in(net: Tuned, case: _Case) -> Tensor:
    """How likely each statement answers each question, and, last, that none does, as logarithms."""
    means = functional.normalize(net.mean(*_together(case.rows)), dim=-1)
    near = net.sharpness * means[case.many :] @ means[: case.many].T
    return torch.cat([near, net.none.expand(len(near), 1)], dim=1).log_softmax(dim=-1)


def _steps(rows: Sequence[Tensor], told: Sequence[_Case], chance: random.Random) -> Iterator[list[int] | _Case]:
    steps: list[list[int] | _Case] = [*_batches(rows, chance), *told]
    if told:
        chance.shuffle(steps)
    yield from steps


def _batches(rows: Sequence[Tensor], chance: random.Random) -> Iterator[list[int]]:
    """Texts about as long as one another, in any order."""
    order = sorted(range(len(rows)), key=lambda at: (len(rows[at]) // 6, chance.random()))
    found = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
    chance.shuffle(found)
    yield from found


def _learn(net: Tuned, best: torch.optim.Optimizer, step: tuple[Sequence[Tensor], Tensor] | _Case) -> float:
    net.train()
    best.zero_grad()
    if isinstance(step, _Case):
        loss = -found_in(net, step).masked_fill(~step.right, -torch.inf).logsumexp(dim=1).mean()
    else:
        loss = functional.cross_entropy(net(*_together(step[0])), step[1], label_smoothing=SMOOTH)
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    best.step()
    return float(loss.detach())
