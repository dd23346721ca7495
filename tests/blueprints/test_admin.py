"""/api/admin, as a client sees it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from rplay.blueprints.engagement_log import level_of, points_of
from rplay.db import engagement_log
from tests.conftest import error, settings_for, swap_parts

SEED = "/api/admin/seed-data"


@pytest.fixture
def lists(admin):
    """What the analytics page shows: feedback and events."""
    return lambda: [admin.get(path).get_json()["data"] for path in ("/api/feedback/nps", "/api/engagement/log")]


def test_fills_the_dashboards(admin, lists):
    assert lists() == [[], []]
    answer = admin.post(SEED, {})
    data = answer.get_json()["data"]
    feedback, events = lists()
    assert answer.status_code == 200
    counts = {"feedback": len(feedback), "sessions": 24, "events": len(events)}
    assert data["stats"] == {**counts, "feedbackEntries": len(feedback), "engagementLogs": len(events)}
    assert data["message"] == "60 answers and 24 sessions of demo data are in place"
    assert {entry["type"] for entry in events} >= {
        "simulation_load",
        "message_sent",
        "objective_completed",
        "help_opened",
    }
    assert len({entry["sessionId"] for entry in events}) == 24
    assert all(entry["comment"] is None or len(entry["comment"]) > 20 for entry in feedback)


def test_shows_all_kinds_of_people(admin):
    admin.post(SEED)
    stats = admin.get("/api/feedback/nps-stats").get_json()["stats"]
    assert min(stats["promoters"], stats["passives"], stats["detractors"]) > 5
    sessions = [engagement_log.activity(f"demo-{number:03}", admin.id) for number in range(24)]
    assert {level_of(points_of(session)) for session in sessions} == {"Low", "Moderate", "High"}


def test_may_be_repeated_also_at_once_and_keeps_what_is_real(admin, alice, lists):
    talk = alice.post("/api/simulation", {"industry": "insurance", "difficulty": "beginner"}).get_json()["data"]
    real = alice.post("/api/feedback", {"simulationId": talk["simulation_id"], "rating": 90}).get_json()["feedback"]
    alice.post("/api/engagement/log", {"type": "real", "sessionId": "s"})
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: admin.post(SEED), range(3)))
    assert [answer.status_code for answer in answers] == [200] * 3
    feedback, events = lists()
    stats = answers[0].get_json()["data"]["stats"]
    assert (len(feedback), feedback[0]["id"]) == (stats["feedback"] + 1, real["id"])
    assert (len(events), events[0]["type"]) == (stats["events"] + 1, "real")


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
