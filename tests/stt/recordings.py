"""What our own voice says, as recordings of every kind; and how many words of it were understood."""

import io
import re
from functools import cache
from typing import Any

import av
import numpy

from rplay.stt.decoding import decoded
from rplay.stt.recogniser import RATE
from rplay.tts.local import LocalSpeaker

LINE = "I would like to understand what this policy costs me every month."


@cache
def samples_of(text: str) -> Any:
    """Spoken by the local voice."""
    return decoded(b"".join(LocalSpeaker().stream(text, "alloy", 1.0)))


def silence(seconds: float) -> Any:
    return numpy.zeros(int(seconds * RATE), numpy.float32)


def noise(seconds: float, loud: float = 0.05) -> Any:
    return numpy.random.default_rng(1).normal(0, loud, int(seconds * RATE)).astype(numpy.float32)


def pcm(samples: Any, rate: int = RATE) -> bytes:
    """16 bits, one channel, at this rate."""
    at = numpy.arange(0, len(samples), RATE / rate)
    resampled = numpy.interp(at, numpy.arange(len(samples)), samples)
    return (numpy.clip(resampled, -1, 1) * 32767).astype("<i2").tobytes()


def encoded(
    samples: Any, container: str, codec: str, rate: int = 48_000, layout: str = "mono", **options: str
) -> bytes:
    """A file of this kind."""
    file = io.BytesIO()
    written = numpy.frombuffer(pcm(samples, rate), "<i2")
    channels = 2 if layout == "stereo" else 1
    interleaved = numpy.repeat(written, channels)[None, :]
    with av.open(file, "w", format=container) as output:
        stream = output.add_stream(codec, rate=rate, layout=layout, options=options)
        frame = av.AudioFrame.from_ndarray(interleaved, format="s16", layout=layout)
        frame.sample_rate = rate
        fifo = av.AudioFifo()
        fifo.write(frame)
        size = stream.codec_context.frame_size or 1024
        while piece := fifo.read(size, partial=True):
            output.mux(stream.encode(piece))
        output.mux(stream.encode(None))
    return file.getvalue()


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def wrong_words(said: str, heard: str) -> int:
    """Words that were left out, added or taken for others."""
    first, second = words(said), words(heard)
    row = list(range(len(second) + 1))
    for number, word in enumerate(first, 1):
        before, row[0] = row[0], number
        for at, other in enumerate(second, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (word != other))
    return row[-1]
