"""The local recogniser, which needs no key and no network: Moonshine's smallest English model, contained in its
package.
"""

import ctypes
import os
import sys
import threading
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import structlog
from gevent.threadpool import ThreadPool

from rplay import threads
from rplay.errors import RecognitionError
from rplay.stt.recogniser import RATE, Samples, Transcript

log = structlog.get_logger()

THREADS = 2  # threads, each with its own handle of 150 MB: two threads on one handle produced garbage
HEADER_VERSION = 30_000  # version of the package that pyproject.toml pins; later ones contain no model
TINY = 0
LESS_URGENT = 10
# Peak and gain limit for amplification. With less the model took a quiet beginning for silence; with more it would hear
# words in noise.
LOUD, MOST_GAIN = 0.7, 30.0


class _Line(ctypes.Structure):
    """The C struct transcript_line_t, as far as needed to know its size."""

    _fields_ = (
        ("text", ctypes.c_char_p),
        ("audio", ctypes.c_void_p),
        ("samples", ctypes.c_size_t),
        ("start", ctypes.c_float),
        ("duration", ctypes.c_float),
        ("id", ctypes.c_uint64),
        ("flags", ctypes.c_int8 * 5),
        ("spans", ctypes.c_void_p),
        ("span_count", ctypes.c_uint64),
        ("latency_ms", ctypes.c_uint32),
        ("words", ctypes.c_void_p),
        ("word_count", ctypes.c_uint64),
    )


class _Transcript(ctypes.Structure):
    _fields_ = (("lines", ctypes.POINTER(_Line)), ("count", ctypes.c_uint64))


def installed() -> bool:
    return _folder() is not None


class LocalRecogniser:
    """The local recogniser.

    It does not use Moonshine's own Python code, which copies sample by sample and blocks the interpreter meanwhile, 282
    ms for two minutes, and imports code that downloads models.
    """

    name = "local"

    def __init__(self) -> None:
        self._idle: list[int] = []  # handles that no thread is using
        self._installed = installed()  # checked once, as every /health request needs it

    def configured(self) -> bool:
        return self._installed

    def warm(self) -> None:
        threads.run(self._pool, lambda: self._idle.append(self._handle()))

    def transcribe(self, samples: Samples) -> Transcript:
        try:
            return Transcript(threads.run(self._pool, self._recognise, samples), "en")
        except Exception as error:
            log.error("local_recogniser_failed", exc_info=error)
            raise RecognitionError(f"the local recogniser failed: {type(error).__name__}") from None

    @cached_property
    def _pool(self) -> ThreadPool:
        return ThreadPool(THREADS)

    @cached_property
    def _library(self) -> Any:
        library = ctypes.CDLL(str(_folder_or_fail() / "libmoonshine.so"))
        library.moonshine_load_transcriber_from_files.argtypes = [
            ctypes.c_char_p, ctypes.c_uint32, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_int32,
        ]  # fmt: skip
        library.moonshine_transcribe_without_streaming.argtypes = [
            ctypes.c_int32, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_int32, ctypes.c_uint32,
            ctypes.POINTER(ctypes.POINTER(_Transcript)),
        ]  # fmt: skip
        return library

    def _handle(self) -> int:
        """Return an idle handle, or else a new one. There are never more handles than threads."""
        try:
            return self._idle.pop()
        except IndexError:
            _give_way()
            model = str(_folder_or_fail() / "assets/tiny-en").encode()
            handle = self._library.moonshine_load_transcriber_from_files(model, TINY, None, 0, HEADER_VERSION)
            return _checked(handle)

    def _recognise(self, samples: Samples) -> str:
        """Recognise samples, in a thread. The library's result belongs to the handle, so it is read before the
        handle becomes idle.
        """
        loud, handle, found = _loud(samples), self._handle(), ctypes.POINTER(_Transcript)()
        try:
            _checked(
                self._library.moonshine_transcribe_without_streaming(
                    handle, loud.ctypes.data, len(loud), RATE, 0, ctypes.byref(found)
                )
            )
            lines = found.contents.lines[: found.contents.count] if found else []
            return " ".join((line.text or b"").decode("utf-8", "replace").strip() for line in lines).strip()
        finally:
            self._idle.append(handle)


def _give_way() -> None:
    """Lower the priority of this thread where the system allows it, so that requests come first. Threads that it
    creates inherit the priority.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LESS_URGENT)


def _loud(samples: Samples) -> Samples:
    import numpy

    peak = float(numpy.abs(samples).max(initial=0.0))
    gain = min(LOUD / peak, MOST_GAIN) if peak else 1.0
    return numpy.ascontiguousarray(samples * gain, dtype=numpy.float32)


def _checked(code: int) -> int:
    if code < 0:
        raise RecognitionError(f"Moonshine's library answered {code}")
    return code


def _folder() -> Path | None:
    found = find_spec("moonshine_voice")
    folder = Path(found.origin).parent if found and found.origin else None
    return folder if folder and (folder / "libmoonshine.so").is_file() else None


def _folder_or_fail() -> Path:
    folder = _folder()
    if folder is None:
        raise RecognitionError("the package moonshine-voice is not installed")
    return folder
