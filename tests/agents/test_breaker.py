import pytest

from agents.scripted import Clock
from rplay.agents.breaker import Breaker
from rplay.errors import AIBadAnswer, AIEmptyAnswer, AIError, AIRefused, AIUnavailable


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(clock)


def fails(breaker: Breaker, times: int = 1, error: type[AIError] = AIUnavailable) -> None:
    for _ in range(times):
        with pytest.raises(error, match="broken"), breaker.watch():
            raise error("broken")


def works(breaker: Breaker) -> None:
    with breaker.watch():
        pass


def test_opens_after_five_failures(breaker: Breaker) -> None:
    fails(breaker, 4)
    assert breaker.state == "closed"
    fails(breaker)
    assert breaker.state == "open"


def test_lets_nothing_through_while_open(breaker: Breaker) -> None:
    fails(breaker, 5)
    with pytest.raises(AIUnavailable, match="left alone"), breaker.watch():
        raise AssertionError("was let through")


def test_counts_failures_of_thirty_seconds_only(breaker: Breaker, clock: Clock) -> None:
    fails(breaker, 4)
    clock.now += 31
    fails(breaker, 4)
    assert breaker.state == "closed"
    fails(breaker)
    assert breaker.state == "open"


def test_a_success_between_failures_does_not_hide_them(breaker: Breaker) -> None:
    fails(breaker, 4)
    works(breaker)
    fails(breaker)
    assert breaker.state == "open"


@pytest.mark.parametrize("error", [AIEmptyAnswer, AIBadAnswer])
def test_does_not_count_what_the_model_wrote(breaker: Breaker, error: type[AIError]) -> None:
    fails(breaker, 20, error)
    assert breaker.state == "closed"


def test_counts_only_what_is_to_count(breaker: Breaker) -> None:
    for _ in range(20):
        with pytest.raises(AIUnavailable), breaker.watch(lambda: False):
            raise AIUnavailable("broken")
    assert breaker.state == "closed"


def test_does_not_count_refusals(breaker: Breaker) -> None:
    fails(breaker, 20, AIRefused)
    assert breaker.state == "closed"


def test_does_not_count_a_caller_that_went_away(breaker: Breaker) -> None:
    for _ in range(20):
        with pytest.raises(GeneratorExit), breaker.watch():
            raise GeneratorExit
    assert breaker.state == "closed"


class TestHalfOpen:
    @pytest.fixture(autouse=True)
    def rested(self, breaker: Breaker, clock: Clock) -> None:
        fails(breaker, 5)
        clock.now += 29.9
        assert breaker.state == "open"
        clock.now += 0.1
        assert breaker.state == "half-open"

    def test_one_success_closes_it(self, breaker: Breaker) -> None:
        works(breaker)
        assert breaker.state == "closed"
        fails(breaker, 4)
        assert breaker.state == "closed"

    def test_one_failure_opens_it_for_as_long_again(self, breaker: Breaker, clock: Clock) -> None:
        fails(breaker)
        assert breaker.state == "open"
        clock.now += 30
        assert breaker.state == "half-open"

    def test_a_refusal_shows_that_the_provider_is_there(self, breaker: Breaker) -> None:
        fails(breaker, 1, AIRefused)
        assert breaker.state == "closed"

    def test_lets_one_call_at_a_time_try(self, breaker: Breaker) -> None:
        with breaker.watch():
            with pytest.raises(AIUnavailable, match="left alone"):
                works(breaker)
            assert breaker.state == "half-open"
        assert breaker.state == "closed"

    def test_a_trial_whose_caller_went_away_makes_room_for_the_next(self, breaker: Breaker) -> None:
        with pytest.raises(GeneratorExit), breaker.watch():
            raise GeneratorExit
        assert breaker.state == "half-open"
        works(breaker)
        assert breaker.state == "closed"
