"""Several workers behind one port."""

import psutil
import pytest

from tests.fakes.openai_server import FakeOpenAI
from tests.live import UNASKED_VOICE, live_server
from tests.tts.running import Listener, eventually


@pytest.fixture(scope="module")
def live(new_database, tmp_path_factory):
    with FakeOpenAI() as fake:
        voice = {"TTS_BASE_URL": fake.url, **UNASKED_VOICE}
        with live_server(new_database(), tmp_path_factory.mktemp("workers"), WEB_CONCURRENCY="2", **voice) as server:
            yield server


@pytest.mark.operations
def test_both_speak_by_websocket(live):
    """A connection stays with the worker that took it, so what is said later reaches the right one."""
    eventually(lambda: len(psutil.Process(live.process.pid).children()) == 2)
    workers = psutil.Process(live.process.pid).children()
    listeners = []
    try:
        eventually(lambda: listeners.append(Listener(live)) or all(map(listened, workers)))  # one may begin later
        for listener in (listeners[0], listeners[-1]):
            names = [heard[0] for heard in listener.hear({"text": "Good morning."})]
            assert (names[0], names[-2:]) == ("speech-start", ["speech-end", "ack"])
    finally:
        for listener in listeners:
            listener.leave()


def listened(worker):
    return any(connection.status == psutil.CONN_ESTABLISHED and connection.laddr.port for connection in inbound(worker))


def inbound(worker):
    """Connections from clients: those on the port that it listens on."""
    found = worker.net_connections("tcp")
    ports = {one.laddr.port for one in found if one.status == psutil.CONN_LISTEN}
    return [one for one in found if one.laddr.port in ports]
