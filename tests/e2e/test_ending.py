"""SIGTERM to real servers that have work to do."""

import json
import runpy
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import psycopg
import pytest

from rplay.runtime import shutdown
from rplay.server import signals
from tests.conftest import PASSWORD
from tests.e2e.test_streams import BODY, PATH
from tests.fakes.openai_server import FakeOpenAI
from tests.live import ROOT, live_server
from tests.tts.fake_voice import FakeVoice
from tests.tts.running import PATIENCE, RawPolling, RawSocket, eventually, wish

CHAT = "/api/chat/client-response"
SETTLING = 2.5  # seconds, for a busy machine
KEPT = 30  # seconds until a connection is closed on which nothing was sent: a busy machine takes longer than its 5


@pytest.fixture(scope="module")
def fake():
    with FakeOpenAI() as server:
        yield server


@pytest.fixture(scope="module")
def voice():
    voice = FakeVoice()
    yield voice
    voice.shutdown()
    voice.server_close()


@pytest.fixture
def started(new_database, tmp_path, fake, voice):
    """Starts a server in which the waiting times may be shorter; it, and somebody's token."""
    made = []

    def start(anew=False, **constants):
        context = live_server(
            new_database(),
            tmp_path,
            app="tests.e2e.hasty:app",
            anew=anew,
            OPENAI_API_KEY="sk-fake",
            OPENAI_BASE_URL=fake.url,
            TTS_PROVIDER="openai",
            TTS_BASE_URL=voice.url,
            GUNICORN_CMD_ARGS=f"--keep-alive {KEPT}",
            TEST_CONSTANTS=json.dumps({f"rplay.runtime.shutdown.{name}": value for name, value in constants.items()}),
        )
        server = context.__enter__()
        made.append(context)
        person = {"name": "Ann", "email": "ann@example.com", "password": PASSWORD}
        return server, server.call("POST", "/api/auth/register", person).json()["data"]["token"]

    fake.mode("ok")
    with ThreadPoolExecutor(8) as pool:
        yield SimpleNamespace(start=start, submit=pool.submit)
        for context in made:
            context.__exit__(None, None, None)


class Connection:
    """One that is open before it is used."""

    def __init__(self, server):
        self._http = HTTPConnection(urlsplit(server.base).netloc, timeout=PATIENCE)
        self._http.connect()

    def get(self, path, token=None):
        self._http.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
        answer = self._http.getresponse()
        return answer.status, answer.headers, json.loads(answer.read())

    def is_closed(self):
        return self._http.sock is None or self._http.sock.recv(1) == b""

    def close(self):
        self._http.close()


def refuses_connections(server):
    try:
        Connection(server).close()
    except ConnectionRefusedError:
        return True
    return False


@pytest.mark.operations
def test_a_server_with_work_to_do(started, fake):
    server, token = started.start(anew=True, SETTLING=SETTLING)
    fake.mode("slow", pause=3)
    answer = started.submit(server.call, "POST", CHAT, BODY, token)
    fake.wait_for(lambda: fake.calls)
    idle, ready, early, late, alive = connections = [Connection(server) for _ in range(5)]
    assert idle.get("/health")[0] == 200
    server.process.send_signal(signal.SIGTERM)

    eventually(lambda: refuses_connections(server))
    assert idle.is_closed()
    status, headers, body = ready.get("/api/health/ready")
    assert (status, body["status"], headers["Connection"]) == (503, "unavailable", "close")
    status, headers, _ = early.get("/api/simulation", token)
    assert (status, headers["Connection"]) == (200, "close")
    time.sleep(SETTLING)
    status, headers, body = late.get("/api/simulation", token)
    assert (status, headers["Connection"], headers["Retry-After"]) == (503, "close", "2")
    assert body == {"success": False, "error": shutdown.TEXT, "message": shutdown.TEXT}
    status, _, body = alive.get("/health")
    assert (status, body["status"]) == (200, "healthy")

    for connection in connections:
        connection.close()
    assert answer.result().status_code == 200
    assert server.process.wait(PATIENCE) == 0


