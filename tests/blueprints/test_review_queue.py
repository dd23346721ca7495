"""GET /api/reviews/queue and /api/reviews/agreement."""

import re

import pytest

from rplay import db
from rplay.db import review_marks
from tests.conftest import error
from tests.judged import group_of, review_of, reviews_of, talk_of


@pytest.fixture(scope="module")
def tess(person):
    return person("Tess", "trainer")


@pytest.fixture(scope="module")
def theo(person, admin, bob):
    theo = person("Theo", "trainer")
    group_of(admin, "Theo's", theo, bob)
    return theo


@pytest.fixture(scope="module", autouse=True)
def group(admin, tess, alice):
    return group_of(admin, "Tess's", tess, alice)


@pytest.fixture(autouse=True)
def no_talks(app):
    db.execute("DELETE FROM simulations")


def waiting(caller, query=""):
    """Ids of the talks that wait, with the reasons."""
    return {one["id"]: one["why"] for one in caller.get(f"/api/reviews/queue{query}").get_json()["data"]}


def doubt(person, talk, name="overall"):
    body = {"reviewId": reviews_of(person, talk)["current"], "competency": name, "reason": "I said 9876."}
    return person.post(f"/api/simulation/{talk}/disputes", body).get_json()["data"]["id"]


class TestQueue:
    def test_shows_completed_talks_that_nobody_has_judged(self, tess, alice):
        unjudged = talk_of(alice)
        alice.post("/api/simulation", {"industry": "insurance", "difficulty": "beginner"})  # goes on
        assert waiting(tess) == {unjudged: ["unreviewed"]}

    @pytest.mark.parametrize("kind", ["mark", "override"])
    def test_drops_what_somebody_has_judged(self, tess, alice, kind):
        talk = talk_of(alice, review_of(flags=[{"kind": "language"}]))
        assert waiting(tess) == {talk: ["flagged", "unreviewed"]}
        if kind == "mark":
            tess.post(f"/api/simulation/{talk}/marks", {"scores": {"overall": 5}})
        else:
            body = {"reviewId": reviews_of(tess, talk)["current"], "competency": "overall", "score": 5, "reason": "x"}
            tess.post(f"/api/simulation/{talk}/overrides", body)
        assert waiting(tess) == {}

    def test_shows_what_is_disputed_until_it_is_resolved(self, tess, alice):
        talk = talk_of(alice)
        tess.post(f"/api/simulation/{talk}/marks", {"scores": {"overall": 5}})
        first, second = doubt(alice, talk), doubt(alice, talk, "Building Rapport")
        assert waiting(tess) == {talk: ["disputed"]}
        tess.patch(f"/api/disputes/{first}", {"resolution": "kept", "reason": "No."})
        [shown] = tess.get("/api/reviews/queue").get_json()["data"]
        assert shown["disputes"] == [{"id": second, "number": "Building Rapport"}]
        tess.patch(f"/api/disputes/{second}", {"resolution": "changed", "score": 9, "reason": "Yes."})
        assert waiting(tess) == {}

    def test_goes_by_the_flags_of_the_current_review(self, tess, alice):
        talk = talk_of(alice, review_of(flags=[{"kind": "language"}]))
        made = alice.post(f"/api/simulation/{talk}/reviews").get_json()["data"]["review"]
        assert not made.get("flags")
        assert waiting(tess) == {talk: ["unreviewed"]}

    def test_has_disputed_first_then_flagged_then_the_oldest(self, tess, alice):
        old, new, flagged, disputed = (talk_of(alice) for _ in range(4))
        db.execute("UPDATE reviews SET flagged = true WHERE simulation_id = %(id)s", id=flagged)
        doubt(alice, disputed)
        db.execute("UPDATE simulations SET completed_at = '2020-01-01' WHERE id = %(id)s", id=old)
        assert list(waiting(tess)) == [disputed, flagged, old, new]
        assert list(waiting(tess, "?why=flagged")) == [flagged]
        assert list(waiting(tess, "?why=disputed")) == [disputed]
        assert list(waiting(tess, "?why=unreviewed&limit=2&offset=1")) == [flagged, old]
        assert tess.get("/api/reviews/queue?limit=1").get_json()["total"] == 4

    def test_carries_no_number_and_no_words_of_a_review(self, tess, admin, alice):
        talk = talk_of(alice, review_of(7.25, {"Building Rapport": 3.75}, flags=[{"text": "9876"}]))
        doubt(alice, talk)
        for caller in (tess, admin):
            answer = caller.get("/api/reviews/queue")
            [shown] = answer.get_json()["data"]
            assert set(shown) == {
                "id", "simulation_id", "user_id", "learner", "industry", "subcategory", "difficulty", "completed_at",
                "why", "disputes",
            }  # fmt: skip
            assert not re.search(r"7\.25|3\.75|9876|It went", answer.text)
            blind = caller.get(f"/api/simulation/{talk}/reviews?blind=true").get_json()["data"]
            assert blind["seen"] is False

    def test_shows_trainers_their_learners_and_admins_everybody_else(self, tess, theo, trainer, admin, alice, bob):
        hers, his, own = talk_of(alice), talk_of(bob), talk_of(admin)
        for caller, talks in ((tess, {hers}), (theo, {his}), (trainer, set()), (admin, {hers, his})):
            assert set(waiting(caller)) == talks
        assert own not in waiting(admin)

    def test_is_for_trainers_and_admins(self, alice, company_admin):
        assert error(alice.get("/api/reviews/queue")) == (403, "Trainer access required")
        assert company_admin.get("/api/reviews/queue").status_code == 200

    @pytest.mark.parametrize(
        ("query", "text"),
        [
            ("why=bored", "Invalid why. Must be one of: disputed, flagged, unreviewed"),
            ("limit=0", "Invalid limit"),
            ("limit=1001", "Invalid limit"),
            ("offset=-1", "Invalid offset"),
        ],
    )
    def test_refuses_odd_questions(self, tess, query, text):
        assert error(tess.get(f"/api/reviews/queue?{query}")) == (400, text)


