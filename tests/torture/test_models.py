"""OpenAI and Azure refuse, hang, cut streams, answer with garbage or without end."""

import time

import pytest

from tests.torture.learners import Learners
from tests.torture.unsteady import UnsteadyFoundry, UnsteadyOpenAI
from tests.torture.world import RECOVERY, holds

LEARNER = 60  # seconds that anybody waits for an AI
BREAKER = 30  # seconds that the contract leaves a provider alone after five failures
SLACK = 5
FAULTS = ["500", "stall", "silent", "cut", "garbage", "endless"]


@pytest.fixture
def fake():
    with UnsteadyOpenAI() as server:
        yield server


def strike(world, name, hurt, heal, *, hold=6.0, after=BREAKER + 6.0):
    """Only the calls to the AI may fail, and the breaker may go on to refuse them for its 30 seconds."""
    outcome = world.strike(name, hurt, heal, hold=hold, after=after, listeners=2, apart=True)
    failed = {one.kind for one in outcome.met if not one.good}
    assert failed <= {"chat", "stream", "speech"}, failed
    return outcome


def used_to(world, hurt, heal):
    """Reads so much at once that the allocator has what it keeps; then only a leak makes the process grow."""
    with Learners(world.server, apart=True):
        hurt()
        time.sleep(6)
        heal()
    time.sleep(BREAKER)


class TestOpenAI:
    def test_refused(self, world, fake):
        outcome = strike(world, "OpenAI refuses connections", fake.refuse, fake.accept)
        holds(outcome, slowest=LEARNER + SLACK, recovery=BREAKER + RECOVERY)

    @pytest.mark.parametrize("mode", FAULTS)
    def test_answers_badly(self, world, fake, mode):
        hurt, heal = (lambda: fake.mode(mode)), (lambda: fake.mode("ok"))
        if mode == "endless":
            used_to(world, hurt, heal)
        outcome = strike(world, f"OpenAI: {mode}", hurt, heal)
        # Who asked before the end of the fault may wait for a hanging answer as long as anybody waits.
        recovery = LEARNER if mode in {"stall", "silent"} else BREAKER
        holds(outcome, slowest=LEARNER + SLACK, recovery=recovery + RECOVERY)


class TestAzure:
    """In front of OpenAI, which answers when it does not."""

    @pytest.fixture
    def foundry(self):
        with UnsteadyFoundry() as server:
            yield server

    @pytest.fixture
    def world(self, build, foundry):
        return build(app="tests.torture.azure_app:app", AZURE_AI_PROJECT_ENDPOINT=foundry.endpoint)

    def test_refused(self, world, foundry):
        outcome = strike(world, "Azure refuses connections", foundry.refuse, foundry.accept, after=10)
        assert all(one.good for one in outcome.met)
        holds(outcome, slowest=LEARNER + SLACK)

    @pytest.mark.parametrize("mode", ["stall", "cut", "garbage", "endless"])
    def test_answers_badly(self, world, foundry, mode):
        hurt, heal = (lambda: foundry.mode(mode)), (lambda: foundry.mode("ok"))
        if mode == "endless":
            used_to(world, hurt, heal)
        outcome = strike(world, f"Azure: {mode}", hurt, heal, after=10)
        holds(outcome, slowest=LEARNER + SLACK, recovery=RECOVERY if mode != "stall" else LEARNER)
