"""Which voice speaks."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rplay import model_end_dates
from rplay.config import Settings
from rplay.errors import SpeechError
from rplay.tts.auto import Auto
from rplay.tts.catalogue import choose
from rplay.tts.local import LocalSpeaker
from rplay.tts.openai import OPENAI, OpenAISpeaker
from rplay.tts.speaker import SpeechRefused
from tests.tts.fake_voice import FakeVoice, audio_of


@pytest.fixture(scope="module")
def server() -> Iterator[FakeVoice]:
    server = FakeVoice()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def voice(server: FakeVoice) -> FakeVoice:
    server.reset()
    return server


def chosen(stored: str | None = None, **settings: Any) -> Any:
    return choose(Settings.model_validate(settings), lambda: stored)


def key_used(voice: FakeVoice, stored: str | None = None, **settings: Any) -> str:
    speaker = chosen(stored, tts_provider="openai", tts_base_url=voice.url, **settings)
    list(speaker.stream("Hi", "alloy", 1))
    speaker._client.close()
    return voice.calls[-1].key


class TestKey:
    def test_is_that_of_the_voice_first(self, voice):
        assert key_used(voice, "sk-stored", tts_api_key="sk-voice", openai_api_key="sk-openai") == "sk-voice"

    def test_is_else_the_stored_one(self, voice):
        assert key_used(voice, "sk-stored", openai_api_key="sk-openai") == "sk-stored"

    def test_is_else_openais(self, voice):
        assert key_used(voice, openai_api_key="sk-openai") == "sk-openai"


class TestAddress:
    def test_is_that_of_the_voice_else_that_of_the_ai_else_openais(self):
        ai, voice = "http://ai.example.com/v1", "http://voice.example.com/v1"
        assert chosen(tts_provider="openai", tts_base_url=voice, openai_base_url=ai).base_url == voice
        assert chosen(tts_provider="openai", openai_base_url=ai).base_url == ai
        assert chosen(tts_provider="openai").base_url == OPENAI


class TestProvider:
    def test_named_is_the_one_that_speaks(self):
        assert type(chosen(tts_provider="local", openai_api_key="sk")) is LocalSpeaker
        assert type(chosen(tts_provider="openai")) is OpenAISpeaker

    def test_a_server_of_ones_own_needs_no_key(self, voice):
        speaker = chosen(tts_base_url=voice.url)
        assert speaker.configured()
        assert b"".join(speaker.stream("Hi", "alloy", 1)) == audio_of("Hi")
        assert voice.calls[0].key == "none"
        speaker.openai._client.close()

    def test_the_server_of_the_ai_without_a_key_is_not_asked_to_speak(self):
        assert not chosen(tts_provider="openai", openai_base_url="http://gpu:11434/v1").configured()

    def test_openai_without_a_key_is_not_configured(self):
        speaker = chosen(tts_provider="openai")
        assert not speaker.configured()
        with pytest.raises(SpeechRefused, match=r"^Speech is not configured$"):
            speaker.stream("Hi", "alloy", 1)


class Local:
    """A second voice for Auto."""

    def __init__(self, configured: bool = True) -> None:
        self.is_configured = configured
        self.asked: list[tuple[str, str, float]] = []
        self.warmed = 0

    def configured(self) -> bool:
        return self.is_configured

    def voices(self) -> frozenset[str]:
        return frozenset({"heart"})

    def warm(self) -> None:
        self.warmed += 1

    def stream(self, text: str, voice: str, speed: float) -> Any:
        if not self.is_configured:
            raise SpeechRefused("Speech is not configured")
        self.asked.append((text, voice, speed))
        return (piece for piece in (b"local",))


class TestAuto:
    @pytest.fixture
    def keys(self) -> list[str | None]:
        return ["sk-key"]

    @pytest.fixture
    def openai(self, voice: FakeVoice, keys: list[str | None]) -> Iterator[OpenAISpeaker]:
        speaker = OpenAISpeaker(voice.url, "tts-1", lambda: keys[0])
        yield speaker
        speaker._client.close()

    def test_is_openai_when_a_key_is_there(self, openai):
        local = Local()
        auto = Auto(openai, local)
        assert b"".join(auto.stream("Hi", "ash", 1)) == audio_of("Hi")
        assert "ash" in auto.voices()
        assert local.asked == []

    def test_is_local_until_a_key_is_stored(self, openai, keys):
        auto = Auto(openai, Local())
        keys[0] = None
        assert list(auto.stream("Hi", "heart", 1)) == [b"local"]
        assert auto.voices() == {"heart"}
        keys[0] = "sk-stored"
        assert b"".join(auto.stream("Hi", "alloy", 1)) == audio_of("Hi")

    def test_is_not_configured_when_neither_is_there(self, openai, keys):
        auto = Auto(openai, Local(configured=False))
        keys[0] = None
        assert not auto.configured()
        with pytest.raises(SpeechRefused, match=r"^Speech is not configured$"):
            auto.stream("Hi", "alloy", 1)

    @pytest.mark.parametrize("failure", ["status=401", "status=429", "status=500", "chunks=0", "cut=0"])
    def test_turns_to_local_when_openai_does_not_begin(self, openai, failure):
        local = Local()
        assert list(Auto(openai, local).stream(f"{failure} Hi", "nova", 2)) == [b"local"]
        assert local.asked == [(f"{failure} Hi", "nova", 2)]

    def test_fails_when_openai_breaks_off_later(self, openai):
        local = Local()
        audio = Auto(openai, local).stream("cut=1", "alloy", 1)
        next(audio)
        with pytest.raises(SpeechError):
            list(audio)
        assert local.asked == []

    def test_fails_as_openai_does_without_a_local_voice(self, openai):
        with pytest.raises(SpeechError, match=r"^the voice server answered 429$"):
            list(Auto(openai, Local(configured=False)).stream("status=429", "alloy", 1))

    def test_closed_closes_openai(self, openai, voice):
        audio = Auto(openai, Local()).stream("hold=1", "alloy", 1)
        next(audio)
        audio.close()
        voice.wait_for(lambda: voice.calls[0].outcome == "aborted")

    def test_is_local_from_the_end_of_the_other_model_on(self, openai):
        today = datetime.now(UTC).date()
        assert list(Auto(openai, Local(), today).stream("Hi", "alloy", 1)) == [b"local"]
        assert b"".join(Auto(openai, Local(), today + timedelta(days=1)).stream("Hi", "alloy", 1)) == audio_of("Hi")
        assert b"".join(Auto(openai, Local(configured=False), today).stream("Hi", "alloy", 1)) == audio_of("Hi")

    def test_knows_the_end_of_a_vendors_voice(self, monkeypatch):
        ended = {"m": datetime.now(UTC).date()}
        monkeypatch.setattr(model_end_dates, "VENDORS", [model_end_dates.Vendor("OpenAI", ("api.openai.com",), ended)])
        speaker = chosen(openai_api_key="sk", openai_tts_model="m")
        assert speaker._first() is speaker.local
        own = chosen(openai_api_key="sk", openai_tts_model="m", tts_base_url="http://voice.example.com/v1")
        assert own._first() is own.openai

    def test_warms_the_one_that_would_speak(self, openai, keys):
        local = Local()
        Auto(openai, local).warm()
        assert local.warmed == 0
        keys[0] = None
        Auto(openai, local).warm()
        assert local.warmed == 1