@pytest.mark.operations
def test_what_runs_too_long_gets_an_end(started, fake, voice):
    server, token = started.start(GRACE_SECONDS=1.5)
    server.call("POST", CHAT, BODY, token)  # from which it learns that this model speaks at once
    fake.mode("slow", pause=0.1, reply="word " * 1000)
    lines = server.call("POST", PATH, BODY, token, stream=True).iter_lines(decode_unicode=True)
    assert "event: delta" in lines
    fake.mode("stall")
    asked = len(fake.calls)
    answer = started.submit(server.call, "POST", CHAT, BODY, token)
    fake.wait_for(lambda: len(fake.calls) > asked)
    voice.reset()
    listener = RawSocket(SimpleNamespace(port=urlsplit(server.base).port, url=server.base))
    listener.say("hold=2")
    heard = [listener.event() for _ in range(3)]
    server.process.send_signal(signal.SIGTERM)

    assert [line for line in lines if line][-2:] == ["event: error", f'data: {{"error":"{shutdown.TEXT}"}}']
    assert (answer.result().status_code, answer.result().json()["error"]) == (503, shutdown.TEXT)
    heard += listener.until_ack()
    assert [event[0] for event in heard] == ["speech-start", "audio-chunk", "audio-chunk", "speech-end", "ack"]
    assert heard[-1][1] == {"success": True}
    listener.close()
    assert server.process.wait(PATIENCE) == 0
    assert "requests_cut_off" in server.log()


@pytest.mark.parametrize("kind", [RawSocket, RawPolling])
def test_a_speech_is_finished_and_no_other_begun(started, voice, kind):
    server, _ = started.start()
    voice.reset()
    listener = kind(SimpleNamespace(port=urlsplit(server.base).port, url=server.base))
    text = "hold=2 chunks=3"
    listener.send(wish(text, 1))
    heard = [listener.event() for _ in range(3)]
    server.process.send_signal(signal.SIGTERM)
    eventually(lambda: refuses_connections(server))
    if kind is RawSocket:  # polling needs a new connection for this, and is refused it
        listener.say("another", 2)
        assert listener.event()[:2] == ("tts-error", {"message": shutdown.TEXT})
        assert listener.event() == ("ack", {"success": False, "error": "Failed to generate speech"}, 2)
        voice.release()
        heard += listener.until_ack(1)
        assert [event[0] for event in heard].count("audio-chunk") == 3
        assert heard[-1] == ("ack", {"success": True}, 1)
    voice.release()
    listener.close()
    assert server.process.wait(PATIENCE) == 0


@pytest.mark.operations
def test_nobody_loses_a_request_while_a_server_ends(started):
    """Clients that make a connection for each request, as a proxy does: each is answered in full or refused at once."""
    server, token = started.start(anew=True, SETTLING=20)
    met = []

    def ask():
        while True:
            try:
                status = server.call("GET", "/api/simulation", token=token).status_code
            except OSError as error:
                met.append(error)
                return
            met.append(status)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    eventually(lambda: len(met) > 60)
    server.process.send_signal(signal.SIGTERM)
    for thread in threads:
        thread.join()
    assert {status for status in met if isinstance(status, int)} == {200}
    refused = [error for error in met if not isinstance(error, int)]
    assert len(refused) == len(threads)
    assert [error for error in refused if "refused" not in str(error)] == []
    assert server.process.wait(PATIENCE) == 0
    assert "Traceback" not in server.log()


def is_held_up(server):
    """Whether a statement of the server waits for a lock."""
    with psycopg.connect(server.database) as look:
        waiting = "application_name = 'rplay' AND datname = current_database() AND wait_event_type = 'Lock'"
        return look.execute(f"SELECT 1 FROM pg_stat_activity WHERE {waiting}").fetchone()


@pytest.mark.operations
def test_a_write_that_is_cut_off_leaves_nothing_half_done(started):
    server, token = started.start(GRACE_SECONDS=0.5)
    owner = server.call("GET", "/api/auth/me", token=token).json()["user"]["id"]
    begin = {"industry": "insurance", "difficulty": "beginner"}
    talk = server.call("POST", "/api/simulation", begin, token).json()["data"]["id"]
    with psycopg.connect(server.database) as lock:
        lock.execute("SELECT FROM simulations WHERE id = %s FOR UPDATE", [talk])
        answer = started.submit(server.call, "DELETE", f"/api/simulation/{talk}", None, token)
        eventually(lambda: is_held_up(server))
        server.process.send_signal(signal.SIGTERM)
        assert answer.result().status_code == 503
        assert server.process.wait(PATIENCE) == 0
    with psycopg.connect(server.database) as look:
        assert look.execute("SELECT user_id::text FROM simulations WHERE id = %s", [talk]).fetchone() == (owner,)


def test_the_times_fit_into_one_another():
    gunicorn = runpy.run_path(str(Path(ROOT) / "gunicorn.conf.py"))
    assert 1 <= shutdown.SETTLING < shutdown.GRACE_SECONDS == 25
    assert shutdown.GRACE_SECONDS + 2 < gunicorn["graceful_timeout"] < signals.CHILD_SECONDS < 30
