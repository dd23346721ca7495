"""Signals to this very process, and a child that is stubborn."""

import os
import signal
import subprocess
from collections.abc import Iterator

import pytest

from rplay.server.signals import CHILD_SECONDS, ENDING, Signals


@pytest.fixture
def child() -> Iterator["subprocess.Popen[bytes]"]:
    """Says when SIGTERM reached it, and goes on."""
    script = "trap 'echo asked' TERM; echo ready; while :; do sleep 0.02; done"
    process = subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout.readline() == b"ready\n"
    yield process
    process.kill()
    process.communicate()


def send(number: int) -> None:
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", ENDING)
def test_without_a_child_a_signal_ends_the_block(number):
    with Signals() as signals:
        send(number)
        raise AssertionError("the block went on")
    assert signals.stopping


def test_while_the_block_cleans_up_further_signals_change_nothing():
    cleaned = False
    with Signals():
        try:
            send(signal.SIGTERM)
        finally:
            send(signal.SIGTERM)
            cleaned = True
    assert cleaned


def test_the_child_is_asked_once_and_killed_when_ctrl_c_is_pressed_again(child):
    with Signals() as signals:
        signals.forward_to(child)
        send(signal.SIGINT)
        assert child.stdout.readline() == b"asked\n"
        send(signal.SIGTERM)
        assert child.poll() is None
        send(signal.SIGINT)
        assert child.wait(60) == -signal.SIGKILL


def test_a_child_that_does_not_end_is_killed_when_its_time_is_up(child):
    with Signals() as signals:
        signals.forward_to(child)
        send(signal.SIGTERM)
        assert 0 < signal.alarm(0) <= CHILD_SECONDS < 30
        send(signal.SIGALRM)
        assert child.wait(60) == -signal.SIGKILL


def test_afterwards_signals_mean_what_they_meant_before():
    before = [signal.getsignal(number) for number in ENDING]
    with Signals():
        assert [signal.getsignal(number) for number in ENDING] != before
    assert [signal.getsignal(number) for number in ENDING] == before


def test_other_errors_come_through():
    with pytest.raises(KeyError), Signals():
        raise KeyError
