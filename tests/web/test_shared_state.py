"""Rate limits, the stored key and speech connections that several processes have in common."""

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from rplay.errors import SharedAway, TooMany
from rplay.runtime import redis
from rplay.runtime.openai_key import NAME, Key, Vault
from rplay.runtime.redis import Shared
from rplay.web.limits import COSTLY, TABLE, Limits
from rplay.web.socket import other_processes
from rplay.web.socket.other_processes import OtherProcesses
from tests.conftest import settings_for, swap_parts
from tests.redis_server import RedisServer, needs_redis

pytestmark = needs_redis
KEY = "sk-stored-by-an-admin"


@pytest.fixture(scope="module")
def server():
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture
def process(server):
    """Makes what another process would have: a connection of its own to the same, empty Redis."""
    server.client.flushall()
    made = []

    def make():
        made.append(Shared(SecretStr(server.url)))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def away(server, process, monkeypatch):
    """Redis was there, and is not any more."""
    monkeypatch.setattr(redis, "RETRY_SECONDS", 60)
    shared = process()
    shared._went_away(OSError("as if"))
    return shared


class TestLimits:
    SETTINGS = settings_for(rate_limit_enabled=True, rate_limit_max_requests=5)

    def test_are_counted_for_all_processes_together(self, process):
        one, other = (Limits(self.SETTINGS, process()) for _ in range(2))
        for limits in [one, other] * 10:
            limits.count("login", "a@example.com 10.0.0.1")
        for limits in (one, other):
            with pytest.raises(TooMany) as refused:
                limits.count("login", "a@example.com 10.0.0.1")
            assert 0 < refused.value.retry_after <= 300
        other.count("login", "b@example.com 10.0.0.1")

    def test_are_forgotten_by_themselves(self, process, server):
        limits = Limits(self.SETTINGS, process())
        limits.count_request("10.0.0.1")
        for name in TABLE:
            limits.count(name, "somebody")
        keys = server.client.keys()
        assert len(keys) == len(TABLE) + 1
        assert all(key.startswith(b"rplay:limit:") for key in keys)
        assert all(0 < server.client.ttl(key) <= 2 * 3600 for key in keys)

    def test_let_people_browse_and_sign_in_without_redis_within_bounds(self, away):
        limits = Limits(self.SETTINGS, away)
        for _ in range(5):
            limits.count_request("10.0.0.1")
        with pytest.raises(TooMany):
            limits.count_request("10.0.0.1")
        for name in TABLE.keys() - COSTLY:
            limits.count(name, "somebody")
        for _ in range(19):
            limits.count("login", "somebody")
        with pytest.raises(TooMany):
            limits.count("login", "somebody")

    @pytest.mark.parametrize("name", sorted(COSTLY))
    def test_refuse_what_costs_money_without_redis(self, away, name):
        with pytest.raises(SharedAway):
            Limits(self.SETTINGS, away).count(name, "somebody")

    def test_tell_a_listener_why(self, away, process):
        limits = Limits(self.SETTINGS, away)
        assert limits.connection_refusal("10.0.0.1", 0) == "Not available for a moment"
        assert limits.speech_refusal("somebody", "10.0.0.1") == "Not available for a moment"
        limits = Limits(self.SETTINGS, process())
        assert limits.connection_refusal("10.0.0.1", 0) is None
        assert limits.speech_refusal("somebody", "10.0.0.1") is None

    def test_that_are_off_need_no_redis(self, away):
        limits = Limits(settings_for(rate_limit_enabled=False), away)
        limits.count("ai", "somebody")
        assert limits.speech_refusal("somebody", "10.0.0.1") is None


class TestKey:
    @pytest.fixture
    def new_key(self, process):
        return lambda secret=b"x" * 32: Key(SecretStr("sk-configured"), Vault(process(), lambda: secret))

    def test_reaches_the_other_servers(self, new_key):
        one, other = new_key(), new_key()
        one.store(KEY)
        assert (one.get(), other.get()) == (KEY, "sk-configured")
        other.refresh()
        assert other.get() == KEY
        other.store("sk-second")
        one.refresh()
        assert one.get() == "sk-second"

    def test_cannot_be_read_in_redis(self, new_key, server):
        new_key().store(KEY)
        assert KEY.encode() not in server.client.get(NAME)

    def test_survives_a_redis_that_forgets(self, new_key, server):
        one, other = new_key(), new_key()
        one.store(KEY)
        server.client.flushall()
        one.refresh()
        other.refresh()
        assert (one.get(), other.get()) == (KEY, KEY)

    def test_that_is_taken_away_is_gone_on_all_servers_and_stays_so(self, new_key, server):
        one, other = new_key(), new_key()
        one.store(KEY)
        other.refresh()
        one.forget()
        other.refresh()
        assert (one.get(), other.get()) == ("sk-configured",) * 2
        server.client.flushall()
        other.refresh()
        one.refresh()
        assert (one.get(), other.get()) == ("sk-configured",) * 2

    def test_of_another_database_is_not_taken_and_told_once(self, new_key):
        new_key().store(KEY)
        stranger = new_key(b"y" * 32)
        with capture_logs() as logs:
            stranger.refresh()
            stranger.refresh()
        assert stranger.get() == "sk-configured"
        assert [line["event"] for line in logs] == ["stored_key_unreadable"]

    def test_is_not_stored_when_the_others_cannot_learn_of_it(self, away):
        key = Key(None, Vault(away, lambda: b"x" * 32))
        with pytest.raises(SharedAway):
            key.store(KEY)
        assert key.get() is None

    def test_the_answer_says_that_it_was_not(self, app, admin, away, monkeypatch):
        swap_parts(app, monkeypatch, key=Key(None, Vault(away, lambda: b"x" * 32)))
        answer = admin.post("/api/chat/set-api-key", {"apiKey": KEY})
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert KEY not in answer.text


class TestNeighbours:
    def test_know_each_others_connections(self, process):
        one, other = OtherProcesses(process()), OtherProcesses(process())
        one.meet([{"socketId": "a"}])
        other.meet([{"socketId": "b"}, {"socketId": "c"}])
        one.meet([{"socketId": "a"}])
        assert [connection["socketId"] for connection in one.theirs()] == ["b", "c"]
        assert [connection["socketId"] for connection in other.theirs()] == ["a"]
        other.leave()
        one.meet([])
        assert one.theirs() == []

    def test_forget_one_that_was_killed(self, process, server, monkeypatch):
        one, killed = OtherProcesses(process()), OtherProcesses(process())
        monkeypatch.setattr(other_processes, "ALIVE", 1)
        killed.meet([{"socketId": "a"}])
        monkeypatch.setattr(other_processes, "ALIVE", 5000)
        while server.client.exists(killed._name):
            pass  # for a millisecond
        one.meet([])
        one.meet([])
        assert one.theirs() == []
        assert server.client.smembers(other_processes.NAMES) == {one._name.encode()}

    def test_count_for_nothing_while_redis_is_away(self, process):
        shared = process()
        one = OtherProcesses(shared)
        OtherProcesses(process()).meet([{"socketId": "b"}])
        one.meet([])
        assert len(one.theirs()) == 1
        shared._went_away(OSError("as if"))
        assert one.theirs() == []


def test_the_secret_that_seals_the_key_is_the_same_for_all_servers(database):
    from rplay.db import server_secrets

    assert server_secrets.get("one") == server_secrets.get("one")
    assert len(server_secrets.get("one")) == 32
    assert server_secrets.get("one") != server_secrets.get("two")
