"""Server-sent events: order, heartbeat, failures, slow and vanished readers."""

import itertools
import json
from dataclasses import dataclass, field
from typing import Any

import gevent
import gevent.socket
import pytest
from flask import Flask

from rplay.web import sse


@dataclass
class Event:
    type: str
    data: dict[str, Any] = field(default_factory=dict)


def pieces(events, socket=None):
    return sse._pieces(events, socket)


def test_writes_each_event_as_two_lines_of_which_the_second_is_json():
    written = list(pieces(iter([Event("delta", {"text": "two\nlines 张"}), Event("complete")])))
    assert written[1] == b"event: complete\ndata: {}\n\n"
    name, data = written[0].decode().rstrip("\n").split("\n")
    assert (name, json.loads(data.removeprefix("data: "))) == ("event: delta", {"text": "two\nlines 张"})


def test_tells_proxies_not_to_keep_it():
    with Flask("test").test_request_context():
        response = sse.stream(iter([]))
    assert response.content_type == "text/event-stream"
    assert (response.headers["Cache-Control"], response.headers["X-Accel-Buffering"]) == ("no-cache", "no")


def test_a_comment_shows_life_while_nothing_comes(monkeypatch):
    monkeypatch.setattr(sse, "LOOK", 0.005)
    monkeypatch.setattr(sse, "HEARTBEAT", 0.02)

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
    assert sse.BUFFER <= len(made) <= sse.BUFFER + 3
    reader.close()


@pytest.fixture
def connection():
    here, there = gevent.socket.socketpair()
    yield here, there
    here.close()
    there.close()


def test_a_closed_connection_is_noticed_while_nothing_comes(connection, monkeypatch):
    monkeypatch.setattr(sse, "LOOK", 0.005)
    here, there = connection
    ended = []

    def silent():
        try:
            gevent.sleep(30)
            yield Event("never")
        finally:
            ended.append(True)

    there.close()
    assert list(pieces(silent(), here)) == []
    gevent.sleep(0.05)
    assert ended == [True]


def test_a_connection_with_something_to_read_is_not_taken_for_closed(connection):
    here, there = connection
    assert sse._gone(here) is False
    there.sendall(b"GET /next")
    assert sse._gone(here) is False
    assert here.recv(9) == b"GET /next"
