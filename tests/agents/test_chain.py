"""Who answers when some of the providers cannot."""

import time
from dataclasses import replace

import pytest

from agents.scripted import Clock, Scripted
from rplay.agents.chain import Chain
from rplay.agents.model_output import json_object
from rplay.agents.types import Call, Tool, Usage
from rplay.errors import AIBadAnswer, AIEmptyAnswer, AIError, AINotConfigured, AIRefused, AIUnavailable

DOWN, REFUSED, EMPTY = AIUnavailable("down"), AIRefused("401"), AIEmptyAnswer("empty")


@pytest.fixture
def first() -> Scripted:
    return Scripted("openai")


@pytest.fixture
def second() -> Scripted:
    return Scripted("local")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def both(first: Scripted, second: Scripted, clock: Clock) -> Chain:
    return Chain([first, second], clock=clock)


@pytest.fixture
def only(first: Scripted) -> Chain:
    return Chain([first])


class TestAnswer:
    def test_says_who_gave_it(self, both: Chain, first: Scripted, call: Call) -> None:
        first.enqueue("hello")
        answered = both.answer(call, str.upper)
        assert (answered.value, answered.provider, answered.model) == ("HELLO", "openai", "openai-model")
        assert answered.usage == Usage(3, 2)
        assert answered.ms >= 0

    @pytest.mark.parametrize("failure", [DOWN, REFUSED, EMPTY])
    def test_a_provider_that_fails_is_followed_by_the_next(
        self, both: Chain, first: Scripted, second: Scripted, call: Call, failure: AIError
    ) -> None:
        first.enqueue(failure)
        second.enqueue("hello")
        assert both.answer(call, str).provider == "local"

    def test_an_answer_that_cannot_be_read_is_followed_by_the_next(
        self, both: Chain, first: Scripted, second: Scripted, call: Call
    ) -> None:
        first.enqueue("no json")
        second.enqueue('{"a": 1}')
        answered = both.answer(call, json_object)
        assert (answered.value, answered.provider) == ({"a": 1}, "local")

    def test_the_last_error_decides(self, both: Chain, first: Scripted, second: Scripted, call: Call) -> None:
        first.enqueue(DOWN)
        second.enqueue(EMPTY)
        with pytest.raises(AIEmptyAnswer):
            both.answer(call, str)

    def test_without_a_provider_nothing_is_configured(self, call: Call) -> None:
        empty = Chain([])
        assert not empty.configured
        with pytest.raises(AINotConfigured):
            empty.answer(call, str)

    def test_asks_only_those_that_are_ready(self, first: Scripted, second: Scripted, call: Call) -> None:
        ready = [second]
        chain = Chain([first, second], lambda: ready)
        second.enqueue("hello")
        assert chain.answer(call, str).provider == "local"
        assert first.history == []
        ready.clear()
        assert not chain.configured

    def test_a_key_of_ones_own_is_for_openai_only(
        self, both: Chain, first: Scripted, second: Scripted, call: Call
    ) -> None:
        first.enqueue(DOWN)
        with pytest.raises(AIUnavailable):
            both.answer(replace(call, key="sk-own"), str)
        assert second.history == []

    def test_a_key_of_ones_own_reaches_openai_before_it_is_ready(self, first: Scripted, call: Call) -> None:
        chain = Chain([first], lambda: [])
        first.enqueue("hello")
        assert chain.answer(replace(call, key="sk-own"), str).value == "hello"

    def test_a_key_of_ones_own_is_of_no_use_without_openai(self, second: Scripted, call: Call) -> None:
        with pytest.raises(AINotConfigured):
            Chain([second]).answer(replace(call, key="sk-own"), str)


class TestOnceMore:
    def again(self, call: Call, answer: str, error: AIBadAnswer) -> Call:
        return replace(call, instructions=f"{answer} is wrong: {error}")

    def test_the_same_provider_may_mend_its_answer(
        self, both: Chain, first: Scripted, second: Scripted, call: Call
    ) -> None:
        first.enqueue("[1]", '{"a": 1}')
        answered = both.answer(call, json_object, self.again)
        assert (answered.value, answered.provider) == ({"a": 1}, "openai")
        assert first.history[1].instructions == "[1] is wrong: the answer is no JSON object"

    def test_only_once(self, both: Chain, first: Scripted, second: Scripted, call: Call) -> None:
        first.enqueue("[1]", "[2]")
        second.enqueue('{"a": 2}')
        assert both.answer(call, json_object, self.again).provider == "local"


