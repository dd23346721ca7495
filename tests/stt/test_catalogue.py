"""Who understands, by the settings."""

import pytest

from rplay.commands.setting import _impossible
from rplay.stt import catalogue
from tests.conftest import settings_for


@pytest.fixture(params=[True, False], ids=["installed", "not installed"])
def installed(request, monkeypatch):
    monkeypatch.setattr("rplay.stt.local.installed", lambda: request.param)
    return request.param


def chosen(settings):
    recogniser = catalogue.choose(settings, lambda: None)
    return recogniser.name if recogniser and recogniser.configured() else None


def test_audio_leaves_the_house_only_where_nothing_local_is(installed):
    assert chosen(settings_for()) == ("local" if installed else None)
    assert chosen(settings_for(openai_api_key="sk-1")) == ("local" if installed else "openai")
    assert chosen(settings_for(stt_base_url="http://ear:8000/v1")) == "openai"


def test_a_name_is_obeyed(installed):
    key = {"openai_api_key": "sk-1"}
    assert chosen(settings_for(stt_provider="off", **key)) is None
    assert chosen(settings_for(stt_provider="openai", **key)) == "openai"
    assert chosen(settings_for(stt_provider="local", **key)) == ("local" if installed else None)


def test_a_key_may_be_stored_later(monkeypatch):
    monkeypatch.setattr("rplay.stt.local.installed", lambda: False)
    stored = []
    recogniser = catalogue.choose(settings_for(), lambda: stored[0] if stored else None)
    assert not recogniser.configured()
    stored.append("sk-later")
    assert recogniser.configured()


def test_nobody_listens_without_what_reads_audio(monkeypatch):
    monkeypatch.setattr(catalogue, "find_spec", lambda name: None if name == "av" else object())
    settings = settings_for(stt_provider="openai", openai_api_key="sk-1")
    assert catalogue.choose(settings, lambda: None) is None
    assert catalogue.described(settings) == "none: STT_PROVIDER is openai and the extra `listening` is not installed"
    assert catalogue.remedy(settings) == "install the extra `listening`"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "the local recogniser, English"),
        ({"stt_provider": "off"}, "none: STT_PROVIDER is off"),
        ({"stt_base_url": "http://ear/v1"}, "gpt-transcribe at http://ear/v1 (STT_BASE_URL is set)"),
        ({"stt_provider": "openai"}, "none: STT_PROVIDER is openai and there is no key"),
        ({"stt_provider": "openai", "stt_api_key": "sk-1"}, "gpt-transcribe at OpenAI (STT_PROVIDER names it)"),
    ],
)
def test_it_is_described(given, said):
    assert catalogue.described(settings_for(**given)) == said


def test_what_cannot_be_is_found():
    assert list(_impossible(settings_for(stt_provider="openai"))) == [
        "STT_PROVIDER is openai and there is no key: set STT_API_KEY, OPENAI_API_KEY or STT_BASE_URL."
    ]
    assert list(_impossible(settings_for(stt_provider="local"))) == []
