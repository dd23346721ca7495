"""The real SDK over real HTTP against a fake server, with time limits short enough to wait for."""

from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import Any

import pytest
from fakes.openai_server import FakeOpenAI

from rplay.agents.chain import Chain
from rplay.agents.providers.openai import OpenAIProvider
from rplay.agents.providers.policy import Timeouts
from rplay.agents.types import Call, Message, Parameter, Scene

EAGER = Timeouts(pause=0.001, retry_after=0.2)
QUICK = Timeouts(connect=1, first=0.4, silence=0.4, whole=1, pause=0.001, retry_after=0.2)


@pytest.fixture
def fake() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        yield server


@pytest.fixture
def new_provider(fake: FakeOpenAI) -> Iterator[Callable[..., OpenAIProvider]]:
    made: list[OpenAIProvider] = []

    def make(key: str | None = "sk-configured", limits: Timeouts | None = None, model: str = "some-model") -> Any:
        made.append(OpenAIProvider(lambda: key, fake.url, model, limits))
        return made[-1]

    yield make
    for provider in made:
        provider.close()


@pytest.fixture
def provider(new_provider: Callable[..., OpenAIProvider]) -> OpenAIProvider:
    return new_provider()


@pytest.fixture
def hasty(new_provider: Callable[..., OpenAIProvider]) -> OpenAIProvider:
    """One that tries again after milliseconds."""
    return new_provider(limits=EAGER)


@pytest.fixture
def impatient(new_provider: Callable[..., OpenAIProvider]) -> OpenAIProvider:
    """One that also gives up after a fraction of a second."""
    return new_provider(limits=QUICK)


@pytest.fixture
def chain(provider: OpenAIProvider) -> Chain:
    provider.habit = "speaks"  # as after its first answer
    return Chain([provider])


@pytest.fixture
def call() -> Call:
    return Call("simulationClient", "You are John.", [{"role": "user", "content": "Hello"}], SCENE)


def system_of(body: dict[str, Any]) -> str:
    """The instructions as the server received them."""
    first = body["messages"][0]
    assert first["role"] == "system"
    return str(first["content"])


TALK: list[Message] = [
    {"role": "system", "content": "Initial greeting"},
    {"role": "assistant", "content": "Hello, I'm John Weaver. I'd like to talk about my family's cover."},
    {"role": "user", "content": "Good to meet you, John. What matters most to you?"},
    {"role": "assistant", "content": "That my children can finish school."},
    {"role": "user", "content": "Thank you. How old are they?"},
]

SCENE = Scene(
    profile={
        "name": "John Weaver",
        "age": 41,
        "occupation": "Teacher",
        "income": "$65,000",
        "family": "Married, two children",
        "assets": ["$12,000 in savings"],
        "debts": ["$180,000 mortgage"],
        "goals": ["Protect the family", "Retire at 65"],
    },
    industry="insurance",
    subcategory="life-health",
    difficulty="intermediate",
    competencies=["Needs Assessment Competency"],
    focus_areas=["Life Insurance"],
    role_label="Prospective client",
    role_description="A person looking for cover",
    personality={
        "traits": {"openness": 61, "neuroticism": 17},
        "archetype": "analyst",
        "mood": "wary",
        "communicationStyle": "terse",
    },
    emotional_state={"trust": 44},
    fusion=[
        {
            "kind": "archetype",
            "name": "Analyst",
            "description": "Wants figures before feelings",
            "details": {"traits": ["exact"], "behaviors": ["asks for the fine print"]},
        }
    ],
    visible={"name": True, "age": True, "income": False, "assets": False},
    objectives=[{"id": "rapport", "name": "Build Rapport Objective", "progress": 20}],
    parameters=[
        Parameter("Length", "structured", "3 sentences", "How long a reply is"),
        Parameter("Voice", "narrative", "across a kitchen table", None),
        Parameter("No promises", "guardrails", "never", "Promise no returns"),
    ],
)


def common(one: str, other: str) -> str:
    """What both begin with."""
    return "".join(here for here, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