class TestBreaker:
    def test_an_open_provider_is_passed_over(self, both: Chain, first: Scripted, second: Scripted, call: Call) -> None:
        first.enqueue(*[DOWN] * 5)
        second.enqueue(*["hello"] * 6)
        for _ in range(6):
            both.answer(call, str)
        assert len(first.history) == 5
        assert {name: one["simulationClient"] for name, one in both.states().items()} == {
            "openai": "open",
            "local": "closed",
        }

    def test_all_open_fails_at_once(self, first: Scripted, call: Call) -> None:
        chain = Chain([first])
        first.enqueue(*[DOWN] * 5)
        for _ in range(6):
            with pytest.raises(AIUnavailable):
                chain.answer(call, str)
        assert len(first.history) == 5

    def test_tries_again_after_a_while(
        self, both: Chain, first: Scripted, second: Scripted, call: Call, clock: Clock
    ) -> None:
        first.enqueue(*[DOWN] * 5, "back")
        second.enqueue(*["hello"] * 5)
        for _ in range(5):
            both.answer(call, str)
        clock.now += 30
        assert both.states()["openai"]["simulationClient"] == "half-open"
        assert both.answer(call, str).value == "back"
        assert both.states()["openai"]["simulationClient"] == "closed"

    def test_nothing_under_a_key_of_ones_own_counts(self, both: Chain, first: Scripted, call: Call) -> None:
        first.enqueue(*[DOWN] * 10)
        for _ in range(10):
            with pytest.raises(AIUnavailable):
                both.answer(replace(call, key="sk-own"), str)
        assert both.states()["openai"]["simulationClient"] == "closed"

    def test_an_open_breaker_does_not_stop_a_key_of_ones_own(self, first: Scripted, call: Call) -> None:
        chain = Chain([first])
        first.enqueue(*[DOWN] * 5, "hello")
        for _ in range(5):
            with pytest.raises(AIUnavailable):
                chain.answer(call, str)
        assert chain.answer(replace(call, key="sk-own"), str).value == "hello"
        assert chain.states()["openai"]["simulationClient"] == "open"

    def test_an_answer_of_no_use_to_one_agent_takes_the_provider_from_nobody(self, first: Scripted, call: Call) -> None:
        chain = Chain([first])
        first.enqueue(*["no json"] * 10)
        for _ in range(10):
            with pytest.raises(AIBadAnswer):
                chain.answer(call, json_object)
        assert chain.states()["openai"]["simulationClient"] == "closed"


class TestDeadline:
    def test_nobody_waits_longer_than_a_minute(self, both: Chain, first: Scripted, call: Call, clock: Clock) -> None:
        first.enqueue("hello")
        both.answer(call, str)
        assert first.history[0].deadline == clock.now + 40

    def test_the_last_provider_has_all_the_time_that_is_left(
        self, both: Chain, first: Scripted, second: Scripted, call: Call, clock: Clock
    ) -> None:
        first.enqueue(DOWN)
        second.enqueue("hello")
        both.answer(call, str)
        assert second.history[0].deadline == clock.now + 60

    def test_a_shorter_deadline_of_the_call_is_kept(self, second: Scripted, call: Call) -> None:
        second.enqueue("hello")
        deadline = time.monotonic() + 14
        Chain([second]).answer(replace(call, deadline=deadline), str)
        assert second.history[0].deadline == deadline

    def test_nobody_is_asked_when_the_time_is_up(self, second: Scripted, call: Call) -> None:
        with pytest.raises(AIUnavailable):
            Chain([second]).answer(replace(call, deadline=time.monotonic() - 1), str)
        assert second.history == []


class TestStream:
    def test_knows_who_speaks_after_the_first_piece(self, both: Chain, first: Scripted, call: Call) -> None:
        first.enqueue(["one ", "two"])
        stream = both.stream(call)
        assert stream.provider == ""
        assert next(stream) == "one "
        assert (stream.provider, stream.model) == ("openai", "openai-model")
        assert list(stream) == ["two"]

    @pytest.mark.parametrize("failing", [[DOWN], [REFUSED], []])
    def test_falls_through_before_the_first_piece(
        self, both: Chain, first: Scripted, second: Scripted, call: Call, failing: list[str | AIError]
    ) -> None:
        first.enqueue(failing)
        second.enqueue(["hello"])
        stream = both.stream(call)
        assert list(stream) == ["hello"]
        assert stream.provider == "local"

    def test_blanks_are_no_words(self, both: Chain, first: Scripted, second: Scripted, call: Call) -> None:
        first.enqueue([" ", "\n\t"])
        second.enqueue([" \n", "hello", " ", "there"])
        stream = both.stream(call)
        assert list(stream) == ["hello", " ", "there"]
        assert stream.provider == "local"

    def test_fails_after_the_first_piece(self, both: Chain, first: Scripted, second: Scripted, call: Call) -> None:
        first.enqueue(["one ", DOWN])
        stream = both.stream(call)
        assert next(stream) == "one "
        with pytest.raises(AIUnavailable):
            next(stream)
        assert second.history == []

    def test_breaking_off_counts_for_the_breaker(self, first: Scripted, call: Call) -> None:
        chain = Chain([first])
        first.enqueue(*[["one ", DOWN]] * 5)
        for _ in range(5):
            with pytest.raises(AIUnavailable):
                list(chain.stream(call))
        assert chain.states()["openai"]["simulationClient"] == "open"

    def test_closing_it_closes_the_provider(self, both: Chain, first: Scripted, call: Call) -> None:
        first.enqueue(["one ", "two", "three"])
        stream = both.stream(call)
        next(stream)
        assert first.closed == 0
        stream.close()
        assert first.closed == 1
        assert both.states()["openai"]["simulationClient"] == "closed"

    def test_asks_nobody_before_the_first_piece_is_wanted(self, both: Chain, first: Scripted, call: Call) -> None:
        stream = both.stream(call)
        stream.close()
        assert first.history == []

    def test_says_at_once_that_nothing_is_configured(self, call: Call) -> None:
        with pytest.raises(AINotConfigured):
            Chain([]).stream(call)


