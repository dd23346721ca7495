"""The encoder as one ONNX file, its weights in eight bits: what is small stays in 32, and all is computed in 32.

Eight bits that are made 32 again before they are used cost 22 MB instead of 90 and give the same numbers on every
processor; computing in eight bits does not.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from bench.practice.tuning.network import HEADS, LAYERS, SIZE, Encoder, Layer, nn

OPSET = 20


class Graph:
    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.numbers: list[onnx.TensorProto] = []

    def does(self, kind: str, *given: str, **told: object) -> str:
        name = f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(given), [name], name, **told))
        return name

    def holds(self, value: numpy.ndarray) -> str:
        name = f"number{len(self.numbers)}"
        self.numbers.append(numpy_helper.from_array(numpy.ascontiguousarray(value), name))
        return name

    def eighth(self, value: numpy.ndarray, axis: int) -> tuple[str, str]:
        """Numbers of eight bits, and by what each row or column was divided."""
        scale = numpy.abs(value).max(axis=1 - axis, keepdims=True).astype(numpy.float32) / 127
        small = numpy.rint(value / scale).astype(numpy.int8)
        return self.holds(small), self.holds(scale)


def _array(tensor: object) -> numpy.ndarray:
    return tensor.detach().numpy().astype(numpy.float32)  # type: ignore[attr-defined]


def _dense(graph: Graph, dense: nn.Linear, given: str) -> str:
    weights, scale = graph.eighth(_array(dense.weight).T, 1)
    whole = graph.does("Mul", graph.does("Cast", weights, to=TensorProto.FLOAT), scale)
    return graph.does("Add", graph.does("MatMul", given, whole), graph.holds(_array(dense.bias)))


def _normal(graph: Graph, normal: nn.LayerNorm, given: str) -> str:
    weight, bias = graph.holds(_array(normal.weight)), graph.holds(_array(normal.bias))
    return graph.does("LayerNormalization", given, weight, bias, axis=-1, epsilon=1e-12)


def _rows(graph: Graph, table: nn.Embedding, numbers: str, most: int | None = None) -> str:
    weights, scale = graph.eighth(_array(table.weight)[:most], 0)
    whole = graph.does("Cast", graph.does("Gather", weights, numbers), to=TensorProto.FLOAT)
    return graph.does("Mul", whole, graph.does("Gather", scale, numbers))


def embedded(graph: Graph, encoder: Encoder, most: int) -> str:
    words = _rows(graph, encoder.words, "input_ids")
    length = graph.does("Shape", "input_ids", start=1, end=2)
    places = graph.does(
        "Slice", graph.holds(_array(encoder.places.weight)[:most]), graph.holds(numpy.array([0])), length,
        graph.holds(numpy.array([0])),
    )  # fmt: skip
    kinds = graph.does("Gather", graph.holds(_array(encoder.kinds.weight)), "token_type_ids")
    return _normal(graph, encoder.normal, graph.does("Add", graph.does("Add", words, places), kinds))


def layer(graph: Graph, made: Layer, given: str) -> str:
    apart = graph.holds(numpy.array([0, 0, HEADS, SIZE // HEADS]))

    def part(dense: nn.Linear, order: Sequence[int]) -> str:
        return graph.does("Transpose", graph.does("Reshape", _dense(graph, dense, given), apart), perm=list(order))

    query, key = part(made.query, (0, 2, 1, 3)), part(made.key, (0, 2, 3, 1))
    scores = graph.does("Div", graph.does("MatMul", query, key), graph.holds(numpy.float32((SIZE // HEADS) ** 0.5)))
    found = graph.does("MatMul", graph.does("Softmax", scores, axis=-1), part(made.value, (0, 2, 1, 3)))
    together = graph.does(
        "Reshape", graph.does("Transpose", found, perm=[0, 2, 1, 3]), graph.holds(numpy.array([0, 0, SIZE]))
    )
    given = _normal(graph, made.looked, graph.does("Add", given, _dense(graph, made.out, together)))
    inner = graph.does("Gelu", _dense(graph, made.inner, given))
    return _normal(graph, made.thought, graph.does("Add", given, _dense(graph, made.outer, inner)))


def mean(graph: Graph, given: str) -> str:
    """Over the pieces of each text: texts come one at a time, so there is nothing to leave out."""
    return graph.does("ReduceMean", given, graph.holds(numpy.array([1])), keepdims=0)


def _first(graph: Graph, given: str, many: str) -> str:
    return graph.does("Slice", given, graph.holds(numpy.array([0])), many, graph.holds(numpy.array([0])))


@dataclass(frozen=True)
class Tower:
    """Layers that stand beside the last ones, and what is read off the mean of what they make of a text."""

    layers: Sequence[Layer]
    head: nn.Linear
    labels: Sequence[str]


def write(path: Path, encoder: Encoder, towers: Mapping[str, Tower], most: int) -> None:
    """As published a text's `vector`; beside it what the head of each tower says, and the direction in which a question
    and what answers it lie, `asked`, of the tower of entries.

    Each is asked about as many of the texts as its input `…_of` says: what nobody asks about costs nothing.
    """
    graph = Graph()
    given = embedded(graph, encoder, most)
    shared = len(encoder.layers) - TUNED
    for one in encoder.layers[:shared]:
        given = layer(graph, one, given)
    general, *each = [_first(graph, given, f"{name}_of") for name in ("vector", *towers)]
    own = dict(zip(towers, each, strict=True))
    for at, one in enumerate(encoder.layers[shared:]):
        general = layer(graph, one, general)
        own = {name: layer(graph, tower.layers[at], own[name]) for name, tower in towers.items()}
    pooled = {name: mean(graph, own[name]) for name in towers}
    found = {"vector": mean(graph, general)}
    found |= {name: _dense(graph, tower.head, pooled[name]) for name, tower in towers.items()}
    found["asked"] = pooled["entries"]
    for name, last in found.items():
        graph.nodes.append(helper.make_node("Identity", [last], [name]))
    given_ = [helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "pieces"])
              for name in ("input_ids", "token_type_ids")]  # fmt: skip
    given_ += [helper.make_tensor_value_info(f"{name}_of", TensorProto.INT64, [1]) for name in ("vector", *towers)]
    widths = {"vector": SIZE, "asked": SIZE} | {name: len(tower.labels) for name, tower in towers.items()}
    told = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [f"{name}_asked", widths[name]]) for name in found]
    made = helper.make_graph(graph.nodes, "encoder", given_, told, graph.numbers)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    for name, tower in towers.items():
        model.metadata_props.add(key=name, value=" ".join(tower.labels))
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString(deterministic=True))


# Read back: the numbers stand in the order in which they were written


TUNED = 3  # layers of a tower
_EMBEDDED = 8  # numbers before the first layer


def towers(path: Path) -> dict[str, Tower]:
    model = onnx.load(str(path))
    labels = {one.key: one.value.split() for one in model.metadata_props}
    numbers = map(numpy_helper.to_array, model.graph.initializer)
    for _ in range(_EMBEDDED):
        next(numbers)
    for _ in range(LAYERS - TUNED):
        _layer_of(numbers)
    for _ in model.graph.input[2:]:  # from where to where
        next(numbers), next(numbers)
    own: dict[str, list[Layer]] = {name: [] for name in labels}
    for _ in range(TUNED):
        _layer_of(numbers)
        for name in labels:
            own[name].append(_layer_of(numbers))
    for _ in (*labels, "vector"):
        next(numbers)
    return {name: Tower(own[name], _dense_of(numbers), labels[name]) for name in labels}


def _layer_of(numbers: Iterator[numpy.ndarray]) -> Layer:
    made = Layer()
    next(numbers)
    made.query, made.key = _dense_of(numbers), _dense_of(numbers)
    next(numbers)
    made.value = _dense_of(numbers)
    next(numbers)
    made.out, made.looked = _dense_of(numbers), _normal_of(numbers)
    made.inner, made.outer, made.thought = _dense_of(numbers), _dense_of(numbers), _normal_of(numbers)
    return made


def _dense_of(numbers: Iterator[numpy.ndarray]) -> nn.Linear:
    small, scale, bias = next(numbers), next(numbers), next(numbers)
    made = nn.Linear(*small.shape)
    made.load_state_dict({"weight": torch.tensor((small * scale).T), "bias": torch.tensor(bias)})
    return made


def _normal_of(numbers: Iterator[numpy.ndarray]) -> nn.LayerNorm:
    made = nn.LayerNorm(SIZE, eps=1e-12)
    made.load_state_dict({"weight": torch.tensor(next(numbers)), "bias": torch.tensor(next(numbers))})
    return made
