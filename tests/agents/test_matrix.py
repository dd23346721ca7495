"""Every state of every provider beside every state of the others: who answers, and how it ends when nobody can."""

from collections.abc import Generator, Sequence
from itertools import product

import pytest

from agents.conftest import SCENE
from agents.scripted import Clock
from rplay.agents import client
from rplay.agents.chain import WAIT, Chain
from rplay.agents.model_text import Habit
from rplay.agents.types import Answer, Call, Message, Usage
from rplay.errors import AIError, AINotConfigured, AIUnavailable

ORDER = ("azure", "openai", "local")
STATES = ("absent", "works", "broken", "breaks off", "slow")
FIRST = 20.0  # seconds that a provider itself waits for the first piece of a stream
TWO: list[Message] = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi."}]

States = tuple[str, ...]
ALL = [pytest.param(one, id=", ".join(one)) for one in product(STATES, repeat=3)]
SOMEBODY = ALL[1:]  # in the first all are absent
EACH = pytest.mark.parametrize("states", ALL)


class Stateful:
    """`slow` is out of time before it has said a word, whatever time it was given."""

    def __init__(self, name: str, state: str, clock: Clock) -> None:
        self.name, self.model = name, f"{name}-model"
        self.habit: Habit = "speaks"
        self.review_calls = "one"
        self.takes_keys, self.configured = name == "openai", True
        self.state, self._clock = state, clock
        self.asked = self.closed = 0

    def answer(self, call: Call) -> Answer:
        self.asked += 1
        if self.state == "slow":
            assert call.deadline
            self._clock.now = call.deadline
        if self.state != "works":
            raise AIUnavailable(self.state)
        return Answer(f"{self.name} speaks", self.model)

    def stream(self, call: Call) -> Generator[str, None, Usage]:
        self.asked += 1
        try:
            if self.state == "slow":
                assert call.deadline
                self._clock.now = min(call.deadline, self._clock.now + FIRST)
            if self.state in {"slow", "broken"}:
                raise AIUnavailable(self.state)
            yield f"{self.name} "
            if self.state == "breaks off":
                raise AIUnavailable(self.state)
            yield "speaks"
            return Usage()
        finally:
            self.closed += 1


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def providers(states: States, clock: Clock) -> list[Stateful]:
    return [Stateful(name, state, clock) for name, state in zip(ORDER, states, strict=True) if state != "absent"]


@pytest.fixture
def chain(providers: list[Stateful], clock: Clock) -> Chain:
    return Chain(providers, clock=clock)


def first(providers: Sequence[Stateful], *states: str) -> Stateful | None:
    return next((one for one in providers if one.state in states), None)


def asked_up_to(providers: Sequence[Stateful], last: Stateful | None) -> list[int]:
    """How often each is to be asked when this one decides; all of them when nobody does."""
    end = len(providers) if last is None else providers.index(last) + 1
    return [1] * end + [0] * (len(providers) - end)


@EACH
def test_a_plain_answer(states: States, chain: Chain, providers: list[Stateful], clock: Clock) -> None:
    began, expected = clock.now, first(providers, "works")
    if not providers:
        with pytest.raises(AINotConfigured):
            client.reply(chain, SCENE, TWO)
    elif expected is None:
        with pytest.raises(AIError):
            client.reply(chain, SCENE, TWO)
    else:
        reply = client.reply(chain, SCENE, TWO)
        assert (reply.message, reply.answered.provider) == (f"{expected.name} speaks", expected.name)
    assert [one.asked for one in providers] == asked_up_to(providers, expected)
    assert clock.now - began <= WAIT


@EACH
def test_a_stream(states: States, chain: Chain, providers: list[Stateful], clock: Clock) -> None:
    began = clock.now
    if not providers:
        with pytest.raises(AINotConfigured):
            client.stream(chain, SCENE, TWO)
        return
    speaks = first(providers, "works", "breaks off")
    events = list(client.stream(chain, SCENE, TWO))
    words = [event.data["text"] for event in events if event.type == "delta"]
    *before, last = events
    assert not any(event.type in {"complete", "error"} for event in before)
    if speaks is None:
        assert (last.type, words) == ("error", [])
    elif speaks.state == "breaks off":
        assert (last.type, words) == ("error", [f"{speaks.name} "])
    else:
        assert (last.type, last.data["response"]) == ("complete", f"{speaks.name} speaks")
        assert last.data["metadata"]["provider"] == speaks.name
    if last.type == "error":
        assert last.data == {"error": client.TROUBLE}
    assert [one.asked for one in providers] == asked_up_to(providers, speaks)
    assert [one.closed for one in providers] == [one.asked for one in providers]
    assert clock.now - began <= WAIT


@pytest.mark.parametrize("states", SOMEBODY)
def test_the_breaker_counts_what_was_broken_and_nothing_else(
    states: States, chain: Chain, providers: list[Stateful], clock: Clock
) -> None:
    began = clock.now
    for _ in range(5):
        clock.now = began  # at the same time: five that are slow one after the other are no five within 30 s
        list(client.stream(chain, SCENE, TWO))
    open_now = [one.name for one in providers if chain.states()[one.name]["simulationClient"] != "closed"]
    assert open_now == [one.name for one in providers if one.asked and one.state != "works"]
