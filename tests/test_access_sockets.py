"""Who may connect to the speech socket, on a whole server, with each kind of token."""

from dataclasses import dataclass

import psycopg
import pytest
from websocket import WebSocketBadStatusException

from tests.live import UNASKED_VOICE, live_server
from tests.tts.running import refusal

TRANSPORTS = ["websocket", "polling"]
REFUSED = "Authentication required"
LIVE = {
    "expired": False,
    "signed out": False,
    "of a deleted account": False,
    "made up": False,
    "what the database keeps of a live one": False,
    "live": True,
}


@dataclass
class Speaking:
    """A server, as the tests of speech know one."""

    url: str
    port: int


@pytest.fixture(scope="module")
def url(new_database):
    return new_database()


@pytest.fixture(scope="module", params=["on", "off"])
def legacy(request):
    """Whether calls of the old frontend are served without a session."""
    return request.param == "on"


@pytest.fixture(scope="module")
def live(url, legacy, tmp_path_factory):
    with live_server(
        url, tmp_path_factory.mktemp("sockets"), LEGACY_FRONTEND=str(legacy).lower(), **UNASKED_VOICE
    ) as live:
        yield live


@pytest.fixture(scope="module")
def server(live):
    return Speaking(live.base, int(live.base.rpartition(":")[2]))


@pytest.fixture(scope="module")
def tokens(live, url, legacy):
    """A token of each kind, of people of their own."""

    def register(name):
        body = {"name": name, "email": f"{name}-{legacy}@example.com", "password": "Passw0rdX"}
        return live.call("POST", "/api/auth/register", body).json()["data"]["token"]

    made = {"live": register("live"), "expired": register("expired"), "signed out": register("out")}
    made |= {"of a deleted account": register("deleted"), "made up": "a" * 43}
    live.call("POST", "/api/auth/logout", token=made["signed out"])
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE sessions SET expires_at = now() - interval '1 day' WHERE user_name = 'expired'")
        connection.execute("DELETE FROM users WHERE name = 'deleted'")
        [(kept,)] = connection.execute("SELECT token FROM sessions WHERE user_name = 'live' LIMIT 1").fetchall()
    return {**made, "what the database keeps of a live one": kept}


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("kind", LIVE)
def test_a_token_lets_in_whom_it_should_however_it_is_sent(server, tokens, transport, kind):
    token = tokens[kind]
    expected = None if LIVE[kind] else REFUSED
    assert refusal(server, transport, {"token": token}) == expected
    assert refusal(server, transport, None, Authorization=f"Bearer {token}") == expected
    assert refusal(server, transport, None, Cookie=f"session_token={token}") == expected


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_without_one_only_the_old_frontend_gets_in_where_it_is_served(server, transport, legacy):
    assert refusal(server, transport) == (None if legacy else REFUSED)
    assert refusal(server, transport, {"token": None}) == (None if legacy else REFUSED)


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("odd", [5, True, ["live"], {"a": 1}, "a\0b", "tök€n", "x" * 7000])
def test_what_is_no_token_lets_nobody_in(server, transport, odd):
    assert refusal(server, transport, {"token": odd}) == REFUSED


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:3000.evil.example"])
def test_a_foreign_page_is_not_served_at_all(server, tokens, transport, origin):
    with pytest.raises((WebSocketBadStatusException, OSError), match="400"):
        refusal(server, transport, {"token": tokens["live"]}, Origin=origin)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_page_of_ours_is(server, tokens, transport):
    assert refusal(server, transport, {"token": tokens["live"]}, Origin="http://localhost:3000") is None
