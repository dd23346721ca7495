"""No provider is called for a client that has gone: not the next one, not once more, not beside."""

import gevent
import gevent.socket
import pytest
from agents.conftest import SCENE, TALK
from agents.scripted import Scripted
from flask import Flask

from rplay.agents import client
from rplay.agents.chain import Chain
from rplay.agents.types import Answer
from rplay.errors import AIUnavailable, ClientLeft
from rplay.runtime.shutdown import Shutdown
from rplay.web import sse
from rplay.web.disconnect import while_waited_for


class Slow(Scripted):
    """Says nothing for seconds and then fails, so that the next provider is due."""

    def _fail(self, call):
        self.history.append(call)
        try:
            gevent.sleep(5)
            raise AIUnavailable("slow")
        finally:
            self.closed += 1

    def answer(self, call):
        return self._fail(call)

    def stream(self, call):
        self._fail(call)
        yield "never"


class Talking(Scripted):
    """Speaks on and on, a word in five milliseconds."""

    def answer(self, call):
        return Answer('{"rapport": 1}', self.model)

    def stream(self, call):
        self.history.append(call)
        try:
            while True:
                gevent.sleep(0.005)
                yield "word "
        finally:
            self.closed += 1


@pytest.fixture
def connection():
    here, there = gevent.socket.socketpair()
    with here, there:
        yield here, there


@pytest.fixture
def second():
    return Scripted("openai")


def read_stream(chain, messages, here):
    """As gunicorn does: what comes is written to the connection."""
    try:
        for piece in sse._pieces(client.stream(chain, SCENE, messages), here, Shutdown()):
            here.sendall(piece)
        pytest.fail("went on to the end for nobody")
    except BrokenPipeError:
        gevent.sleep(0.05)  # until what ran beside has ended


@pytest.mark.parametrize("messages", [TALK[:2], TALK], ids=["alone", "with its evaluation"])
class TestStream:
    def test_who_leaves_during_a_slow_provider_needs_no_other(self, connection, second, messages):
        here, there = connection
        slow = Slow("azure")
        gevent.spawn_later(0.05, there.close)
        read_stream(Chain([slow, second]), messages, here)
        assert second.history == []
        assert slow.closed == len(slow.history)

    def test_who_leaves_in_the_middle_closes_it(self, connection, second, messages):
        here, there = connection
        talking = Talking("azure")
        gevent.spawn_later(0.05, there.close)
        read_stream(Chain([talking, second]), messages, here)
        assert (talking.closed, second.history) == (1, [])


@pytest.mark.parametrize("messages", [TALK[:2], TALK], ids=["alone", "with its evaluation"])
def test_a_plain_answer_that_nobody_waits_for_needs_no_other_provider(connection, second, messages):
    here, there = connection
    slow = Slow("azure")
    chain = Chain([slow, second])
    view = while_waited_for(lambda: client.reply(chain, SCENE, messages))
    gevent.spawn_later(0.05, there.close)
    with Flask("test").test_request_context(environ_overrides={"gunicorn.socket": here}), pytest.raises(ClientLeft):
        view()
    gevent.sleep(0.05)
    assert second.history == []
    assert slow.closed == len(slow.history) > 0


def test_leaving_is_no_failure_of_the_provider(connection, second):
    here, there = connection
    chain = Chain([Slow("azure")])
    gevent.spawn_later(0.05, there.close)
    read_stream(chain, TALK[:2], here)
    for _ in range(6):
        read_stream(chain, TALK[:2], here)  # which nobody hears from the start
    assert set(chain.states()["azure"].values()) == {"closed"}
