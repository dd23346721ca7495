"""Where phrases begin and end, by what our own voice says."""

import numpy
import pytest

from rplay.stt.detector import FRAME
from rplay.stt.phrases import LONGEST, Phrases, phrases_of
from tests.stt.recordings import noise, samples_of, silence

YES = "Yes, I think so."
NO = "No, not at all."


def test_silence_and_noise_have_none():
    assert phrases_of(silence(3)) == []
    assert phrases_of(noise(3)) == []


def test_two_sentences_with_a_pause_are_two():
    first, second = samples_of(YES), samples_of(NO)
    found = phrases_of(numpy.concatenate([silence(1), first, silence(1.2), second]))
    assert len(found) == 2
    assert 900 < found[0].start_ms < found[0].end_ms < 1000 * (1.4 + len(first) / 16_000)
    assert found[1].start_ms > found[0].end_ms + 700


def test_a_quiet_speaker_is_heard():
    loud = phrases_of(numpy.concatenate([silence(0.5), samples_of(YES)]))
    quiet = phrases_of(numpy.concatenate([silence(0.5), samples_of(YES) * 0.02]))
    assert [round(one.start_ms, -2) for one in quiet] == [round(one.start_ms, -2) for one in loud]


@pytest.mark.parametrize("step", [1, 100, 512, 5_000])
def test_pieces_of_any_size_give_the_same(step):
    samples = numpy.concatenate([samples_of(YES)[:20_000], silence(0.6)])
    phrases = Phrases()
    found = [one for at in range(0, len(samples), step) for one in phrases.write(samples[at : at + step])]
    assert [one.end_ms for one in found] == [one.end_ms for one in phrases_of(samples)]


def test_who_never_stops_is_cut_where_it_hurts_least():
    long = numpy.concatenate([samples_of(YES)[:18_000]] * 30)
    found = phrases_of(long)
    assert max(len(one.samples) for one in found) <= LONGEST * FRAME
    assert sum(len(one.samples) for one in found) > len(long) * 0.95


def test_silence_is_not_kept():
    phrases = Phrases()
    phrases.write(silence(60))
    assert len(phrases._frames) < 20
