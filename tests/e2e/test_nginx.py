"""Streamed answers through a real nginx: the model's words one by one, life in silence, and an end for who leaves."""

import json
import socket
import subprocess
import time
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import pytest
import requests

from tests.conftest import free_port
from tests.deploy import cluster
from tests.fakes.openai_server import FakeOpenAI
from tests.live import live_server
from tests.programs import needs, program

pytestmark = needs("nginx")

TALK = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi."}]
BODY = {"messages": TALK, "clientProfile": {"name": "John"}, "simulationSettings": {"industry": "insurance"}}
STREAMS = ["/api/chat/client-response/stream", "/api/agents/chat/client/stream"]

# nginx as it comes, which holds answers back: our header has to tell it not to.
CONFIGURATION = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass {upstream};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_read_timeout 75s;
    }}
  }}
}}
"""


@pytest.fixture(scope="module")
def fake():
    with FakeOpenAI() as server:
        yield server


@pytest.fixture(scope="module")
def live(new_database, tmp_path_factory, fake):
    folder = tmp_path_factory.mktemp("nginx-live")
    constants = json.dumps({"rplay.web.sse.HEARTBEAT_SECONDS": 1})
    openai = {"OPENAI_API_KEY": "sk-fake", "OPENAI_BASE_URL": fake.url}
    with live_server(new_database(), folder, app="tests.e2e.hasty:app", TEST_CONSTANTS=constants, **openai) as server:
        yield server


@pytest.fixture(scope="module")
def token(live):
    person = {"name": "Ngi", "email": "ngi@example.com", "password": "Passw0rdX"}
    token = live.call("POST", "/api/auth/register", person).json()["data"]["token"]
    live.call("POST", "/api/chat/client-response", BODY, token)  # from which it learns that this model speaks at once
    return token


@pytest.fixture(scope="module", params=["the repository's", "as it comes"])
def nginx(request, live, tmp_path_factory):
    """The address of an nginx before the server."""
    folder, server = tmp_path_factory.mktemp("nginx"), urlsplit(live.base).port
    with cluster.nginx(folder, server, server) if request.param != "as it comes" else _plain(folder, live.base) as url:
        yield url


@contextmanager
def _plain(folder, upstream):
    port, file = free_port(), folder / "nginx.conf"
    file.write_text(CONFIGURATION.format(folder=folder, port=port, upstream=upstream))
    command = [program("nginx"), "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(file)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=60)


def _wait_for(port, process):
    for _ in range(1200):
        assert process.poll() is None, process.stderr.read().decode()
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx did not begin to listen")


@pytest.fixture
def ask(nginx, token):
    """Begins a request through nginx; what comes is read line by line."""
    answers = []

    def ask(path, body=BODY, **options):
        headers = {"Authorization": f"Bearer {token}"}
        answers.append(requests.post(nginx + path, json=body, headers=headers, timeout=40, stream=True, **options))
        return answers[-1]

    yield ask
    for answer in answers:
        answer.close()


def events(answer):
    """Each event as it comes, comments too."""
    kind = ""
    for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
        if line.startswith(":"):
            yield "comment", line
        elif line.startswith("event: "):
            kind = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield kind, json.loads(line.removeprefix("data: "))


@pytest.mark.parametrize("path", STREAMS)
def test_each_word_is_there_before_the_model_says_the_next(ask, fake, path):
    fake.mode("step", reply="one two three four")
    answer = ask(path)
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    told = (event for event in events(answer) if event[0] != "comment")
    assert next(told)[0] == "status"
    for word in ("one ", "two ", "three ", "four"):
        fake.step()
        assert next(told) == ("delta", {"text": word})
    assert next(told)[0] == "complete"
    assert list(told) == []


@pytest.mark.parametrize("nginx", ["as it comes"], indirect=True)
def test_a_comment_shows_life_in_silence(ask, fake):
    fake.mode("step", reply="late")
    told = events(ask(STREAMS[0]))
    assert next(told)[0] == "status"
    assert next(told)[0] == "comment"
    fake.step()
    assert [kind for kind, _ in told] == ["delta", "complete"]


@pytest.mark.parametrize("words", [0, 1], ids=["before the first word", "after it"])
def test_who_leaves_ends_the_call_upstream(ask, fake, words):
    fake.mode("step", reply="one two")
    before, calls = fake.aborts, len(fake.calls)
    answer = ask(STREAMS[0])
    told = events(answer)
    next(told)
    for _ in range(words):
        fake.step()
        next(told)
    assert fake.wait_for(lambda: len(fake.calls) == calls + 1)
    answer.close()
    assert fake.wait_for(lambda: fake.aborts == before + 1)
    assert len(fake.calls) == calls + 1


def test_who_leaves_a_plain_answer_ends_its_calls_too(nginx, token, fake):
    fake.mode("stall")
    before, calls = fake.aborts, len(fake.calls)
    longer = {**BODY, "messages": [*TALK, {"role": "user", "content": "What brings you here?"}]}
    headers = {"Authorization": f"Bearer {token}"}
    with socket.create_connection(urlsplit(nginx)[1].split(":")) as client:
        request = requests.Request("POST", f"{nginx}/api/chat/client-response", headers, json=longer).prepare()
        head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
        client.sendall(f"POST {request.path_url} HTTP/1.1\r\nHost: nginx\r\n{head}\r\n".encode() + request.body)
        assert fake.wait_for(lambda: len(fake.calls) == calls + 2)
    assert fake.wait_for(lambda: fake.aborts == before + 2), "the reply and its evaluation"
    assert len(fake.calls) == calls + 2
