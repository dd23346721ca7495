"""Two servers behind the repository's nginx configuration, with one PostgreSQL and one Redis."""

import itertools

import pytest

from tests.deploy.cluster import cluster
from tests.deploy.traffic import Listener, Traffic, newcomer
from tests.fakes.openai_server import FakeOpenAI

TRANSPORTS = ("websocket", "polling")


@pytest.fixture(scope="module")
def fake():
    with FakeOpenAI() as server:
        server.mode("slow", pause=0.05, reply="one two three four five six seven eight nine ten")
        yield server


@pytest.fixture(scope="module")
def servers(new_database, tmp_path_factory, fake):
    settings = {
        "OPENAI_API_KEY": "sk-configured",
        "OPENAI_BASE_URL": fake.url,
        "TTS_PROVIDER": "openai",
        "RATE_LIMIT_ENABLED": "true",
        "RATE_LIMIT_MAX_REQUESTS": "100000",
    }
    with cluster(new_database(), tmp_path_factory.mktemp("cluster"), **settings) as found:
        yield found


@pytest.fixture(scope="module")
def people(servers):
    return [newcomer(servers.url, f"learner-{number}") for number in range(6)]


@pytest.fixture
def listeners(servers, people):
    """One on each server by each transport."""
    found = {}
    for transport, number in itertools.product(TRANSPORTS, range(8)):
        listener = Listener(servers, transport, people[number % len(people)].token)
        if (transport, listener.server) in found:
            listener.leave()
        else:
            found[transport, listener.server] = listener
    assert set(found) == set(itertools.product(TRANSPORTS, "ab"))
    yield found
    for listener in found.values():
        listener.leave()


def test_a_server_restarts_and_nobody_notices_but_its_listeners(servers, people, listeners):
    traffic = Traffic()
    quick = [(what, getattr(person, what)) for what in ("read", "save", "chat", "stream") for person in people]
    logins = [("log_in", person.log_in) for person in people]  # an account may log in 20 times
    speeches = [("hear", listener.hear) for listener in listeners.values()]
    with traffic.of(0.3, *quick), traffic.of(1.5, *logins), traffic.of(0.1, *speeches):
        traffic.goes_on()
        servers.a.stop()
        traffic.goes_on()
        servers.a.start()
        traffic.goes_on()
    assert traffic.failures == []
    assert "/api/simulation" in servers.a.live.log(), "nobody went back to the server that restarted"
    for (transport, server), listener in listeners.items():
        assert set(listener.lost) == ({"a"} & {server}), (transport, server, listener.lost)
        assert listener.spoken["b"], (transport, server, listener.spoken)