class TestAgreement:
    def marked(self, alice, caller, human, machine, blind=True):
        talk = talk_of(alice, review_of(machine, {"Building Rapport": machine}))
        scores = {"overall": human, "Building Rapport": human, "Time Management": 5}  # the last was not reviewed
        assert caller.post(f"/api/simulation/{talk}/marks", {"scores": scores, "blind": blind}).status_code == 201
        return talk

    def test_compares_blind_marks_with_current_reviews(self, tess, admin, alice):
        for number in range(20):
            self.marked(alice, tess, 1 + number % 10, 1 + number % 10)
        found = admin.get("/api/reviews/agreement").get_json()["data"]
        assert found["overall"].items() >= {"n": 20, "kappa": 1.0, "difference": 0.0, "note": None}.items()
        assert found["overall"]["kappa_interval"] == [1.0, 1.0]
        assert [(one["number"], one["n"]) for one in found["competencies"]] == [("Building Rapport", 20)]

    def test_says_when_there_are_too_few(self, tess, admin, alice):
        self.marked(alice, tess, 3, 5)
        found = admin.get("/api/reviews/agreement").get_json()["data"]
        assert (found["overall"]["n"], found["overall"]["note"], found["overall"]["kappa"]) == (1, "too few", None)

    def test_leaves_out_open_marks(self, tess, admin, alice):
        self.marked(alice, tess, 3, 5, blind=False)
        assert admin.get("/api/reviews/agreement").get_json()["data"]["overall"]["n"] == 0

    def test_goes_by_the_review_that_counts_now(self, tess, admin, alice):
        talk = self.marked(alice, tess, 3, 10)
        made = alice.post(f"/api/simulation/{talk}/reviews").get_json()["data"]

        [pair] = [one for one in review_marks.pairs() if one.number == "overall"]
        assert (pair.human, pair.machine) == (3, made["scores"]["overall"])

    def test_is_for_admins(self, tess, alice):
        for caller in (tess, alice):
            assert error(caller.get("/api/reviews/agreement")) == (403, "Admin access required")
