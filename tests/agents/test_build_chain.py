"""Which providers a server asks."""

from collections.abc import Callable, Iterator

import pytest

from agents.scripted import Scripted
from rplay.agents import build_chain
from rplay.agents.chain import Chain
from rplay.agents.providers.openai import OpenAIProvider
from rplay.config import Settings

Build = Callable[..., Chain]


@pytest.fixture
def keys() -> list[str | None]:
    """The configured key; another one may be stored."""
    return [None]


@pytest.fixture
def build(keys: list[str | None]) -> Iterator[Build]:
    made: list[OpenAIProvider] = []

    def build(key: str | None = None, base_url: str | None = None, **given: object) -> Chain:
        keys[0] = key
        made.append(OpenAIProvider(lambda: keys[0], base_url, "m"))
        return build_chain(Settings.model_validate(given), {"openai": made[-1], "local": Scripted("local")})

    yield build
    for provider in made:
        provider.close()


def asked(chain: Chain) -> list[str]:
    return list(chain.states())


@pytest.mark.parametrize(
    ("given", "providers"),
    [
        ({}, ["local"]),
        ({"node_env": "production"}, []),
        ({"key": "sk-k"}, ["openai"]),
        ({"key": "sk-k", "node_env": "production"}, ["openai"]),
        ({"base_url": "http://ollama:11434/v1"}, ["openai"]),
        ({"ai_providers": "local", "key": "sk-k"}, ["local"]),
        ({"ai_providers": "local", "node_env": "production"}, ["local"]),
        ({"ai_providers": "openai"}, []),
        ({"ai_providers": "openai,local"}, ["local"]),
        ({"ai_providers": "openai,local", "key": "sk-k"}, ["openai", "local"]),
        ({"ai_providers": "local,openai", "key": "sk-k"}, ["local", "openai"]),
    ],
)
def test_those_named_else_those_configured(build: Build, given: dict[str, str], providers: list[str]) -> None:
    chain = build(**given)
    assert asked(chain) == providers
    assert chain.configured is bool(providers)


@pytest.mark.parametrize(
    ("given", "providers"),
    [
        ({}, ["azure"]),
        ({"node_env": "production"}, ["azure"]),
        ({"openai_key": "sk-k"}, ["azure", "openai"]),
        ({"openai_key": "sk-k", "ai_providers": "openai,azure"}, ["openai", "azure"]),
        ({"ai_providers": "azure,local"}, ["azure", "local"]),
        ({"ai_providers": "local"}, ["local"]),
    ],
)
def test_azure_comes_first_where_a_project_is_set(given: dict[str, str], providers: list[str]) -> None:
    key = given.pop("openai_key", None)
    openai = OpenAIProvider(lambda: key, None, "m")
    chain = build_chain(
        Settings.model_validate(given), {"openai": openai, "local": Scripted("local"), "azure": Scripted("azure")}
    )
    assert asked(chain) == providers
    openai.close()


def test_a_key_stored_later_changes_who_is_asked(build: Build, keys: list[str | None]) -> None:
    chain = build()
    assert asked(chain) == ["local"]
    keys[0] = "sk-stored"
    assert asked(chain) == ["openai"]


def test_without_a_local_provider_nothing_steps_in() -> None:
    provider = OpenAIProvider(lambda: None, None, "m")
    assert not build_chain(Settings.model_validate({}), {"openai": provider}).configured
    provider.close()
