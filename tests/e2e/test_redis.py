"""Two servers that share a Redis, and what they do without it."""

import psutil
import pytest
import socketio

from tests.conftest import PASSWORD
from tests.e2e.test_streams import BODY
from tests.fakes.openai_server import FakeOpenAI
from tests.live import UNASKED_VOICE, live_server
from tests.redis_server import RedisServer, needs_redis
from tests.tts.running import eventually

pytestmark = needs_redis


@pytest.fixture(scope="module")
def redis():
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def two(new_database, tmp_path_factory, redis):
    folder, database = tmp_path_factory.mktemp("two"), new_database()
    settings = {"REDIS_URL": redis.url, "RATE_LIMIT_ENABLED": "true", "NODE_ENV": "development", **UNASKED_VOICE}
    with FakeOpenAI() as fake:
        settings |= {"OPENAI_BASE_URL": fake.url, "OPENAI_API_KEY": "sk-fake", "AI_PROVIDERS": "openai"}
        with live_server(database, folder, **settings) as one, live_server(database, folder, **settings) as other:
            yield one, other


@pytest.fixture(scope="module")
def token(two):
    person = {"name": "Ann", "email": "ann@example.com", "password": PASSWORD}
    return two[0].call("POST", "/api/auth/register", person).json()["data"]["token"]


def speech_counts(servers):
    return [server.call("GET", "/health").json()["tts"]["activeConnections"] for server in servers]


def test_tries_to_log_in_are_counted_over_both(two, token):
    wrong = {"email": "bob@example.com", "password": "Wrong-1234"}
    statuses = [server.call("POST", "/api/auth/login", wrong).status_code for server in two * 11]
    assert statuses == [401] * 20 + [429] * 2
    right = {"email": "ann@example.com", "password": PASSWORD}
    assert two[1].call("POST", "/api/auth/login", right).status_code == 200


@pytest.mark.operations
def test_speech_connections_are_counted_over_both_also_when_one_is_killed(two):
    one, other = two
    worker = psutil.Process(other.process.pid).children()[0]
    alone = {"reconnection": False}  # else it is back, and counted again, before it is forgotten
    with socketio.SimpleClient() as here, socketio.SimpleClient(**alone) as there:
        here.connect(one.base)
        there.connect(other.base, transports=["websocket"])  # polling before it would leave a connection open, too
        eventually(lambda: speech_counts(two) == [2, 2])
        connection = there.client.eio.ws
        worker.kill()
        eventually(lambda: speech_counts([one]) == [1])
        here.disconnect()
        eventually(lambda: speech_counts([one]) == [0])
        connection.shutdown()  # which the library leaves to the garbage collector when the server is gone


def test_without_redis_people_browse_and_sign_in_and_costly_calls_are_refused(two, token, redis):
    one, _ = two
    assert one.call("POST", "/api/chat/client-response", BODY, token).status_code == 200
    redis.stop()
    refused = one.call("POST", "/api/chat/client-response", BODY, token)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert refused.json()["error"] == refused.json()["message"]
    assert one.call("GET", "/api/simulation", token=token).status_code == 200
    right = {"email": "ann@example.com", "password": PASSWORD}
    assert one.call("POST", "/api/auth/login", right).status_code == 200
    assert one.call("GET", "/api/health/ready").json()["checks"]["redis"] == "away"
    assert one.log().count("redis_away") == 1
    redis.start()
    eventually(lambda: one.call("POST", "/api/chat/client-response", BODY, token).status_code == 200, every=0.5)
    assert one.call("GET", "/api/health/ready").json()["checks"]["redis"] == "ok"
    assert redis.password not in one.log()
