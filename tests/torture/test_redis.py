"""Redis is killed and started again, or hangs: people go on, calls that cost money are refused."""

import pytest

from tests.redis_server import RedisServer, needs_redis
from tests.torture.world import holds

pytestmark = needs_redis


@pytest.fixture
def redis():
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture
def world(build, redis):
    """With limits that fifty busy learners keep to, each at an address of their own."""
    return build(REDIS_URL=redis.url, RATE_LIMIT_ENABLED="true", RATE_LIMIT_MAX_REQUESTS="1000000", TRUSTED_PROXIES="1")


def judge(outcome):
    """Nobody but who asks an AI sees any of it."""
    failed = {(one.kind, one.what) for one in outcome.met if not one.good}
    assert failed <= {("chat", "503"), ("stream", "503")}
    assert failed, "Redis was not missed"
    holds(outcome, slowest=5)


def test_killed(world, redis):
    judge(world.strike("Redis killed (SIGKILL) and started", redis.stop, redis.start, hold=4))


def test_hanging(world, redis):
    hanging = redis.hanging()
    judge(world.strike("Redis frozen (SIGSTOP)", hanging.__enter__, lambda: hanging.__exit__(None, None, None), hold=4))
