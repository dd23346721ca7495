"""The demo data beside what is real, and when some of it is there already: the first two talks."""

import pytest

from rplay import db
from rplay.db import users
from rplay.demo import people, seeding

pytestmark = pytest.mark.practice

TABLES = (
    "simulations", "reviews", "nps_feedback", "engagement_log", "engagement_events", "review_disputes",
    "review_overrides", "review_marks", "client_lives", "talk_fidelity", "talk_memories", "ai_usage", "audit_log",
)  # fmt: skip


def count(table):
    return db.value(f"SELECT count(*) FROM {table}")


@pytest.fixture(scope="module")
def few():
    return people.plan()[:2]


@pytest.fixture(scope="module", autouse=True)
def seeded(seed):
    assert seed() == [1, 2]


def test_nobody_can_sign_in_to_the_accounts(anyone):
    assert db.value("SELECT count(*) FROM users WHERE id = ANY(%(ids)s) AND password = '!'", ids=people.ids()) == 14
    for password in ("!", "", "Passw0rdX"):
        answer = anyone.post("/api/auth/login", json={"email": people.LEARNERS[0].email, "password": password})
        assert answer.status_code in (400, 401)


def test_a_repeat_puts_the_same_in_place_and_leaves_what_is_real(seed, alice, admin):
    before = {table: count(table) for table in TABLES}
    learner = people.LEARNERS[0]
    talk = alice.post("/api/simulation", {"industry": "insurance", "difficulty": "beginner"}).get_json()["data"]
    alice.post("/api/feedback", {"simulationId": talk["simulation_id"], "rating": 90})
    alice.post("/api/engagement/log", {"type": "real", "sessionId": "s", "simulationId": "SIM-DEMO-0001"})
    group = db.value("SELECT id FROM groups WHERE name = %(name)s", name=people.NORTH)
    assert admin.put(f"/api/groups/{group}", {"name": "Renamed"}).status_code == 200
    db.execute(
        "INSERT INTO group_members (group_id, user_id, role) VALUES (%(g)s, %(u)s, 'learner')", g=group, u=alice.id
    )
    users.set_password(learner.id, "$2b$04$" + "x" * 53)
    db.execute(
        "INSERT INTO simulations (simulation_id, user_id, industry, difficulty, client_profile)"
        " VALUES ('SIM-OTHER', %(id)s, 'insurance', 'beginner', '{}')",
        id=learner.id,
    )
    seed()
    real = {"simulations": 1, "nps_feedback": 1, "engagement_log": 1, "engagement_events": 1, "client_lives": 1}
    audited = {"audit_log": count("audit_log") - before["audit_log"]}  # the group's new name
    assert audited == {"audit_log": 1}
    after = {table: before[table] + (real | audited).get(table, 0) for table in TABLES}
    assert {table: count(table) for table in TABLES} == after
    assert db.value("SELECT count(*) FROM simulations WHERE user_id = %(id)s", id=alice.id) == 1
    assert db.value("SELECT count(*) FROM nps_feedback WHERE user_id = %(id)s", id=alice.id) == 1
    assert db.value("SELECT count(*) FROM engagement_log WHERE type = 'real'") == 1
    assert db.value("SELECT name FROM groups WHERE id = %(id)s", id=group) == "Renamed"
    assert db.value("SELECT count(*) FROM group_members WHERE user_id = %(id)s", id=alice.id) == 1
    assert db.value("SELECT password FROM users WHERE id = %(id)s", id=learner.id) == "!"
    assert db.value("SELECT count(*) FROM simulations WHERE simulation_id = 'SIM-OTHER'") == 0


def test_a_talk_that_fails_leaves_the_earlier_one(seed, monkeypatch):
    before = db.value("SELECT started_at FROM simulations WHERE simulation_id = 'SIM-DEMO-0000'")

    def fail(*_given, **_more):
        raise RuntimeError("no room")

    monkeypatch.setattr(seeding.demo, "date_back", fail)
    with pytest.raises(RuntimeError):
        seed()
    assert db.value("SELECT started_at FROM simulations WHERE simulation_id = 'SIM-DEMO-0000'") == before
    assert count("reviews") == 2
