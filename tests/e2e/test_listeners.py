"""Who listens has a session, and an account, for as long as they listen."""

import itertools

import psycopg
import pytest

from tests.live import live_server
from tests.tts.fake_voice import FakeVoice
from tests.tts.running import Listener

NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def voice():
    with FakeVoice() as fake:
        yield fake
        fake.shutdown()


@pytest.fixture(scope="module")
def live(new_database, tmp_path_factory, voice):
    settings = {"TTS_PROVIDER": "openai", "TTS_BASE_URL": voice.url, "TTS_API_KEY": "sk-voice"}
    with live_server(new_database(), tmp_path_factory.mktemp("data"), **settings) as server:
        yield server


@pytest.fixture
def newcomer(live):
    """Makes somebody with a session."""

    def make(name, role="learner"):
        person = {"name": name, "email": f"{name}@example.com", "password": "Passw0rdX"}
        made = live.call("POST", "/api/auth/register", person).json()["data"]
        with psycopg.connect(live.database) as connection:
            connection.execute("UPDATE users SET role = %s WHERE id = %s", [role, made["user"]["id"]])
        return made["user"]["id"], made["token"]

    return make


@pytest.fixture
def admin(newcomer):
    return newcomer(f"admin-{next(NUMBERS)}", "super_admin")[1]


def test_a_deleted_account_is_not_spoken_to_any_more(live, voice, newcomer, admin):
    doomed, token = newcomer("doomed")
    _, stays = newcomer("stays")
    with Listener(live, auth={"token": token}) as listener, Listener(live, auth={"token": stays}) as other:
        number = listener.say({"text": "hold=1 Hello"})
        listener.wait_for(lambda: listener.count("audio-chunk"))
        assert live.call("DELETE", f"/api/users/{doomed}", token=admin).status_code == 200
        listener.wait_for(lambda: listener.count("disconnect"))
        voice.wait_for(lambda: voice.calls[0].outcome == "aborted")
        assert not [heard for heard in listener.heard if heard[0] == "ack" and heard[-1] == number]
        assert other.hear({"text": "Hello"})[-1] == ("ack", {"success": True}, 1)


@pytest.mark.parametrize("how", ["logout", "a new password", "another role"])
def test_a_session_that_ended_or_an_account_that_changed_is_not_either(live, newcomer, admin, how):
    name = f"leaver-{next(NUMBERS)}"
    user_id, token = newcomer(name)
    same = {"firstName": name, "lastName": name, "email": f"{name}@example.com", "role": "learner"}
    calls = {
        "logout": ("POST", "/api/auth/logout", None, token),
        "a new password": ("PUT", f"/api/users/{user_id}", {**same, "password": "An0therPass"}, admin),
        "another role": ("PUT", f"/api/users/{user_id}", {**same, "role": "trainer"}, admin),
    }
    with Listener(live, auth={"token": token}) as listener:
        assert listener.hear({"text": "Hello"})[-1] == ("ack", {"success": True}, 1)
        answer = live.call(*calls[how])
        assert answer.status_code == 200, answer.text
        listener.wait_for(lambda: listener.count("disconnect"))


def test_a_renewed_session_goes_on(live, newcomer):
    _, token = newcomer("renewer")
    with Listener(live, auth={"token": token}) as listener:
        assert live.call("POST", "/api/auth/refresh", {}, token).status_code == 200
        assert listener.hear({"text": "Hello"})[-1] == ("ack", {"success": True}, 1)
