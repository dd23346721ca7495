"""The encoder as one ONNX file, its weights in eight bits: what is small stays in 32, and all is computed in 32.

Eight bits that are made 32 again before they are used cost 22 MB instead of 90 and give the same numbers on every
processor; computing in eight bits does not.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

from bench.practice.tuning.network import HEADS, SIZE, Encoder, Layer, nn

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


def write(
    path: Path, encoder: Encoder, tuned: Sequence[Layer], heads: Mapping[str, nn.Linear],
    labels: Mapping[str, Sequence[str]], most: int,
) -> None:  # fmt: skip
    """As published a text's `vector`; by the tuned layers beside the last ones, what each head says."""
    graph = Graph()
    given = embedded(graph, encoder, most)
    shared = len(encoder.layers) - len(tuned)
    for one in encoder.layers[:shared]:
        given = layer(graph, one, given)
    general, own = given, given
    for one, other in zip(encoder.layers[shared:], tuned, strict=True):
        general, own = layer(graph, one, general), layer(graph, other, own)
    pooled = mean(graph, own)
    found = {"vector": mean(graph, general)} | {name: _dense(graph, head, pooled) for name, head in heads.items()}
    for name, last in found.items():
        graph.nodes.append(helper.make_node("Identity", [last], [name]))
    given_ = [helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "pieces"])
              for name in ("input_ids", "token_type_ids")]  # fmt: skip
    widths = {"vector": SIZE} | {name: len(labels[name]) for name in heads}
    told = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["texts", widths[name]]) for name in found]
    made = helper.make_graph(graph.nodes, "encoder", given_, told, graph.numbers)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    for name, names in labels.items():
        model.metadata_props.add(key=name, value=" ".join(names))
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString(deterministic=True))
