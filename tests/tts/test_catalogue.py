"""The list of voices: what one entry is enough for."""

from typing import get_args

import pytest

from rplay.commands import checks, model_list, setting
from rplay.config import Settings
from rplay.server import screen
from rplay.tts import catalogue
from rplay.tts.catalogue import Kind
from rplay.tts.request import parse
from rplay.tts.speaker import Audio


class Scripted:
    """A voice that says its own name and what it was asked."""

    def configured(self) -> bool:
        return True

    def voices(self) -> frozenset[str]:
        return frozenset({"narrator"})

    def warm(self) -> None:
        pass

    def stream(self, text: str, voice: str, speed: float) -> Audio:
        yield f"{voice} at {speed:g}: {text}".encode()


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A voice that nothing but the list knows."""
    kind = Kind(
        "scripted",
        make=lambda _settings, _key: Scripted(),
        is_set=lambda settings: settings.openai_tts_model == "told",
        lacks="nobody told it anything",
        remedy="tell it something",
        shown=lambda _: "a voice that reads out loud at http://me:secret@scripted.example",
        model=lambda settings: settings.openai_tts_model,
        server=lambda _: "http://scripted.example/v1",
    )
    monkeypatch.setattr(catalogue, "KINDS", (*catalogue.KINDS, kind))


def named(**given: object) -> Settings:
    """Settings that name it; the check of the names is the settings' own."""
    return Settings.model_validate(given).model_copy(update={"tts_provider": "scripted"})


def test_the_settings_know_the_names_on_the_list_and_auto() -> None:
    known = get_args(Settings.model_fields["tts_provider"].annotation)
    assert set(known) == {"auto", *(kind.name for kind in catalogue.KINDS)}


def test_one_on_the_list_speaks_by_its_own_names(scripted: None) -> None:
    speaker = catalogue.choose(named(), lambda: None)
    request = parse({"text": "Good morning.", "voice": "narrator", "speed": 2}, speaker.voices())
    assert b"".join(request.audio_of(speaker)) == b"narrator at 2: Good morning."


def test_one_on_the_list_is_shown_checked_and_among_the_models(scripted: None) -> None:
    shown = "a voice that reads out loud at http://********@scripted.example"
    ready = named(openai_tts_model="told", ai_providers="local")
    assert screen._voice(ready) == [shown]
    checked = checks._voice(ready, False)
    assert (checked.state, checked.text) == ("off", f"{shown}: was not asked; --voice asks")
    assert list(setting._impossible(ready)) == []
    (found,) = model_list.configured(ready)
    assert (found.purpose, found.model, found.server) == ("voice", "told", "http://scripted.example/v1")


def test_one_that_is_not_set_says_what_is_missing(scripted: None) -> None:
    why = "none: TTS_PROVIDER is scripted and nobody told it anything"
    assert screen._voice(named()) == [why, "For a voice tell it something."]
    checked = checks._voice(named(), False)
    assert (checked.state, checked.text) == ("off", why)
    assert list(setting._impossible(named())) == [
        "TTS_PROVIDER is scripted and nobody told it anything: tell it something."
    ]
    assert model_list.configured(named(ai_providers="local")) == []


def test_those_of_auto_are_on_the_list() -> None:
    auto = catalogue.allowed(Settings.model_validate({}))
    assert [kind.name for kind in auto] == list(catalogue.AUTO)
