"""/api/feedback: the lists and the net promoter score, as a client sees them."""

import uuid

import pytest

from rplay import db
from rplay.blueprints.feedback import net_score
from rplay.db.feedback import Counts
from tests.conftest import error, settings_for, swap_parts

F = "/api/feedback"


def talk_of(person):
    return person.post("/api/simulation", {"industry": "insurance", "difficulty": "beginner"}).get_json()["data"]


def give(person, talk, rating, **more):
    return person.post(F, {"simulationId": talk["simulation_id"], "rating": rating, **more}).get_json()["feedback"]


def listed(caller, **query):
    answer = caller.get(F, query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.get_json()["feedback"]


def ids(answers):
    return [answer["id"] for answer in answers]


@pytest.fixture
def dora(person):
    return person("Dora")


class TestList:
    def test_shows_ones_own_newest_first(self, dora, bob):
        talk = talk_of(dora)
        given = [give(dora, talk, rating, comments=f"c'omment {rating} 张") for rating in (0, 70, 100)]
        give(bob, talk_of(bob), 50)
        assert listed(dora) == given[::-1]
        assert listed(dora, userId=dora.id.upper()) == given[::-1]

    def test_keeps_to_ones_own_also_under_anothers_talk(self, dora, bob):
        talk = talk_of(bob)
        give(bob, talk, 50)
        assert listed(dora, simulationId=talk["simulation_id"]) == []
        assert listed(dora, simulationId=talk["id"]) == []

    def test_refuses_anothers(self, dora, bob, trainer):
        for caller in (dora, trainer):
            answer = caller.get(F, query_string={"userId": bob.id})
            assert error(answer) == (403, "Not authorized to view this feedback")

    def test_shows_admins_everybodys(self, dora, bob, admin, company_admin):
        mine, others = give(dora, talk_of(dora), 90), give(bob, talk_of(bob), 20)
        for caller in (admin, company_admin):
            assert ids(listed(caller))[:2] == [others["id"], mine["id"]]
            assert listed(caller, userId=dora.id) == [mine]

    def test_applies_all_filters_together(self, dora, bob, admin):
        first, second = talk_of(dora), talk_of(dora)
        promoted, passive = give(dora, first, 90), give(dora, first, 70)
        other = give(dora, second, 95)
        give(bob, talk_of(bob), 95)
        assert listed(dora, simulationId=first["simulation_id"]) == [passive, promoted]
        assert listed(dora, simulationId=first["id"].upper()) == [passive, promoted]
        assert listed(dora, feedbackType="promoter") == [other, promoted]
        of_dora = {"userId": dora.id, "feedbackType": "promoter"}
        assert listed(admin, simulationId=first["id"], **of_dora) == [promoted]
        assert listed(admin, simulationId=first["id"], userId=bob.id) == []
        assert listed(admin, **of_dora) == [other, promoted]
        assert listed(dora, feedbackType="user_submitted") == []

    def test_keeps_nothing_by_competency(self, dora, admin):
        give(dora, talk_of(dora), 90, competencyId="communication")
        assert listed(dora, competencyId="communication") == []
        assert listed(admin, competencyId="communication", userId=dora.id) == []

    def test_shows_a_hundred_without_a_filter(self, dora, admin):
        db.execute(
            """
            INSERT INTO nps_feedback (simulation_id, user_id, score, feedback_type)
            SELECT 'SIM-MANY', %(id)s, 5, 'detractor' FROM generate_series(1, 105)
            """,
            id=dora.id,
        )
        assert (len(listed(admin)), len(listed(dora))) == (100, 100)
        assert len(listed(dora, simulationId="SIM-MANY")) == 105

    @pytest.mark.parametrize("caller", ["dora", "admin"])
    def test_refuses_what_is_no_id(self, request, caller):
        answer = request.getfixturevalue(caller).get(F, query_string={"userId": "abc"})
        assert error(answer) == (400, "Invalid user ID format")

    def test_takes_sql_for_what_it_is(self, dora):
        assert listed(dora, simulationId="' OR 1=1 --", feedbackType="x'; DROP TABLE users") == []

    def test_needs_a_session(self, anyone):
        assert error(anyone.get(F)) == (401, "Authentication required")


class TestScore:
    def test_counts_and_averages_over_everybody(self, dora, bob):
        db.execute("DELETE FROM nps_feedback")
        for person, ratings in ((dora, (100, 90, 70)), (bob, (0, 80))):
            talk = talk_of(person)
            for rating in ratings:
                give(person, talk, rating)
        assert bob.get(f"{F}/nps-stats").get_json() == {
            "success": True,
            "stats": {
                "totalResponses": 5,
                "npsScore": 20,
                "promoters": 2,
                "passives": 2,
                "detractors": 1,
                "averageScore": 68,
            },
        }

    def test_is_nought_without_answers(self, dora):
        db.execute("DELETE FROM nps_feedback")
        assert set(dora.get(f"{F}/nps-stats").get_json()["stats"].values()) == {0}

    @pytest.mark.parametrize(
        ("promoters", "detractors", "total", "score"),
        [(1, 0, 8, 13), (0, 1, 8, -12), (1, 0, 3, 33), (2, 0, 3, 67), (0, 3, 3, -100), (0, 0, 5, 0), (0, 0, 0, 0)],
    )
    def test_rounds_half_up(self, promoters, detractors, total, score):
        passives = total - promoters - detractors
        assert net_score(Counts(total, promoters, passives, detractors, None)) == score

    def test_needs_a_session(self, anyone):
        assert error(anyone.get(f"{F}/nps-stats")) == (401, "Authentication required")


class TestAnalytics:
    def test_shows_every_answer_to_admins_and_the_frontends_own_server(self, dora, admin, anyone):
        given = give(dora, talk_of(dora), 85, comments="useful")
        for answer in (admin.get(f"{F}/nps"), anyone.get(f"{F}/nps")):
            body = answer.get_json()
            assert (body["success"], body["count"]) == (True, len(body["data"]))
            assert body["data"][0] == {
                "id": given["id"],
                "simulationId": given["simulation_id"],
                "userId": dora.id,
                "score": 9,
                "comment": "useful",
                "timestamp": given["submitted_at"],
            }

    def test_refuses_learners_and_dead_tokens(self, dora, trainer, anyone):
        for caller in (dora, trainer):
            assert error(caller.get(f"{F}/nps")) == (403, "Admin access required")
        assert anyone.get(f"{F}/nps", headers={"Authorization": "Bearer dead"}).status_code == 401

    def test_can_be_closed(self, app, anyone, monkeypatch, data_dir):
        swap_parts(app, monkeypatch, settings=settings_for(data_dir=data_dir, legacy_frontend=False))
        assert error(anyone.get(f"{F}/nps")) == (401, "Authentication required")


def test_one_answer_has_no_address_of_its_own(admin):
    assert error(admin.get(f"{F}/{uuid.uuid4()}")) == (404, "Endpoint not found")
