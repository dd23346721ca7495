"""The session alone, with voices made for the purpose; no server, no socket."""

from base64 import b64decode
from collections.abc import Callable
from typing import Any

import gevent
import pytest
from gevent.event import Event

from rplay.errors import SpeechError
from rplay.tts import session as module
from rplay.tts.session import Session
from rplay.tts.speaker import SpeechRefused, timed

FAILED = {"success": False, "error": "Failed to generate speech"}
OK = {"success": True}


class Voice:
    """Speaks `pieces`; waits where one of them is an Event, fails where one is an exception."""

    def __init__(self, *pieces: Any, refuses: str | None = None) -> None:
        self.pieces = pieces
        self.refuses = refuses
        self.asked: list[str] = []
        self.closed = 0
        self.running = 0
        self.given = 0

    def configured(self) -> bool:
        return True

    def voices(self) -> frozenset[str]:
        return frozenset()

    def warm(self) -> None: ...

    def stream(self, text: str, voice: str, speed: float) -> Any:
        if self.refuses:
            raise SpeechRefused(self.refuses)
        return self._speak(text)

    def _speak(self, text: str) -> Any:
        self.asked.append(text)
        self.running += 1
        try:
            for piece in self.pieces:
                if isinstance(piece, Event):
                    piece.wait()
                elif isinstance(piece, BaseException):
                    raise piece
                else:
                    self.given += 1
                    yield piece
        finally:
            self.running -= 1
            self.closed += 1


class Talk:
    """A session and what its listener hears, acknowledgements included."""

    def __init__(self, voice: Voice, has_room: Callable[[], bool] = lambda: True) -> None:
        self.heard: list[tuple[str, Any]] = []
        self.session = Session(voice, lambda event, data: self.heard.append((event, data)), has_room)

    def ask(self, text: object = "Hello", **more: Any) -> gevent.Greenlet:
        return gevent.spawn(lambda: self.heard.append(("ack", self.session.generate({"text": text, **more}))))

    def hear(self, *args: Any, **more: Any) -> list[tuple[str, Any]]:
        self.ask(*args, **more).get(timeout=60)
        return self.heard

    def names(self) -> list[str]:
        return [name for name, _ in self.heard]


def settle() -> None:
    """Lets every greenlet that can go on go on."""
    for _ in range(20):
        gevent.sleep(0)


class TestSpeaking:
    def test_starts_sends_and_ends_before_it_acknowledges(self):
        heard = Talk(Voice(b"one", b"two")).hear("Hello", voice="nova")
        assert heard == [
            ("speech-start", {"text": "Hello", "voice": "nova"}),
            ("audio-chunk", {"data": "b25l", "index": 0}),
            ("audio-chunk", {"data": "dHdv", "index": 1}),
            ("speech-end", {"totalBytes": 6, "duration": 6 / 16000}),
            ("ack", OK),
        ]

    def test_counts_from_zero_in_each_speech(self):
        talk = Talk(Voice(b"one", b"two"))
        talk.hear()
        talk.hear()
        assert [data["index"] for name, data in talk.heard if name == "audio-chunk"] == [0, 1, 0, 1]

    def test_sends_bytes_when_asked_to(self):
        assert Talk(Voice(timed(b"one", 1))).hear(binary=True)[1] == ("audio-chunk", {"data": b"one", "index": 0})

    def test_gives_the_true_seconds_where_the_voice_knows_them(self):
        heard = Talk(Voice(timed(b"one", 1.5), timed(b"two", 2.25))).hear()
        assert heard[-2] == ("speech-end", {"totalBytes": 6, "duration": 3.75})

    def test_speaks_half_a_character_as_a_mark_and_repeats_it_as_sent(self):
        voice = Voice(b"one")
        heard = Talk(voice).hear("a\ud83d\ud83d\ude00")
        assert heard[0][1]["text"] == "a\ud83d\ud83d\ude00"
        assert voice.asked == ["a\ufffd"]

    def test_speaks_words_alone_and_repeats_what_was_sent(self):
        voice = Voice(b"one")
        heard = Talk(voice).hear("*sighs* **No** 😀")
        assert (heard[0][1]["text"], voice.asked) == ("*sighs* **No** 😀", ["No"])

    def test_of_a_gesture_is_silent(self):
        voice = Voice(b"one")
        assert Talk(voice).hear("👍")[-2:] == [("speech-end", {"totalBytes": 0, "duration": 0}), ("ack", OK)]
        assert voice.asked == []

    def test_that_has_nothing_to_say_is_a_speech_all_the_same(self):
        assert Talk(Voice()).hear()[-2:] == [("speech-end", {"totalBytes": 0, "duration": 0}), ("ack", OK)]


