"""What becomes of a speaker's audio, with a recogniser that counts its phrases."""

import gevent
import numpy
import pytest

from rplay.stt import listening
from rplay.stt.listening import Listening
from rplay.stt.recogniser import Transcript
from tests.stt.recordings import LINE, pcm, samples_of, silence


class Counting:
    name = "counting"

    def __init__(self):
        self.phrases = 0

    def transcribe(self, samples):
        self.phrases += 1
        gevent.sleep(0)
        return Transcript(f"phrase {self.phrases}")


class Speaker:
    def __init__(self, mode="hold", another=lambda: None):
        self.heard, self.told = [], []
        self.listening = Listening(
            "ear", 16_000, mode, 900, Counting(),
            lambda event, data: self.heard.append((event, data)),
            another,
            lambda: self.heard.append(("speech-detected", {})),
            lambda *outcome: self.told.append(outcome),
        )  # fmt: skip
        self.listening.begin()

    def say(self, samples):
        """As fast as it is heard."""
        audio = pcm(samples)
        for at in range(0, len(audio), 64_000):
            self.listening.write(audio[at : at + 64_000])
            while self.listening._waiting and not self.listening.done.is_set():
                gevent.sleep(0)

    def finals(self):
        return [data["text"] for event, data in self.heard if event == "heard" and data["final"]]

    def errors(self):
        return [data["message"] for event, data in self.heard if event == "listen-error"]


@pytest.fixture
def spoken():
    return numpy.concatenate([samples_of(LINE), silence(1.2)])


@pytest.mark.practice
def test_two_minutes_in_hold_end_by_themselves_with_what_was_heard(spoken):
    speaker = Speaker()
    speaker.say(numpy.concatenate([spoken, silence(118)]))
    assert speaker.listening.done.wait(60)
    assert speaker.finals() == ["phrase 1"]
    assert speaker.errors() == ["Recording is too long (max 120 seconds)"]
    assert speaker.heard[-1][0] == "listen-error"


@pytest.mark.practice
def test_ten_minutes_hands_free_are_no_trouble_where_nobody_speaks_long(spoken):
    speaker = Speaker("free")
    for _ in range(5):
        speaker.say(numpy.concatenate([spoken, silence(115)]))
    speaker.listening.end()
    assert speaker.finals() == [f"phrase {number}" for number in range(1, 6)]
    assert speaker.errors() == []
    assert len(speaker.told) == 5
    assert {outcome for outcome, _, _ in speaker.told} == {"done"}


def test_each_phrase_is_told_while_the_speaker_goes_on(spoken):
    speaker = Speaker()
    speaker.say(spoken)
    with gevent.Timeout(30):
        while not speaker.heard:
            gevent.sleep(0.01)
    assert speaker.heard == [("heard", {"id": "ear", "text": "phrase 1", "final": False})]
    speaker.listening.end()


def test_whoever_sends_next_to_nothing_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(listening, "SILENT_SECONDS", 0.3)
    speaker = Speaker()
    while not speaker.listening.done.wait(0.05):
        speaker.listening.write(b"ab")
    assert speaker.errors() == ["No audio came for 30 seconds"]


def test_more_than_can_be_heard_is_not_kept():
    speaker = Speaker()
    for _ in range(31):
        speaker.listening.write(bytes(32_000))
    assert speaker.errors() == ["Audio comes faster than it can be heard"]
    assert speaker.listening.done.is_set()


def test_another_turn_may_be_refused(spoken):
    speaker = Speaker("free", another=lambda: "Too many requests")
    speaker.say(numpy.concatenate([spoken, spoken]))
    assert speaker.listening.done.wait(60)
    assert speaker.errors() == ["Too many requests"]


def test_nothing_runs_on_after_the_speaker_has_left(spoken):
    speaker = Speaker()
    speaker.say(spoken[:16_000])
    work = speaker.listening._work
    speaker.listening.close()
    gevent.joinall(work, timeout=60)
    assert all(one.dead for one in work)
