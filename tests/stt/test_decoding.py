"""Recordings of every kind that browsers make, and what is none."""

import numpy
import pytest

from rplay.errors import TooLarge, UnsupportedType
from rplay.stt.decoding import Resampler, decoded
from rplay.stt.recogniser import RATE
from tests.stt.recordings import encoded, pcm, silence

TONE = numpy.sin(numpy.arange(RATE * 2) * 2 * numpy.pi * 440 / RATE).astype(numpy.float32) * 0.5
KINDS = [
    ("wav", "pcm_s16le", 8_000, "mono"),
    ("wav", "pcm_s16le", 44_100, "stereo"),
    ("wav", "pcm_mulaw", 8_000, "mono"),
    ("mp3", "libmp3lame", 48_000, "stereo"),
    ("flac", "flac", 48_000, "mono"),
    ("ogg", "libopus", 48_000, "mono"),
    ("webm", "libopus", 48_000, "stereo"),
    ("mp4", "aac", 44_100, "mono"),
]


def pitch(samples):
    return numpy.argmax(numpy.abs(numpy.fft.rfft(samples))) * RATE / len(samples)


@pytest.mark.parametrize(("container", "codec", "rate", "layout"), KINDS)
def test_is_read_whatever_a_browser_makes(container, codec, rate, layout):
    samples = decoded(encoded(TONE, container, codec, rate, layout))
    assert samples.dtype == numpy.float32
    assert len(samples) == pytest.approx(RATE * 2, abs=RATE * 0.15)
    assert pitch(samples) == pytest.approx(440, abs=3)
    assert 0.3 < numpy.abs(samples[RATE // 2 : RATE]).max() < 0.8


@pytest.mark.parametrize(
    "audio",
    [
        b"",
        b"x",
        b"\x00" * 5_000,
        b"RIFF\x24\x00\x00\x00WAVEfmt ",
        b"ID3\x04\x00" + b"\xff" * 3_000,
        b"OggS" + b"\x01" * 500,
        b"<!DOCTYPE html><p>Not here</p>",
        b"\x1aE\xdf\xa3" + b"\xff" * 200,
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        encoded(TONE, "wav", "pcm_s16le")[:40],
        encoded(TONE, "au", "pcm_s16be"),
    ],
)
def test_what_is_no_recording_of_a_browser_is_refused(audio):
    with pytest.raises(UnsupportedType, match="Audio format not supported"):
        decoded(audio)


def test_no_other_file_of_the_machine_is_opened(tmp_path):
    """A playlist in the formats that the library knows, of a file that it could read."""
    (tmp_path / "secret.wav").write_bytes(encoded(TONE, "wav", "pcm_s16le"))
    for playlist in ("ffconcat version 1.0\nfile {}\n", "#EXTM3U\n#EXTINF:1,\n{}\n", "v=0\no=- 0 0 IN IP4 0\nc={}\n"):
        with pytest.raises(UnsupportedType):
            decoded(playlist.format(tmp_path / "secret.wav").encode())


def test_a_recording_that_is_cut_off_is_read_as_far_as_it_goes():
    whole = encoded(TONE, "ogg", "libopus")
    assert RATE // 2 < len(decoded(whole[: len(whole) * 3 // 4])) < RATE * 2


@pytest.mark.practice
def test_two_minutes_are_the_most_however_small_the_file():
    assert len(decoded(encoded(silence(119), "ogg", "libopus", 8_000, compression_level="0"))) > RATE * 118
    with pytest.raises(TooLarge, match="Audio is too long \\(max 120 seconds\\)"):
        decoded(encoded(silence(122), "ogg", "libopus", 8_000, compression_level="0"))


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000, 96_000])
def test_frames_of_any_rate_join_without_a_seam(rate):
    resampler, audio = Resampler(), pcm(TONE, rate)
    step = int(rate * 0.1) * 2
    samples = numpy.concatenate([resampler.pcm(audio[at : at + step], rate) for at in range(0, len(audio), step)])
    assert len(samples) == pytest.approx(RATE * 2, abs=200)
    assert pitch(samples) == pytest.approx(440, abs=3)
    assert numpy.abs(numpy.diff(samples)).max() < 0.12  # a seam would be a jump
