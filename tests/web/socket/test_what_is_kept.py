"""What was broken off leaves nothing that waits for the search for garbage: prompts and audio are large."""

import gc
import weakref
from collections.abc import Iterator

import gevent
import pytest
from gevent.event import Event as Moment

from rplay.agents.client import Event
from rplay.stt.listening import Listening
from rplay.stt.phrases import Phrase
from rplay.stt.recogniser import Transcript
from rplay.tts.narration import Narration
from rplay.tts.request import parse
from rplay.tts.session import Speech
from rplay.web.socket.reply import Reply
from rplay.web.socket.wishes import Heard, talk_of


class Large:
    """Stands for a prompt, or for audio."""


class Held:
    """Work that holds something large while it waits, and whether anybody still has it."""

    def __init__(self) -> None:
        large = Large()
        self._seen = weakref.ref(large)
        self._given = [large]
        self.waits = Moment()

    @property
    def gone(self) -> bool:
        return self._seen() is None

    def audio(self, *_: object, **__: object) -> Iterator[bytes]:
        large = self._given.pop()
        self.waits.set()
        gevent.sleep(60)
        yield repr(large).encode()

    def events(self) -> Iterator[Event]:
        large = self._given.pop()
        self.waits.set()
        gevent.sleep(60)
        yield Event("delta", {"text": repr(large)})

    def transcribe(self, _samples: object) -> Transcript:
        large = self._given.pop()
        self.waits.set()
        gevent.sleep(60)
        return Transcript(repr(large))


@pytest.fixture
def held() -> Iterator[Held]:
    gc.collect()
    gc.disable()
    yield Held()
    gc.enable()


def let_it_end() -> None:
    """A greenlet that was killed ends, and then what it had."""
    for _ in range(5):
        gevent.sleep(0)


def test_an_interrupted_reply_keeps_nothing_of_what_the_model_was_asked(held):
    reply = Reply(talk_of({"speak": False}, frozenset()), lambda *_: None, lambda: True)
    running = gevent.spawn(reply.run, held.events(), None)
    held.waits.wait()
    reply.interrupt(Heard())
    running.join()
    assert held.gone


def test_a_stopped_narration_keeps_nothing_of_what_the_voice_was_asked(held):
    narration = Narration(held.audio, lambda *_: None, lambda: None)
    narration.write("Good morning. ")
    held.waits.wait()
    narration.stop()
    let_it_end()
    assert held.gone
    assert not narration.speaking


def test_a_stopped_speech_keeps_nothing_of_what_the_voice_was_asked(held):
    class Speaker:
        stream = staticmethod(held.audio)

    speech = Speech(parse({"text": "Good morning."}, frozenset()), lambda *_: None, lambda: True)
    running = gevent.spawn(speech.run, Speaker)
    held.waits.wait()
    speech.stop()
    running.join()
    assert held.gone


def test_a_listening_whose_speaker_left_keeps_nothing_of_what_was_said(held):
    listening = Listening(
        "one", 16_000, "hold", 900, held, lambda *_: None, lambda: None, lambda: None, lambda *_: None
    )
    listening._due.put(Phrase(b"", 0, 1000))
    listening.begin()
    held.waits.wait()
    listening.close()
    let_it_end()
    assert held.gone
