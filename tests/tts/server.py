"""The socket alone, for tests: what create_app puts together around it is not needed here.

Run by gunicorn. TEST_CONSTANTS may change waiting times: {"rplay.tts.session.STALLED": 0.5}. Tokens: `good` has a
session, `broken` makes the look-up fail. No more connections without a token may come from 203.0.113.9.
"""

from gevent import monkey

monkey.patch_all()

import gc  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
from importlib import import_module  # noqa: E402
from types import SimpleNamespace  # noqa: E402

import gevent  # noqa: E402
import psutil  # noqa: E402
from flask import Flask, request  # noqa: E402

from rplay import config  # noqa: E402
from rplay.tts.catalogue import choose  # noqa: E402
from rplay.web import frame  # noqa: E402
from rplay.web.socket import server  # noqa: E402

for name, value in json.loads(os.environ.get("TEST_CONSTANTS", "{}")).items():
    module, _, constant = name.rpartition(".")
    assert hasattr(import_module(module), constant), name
    setattr(import_module(module), constant, value)


USER = SimpleNamespace(id="a-user", session_id="a-session", email="somebody@example.com", role="learner")


looked_up: list[str] = []
ended = False


def find_user(token: str) -> object | None:
    looked_up.append(token)
    gevent.sleep(0.01)  # as if the database was asked
    if token == "broken":
        raise TypeError("the database is away")
    return USER if token == "good" else None


class Limits:
    def count_socket(self, address: str) -> None:
        pass

    def connection_refusal(self, address: str, opened: int) -> str | None:
        if address == "203.0.113.10" and opened >= 2:
            return "Too many connections"
        return "Too many requests" if address == "203.0.113.9" else None

    def speech_refusal(self, who: str, address: str) -> str | None:
        gevent.sleep(0.01)  # as if somebody else was asked
        return f"Too many requests of {who}" if address == "203.0.113.11" else None


app = Flask("speech-under-test")
settings = config.load(dict(os.environ))
socketio = server.create_socketio(
    app, settings, choose(settings, lambda: None), find_user, lambda _: [] if ended else [USER], Limits()
)


app.wsgi_app = frame.entrance(app.wsgi_app, socketio.guarded(app.wsgi_app))


@app.get("/state")
def state() -> dict[str, object]:
    return {
        "engine_sockets": len(socketio.server.eio.sockets),
        "connections": socketio.connections(),
        "enabled": socketio.enabled(),
        "loaded": "_model" in vars(socketio.speaker),
        "looked_up": len(looked_up),
        "memory": psutil.Process().memory_info().rss,
    }


@app.get("/greenlets")
def greenlets() -> list[str]:
    gc.collect()
    return [repr(thing) for thing in gc.get_objects() if isinstance(thing, gevent.Greenlet) and not thing.dead]


@app.get("/end-sessions")
def end_sessions() -> list[str]:
    """From now on, or no more: ?ended="""
    global ended
    ended = bool(request.args.get("ended"))
    return []


@app.get("/look-again")
def look_again() -> list[str]:
    socketio.look_again()
    return []
