"""The meaning of a sentence as a vector, the rule of the trade that it breaks, the entry of the client's repertoire
that it belongs to, if any, and the direction in which what answers it lies.

Sentences that say the same in other words have vectors close to each other. The model (`encoder.onnx`, docs/encoder.md)
is all-MiniLM-L6-v2 with weights of eight bits. Copies of its last layers were trained to recognise broken rules and
entries of the repertoire. It takes 186 MB of memory. It is loaded at first use, once in a process. Callers must run in
a thread, not on the hub. Without the extra `voice` or `local`, or with LOCAL_MEANING=false, callers go by words alone.
"""

import ctypes
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import chain
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


def vector(text: str) -> "Vectors":
    """Return the vector of one text, of length one."""
    found: Vectors = read(text, "vector")["vector"]
    return found


def broken(text: str) -> Mapping[str, float]:
    """Return for each rule of the trade how likely the text breaks it, and for `none` how likely it breaks no rule."""
    found: Mapping[str, float] = read(text, "rules")["rules"]
    return found


def entries(text: str) -> Mapping[str, float]:
    """Return the likeliest entries of the client's repertoire, or `none`, and how likely the text belongs to each."""
    found: Mapping[str, float] = read(text, "entries", "asked")["entries"]
    return found


def asked(text: str) -> "Vectors":
    """Return the direction, of length one, that a question shares with what answers it."""
    found: Vectors = read(text, "asked")["asked"]
    return found


# What is told of a text, and the outputs of the model that tell it: three towers learned the rules, each from other
# people's lines, and err on different lines.
_TOLD: Mapping[str, Sequence[str]] = {
    "vector": ("vector",),
    "rules": ("rules", "rules2", "rules3"),
    "entries": ("entries",),
    "asked": ("asked",),
}
_LIKELIEST = 5  # entries that are kept
_GIVEN = ("vector", "rules", "rules2", "rules3", "entries")  # parts of the model, each with its own input
_PART = {"asked": "entries"}  # what no part of its own tells


def read(text: str, *names: str) -> Mapping[str, Any]:
    """Return what the model tells of a text, at least `names` of "vector", "rules", "entries" and "asked". What is
    asked for together costs less: the first layers are the same."""
    kept = _kept(text)
    if missing := [name for name in names if name not in kept]:
        kept |= _run(text, missing)
    return kept


@lru_cache(maxsize=4096)
def _kept(_text: str) -> dict[str, Any]:  # filled as it is asked for
    return {}


def _run(text: str, names: Sequence[str]) -> dict[str, Any]:
    import numpy

    numbers = numpy.array([pieces(text)], dtype=numpy.int64)
    wanted = tuple(chain.from_iterable(_TOLD[name] for name in names))
    # Each part of the model is given as many of the texts as its input says: here this one, or none.
    needed = {_PART.get(name, name) for name in wanted}
    asked_of = {f"{name}_of": numpy.array([int(name in needed)]) for name in _GIVEN}
    given = {"input_ids": numbers, "token_type_ids": numpy.zeros_like(numbers), **asked_of}
    found = dict(zip(wanted, (row[0] for row in _session().run(wanted, given)), strict=True))
    return {name: _AS_KEPT[name](*(found[one] for one in _TOLD[name])) for name in names}


def _direction(found: "Vectors") -> "Vectors":
    import numpy

    return found / max(float(numpy.linalg.norm(found)), 1e-9)


def _by_rule(*found: "Vectors") -> Mapping[str, float]:
    """The mean of what the towers say, as logarithms of shares."""
    import numpy

    logs = [one - numpy.logaddexp.reduce(one) for one in found]
    return dict(zip(_labels("rules"), _shares(numpy.mean(logs, axis=0)), strict=True))


def _by_entry(found: "Vectors") -> Mapping[str, float]:
    import numpy

    shares = _shares(found)
    return {_labels("entries")[at]: shares[at] for at in numpy.argsort(-found)[:_LIKELIEST]}


_AS_KEPT: Mapping[str, Callable[..., Any]] = {
    "vector": _direction,
    "rules": _by_rule,
    "entries": _by_entry,
    "asked": _direction,
}


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
    session = onnxruntime.InferenceSession(str(MODEL), options, providers=["CPUExecutionProvider"])
    _give_back()
    return session


def _give_back() -> None:
    """Give the system back what loading took and freed: 160 of 300 MB with glibc, which keeps it else."""
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)
