"""Saving a talk through gunicorn: at once, long, shortened, and ended more than once."""

import json
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

import psycopg
import pytest

from tests.live import live_server

PERSON = {"name": "Sam", "email": "sam@example.com", "password": "Passw0rdX"}


@pytest.fixture(scope="module")
def url(new_database):
    return new_database()


@pytest.fixture(scope="module")
def live(url, tmp_path_factory):
    with live_server(url, tmp_path_factory.mktemp("saving")) as live:
        yield live


@pytest.fixture(scope="module")
def token(live):
    return live.call("POST", "/api/auth/register", PERSON).json()["data"]["token"]


@pytest.fixture
def talk(live, token):
    """The path of a new talk."""
    body = {"industry": "insurance", "difficulty": "beginner"}
    return f"/api/simulation/{live.call('POST', '/api/simulation', body, token).json()['data']['id']}"


def said(*words):
    return [{"role": "user", "content": word} for word in words]


def progress(number):
    """A whole save, each part of which says which one it is."""
    return {
        "conversation_history": said(*[f"save {number} " + "x" * 200] * (number + 1)),
        "objectives_completed": [{"id": f"objective {number}"}],
        "total_xp": number,
    }


def test_many_saves_at_once_leave_one_whole(live, talk, token):
    saves = [progress(number) for number in range(24)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda body: live.call("PATCH", talk, body, token), saves))
    assert [answer.status_code for answer in answers] == [200] * len(saves)
    for answer, body in zip(answers, saves, strict=True):
        assert {key: answer.json()["data"][key] for key in body} == body
    found = live.call("GET", talk, token=token).json()["simulation"]
    assert {key: found[key] for key in saves[0]} == saves[found["total_xp"]]


def test_a_save_that_shortens_is_obeyed_and_what_it_replaced_kept(live, talk, token, url):
    for words in (["a", "b", "c"], ["again"], []):
        saved = live.call("PATCH", talk, {"conversation_history": said(*words)}, token).json()["data"]
        assert saved["conversation_history"] == said(*words)
    live.call("PUT", talk, {"conversationHistory": said("d")}, token)
    with psycopg.connect(url) as connection:
        kept = connection.execute(
            "SELECT conversation_history FROM replaced_histories WHERE simulation_id = %s ORDER BY version",
            [talk.rpartition("/")[2]],
        ).fetchall()
    assert [row[0] for row in kept] == [said("a", "b", "c"), said("again")]


def test_five_thousand_messages_are_saved_and_loaded(live, talk, token):
    long = [
        {"role": ("user", "assistant")[i % 2], "content": f"{i} 张😀 " + "words " * 40, "n": i} for i in range(5000)
    ]
    saved = live.call("PATCH", talk, {"conversation_history": long}, token)
    assert (saved.status_code, saved.json()["data"]["conversation_history"] == long) == (200, True)
    assert live.call("GET", talk, token=token).json()["simulation"]["conversation_history"] == long
    longer = [*long, *said("one more")]
    assert live.call("PUT", talk, {"conversationHistory": longer}, token).status_code == 200
    assert live.call("GET", talk, token=token).json()["simulation"]["conversation_history"] == longer


def test_completing_again_and_at_once_ends_it_once(live, talk, token, url):
    def complete(score):
        body = {"total_xp": score, "performance_review": {"overallScore": score}, "duration_seconds": 60}
        return live.call("POST", f"{talk}/complete", body, token)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(complete, range(1, 9)))
    assert {answer.status_code for answer in answers} == {200}
    ends = {answer.json()["simulation"]["completed_at"] for answer in answers}
    last = complete(5).json()["simulation"]
    assert ends == {last["completed_at"]}
    found = live.call("GET", talk, token=token).json()["simulation"]
    assert (found["total_xp"], found["performance_review"]) == (5, {"overallScore": 5})
    with psycopg.connect(url) as connection:
        events = connection.execute(
            "SELECT count(*) FROM engagement_events WHERE event_type = 'simulation_complete' AND simulation_id = %s",
            [found["simulation_id"]],
        ).fetchone()
    assert events == (1,)


def test_a_completion_whose_answer_nobody_heard_is_repeated(live, talk, token):
    body = {"total_xp": 9, "performance_review": {"overallScore": 7}}
    connection = HTTPConnection(live.base.removeprefix("http://"))
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request("POST", f"{talk}/complete", json.dumps(body), headers)
    connection.close()
    done = live.call("POST", f"{talk}/complete", body, token).json()["simulation"]
    again = live.call("POST", f"{talk}/complete", body, token).json()["simulation"]
    assert done["completed_at"] is not None
    assert again == done
