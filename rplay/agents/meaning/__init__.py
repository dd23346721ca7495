"""The meaning of a sentence as a vector, the rule of the trade that it breaks, and the entry of the client's repertoire
that it belongs to, if any.

Sentences that say the same in other words have vectors close to each other. The model (`encoder.onnx`, docs/encoder.md)
is all-MiniLM-L6-v2 with weights of eight bits. Two copies of its last layers were trained to recognise broken rules and
entries of the repertoire: that takes a half more work, and 264 MB of memory in all. It is loaded at first use, once in
a process. Callers must run in a thread, not on the hub. Without the extra `voice` or `local`, or with
LOCAL_MEANING=false, callers go by words alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gevent.monkey import get_original

from rplay import threads
from rplay.agents.meaning.wordpiece import pieces

if TYPE_CHECKING:
    import numpy

    Vectors = numpy.ndarray[Any, numpy.dtype[numpy.float32]]

MODEL = Path(__file__).with_name("encoder.onnx")
SIZE = 384
# Only threads of the pool take this lock, so it is a real one: a lock of gevent hung when two threads met at it.
_loading = get_original("threading", "Lock")()


def installed() -> bool:
    return all(find_spec(name) is not None for name in ("onnxruntime", "numpy"))


def allow(wanted: bool) -> None:
    """Set whether the model may be used, from the setting LOCAL_MEANING. The default is yes."""
    _allowed[0] = wanted


def on() -> bool:
    return _allowed[0] and _here()


_allowed = [True]
_here = cache(installed)


@dataclass(frozen=True, slots=True)
class Read:
    """What the model says of one text."""

    vector: "Vectors"  # of length one
    rules: Mapping[str, float]
    entries: Mapping[str, float]  # the likeliest, the first most likely
    asked: "Vectors"  # of length one


def vector(text: str) -> "Vectors":
    """Return the vector of one text, of length one."""
    return _read(text).vector


def broken(text: str) -> Mapping[str, float]:
    """Return for each rule of the trade how likely the text breaks it, and for `none` how likely it breaks no rule."""
    return _read(text).rules


def entries(text: str) -> Mapping[str, float]:
    """Return the likeliest entries of the client's repertoire, or `none`, and how likely the text belongs to each."""
    return _read(text).entries


def asked(text: str) -> "Vectors":
    """Return the direction, of length one, that a question shares with what answers it."""
    return _read(text).asked


_LIKELIEST = 5  # entries that are kept


@lru_cache(maxsize=4096)
def _read(text: str) -> Read:
    import numpy

    numbers = numpy.array([pieces(text)], dtype=numpy.int64)
    given = {"input_ids": numbers, "token_type_ids": numpy.zeros_like(numbers)}
    wanted = ["vector", "rules", "entries", "asked"]
    mean, rules, entries_, asked_ = (found[0] for found in _session().run(wanted, given))
    shares, likeliest = _shares(entries_), numpy.argsort(-entries_)[:_LIKELIEST]
    return Read(
        _unit(mean),
        dict(zip(_labels("rules"), _shares(rules), strict=True)),
        {_labels("entries")[at]: shares[at] for at in likeliest},
        _unit(asked_),
    )


def _unit(found: "Vectors") -> "Vectors":
    import numpy

    return found / max(float(numpy.linalg.norm(found)), 1e-9)


def _shares(found: "Vectors") -> Sequence[float]:
    import numpy

    shares = numpy.exp(found - found.max())
    told: list[float] = (shares / shares.sum()).tolist()
    return told


@cache
def _labels(head: str) -> Sequence[str]:
    names: str = _session().get_modelmeta().custom_metadata_map[head]
    return names.split()


def vectors(texts: Sequence[str]) -> "Vectors":
    import numpy

    return numpy.array([vector(text) for text in texts], dtype=numpy.float32).reshape(len(texts), SIZE)


def _session() -> Any:
    with _loading:
        return _loaded()


@cache
def _loaded() -> Any:
    import onnxruntime  # sends no telemetry: `rplay` sets ORT_DISABLE_TELEMETRY before anything is imported

    threads.finish_before_exit(onnxruntime.InferenceSession)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # the arena would keep 60 MB more for sentences of many lengths, and is not measurably faster
    options.enable_cpu_mem_arena = False
    # Pass the file's path: given the file's bytes, onnxruntime would keep 35 MB more.
    return onnxruntime.InferenceSession(str(MODEL), options, providers=["CPUExecutionProvider"])
