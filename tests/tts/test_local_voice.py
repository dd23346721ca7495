"""The local voice, by listening to it."""

import re
import sys

import pytest

from rplay.errors import SpeechError
from rplay.tts.local import PIECE_CHARACTERS, SAMPLE_RATE, LocalSpeaker, split_long
from rplay.tts.speaker import SpeechRefused, Timed

pytest.importorskip("hibari", reason="the extra `local` is not installed")
miniaudio = pytest.importorskip("miniaudio")
import numpy  # noqa: E402

TALK = "I would like to retire at sixty. My pension alone is not enough, I am afraid! What would you suggest?"

WORDS = "My pension alone is not enough to retire at sixty."


@pytest.fixture(scope="module")
def speaker() -> LocalSpeaker:
    speaker = LocalSpeaker()
    speaker.warm()
    return speaker


def decoded(mp3: bytes) -> "numpy.ndarray":
    """Samples from -1 to 1."""
    sound = miniaudio.decode(mp3, nchannels=1, sample_rate=SAMPLE_RATE, output_format=miniaudio.SampleFormat.FLOAT32)
    return numpy.array(sound.samples, dtype=numpy.float32)


def loudness(samples: "numpy.ndarray") -> float:
    return float(numpy.sqrt(numpy.mean(samples**2)))


class TestSpeaking:
    def test_gives_each_sentence_as_an_mp3_of_its_own(self, speaker):
        pieces = list(speaker.stream(TALK, "alloy", 1))
        assert len(pieces) == 3
        for piece in pieces:
            info = miniaudio.mp3_get_info(bytes(piece))
            assert (info.sample_rate, info.nchannels) == (SAMPLE_RATE, 1)
            assert loudness(decoded(piece)) > 0.01

    def test_knows_how_long_each_plays(self, speaker):
        for piece in speaker.stream(TALK, "alloy", 1):
            assert isinstance(piece, Timed)
            assert len(decoded(piece)) / SAMPLE_RATE == pytest.approx(piece.seconds, abs=0.15)

    def test_speaks_at_a_natural_pace(self, speaker):
        seconds = sum(piece.seconds for piece in speaker.stream(TALK, "alloy", 1))
        assert 120 < len(TALK.split()) / seconds * 60 < 240  # words a minute

    def test_is_not_clipped(self, speaker):
        samples = decoded(next(speaker.stream(TALK, "alloy", 1)))
        assert numpy.mean(numpy.abs(samples) > 0.999) < 0.001

    def test_has_one_voice_for_every_name(self, speaker):
        assert speaker.voices() == {"heart"}
        for voice in ("onyx", "heart", "anything"):
            assert len(next(speaker.stream("Hello there.", voice, 1))) > 1000

    def test_says_nothing_where_there_is_nothing_to_say(self, speaker):
        assert list(speaker.stream("🙂 - 🙂", "alloy", 1)) == []

    @pytest.mark.sampled(3)
    @pytest.mark.parametrize(
        "text",
        [
            "你好。",
            "Ünïcödé naïve café?",
            "\x00\x01 Hello \ufffd",
            "A" * 130,
            "9" * 40,
            "1" + ",234" * 12,
            "$1,234,567.89 at 3.5 %",
            "[a](/b/)",
            "((((",
            "-" * 130,
        ],
    )
    def test_is_not_upset_by_odd_text(self, speaker, text):
        for piece in speaker.stream(text, "alloy", 1):
            assert len(decoded(piece)) > 0

    @pytest.mark.practice
    def test_begins_with_less_when_the_first_sentence_is_long(self, speaker):
        sentence = "I " + "really " * 12 + "think so, and " + "very " * 12 + "much."
        assert [len(list(speaker.stream(text, "alloy", 1))) for text in (sentence, f"Yes. {sentence}")] == [2, 2]


class TestSpeed:
    @pytest.mark.sampled(2)
    @pytest.mark.parametrize(("asked", "spoken"), [(2.0, 2.0), (4.0, 2.0), (0.5, 0.5), (0.25, 0.5)])
    def test_goes_from_a_half_to_two(self, speaker, asked, spoken):
        normal, other = (
            sum(p.seconds for p in speaker.stream("Good morning to you.", "alloy", s)) for s in (1.0, asked)
        )
        assert normal / other == pytest.approx(spoken, rel=0.25)


class TestLongSentences:
    @pytest.mark.practice
    def test_are_spoken_in_pieces_that_fit_into_memory(self, speaker):
        pieces = list(speaker.stream("Yes. " + "So on and " * 80, "alloy", 1))
        assert len(pieces) == 1 + 4

    @pytest.mark.parametrize(
        "sentence",
        [
            "Short.",
            "One clause, " * 60,
            "word " * 200,
            "x" * 1000,
            "First, " + "long " * 100 + ", last: " + "end " * 60 + ".",
            ", " * 300,
        ],
    )
    def test_lose_nothing(self, sentence):
        pieces = list(split_long(sentence))
        assert all(0 < len(piece) <= PIECE_CHARACTERS for piece in pieces)
        assert re.sub(r"\s", "", "".join(pieces)) == re.sub(r"\s", "", sentence)

    def test_are_split_after_a_clause_where_there_is_one(self):
        sentence = "I " + "really " * 20 + "think so, and " + "very " * 20 + "much."
        assert [piece[-1] for piece in split_long(sentence)] == [",", "."]


class TestWithoutThePackage:
    def test_is_not_configured(self, monkeypatch):
        monkeypatch.setattr("rplay.tts.local.find_spec", lambda name: None)
        speaker = LocalSpeaker()
        assert not speaker.configured()
        speaker.warm()
        with pytest.raises(SpeechRefused, match=r"^Speech is not configured$"):
            speaker.stream("Hi", "alloy", 1)

    def test_that_does_not_load_fails_as_speech_does(self, monkeypatch):
        monkeypatch.setattr("rplay.tts.local.find_spec", lambda name: True)
        monkeypatch.setitem(sys.modules, "hibari", None)
        with pytest.raises(SpeechError, match=r"^the local voice failed: ModuleNotFoundError$"):
            list(LocalSpeaker().stream("Hi", "alloy", 1))


@pytest.mark.practice
def test_can_be_understood(speaker):
    """A recogniser hears most of the words."""
    pocketsphinx = pytest.importorskip("pocketsphinx", reason="no speech recogniser installed")
    samples = numpy.concatenate([decoded(piece) for piece in speaker.stream(WORDS, "alloy", 1)])
    at_16_khz = numpy.interp(numpy.arange(0, len(samples), 1.5), numpy.arange(len(samples)), samples)
    decoder = pocketsphinx.Decoder(samprate=16000)
    decoder.start_utt()
    decoder.process_raw((at_16_khz * 32767).astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    words = WORDS.lower().rstrip(".").split()
    heard = decoder.hyp().hypstr.split()
    assert sum(word in heard for word in words) >= len(words) - 2
