"""A streamed answer through gunicorn, from a model that answers over HTTP."""

import json
import socket
from urllib.parse import urlsplit

import pytest

from tests.fakes.openai_server import FakeOpenAI
from tests.live import live_server

BODY = {
    "messages": [{"role": "user", "content": "Hello"}],
    "clientProfile": {"name": "John"},
    "simulationSettings": {"industry": "insurance"},
}
PATH = "/api/chat/client-response/stream"


@pytest.fixture(scope="module")
def fake():
    with FakeOpenAI() as server:
        yield server


@pytest.fixture(scope="module")
def live(new_database, tmp_path_factory, fake):
    folder = tmp_path_factory.mktemp("streams")
    with live_server(new_database(), folder, OPENAI_API_KEY="sk-fake", OPENAI_BASE_URL=fake.url) as server:
        yield server


@pytest.fixture(scope="module")
def token(live):
    person = {"name": "Str", "email": "s@example.com", "password": "Passw0rdX"}
    return live.call("POST", "/api/auth/register", person).json()["data"]["token"]


def events(answer):
    for block in answer.text.strip().split("\n\n"):
        name, data = block.split("\n")
        yield name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_deltas_add_up_to_the_whole(live, fake, token):
    fake.mode("ok", reply="Good morning, I am John.")
    answer = live.call("POST", PATH, BODY, token, stream=True)
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    found = list(events(answer))
    assert found[0][0] == "status"
    assert "".join(data["text"] for name, data in found if name == "delta") == "Good morning, I am John."
    assert found[-1][0] == "complete"
    assert found[-1][1]["response"] == "Good morning, I am John."
    assert found[-1][1]["metadata"]["provider"] == "openai"


@pytest.mark.parametrize("mode", ["cut", "500", "401", "garbage"])
def test_a_model_that_fails_ends_the_stream_with_an_error_event(live, fake, token, mode):
    fake.mode(mode, retry_after="0")
    name, data = list(events(live.call("POST", PATH, BODY, token)))[-1]
    assert name == "error"
    assert "sk-fake" not in data["error"]
    assert data["error"].startswith("I'm sorry, I'm having trouble responding right now.")


def test_who_leaves_in_the_middle_ends_the_call_upstream(live, fake, token):
    fake.mode("slow", pause=0.2, reply="one two three four five six seven eight nine ten " * 5)
    before = fake.aborts
    address = urlsplit(live.base)
    raw = json.dumps(BODY).encode()
    with socket.create_connection((address.hostname, address.port)) as client:
        head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}\r\n\r\n"
        client.sendall(head.encode() + raw)
        received = b""
        while b"event: delta" not in received:
            received += client.recv(4096)
    assert fake.wait_for(lambda: fake.aborts == before + 1)
