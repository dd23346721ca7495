"""Two servers behind the repository's nginx configuration, with one PostgreSQL and one Redis."""

import itertools
import sys
import time

import psycopg
import pytest
import requests

from tests.deploy.cluster import cluster
from tests.deploy.traffic import TALK, Listener, Traffic, newcomer
from tests.fakes.openai_server import FakeOpenAI
from tests.tts.running import PATIENCE, eventually

pytestmark = pytest.mark.operations  # tests/deploy/test_data_apart.py runs such a deployment, too
TRANSPORTS = ("websocket", "polling")


@pytest.fixture(scope="module")
def fake():
    with FakeOpenAI() as server:
        server.mode("slow", pause=0.1, reply="one two three four five six seven eight nine ten")
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
    """One on each server by each transport. The proxy leaves out a server for a while that did not answer at once."""
    found = {}
    until = time.monotonic() + PATIENCE
    for transport, person in zip(itertools.cycle(TRANSPORTS), itertools.cycle(people)):
        listener = Listener(servers, transport, person.token)
        if (transport, listener.server) in found:
            listener.leave()
        found.setdefault((transport, listener.server), listener)
        if len(found) == 2 * len(TRANSPORTS):
            break
        assert time.monotonic() < until, found
    yield found
    for listener in found.values():
        listener.leave()


def test_a_server_restarts_and_nobody_notices_but_its_listeners(servers, people, listeners):
    traffic = Traffic()
    quick = [(what, getattr(person, what)) for what in ("read", "save") for person in people[:3]]
    asks = [(what, getattr(person, what)) for what in ("chat", "stream") for person in people[:3]]  # 60 a minute each
    logins = [("log_in", person.log_in) for person in people[:3]]  # an account may log in 20 times
    speeches = [(f"hear by {transport} of {server}", ear.hear) for (transport, server), ear in listeners.items()]
    with traffic.of(0.3, *quick, *speeches), traffic.of(2.2, *asks), traffic.of(1.5, *logins):
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


@pytest.fixture(scope="module")
def admin(servers):
    person = newcomer(servers.url, "operator")
    with psycopg.connect(servers.database) as connection:
        connection.execute("UPDATE users SET role = 'super_admin' WHERE email = %s", [person.email])
    return person


def log_in_wrongly(url, email, **options):
    return requests.post(
        f"{url}/api/auth/login", json={"email": email, "password": "Wr0ngWr0ng"}, **options
    ).status_code


def test_a_limit_counts_over_both(servers, people):
    forwarded = {"headers": {"X-Forwarded-For": "203.0.113.7"}}
    asked = itertools.islice(itertools.cycle((servers.a, servers.b)), 24)
    statuses = [log_in_wrongly(server.live.base, people[5].email, **forwarded) for server in asked]
    assert statuses == [401] * 20 + [429] * 4


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere 127.0.0.2 is not this machine's")
def test_people_are_counted_by_the_address_that_the_proxy_saw(servers, people):
    """Whatever they claim, and each by their own."""

    def by_way_of(address, tries):
        with requests.Session() as session:
            session.mount("http://", FromAddress(address))
            return [
                session.post(
                    f"{servers.url}/api/auth/login",
                    json={"email": people[4].email, "password": "Wr0ngWr0ng"},
                    headers={"X-Forwarded-For": f"198.51.100.{claimed}"},
                ).status_code
                for claimed in range(tries)
            ]

    assert by_way_of("127.0.0.2", 22) == [401] * 20 + [429] * 2
    assert by_way_of("127.0.0.3", 1) == [401]


class FromAddress(requests.adapters.HTTPAdapter):
    """Connects from this address of the machine."""

    def __init__(self, address):
        self._address = address
        super().__init__()

    def init_poolmanager(self, *args, **options):
        super().init_poolmanager(*args, **options, source_address=(self._address, 0))


def test_who_listens_is_counted_over_both(servers, listeners, admin):
    for server in (servers.a, servers.b):
        health = f"{server.live.base}/health"
        eventually(lambda url=health: requests.get(url).json()["tts"]["activeConnections"] == len(listeners))

    def seen():
        """Each process tells the others once a second."""
        return [one["socketId"][:2] for one in admin.call("GET", "/api/tts/stats").json()["connections"]]

    eventually(lambda: sorted(seen()) == ["a.", "a.", "b.", "b."])


def test_a_key_stored_through_one_is_used_by_the_other(servers, people, admin, fake):
    stored = servers.a.live.call("POST", "/api/chat/set-api-key", {"apiKey": "sk-stored"}, admin.token)
    assert stored.status_code == 200, stored.text

    def used():
        assert servers.b.live.call("POST", "/api/chat/expert-response", TALK, people[3].token).status_code == 200
        return fake.calls[-1].key == "sk-stored"

    eventually(used, every=0.5)  # a person may ask sixty times a minute, and the first three have asked already