class TestThoughts:
    THOUGHT = "She seems nice. I should hold back.\n"

    def test_are_no_part_of_an_answer(self, only: Chain, first: Scripted, call: Call) -> None:
        first.enqueue(f"<think>{self.THOUGHT}</think>\nJohn: Hello.")
        assert only.answer(call, str).value == "Hello."

    def test_alone_are_an_empty_answer(self, both: Chain, first: Scripted, second: Scripted, call: Call) -> None:
        first.enqueue(f"<think>{self.THOUGHT}")
        second.enqueue("Hello.")
        assert both.answer(call, str).provider == "local"

    def test_are_no_part_of_a_stream(self, only: Chain, first: Scripted, call: Call) -> None:
        first.enqueue(["<thi", "nk>", self.THOUGHT, "</think>", "\nHel", "lo."])
        assert list(only.stream(call)) == ["Hel", "lo."]

    def test_alone_in_a_stream_are_an_empty_answer(
        self, both: Chain, first: Scripted, second: Scripted, call: Call
    ) -> None:
        first.enqueue(["<think>", self.THOUGHT])
        second.enqueue(["Hello."])
        assert list(both.stream(call)) == ["Hello."]

    def test_of_a_model_nothing_is_known_of_are_not_shown_before_they_end(
        self, only: Chain, first: Scripted, call: Call
    ) -> None:
        first.habit = "unknown"
        first.enqueue([self.THOUGHT, "</think>", "Hello."], [self.THOUGHT, "</think>", "Hello ", "again."])
        assert list(only.stream(call)) == ["Hello."]
        assert list(only.stream(call)) == ["Hello ", "again."]

    def test_a_model_that_spoke_once_streams_from_then_on(self, only: Chain, first: Scripted, call: Call) -> None:
        first.habit = "unknown"
        first.enqueue("Hello.", ["How ", "are you?"])
        only.answer(call, str)
        assert list(only.stream(call)) == ["How ", "are you?"]

    def test_arguments_of_a_tool_are_left_as_they_are(self, only: Chain, first: Scripted, call: Call) -> None:
        first.enqueue('{"a": "<think>"}')
        assert only.answer(replace(call, tool=Tool("mark", "Marks.", {})), str).value == '{"a": "<think>"}'


class TestBreakersByPurpose:
    def test_progress_that_fails_leaves_the_talk_alone(self, only: Chain, first: Scripted, call: Call) -> None:
        progress = replace(call, tool=Tool("mark", "Marks.", {}))
        first.enqueue(*[DOWN] * 5, "Hello.")
        for _ in range(5):
            with pytest.raises(AIUnavailable):
                only.answer(progress, str)
        states = only.states()["openai"]
        assert {purpose for purpose, state in states.items() if state == "open"} == {"objectiveProgress"}
        assert only.answer(call, str).value == "Hello."

    def test_a_review_that_fails_leaves_the_talk_alone(self, only: Chain, first: Scripted, call: Call) -> None:
        first.enqueue(*[DOWN] * 5, "Hello.")
        for _ in range(5):
            with pytest.raises(AIUnavailable):
                only.answer(replace(call, agent="evaluation"), str)
        assert only.answer(call, str).value == "Hello."

    def test_the_calls_of_one_request_count_once(self, only: Chain, first: Scripted, call: Call) -> None:
        first.enqueue(*[DOWN] * 10, "Hello.")
        request = only.for_request(lambda _: None)
        for _ in range(10):
            with pytest.raises(AIUnavailable):
                request.answer(call, str)
        assert only.answer(call, str).value == "Hello."

    def test_the_requests_count_each(self, only: Chain, first: Scripted, call: Call) -> None:
        first.enqueue(*[DOWN] * 5)
        for _ in range(5):
            with pytest.raises(AIUnavailable):
                only.for_request(lambda _: None).answer(call, str)
        assert only.states()["openai"]["simulationClient"] == "open"
