"""Has a model loaded before a learner waits for it, and learns how it begins. The bytes are those of such servers."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import gevent
import pytest
from fakes.openai_server import FakeOpenAI
from structlog.testing import capture_logs

from rplay.agents.chain import Chain
from rplay.agents.providers import openai as module
from rplay.agents.providers.openai import WAKING, OpenAIProvider
from rplay.agents.providers.policy import Timeouts
from rplay.agents.types import Call
from rplay.errors import AIAsleep, AIUnavailable

LOADING = {"error": {"message": "Loading model", "type": "unavailable_error", "code": 503}}
JSON = {"content-type": "application/json"}


@pytest.fixture(autouse=True)
def sleeper(fake: FakeOpenAI, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.sleeps = True
    monkeypatch.setattr(module, "AGAIN", 0.001)


@pytest.fixture
def awake(fake: FakeOpenAI) -> Iterator[Callable[[OpenAIProvider], None]]:
    """Keeps a provider's model awake until the first answer is there."""
    running: list[gevent.Greenlet] = []

    def awake(provider: OpenAIProvider) -> None:
        running.append(gevent.spawn(provider.keep_awake))
        while provider._asleep.is_set():
            gevent.sleep(0.001)

    yield awake
    gevent.killall(running)


def asked(fake: FakeOpenAI) -> list[str]:
    return [body["messages"][-1]["content"] for body in fake.bodies]


SUM = WAKING.messages[-1]["content"]


class TestTheFirstStream:
    @pytest.mark.parametrize("reply", ["391", "<think>17 * 23 is 391.</think>391"])
    def test_is_shown_as_it_comes_once_the_model_has_spoken(
        self, fake: FakeOpenAI, provider: OpenAIProvider, call: Call, awake, reply: str
    ) -> None:
        fake.reply = reply
        awake(provider)
        fake.reply = "Well, I am not sure."
        assert list(Chain([provider]).stream(call)) == ["Well, ", "I ", "am ", "not ", "sure."]
        assert asked(fake) == [SUM, "Hello"]

    def test_waits_for_the_end_of_thoughts_where_they_only_end(
        self, fake: FakeOpenAI, provider: OpenAIProvider, call: Call, awake
    ) -> None:
        fake.reply = "17 * 23 is 391.</think>391"
        awake(provider)
        assert provider.habit == "thinks"
        fake.reply = "They greet me.</think>Well, yes."
        assert list(Chain([provider]).stream(call)) == ["Well, ", "yes."]

    def test_waits_for_its_end_while_nothing_is_known(
        self, fake: FakeOpenAI, provider: OpenAIProvider, call: Call
    ) -> None:
        assert list(Chain([provider]).stream(call)) == ["Fine words from a fake."]

    def test_is_not_known_by_a_model_that_has_thought_and_said_nothing(
        self, fake: FakeOpenAI, provider: OpenAIProvider, awake
    ) -> None:
        fake.mode("empty")
        awake(provider)
        assert provider.habit == "unknown"

    def test_is_known_by_a_learners_answer_before_the_model_wakes(
        self, fake: FakeOpenAI, provider: OpenAIProvider, awake
    ) -> None:
        provider.habit = "thinks"
        awake(provider)
        assert provider.habit == "thinks"


class TestWaking:
    def test_goes_on_while_the_model_is_loaded(self, fake: FakeOpenAI, provider: OpenAIProvider, awake) -> None:
        fake.mode("raw", "raw", "drop", "500", "ok", raw=[json.dumps(LOADING).encode()], raw_status=503)
        with capture_logs() as lines:
            awake(provider)
        assert asked(fake) == [SUM] * 5
        assert [line["event"] for line in lines if "awake" in line["event"]] == ["openai_model_awake"]

    @pytest.mark.parametrize("status", ["400", "401", "404"])
    def test_ends_where_the_server_refuses(
        self, fake: FakeOpenAI, provider: OpenAIProvider, awake, status: str
    ) -> None:
        fake.mode(status)
        awake(provider)
        assert asked(fake) == [SUM]

    def test_leaves_out_what_the_model_does_not_take(
        self, fake: FakeOpenAI, provider: OpenAIProvider, call: Call, awake
    ) -> None:
        fake.refuses = {"max_completion_tokens"}
        awake(provider)
        provider.answer(call)
        assert ["max_completion_tokens" in body for body in fake.bodies] == [True, False, False]

    def test_gives_up_after_a_time(
        self, fake: FakeOpenAI, provider: OpenAIProvider, awake, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "LOADING", 0.05)
        fake.mode("503")
        with capture_logs() as lines:
            awake(provider)
        assert [line["event"] for line in lines if "wake" in line["event"]] == ["openai_model_does_not_wake"]

    def test_does_not_begin_again_for_a_model_that_is_only_slow(
        self, fake: FakeOpenAI, impatient: OpenAIProvider, call: Call, awake
    ) -> None:
        awake(impatient)
        fake.mode("stall")
        with pytest.raises(AIAsleep):
            list(impatient.stream(call))
        assert not impatient._asleep.is_set()

    def test_begins_again_when_an_idle_model_did_not_begin_in_time(
        self,
        fake: FakeOpenAI,
        new_provider: Callable[..., OpenAIProvider],
        call: Call,
        awake,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(module, "KEPT", -1)
        provider = new_provider(limits=Timeouts(first=2))  # on a busy machine an answer takes a while to begin
        awake(provider)
        fake.mode("stall", "ok")
        with pytest.raises(AIAsleep):
            list(provider.stream(call))
        with gevent.Timeout(60):
            while asked(fake)[-1] != SUM:
                gevent.sleep(0.001)
        assert asked(fake) == [SUM, "Hello", SUM]


class TestWhatALearnerIsTold:
    @pytest.fixture
    def told(self, call: Call) -> Callable[[OpenAIProvider], str]:
        def told(provider: OpenAIProvider) -> str:
            with pytest.raises(AIUnavailable) as raised:
                list(Chain([provider]).stream(call))
            return raised.value.for_learner("usual")

        return told

    def test_is_that_the_model_may_be_loading_when_it_does_not_begin(
        self, fake: FakeOpenAI, impatient: OpenAIProvider, told
    ) -> None:
        fake.mode("stall")
        assert "may still be loading" in told(impatient)

    @pytest.mark.parametrize(
        "problem",
        [
            LOADING,
            {"error": "Model is still being loaded, try again"},
            {"error": {"message": "The server is not ready: llm server loading model", "code": 503}},
        ],
    )
    def test_is_that_the_model_may_be_loading_when_the_server_says_so(
        self, fake: FakeOpenAI, hasty: OpenAIProvider, told, problem: Any
    ) -> None:
        fake.mode("raw", raw=[json.dumps(problem).encode()], raw_status=503, raw_headers=JSON)
        assert "may still be loading" in told(hasty)

    @pytest.mark.parametrize("mode", ["503", "500", "drop", "cut"])
    def test_is_the_usual_where_something_else_is_wrong(
        self, fake: FakeOpenAI, hasty: OpenAIProvider, told, mode: str
    ) -> None:
        fake.mode(mode)
        assert told(hasty) == "usual"
