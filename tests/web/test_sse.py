"""Server-sent events: order, heartbeat, failures, slow and vanished readers."""

import itertools
import json
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import gevent
import gevent.queue
import gevent.socket
import pytest
from flask import Flask

from rplay.runtime.shutdown import Shutdown
from rplay.web import sse


@dataclass
class Event:
    type: str
    data: dict[str, Any] = field(default_factory=dict)


def pieces(events, socket=None):
    return sse._pieces(events, socket, Shutdown())


def test_writes_each_event_as_two_lines_of_which_the_second_is_json():
    written = list(pieces(iter([Event("delta", {"text": "two\nlines 张"}), Event("complete")])))
    assert written[1] == b"event: complete\ndata: {}\n\n"
    name, data = written[0].decode().rstrip("\n").split("\n")
    assert (name, json.loads(data.removeprefix("data: "))) == ("event: delta", {"text": "two\nlines 张"})


def test_tells_proxies_not_to_keep_it():
    app = Flask("test")
    app.extensions["rplay"] = SimpleNamespace(shutdown=Shutdown())
    with app.test_request_context():
        response = sse.stream(iter([]))
    assert response.content_type == "text/event-stream"
    assert (response.headers["Cache-Control"], response.headers["X-Accel-Buffering"]) == ("no-cache", "no")


def test_a_comment_shows_life_while_nothing_comes(monkeypatch):
    monkeypatch.setattr(sse, "HEARTBEAT_SECONDS", 0.02)

    def slow():
        gevent.sleep(0.1)
        yield Event("complete")

    written = list(pieces(slow()))
    assert written[0].startswith(b":")
    assert written[-1].startswith(b"event: complete")


def test_a_crash_of_the_source_is_an_error_event_without_its_words():
    def broken():
        yield Event("status")
        raise RuntimeError("secret")

    assert list(pieces(broken()))[-1] == b'event: error\ndata: {"error":"Internal server error"}\n\n'


def test_a_reader_who_leaves_ends_the_source():
    ended = []

    def endless():
        try:
            for number in itertools.count():
                gevent.sleep(0)
                yield Event("delta", {"n": number})
        finally:
            ended.append(True)

    reader = pieces(endless())
    next(reader)
    reader.close()
    gevent.sleep(0.05)
    assert ended == [True]


def test_a_reader_who_does_not_read_stops_the_source_at_the_bound():
    made = []

    def endless():
        for number in itertools.count():
            made.append(number)
            yield Event("delta", {"n": number})

    reader = pieces(endless())
    next(reader)
    gevent.sleep(0.05)
    assert sse.MOST_WAITING <= len(made) <= sse.MOST_WAITING + 3
    reader.close()


def test_a_reader_who_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(sse, "READ_SECONDS", 0.02)
    ended = []

    def source():
        try:
            yield Event("status")
            gevent.sleep(30)
        finally:
            ended.append(True)

    reader = pieces(source())
    next(reader)
    with pytest.raises(BrokenPipeError):
        gevent.sleep(5)  # as gunicorn does in `sendall`
    reader.close()
    gevent.sleep(0.05)
    assert ended == [True]


def test_a_reader_who_hangs_up_ends_a_silent_source(monkeypatch):
    here, there = gevent.socket.socketpair()
    ended = []

    def silent():
        try:
            gevent.sleep(30)
            yield Event("never")
        finally:
            ended.append(True)

    with here:
        there.close()
        with pytest.raises(BrokenPipeError):
            list(pieces(silent(), here))
    gevent.sleep(0.05)
    assert ended == [True]


def test_a_source_that_is_killed_says_nothing_more():
    """Not even that it failed: nobody is there, and no provider is asked in its place."""

    def silent():
        gevent.sleep(30)
        yield Event("never")

    queue = gevent.queue.Queue()
    source = gevent.spawn(sse._feed, silent(), queue)
    gevent.sleep(0.01)
    source.kill()
    assert queue.empty()