class TestFailing:
    @pytest.mark.parametrize("error", [SpeechError("sk-secret"), RuntimeError("sk-secret"), KeyError("sk-secret")])
    @pytest.mark.parametrize("pieces", [(), (b"one",)])
    def test_tells_the_listener_nothing_but_that(self, pieces, error):
        heard = Talk(Voice(*pieces, error)).hear()
        assert heard[-2:] == [("tts-error", {"message": "Speech generation failed"}), ("ack", FAILED)]
        assert "speech-end" not in [name for name, _ in heard]
        assert "secret" not in str(heard)

    def test_because_of_the_request_says_why_and_asks_no_voice(self):
        voice = Voice(b"one")
        assert Talk(voice).hear(" ") == [("tts-error", {"message": "Text is required"}), ("ack", FAILED)]
        assert voice.asked == []

    def test_for_want_of_a_voice_says_so_before_any_start(self):
        heard = Talk(Voice(refuses="Speech is not configured")).hear()
        assert heard == [("tts-error", {"message": "Speech is not configured"}), ("ack", FAILED)]

    def test_leaves_room_for_the_next_speech(self):
        talk = Talk(Voice(SpeechError("gone")))
        talk.hear()
        talk.session._speaker = Voice(b"one")
        assert talk.hear()[-1] == ("ack", OK)


class TestStopping:
    def test_ends_with_what_was_sent_and_closes_the_voice(self):
        voice = Voice(b"one", Event(), b"two")
        talk = Talk(voice)
        asked = talk.ask()
        settle()
        assert talk.session.streaming
        talk.session.stop()
        asked.get(timeout=60)
        assert talk.heard[1:] == [
            ("audio-chunk", {"data": "b25l", "index": 0}),
            ("speech-end", {"totalBytes": 3, "duration": 3 / 16000}),
            ("ack", OK),
        ]
        assert (voice.running, voice.closed) == (0, 1)

    def test_lets_no_chunk_out_that_had_already_come(self):
        gate = Event()
        talk = Talk(Voice(b"one", gate, b"two"))
        asked = talk.ask()
        settle()
        gate.set()
        talk.session.stop()
        asked.get(timeout=60)
        assert talk.names() == ["speech-start", "audio-chunk", "speech-end", "ack"]

    def test_does_nothing_when_nothing_is_playing(self):
        talk = Talk(Voice(b"one"))
        talk.session.stop()
        assert talk.hear()[-1] == ("ack", OK)
        talk.session.stop()
        assert talk.hear()[-1] == ("ack", OK)

    def test_ends_the_speech_before_it_and_not_the_one_after(self):
        voice = Voice(b"one", Event())
        talk = Talk(voice)
        first = talk.ask("first")
        settle()
        talk.session.stop()
        voice.pieces = (b"two",)
        second = talk.ask("second")
        gevent.joinall([first, second], timeout=60)
        assert talk.names() == ["speech-start", "audio-chunk", "speech-end", "ack"] * 2
        assert [data for name, data in talk.heard if name == "ack"] == [OK, OK]
        assert voice.asked == ["first", "second"]

    def test_many_times_in_a_row_keeps_the_order_and_speaks_only_the_last(self):
        voice = Voice(b"one", Event())
        talk = Talk(voice)
        asked = []
        for number in range(5):
            talk.session.stop()
            asked.append(talk.ask(f"text {number}"))
            gevent.sleep(0)
        settle()
        talk.session.stop()
        gevent.joinall(asked, timeout=60)
        starts = [data["text"] for name, data in talk.heard if name == "speech-start"]
        assert starts == [f"text {number}" for number in range(5)]
        assert [name for name in talk.names() if name != "audio-chunk"] == ["speech-start", "speech-end", "ack"] * 5
        assert voice.running == 0

    def test_in_the_middle_of_a_failure_is_no_failure(self):
        gate = Event()
        talk = Talk(Voice(b"one", gate, SpeechError("gone")))
        asked = talk.ask()
        settle()
        talk.session.stop()
        gate.set()
        asked.get(timeout=60)
        assert talk.heard[-1] == ("ack", OK)


