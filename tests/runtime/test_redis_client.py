"""Redis, there and away."""

import time
from threading import Timer

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from rplay.errors import SharedAway, StartError
from rplay.runtime import redis
from rplay.runtime.redis import Shared
from tests.conftest import free_port
from tests.redis_server import RedisServer, needs_redis

pytestmark = needs_redis


@pytest.fixture(scope="module")
def server():
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture
def shared(server):
    shared = Shared(SecretStr(server.url))
    yield shared
    shared.close()


def answers(shared: Shared) -> bool:
    try:
        with shared.answering() as redis:
            return bool(redis.ping())
    except SharedAway:
        return False


def events(logs):
    return [line["event"] for line in logs]


def test_is_there_though_all_connections_are_taken_for_a_while(shared):
    pool = shared.redis.connection_pool
    taken = [pool.get_connection() for _ in range(redis.CONNECTIONS)]
    letting_go = Timer(3 * redis.TIMEOUT, pool.release, [taken[0]])
    letting_go.start()
    assert (answers(shared), shared.state) == (True, "ok")
    letting_go.join()
    for connection in taken[1:]:
        pool.release(connection)


def test_one_line_tells_of_an_outage_and_one_of_its_end(server, shared, monkeypatch):
    monkeypatch.setattr(redis, "RETRY_SECONDS", 0.05)
    assert (answers(shared), shared.state) == (True, "ok")
    server.stop()
    with capture_logs() as logs:
        for _ in range(20):
            assert not answers(shared)
            time.sleep(0.01)
    assert events(logs) == ["redis_away"]
    assert shared.state == "away"
    server.start()
    time.sleep(0.05)
    with capture_logs() as logs:
        assert (answers(shared), shared.state) == (True, "ok")
    assert events(logs) == ["redis_back"]
    assert server.password not in str(logs)


def test_only_one_call_waits_for_one_that_hangs(server, shared, monkeypatch):
    monkeypatch.setattr(redis, "RETRY_SECONDS", 60)
    assert answers(shared)
    asked = []
    with server.hanging():
        assert not answers(shared)
        with monkeypatch.context() as patch:
            patch.setattr(shared.redis, "ping", lambda: asked.append(1))
            assert not any(answers(shared) for _ in range(1000))
    assert asked == []


def test_while_one_call_tries_again_the_others_do_not_wait(server, shared, monkeypatch):
    shared._went_away(OSError("as if"))
    monkeypatch.setattr(shared, "_next_try", 0.0)
    with shared.answering():
        assert not answers(shared)
        assert shared.state == "away"
    assert shared.state == "ok"


def test_a_dead_connection_is_replaced_without_a_word(server, shared):
    assert answers(shared)
    server.stop()
    server.start()
    with capture_logs() as logs:
        assert answers(shared)
    assert logs == []


def test_a_wrong_password_counts_as_away_and_is_not_logged(server):
    shared = Shared(SecretStr(server.url.replace(server.password, "wrong-password")))
    with capture_logs() as logs:
        assert not answers(shared)
    assert events(logs) == ["redis_away"]
    assert "wrong-password" not in str(logs)


def test_one_that_never_was_there_is_no_reason_not_to_start():
    assert not answers(Shared(SecretStr(f"redis://127.0.0.1:{free_port()}/0")))


def test_an_address_that_is_none_is_told_without_its_password():
    with pytest.raises(StartError) as told:
        Shared(SecretStr("redis://:secret-word@127.0.0.1:not-a-port/0"))
    assert "REDIS_URL" in str(told.value)
    assert "secret-word" not in str(told.value)
