"""/api/admin, as a client sees it."""

from concurrent.futures import ThreadPoolExecutor

import gevent
import pytest

from rplay import db
from rplay.db import personal_data
from rplay.demo import beside, people, seeding
from tests.conftest import error, settings_for, swap_parts

SEED = "/api/admin/seed-data"


@pytest.fixture(autouse=True)
def _few_talks(monkeypatch):
    """The first of all talks, and nothing that another test left running."""
    few = people.plan()[:2]
    monkeypatch.setattr(people, "plan", lambda: few)
    monkeypatch.setattr(beside, "PAUSE_SECONDS", 0)
    beside._running.clear()


@pytest.fixture
def lists(admin):
    """What the analytics page shows: feedback and events."""
    return lambda: [admin.get(path).get_json()["data"] for path in ("/api/feedback/nps", "/api/engagement/log")]


def test_answers_at_once_and_fills_the_dashboards_in_the_background(admin, lists, monkeypatch):
    assert lists() == [[], []]
    held = []
    hold = seeding.hold
    monkeypatch.setattr(seeding, "hold", lambda planned, *given: held.append(planned) or hold(planned, *given))
    answer = admin.post(SEED, {})
    assert held == []  # nobody waited for a talk to be held
    data = answer.get_json()["data"]
    feedback, events = lists()
    assert answer.status_code == 200
    counts = {"feedback": 1, "sessions": 1, "events": len(events)}
    assert data["stats"] == {**counts, "feedbackEntries": len(feedback), "engagementLogs": len(events)}
    assert data["message"] == "Demo sessions in place: 1 of 2. They are made anew in the background."
    gevent.joinall(beside._running, raise_error=True)
    feedback, events = lists()
    assert (len(feedback), len({entry["sessionId"] for entry in events})) == (1, 2)


def test_a_repeat_answers_with_what_is_there_and_a_second_one_begins_nothing(admin, lists):
    admin.post(SEED)
    gevent.joinall(beside._running, raise_error=True)
    before = [len(one) for one in lists()]
    again = admin.post(SEED).get_json()["data"]["stats"]
    [running] = beside._running
    assert (again["feedback"], again["sessions"]) == (1, 2)
    assert admin.post(SEED).status_code == 200
    assert beside._running == [running]
    gevent.joinall(beside._running, raise_error=True)
    assert [len(one) for one in lists()] == before


def test_at_once_it_is_begun_once_and_all_see_something(admin):
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: admin.post(SEED), range(3)))
    assert [answer.status_code for answer in answers] == [200] * 3
    assert all(answer.get_json()["data"]["stats"]["feedback"] for answer in answers)
    assert len(beside._running) == 1


def test_says_so_when_somebody_has_an_address_of_the_demo_data(admin):
    with db.transaction() as tx:
        personal_data.erase(people.LEARNERS[0].id, tx)
    body = {"name": "Real", "email": people.LEARNERS[0].email, "password": "Passw0rdX", "role": "learner"}
    real = admin.post("/api/users", body).get_json()["user"]["id"]
    status, text = error(admin.post(SEED))
    assert (status, text) == (409, "An account has an address, or a group a name, that the demo data wants")
    assert admin.delete(f"/api/users/{real}").status_code == 200


def test_is_refused_in_production(app, admin, monkeypatch, data_dir, lists):
    before = lists()
    swap_parts(app, monkeypatch, settings=settings_for(data_dir=data_dir, node_env="production"))
    status, text = error(admin.post(SEED, {}))
    assert (status, "NODE_ENV=production" in text) == (403, True)
    assert lists() == before


def test_is_for_super_admins(company_admin, alice, anyone):
    for caller in (company_admin, alice):
        assert error(caller.post(SEED, {})) == (403, "Admin access required")
    assert error(anyone.post(SEED, json={})) == (401, "Authentication required")