class TestAnotherWhileOneIsPlaying:
    def test_is_refused_and_the_first_goes_on(self):
        gate = Event()
        voice = Voice(b"one", gate, b"two")
        talk = Talk(voice)
        first = talk.ask("first")
        settle()
        talk.hear("second")
        assert talk.heard[-2:] == [("tts-error", {"message": "Speech already in progress"}), ("ack", FAILED)]
        gate.set()
        first.get(timeout=60)
        assert talk.names()[-3:] == ["audio-chunk", "speech-end", "ack"]
        assert voice.asked == ["first"]


class TestClosing:
    def test_closes_the_voice_and_says_no_more(self):
        voice = Voice(b"one", Event())
        talk = Talk(voice)
        asked = talk.ask()
        settle()
        talk.session.close()
        asked.get(timeout=60)
        assert talk.names() == ["speech-start", "audio-chunk", "ack"]
        assert voice.running == 0

    def test_before_a_text_gets_its_turn_asks_no_voice(self):
        voice = Voice(b"one", Event())
        talk = Talk(voice)
        asked = [talk.ask("first")]
        settle()
        talk.session.stop()
        asked.append(talk.ask("second"))
        gevent.sleep(0)
        talk.session.close()
        gevent.joinall(asked, timeout=60)
        assert voice.asked == ["first"]


class TestListenersThatAreSlow:
    def test_are_waited_for_and_little_is_read_ahead(self):
        taking = False
        voice = Voice(*(b"%d" % number for number in range(100)))
        talk = Talk(voice, lambda: taking or len(talk.heard) < 4)
        asked = talk.ask(binary=True)
        settle()
        assert talk.names() == ["speech-start", "audio-chunk", "audio-chunk", "audio-chunk"]
        assert voice.given == 4
        taking = True
        asked.get(timeout=60)
        assert b"".join(data["data"] for name, data in talk.heard if name == "audio-chunk") == b"".join(voice.pieces)

    def test_are_given_up_in_the_end(self, monkeypatch):
        monkeypatch.setattr(module, "STALLED", 0.05)
        voice = Voice(b"one", b"two")
        talk = Talk(voice, lambda: False)
        assert talk.hear()[-2:] == [("tts-error", {"message": "Speech generation failed"}), ("ack", FAILED)]
        assert voice.running == 0

    def test_can_stop_while_they_are_waited_for(self):
        voice = Voice(b"one", b"two")
        talk = Talk(voice, lambda: False)
        asked = talk.ask()
        settle()
        talk.session.stop()
        asked.get(timeout=60)
        assert talk.names() == ["speech-start", "speech-end", "ack"]
        assert voice.running == 0


def test_base64_is_plain_text():
    heard = Talk(Voice(bytes(range(256)))).hear()
    data = heard[1][1]["data"]
    assert type(data) is str
    assert b64decode(data) == bytes(range(256))
