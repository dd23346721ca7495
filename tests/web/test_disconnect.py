"""What happens to work when nobody waits for its answer any more."""

import resource

import gevent
import gevent.socket
import pytest
from flask import Flask

from rplay.errors import ClientLeft
from rplay.web import disconnect
from rplay.web.disconnect import Left, watched, while_waited_for
from rplay.web.views import declared


@pytest.fixture
def connection():
    here, there = gevent.socket.socketpair()
    with here, there:
        yield here, there


def test_who_hangs_up_ends_what_is_waited_for(connection):
    here, there = connection
    gevent.spawn_later(0.01, there.close)
    with pytest.raises(Left), watched(here, Left()):
        gevent.sleep(30)


def test_who_has_hung_up_already_too(connection):
    here, there = connection
    there.close()
    with pytest.raises(Left), watched(here, Left()):
        gevent.sleep(30)


def test_a_connection_that_is_reset_is_one_that_ended(connection):
    with gevent.socket.create_server(("127.0.0.1", 0)) as server:
        there = gevent.socket.create_connection(server.getsockname())
        here, _ = server.accept()
        there.setsockopt(gevent.socket.SOL_SOCKET, gevent.socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        with here:
            there.close()
            with pytest.raises(Left), watched(here, Left()):
                gevent.sleep(30)


def test_a_closed_socket_is_nobody(connection):
    here, _ = connection
    here.close()
    with pytest.raises(Left), watched(here, Left()):
        pytest.fail("went on for nobody")


def test_the_next_request_is_no_end_and_is_left_to_be_read(connection, monkeypatch):
    monkeypatch.setattr(disconnect, "LOOK_SECONDS", 0.005)
    here, there = connection
    there.sendall(b"GET /next")
    with watched(here, Left()):
        gevent.sleep(0.05)
    assert here.recv(20) == b"GET /next"


def test_who_sends_the_next_request_and_reads_it_never_is_noticed_once_that_was_read(connection, monkeypatch):
    monkeypatch.setattr(disconnect, "LOOK_SECONDS", 0.005)
    here, there = connection
    there.sendall(b"x")
    gevent.spawn_later(0.02, lambda: (here.recv(1), there.close()))
    with pytest.raises(Left), watched(here, Left()):
        gevent.sleep(30)


def test_nothing_is_thrown_once_the_work_is_done(connection):
    here, there = connection
    with watched(here, Left()):
        gevent.sleep(0)
    there.close()
    gevent.sleep(0.02)
    assert here.recv(1) == b""  # the end had come by then


def test_descriptors_above_1023_are_watched_too():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 1400), hard), hard))
    pairs = [gevent.socket.socketpair() for _ in range(600)]
    try:
        here, there = pairs[-1]
        assert here.fileno() > 1023
        with watched(here, Left()):
            gevent.sleep(0.02)
        there.close()
        with pytest.raises(Left), watched(here, Left()):
            gevent.sleep(30)
    finally:
        for pair in pairs:
            for one in pair:
                one.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class TestView:
    @pytest.fixture
    def request_of(self, connection):
        here, there = connection
        return Flask("test").test_request_context(environ_overrides={"gunicorn.socket": here}), there

    def test_answers_who_waits(self, request_of):
        context, _ = request_of
        with context:
            assert while_waited_for(lambda: "hello")() == "hello"

    def test_ends_for_who_does_not_and_no_handler_of_failures_holds_it_up(self, request_of):
        context, there = request_of
        went_on = []

        @while_waited_for
        def view():
            try:
                gevent.sleep(30)
            except Exception:
                went_on.append(True)

        there.close()
        with context, pytest.raises(ClientLeft):
            view()
        assert went_on == []


def test_every_view_that_asks_a_model_is_waited_for_or_a_stream(app):
    """Those that the limit for AI calls or for listening stands before."""
    views = {rule.endpoint: app.view_functions[rule.endpoint] for rule in app.url_map.iter_rules()}
    asking = {name for name, view in views.items() if {"ai", "listening"} & set(declared(view).limits)}
    waited = {name for name, view in views.items() if declared(view).ends_with_client}
    streams = {name for name in asking if name.endswith("_stream")}
    # They answer at once: the trial goes on in the background, whoever waits.
    begin_a_trial = {f"console.rules.{name}" for name in ("change_rubric", "change_rule", "create", "remove")}
    assert len(asking) >= 10
    assert asking - begin_a_trial == waited | streams
