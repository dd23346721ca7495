"""The recogniser that needs no network: what our own voice says comes back."""

import gevent
import numpy
import pytest

from rplay.stt.local import LocalRecogniser
from tests.stt.recordings import LINE, noise, samples_of, wrong_words


@pytest.fixture(scope="module")
def recogniser():
    return LocalRecogniser()


def test_understands_what_the_local_voice_says(recogniser):
    found = recogniser.transcribe(samples_of(LINE))
    assert wrong_words(LINE, found.text) == 0
    assert found.language == "en"


@pytest.mark.practice
def test_understands_a_quiet_speaker_and_one_in_noise(recogniser):
    samples = samples_of(LINE)
    assert wrong_words(LINE, recogniser.transcribe(samples * 0.01).text) <= 1
    assert wrong_words(LINE, recogniser.transcribe(samples + noise(len(samples) / 16_000, 0.01)).text) <= 1


@pytest.mark.practice
def test_two_at_once_do_not_mix(recogniser):
    other = "My husband works at night in the hospital."
    asked = [gevent.spawn(recogniser.transcribe, samples_of(text)) for text in (LINE, other) * 3]
    gevent.joinall(asked, raise_error=True)
    for text, one in zip((LINE, other) * 3, asked, strict=True):
        assert wrong_words(text, one.value.text) <= 1
    assert len(recogniser._idle) <= 2


def test_of_noise_and_of_next_to_nothing_there_are_no_words(recogniser):
    assert recogniser.transcribe(noise(2)).text == ""
    assert recogniser.transcribe(numpy.zeros(0, numpy.float32)).text == ""
    assert recogniser.transcribe(numpy.zeros(800, numpy.float32)).text == ""
