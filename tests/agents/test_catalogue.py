"""The list of AI providers: what one entry is enough for."""

import gevent
import pytest

from agents.scripted import Scripted
from rplay import agents
from rplay.agents.providers import catalogue
from rplay.agents.providers.catalogue import Kind
from rplay.commands import model_list, setting
from rplay.config import Settings
from rplay.server import screen


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """A provider that nothing but the list knows."""
    provider = Scripted("scripted", "Good morning.")
    kind = Kind(
        "scripted",
        make=lambda _settings, _key, _beside: provider,
        shown=lambda _: "a model that says what it is told",
        is_set=lambda settings: settings.openai_model == "told",
        lacks="nobody told it anything",
        model=lambda _: "scripted-model",
        server=lambda _: "http://scripted.example/v1",
        offers=lambda _: {"scripted-model": None},
    )
    for module in (catalogue, agents, model_list, setting, screen):
        monkeypatch.setattr(module, "PROVIDERS", (kind, *catalogue.PROVIDERS[-1:]))
    return provider


def named(**given: object) -> Settings:
    """Settings that name it; the check of the names is the settings' own."""
    return Settings.model_validate(given).model_copy(update={"ai_providers": ["scripted"]})


def test_the_settings_know_the_names_on_the_list() -> None:
    names = [kind.name for kind in catalogue.PROVIDERS]
    assert Settings.model_validate({"ai_providers": ",".join(names)}).ai_providers == names
    with pytest.raises(ValueError, match="known are azure, openai and local"):
        Settings.model_validate({"ai_providers": "scripted"})


def test_each_is_made_under_the_name_it_has_on_the_list() -> None:
    made = catalogue.made(
        Settings.model_validate({"azure_ai_project_endpoint": "https://x.example/p"}), lambda: None, gevent.spawn
    )
    assert [(name, provider.name) for name, provider in made.items()] == [(name, name) for name in made]
    assert list(made) == [kind.name for kind in catalogue.PROVIDERS]
    for provider in made.values():
        provider.close()


@pytest.mark.parametrize(
    ("given", "openai"),
    [
        ({}, "per-competency"),
        ({"openai_base_url": "https://api.openai.com/v1"}, "per-competency"),
        ({"openai_base_url": "http://ollama:11434/v1"}, "one"),
        ({"openai_base_url": "http://ollama:11434/v1", "review_calls": "per-competency"}, "per-competency"),
        ({"review_calls": "one"}, "one"),
    ],
)
def test_how_a_review_is_asked_for_depends_on_the_server_unless_it_is_set(given: dict[str, str], openai: str) -> None:
    settings = Settings.model_validate({"azure_ai_project_endpoint": "https://x.example/p", **given})
    made = catalogue.made(settings, lambda: None, gevent.spawn)
    calls = {name: provider.review_calls for name, provider in made.items()}
    for provider in made.values():
        provider.close()
    assert calls == {"azure": settings.review_calls or "per-competency", "openai": openai, "local": "one"}


def test_one_on_the_list_is_asked_before_the_rehearsal(scripted: Scripted) -> None:
    settings = Settings.model_validate({})
    chain = agents.build_chain(settings, catalogue.made(settings, lambda: None, gevent.spawn))
    assert list(chain.states()) == ["scripted"]


def test_one_on_the_list_is_shown_checked_and_among_the_models(scripted: Scripted) -> None:
    assert screen._ai(named(), ["scripted"])[0] == "a model that says what it is told"
    assert list(setting._impossible(named())) == ["AI_PROVIDERS names scripted and nobody told it anything."]
    assert list(setting._impossible(named(openai_model="told"))) == []
    (found,) = model_list.configured(named(openai_model="told"))
    assert model_list.examined(found).text == "offered"
