"""Speaking in a terminal; the microphone is a program that gives a recording."""

import numpy
import pytest

from rplay.errors import RecognitionError, StartError
from rplay.stt.recogniser import Transcript
from rplay.terminal import microphone
from rplay.terminal.microphone import Microphone, recorder, voice_of
from tests.stt.recordings import LINE, pcm, samples_of, silence


class Recogniser:
    name = "scripted"

    def transcribe(self, samples):
        return Transcript("Why now?")


@pytest.fixture
def listening(tmp_path):
    def make(samples):
        (tmp_path / "said.pcm").write_bytes(pcm(samples))
        return Microphone(Recogniser(), ("sh", "-c", f"cat {tmp_path}/said.pcm; exec sleep 60"), 900)

    return make


def test_a_pause_ends_the_turn(listening):
    said = listening(numpy.concatenate([silence(0.5), samples_of(LINE), silence(1.5), samples_of(LINE)])).listen()
    assert (said["text"], said["words"]) == ("Why now?", 2)
    voice = voice_of(said)
    assert 2 < voice["seconds"] < 5
    assert 300 < voice["pauseMs"] < 1500


def test_whoever_says_nothing_is_waited_for_until_the_recording_ends(tmp_path):
    (tmp_path / "said.pcm").write_bytes(pcm(silence(2)))
    assert Microphone(Recogniser(), ("cat", str(tmp_path / "said.pcm")), 900).listen()["text"] == ""


def test_a_microphone_that_gives_nothing_is_said():
    with pytest.raises(RecognitionError, match="false recorded nothing"):
        Microphone(Recogniser(), ("false",), 900).listen()


def test_a_program_that_records_is_named(monkeypatch):
    monkeypatch.setattr(microphone.shutil, "which", lambda name: "/usr/bin/rec" if name == "rec" else None)
    assert recorder()[0] == "rec"
    monkeypatch.setattr(microphone.shutil, "which", lambda name: None)
    with pytest.raises(StartError, match="install arecord, ffmpeg, rec"):
        recorder()
