"""The demo data as a whole: the first six talks, which have something of everything."""

from datetime import UTC, datetime, timedelta

import pytest

from rplay import db
from rplay.agents.persona.life import VERSION
from rplay.db import review_marks
from rplay.demo import first, people, seeding

pytestmark = pytest.mark.practice
FEW = people.plan()[:6]


def count(table):
    return db.value(f"SELECT count(*) FROM {table}")


@pytest.fixture(scope="module")
def few():
    return FEW


@pytest.fixture(scope="module", autouse=True)
def seeded(seed):
    assert seed() == [1, 2, 3, 4, 5, 6]


def test_talks_were_held_and_reviewed_by_the_rehearsal():
    talks = db.rows("SELECT * FROM simulations")
    assert len(talks) == 6
    for talk in talks:
        lines = [turn for turn in talk["conversation_history"] if not turn.get("coach")]
        said = [turn for turn in lines if turn["role"] == "user"]
        assert 8 <= len(said) <= 14
        assert talk["performance_review"]["metadata"]["provider"] == "local"
        assert talk["total_xp"] == 25 * len(said)
        assert 120 < talk["duration_seconds"] < 1800
    [reviews] = db.rows(
        "SELECT count(*) AS many, count(DISTINCT scores) AS different FROM reviews WHERE source = 'server'"
    )
    assert reviews["many"] == 6
    assert reviews["different"] >= 4, "two of them may have earned the same numbers"


def test_who_is_skilled_scores_better():
    rows = db.rows("SELECT u.name, s.score::float FROM simulations s JOIN users u ON u.id = s.user_id")
    scores = {row["name"]: row["score"] for row in rows}
    assert scores["Ada Reyes"] > scores["Clara Novak"] > scores["David Kim"]


def test_all_of_it_lies_in_the_past_and_in_order():
    for talk in db.rows("SELECT * FROM simulations"):
        assert talk["started_at"] < talk["completed_at"] < datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=6)
    for table, column in (
        ("reviews", "created_at"), ("review_marks", "created_at"), ("review_disputes", "created_at"),
        ("review_overrides", "created_at"), ("audit_log", "at"), ("nps_feedback", "submitted_at"),
        ("engagement_events", "timestamp"), ("engagement_log", "timestamp"), ("ai_usage", "at"),
    ):  # fmt: skip
        assert db.value(f"SELECT count(*) FROM {table} WHERE {column} > now() - interval '1 hour'") == 0, table


def test_people_judged_some_of_it():
    assert (count("review_marks"), count("review_disputes"), count("review_overrides")) == (3, 1, 1)
    assert db.value("SELECT bool_and(blind) FROM review_marks") is True


def test_marks_made_of_the_machines_numbers_are_no_agreement():
    assert (review_marks.pairs(), review_marks.of_demo_talks()) == ([], 3)


class TestTheAnalyticsOfTheWebFrontend:
    """Its pages ask these routes."""

    def test_show_answers_of_a_part_of_the_sessions(self, admin):
        answer = admin.get("/api/feedback/nps").get_json()
        assert (answer["count"], len(answer["data"])) == (2, 2)
        for one in answer["data"]:
            assert one["simulationId"].startswith("SIM-DEMO-")
            assert (one["userId"] is not None, 0 <= one["score"] <= 10) == (True, True)
            assert "Pending" not in str(one["comment"])
        stats = admin.get("/api/feedback/nps-stats").get_json()["stats"]
        assert (stats["totalResponses"], -100 <= stats["npsScore"] <= 100) == (2, True)

    def test_sum_up_each_session(self, admin):
        entries = admin.get("/api/engagement/log").get_json()["data"]
        sessions = {one["sessionId"] for one in entries}
        exits = [one for one in entries if one["type"] == "simulation_exit"]
        assert len(sessions) == len(exits) == 6 > len(admin.get("/api/feedback/nps").get_json()["data"])
        assert all(one["userId"] for one in entries)
        for one in exits:
            totals = one["metadata"]
            assert 1 < totals["timeInSimulationMinutes"] < 30
            assert totals["usedNeedsHelp"] in (True, False)
            assert totals["totalMessages"] >= 8

    def test_tell_a_session_from_its_beginning_to_its_end(self, admin):
        session = "demo-0000"
        inner = admin.get(f"/api/engagement/log?sessionId={session}").get_json()["data"]
        moments = sorted((one["timestamp"], one["type"]) for one in inner["data"])
        assert (moments[0][1], moments[-1][1]) == ("simulation_load", "simulation_exit")
        assert inner["count"] == len(inner["data"]) > 8
        score = admin.get(f"/api/engagement/score?sessionId={session}").get_json()
        assert score["details"]["messagesSent"] >= 8
        assert score["score"] > 0


class TestTheFirstTalk:
    def test_is_that_of_the_plan_and_as_it_would_be_held(self):
        talk = first.held()
        assert talk.planned is people.plan()[0]
        assert talk.review["metadata"]["provider"] == "local"
        assert (talk.life.version, talk.life.difficulty) == (VERSION, talk.planned.difficulty)
        assert 8 <= len(talk.lines) <= 14
        assert talk.ended < datetime.now(UTC) - timedelta(hours=6)
        assert first.written(talk) == first.FILE.read_bytes()

    def test_is_put_there_once(self):
        before = count("simulations")
        seeding.put_first()
        assert count("simulations") == before


def test_a_third_answered_and_the_log_names_who_and_sums_up_each_session():
    assert count("nps_feedback") == 2
    assert db.value("SELECT count(*) FROM engagement_log WHERE user_id IS NULL") == 0
    exits = db.rows("SELECT metadata, simulation_id FROM engagement_log WHERE type = 'simulation_exit'")
    assert len({one["simulation_id"] for one in exits}) == len(exits) == 6
    for one in exits:
        assert one["metadata"]["timeInSimulationMinutes"] > 1
        assert one["metadata"]["isEngagementSummary"] is True
    helped = {one["simulation_id"] for one in exits if one["metadata"]["usedNeedsHelp"]}
    opened = db.rows("SELECT DISTINCT simulation_id FROM engagement_log WHERE type = 'help_opened'")
    assert helped == {one["simulation_id"] for one in opened}
    assert helped


def test_use_of_the_rehearsal_is_booked_to_the_learner():
    assert db.value("SELECT count(DISTINCT user_id) FROM ai_usage WHERE provider = 'local' AND outcome = 'ok'") == 6
    assert db.value("SELECT count(*) FROM talk_fidelity WHERE provider = 'local'") == 6
