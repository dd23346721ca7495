"""What is told of each call to a provider."""

import gevent
import pytest

from agents.conftest import SCENE, TALK
from agents.scripted import Scripted
from rplay.agents import client
from rplay.agents.chain import Chain
from rplay.agents.model_output import json_object
from rplay.agents.observed import Observed
from rplay.agents.providers.openai import OpenAIProvider
from rplay.agents.types import Answer, Call, Usage
from rplay.errors import AIBadAnswer, AIEmptyAnswer, AIError, AIRefused, AIUnavailable
from tests.fakes.openai_server import FakeOpenAI

DOWN = AIUnavailable("down")


@pytest.fixture
def seen() -> list[Observed]:
    return []


@pytest.fixture
def first() -> Scripted:
    return Scripted("openai")


@pytest.fixture
def second() -> Scripted:
    return Scripted("local")


@pytest.fixture
def chain(first: Scripted, second: Scripted, seen: list[Observed]) -> Chain:
    return Chain([first, second]).for_request(seen.append)


def told(seen: list[Observed]) -> list[tuple[str, str, Usage]]:
    return [(one.provider, one.outcome, one.usage) for one in seen]


NONE, SOME = Usage(), Usage(3, 2)


class TestAnswer:
    def test_says_who_answered_whom_and_what_it_took(
        self, chain: Chain, first: Scripted, seen: list[Observed], call: Call
    ) -> None:
        first.enqueue("hello")
        chain.answer(call, str)
        (one,) = seen
        assert (one.agent, one.provider, one.model) == ("simulationClient", "openai", "openai-model")
        assert (one.usage, one.outcome, one.first_token_ms) == (SOME, "ok", None)
        assert one.ms >= 0

    @pytest.mark.parametrize(
        ("failure", "outcome"),
        [
            (DOWN, "unavailable"),
            (AIRefused("401"), "refused"),
            (AIEmptyAnswer("empty"), "empty"),
            (AIBadAnswer("no answer"), "bad_answer"),
        ],
    )
    def test_a_failure_is_told_before_the_next_provider_is_asked(
        self,
        chain: Chain,
        first: Scripted,
        second: Scripted,
        seen: list[Observed],
        call: Call,
        failure: AIError,
        outcome: str,
    ) -> None:
        first.enqueue(failure)
        second.enqueue("hello")
        chain.answer(call, str)
        assert told(seen) == [("openai", outcome, NONE), ("local", "ok", SOME)]

    def test_answers_that_cannot_be_read_took_tokens_too(
        self, chain: Chain, first: Scripted, second: Scripted, seen: list[Observed], call: Call
    ) -> None:
        first.enqueue("[1]", "[2]")
        second.enqueue("{}")
        chain.answer(call, json_object, lambda call, answer, error: call)
        assert told(seen) == [("openai", "bad_answer", SOME)] * 2 + [("local", "ok", SOME)]

    def test_a_provider_that_is_left_alone_is_not_called(
        self, chain: Chain, first: Scripted, second: Scripted, seen: list[Observed], call: Call
    ) -> None:
        first.enqueue(*[DOWN] * 5)
        second.enqueue(*["hello"] * 6)
        for _ in range(6):
            chain.for_request(seen.append).answer(call, str)
        assert [one.provider for one in seen].count("openai") == 5

    def test_each_observer_hears_its_own_calls_and_the_breakers_are_shared(
        self, first: Scripted, seen: list[Observed], call: Call
    ) -> None:
        chain = Chain([first])
        first.enqueue(*[DOWN] * 5, "hello")
        for _ in range(5):
            with pytest.raises(AIUnavailable):
                chain.for_request(seen.append).answer(call, str)
        assert chain.states()["openai"]["simulationClient"] == "open"
        with pytest.raises(AIUnavailable):
            chain.answer(call, str)
        assert len(seen) == 5


class TestStream:
    def test_is_told_when_it_is_over(self, chain: Chain, first: Scripted, seen: list[Observed], call: Call) -> None:
        first.enqueue(["one ", "two"])
        stream = chain.stream(call)
        next(stream)
        assert seen == []
        assert list(stream) == ["two"]
        assert told(seen) == [("openai", "ok", SOME)]
        assert seen[0].first_token_ms is not None
        assert seen[0].first_token_ms <= seen[0].ms

    def test_one_without_a_piece_is_empty(
        self, chain: Chain, first: Scripted, second: Scripted, seen: list[Observed], call: Call
    ) -> None:
        first.enqueue([])
        second.enqueue(["hello"])
        list(chain.stream(call))
        assert told(seen) == [("openai", "empty", NONE), ("local", "ok", SOME)]
        assert seen[0].first_token_ms is None

    def test_one_that_breaks_off_failed(self, chain: Chain, first: Scripted, seen: list[Observed], call: Call) -> None:
        first.enqueue(["one ", DOWN])
        with pytest.raises(AIUnavailable):
            list(chain.stream(call))
        assert told(seen) == [("openai", "unavailable", NONE)]
        assert seen[0].first_token_ms is not None

    def test_one_that_nobody_listens_to_any_more_is_aborted(
        self, chain: Chain, first: Scripted, seen: list[Observed], call: Call
    ) -> None:
        first.enqueue(["one ", "two"])
        stream = chain.stream(call)
        next(stream)
        stream.close()
        assert told(seen) == [("openai", "aborted", NONE)]

    def test_one_that_was_never_begun_is_no_call(self, chain: Chain, seen: list[Observed], call: Call) -> None:
        chain.stream(call).close()
        assert seen == []

    def test_openai_says_at_the_end_what_it_took(
        self, provider: OpenAIProvider, fake: FakeOpenAI, seen: list[Observed], call: Call
    ) -> None:
        list(Chain([provider]).for_request(seen.append).stream(call))
        assert told(seen) == [("openai", "ok", Usage(10, 5))]


class Slow(Scripted):
    def answer(self, call: Call) -> Answer:
        gevent.sleep(60)
        raise AssertionError("nobody waits for this")


def test_progress_that_is_given_up_is_aborted(seen: list[Observed]) -> None:
    provider = Slow("openai", ["hello", DOWN])
    events = client.stream(Chain([provider]).for_request(seen.append), SCENE, TALK)
    assert [next(events).type, next(events).type] == ["status", "delta"]
    gevent.sleep(0)  # the measuring begins
    list(events)
    gevent.sleep(0)  # and ends
    assert sorted(one.outcome for one in seen) == ["aborted", "unavailable"]
