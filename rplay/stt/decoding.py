"""Decodes recordings into samples. Only formats that browsers record are accepted, although the library knows more."""

import io
from collections.abc import Iterator
from typing import Any

from rplay.errors import TooLarge, UnsupportedType
from rplay.stt.recogniser import RATE, Samples

MOST_SECONDS = 120
# Without this whitelist, a file that begins with `ffconcat` would make the library open other files of this machine.
FORMATS = "wav,mp3,flac,ogg,matroska,webm,mov,mp4,m4a"
CODECS = frozenset(
    {f"pcm_{kind}" for kind in ("s16le", "s24le", "s32le", "f32le", "u8", "mulaw", "alaw")}
    | {"mp3", "mp3float", "flac", "opus", "libopus", "vorbis", "aac", "alac"}
)


def decoded(audio: bytes) -> Samples:
    """Return one channel at RATE. Raise UnsupportedType for anything but a supported recording, TooLarge for a long
    one.
    """
    import av
    import numpy

    pieces: list[Any] = []
    length = 0
    try:
        for piece in _pieces(av, audio):
            pieces.append(piece)
            length += len(piece)
            if length > MOST_SECONDS * RATE:
                raise TooLarge(f"Audio is too long (max {MOST_SECONDS} seconds)")
    except (av.error.FFmpegError, ValueError, IndexError, UnicodeError, MemoryError, OSError):
        raise not_supported() from None
    if not pieces:
        raise not_supported()
    return numpy.concatenate(pieces)


def not_supported() -> UnsupportedType:
    return UnsupportedType("Audio format not supported")


def _pieces(av: Any, audio: bytes) -> Iterator[Samples]:
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "none"}
    with av.open(io.BytesIO(audio), options=options) as container:
        if not container.streams.audio or container.streams.audio[0].codec_context.name not in CODECS:
            raise not_supported()
        resampler = Resampler()
        for frame in container.decode(container.streams.audio[0]):
            yield from resampler.taken(frame)
        yield from resampler.taken(None)


class Resampler:
    """Converts frames of any sample rate and number of channels to samples at RATE."""

    def __init__(self) -> None:
        import av

        self._resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)

    def taken(self, frame: Any) -> Iterator[Samples]:
        """Yield the samples of a frame. None stands for the end of the audio."""
        if frame is None or frame.samples:
            for made in self._resampler.resample(frame):
                yield made.to_ndarray()[0]

    def pcm(self, pcm: bytes, rate: int) -> Samples:
        """Return the samples of 16-bit mono PCM."""
        import av
        import numpy

        frame = av.AudioFrame.from_ndarray(numpy.frombuffer(pcm, "<i2")[None, :], format="s16", layout="mono")
        frame.sample_rate = rate
        made = list(self.taken(frame))
        return numpy.concatenate(made) if made else numpy.zeros(0, numpy.float32)
