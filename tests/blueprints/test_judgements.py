"""Disputes, overrides and marks."""

from functools import partial

import pytest

from rplay import db
from tests.conftest import error
from tests.judged import NOBODY, group_of, reviews_of, talk_of
from tests.races import race

MAY_NOT = (403, "Not authorized to judge this simulation")


@pytest.fixture(scope="module")
def tess(person, admin, alice):
    tess = person("Tess", "trainer")
    group_of(admin, "Tess's", tess, alice)
    return tess


@pytest.fixture(scope="module")
def theo(person, admin, bob):
    theo = person("Theo", "trainer")
    group_of(admin, "Theo's", theo, bob)
    return theo


@pytest.fixture
def talk(alice):
    return talk_of(alice)


@pytest.fixture
def review(alice, talk):
    return reviews_of(alice, talk)["current"]


@pytest.fixture
def doubt(review):
    return {"reviewId": review, "competency": "Active Listening", "reason": "I asked three times."}


@pytest.fixture
def dispute(alice, talk, doubt):
    """Its id."""
    return alice.post(f"/api/simulation/{talk}/disputes", doubt).get_json()["data"]["id"]


def number(person, talk, name):
    found = next(one for one in reviews_of(person, talk)["numbers"] if one["number"] == name)
    return found["machine"], found["human"], found["score"]


class TestDispute:
    def test_is_kept_with_its_reason(self, alice, talk, doubt):
        answer = alice.post(f"/api/simulation/{talk}/disputes", doubt)
        assert answer.status_code == 201
        made = answer.get_json()["data"]
        assert (made["number"], made["reason"], made["resolution"]) == (
            "Active Listening",
            "I asked three times.",
            None,
        )
        assert reviews_of(alice, talk)["disputes"] == [made]

    def test_may_be_about_the_whole(self, alice, talk, doubt):
        assert alice.post(f"/api/simulation/{talk}/disputes", {**doubt, "competency": "overall"}).status_code == 201

    def test_comes_once_for_a_number_whatever_the_version(self, alice, talk, doubt, dispute):
        path = f"/api/simulation/{talk}/disputes"
        assert error(alice.post(path, doubt)) == (409, "This number was already disputed")
        anew = alice.post(f"/api/simulation/{talk}/reviews").get_json()["data"]
        if "Active Listening" in anew["scores"]:
            assert error(alice.post(path, {**doubt, "reviewId": anew["id"]})) == (
                409,
                "This number was already disputed",
            )
        assert alice.post(path, {**doubt, "competency": "Building Rapport"}).status_code == 201

    def test_is_the_owners(self, bob, tess, theo, admin, talk, doubt):
        for other in (bob, tess, theo, admin):
            refusal = error(other.post(f"/api/simulation/{talk}/disputes", doubt))
            assert refusal == (403, "Not authorized to dispute this review")

    def test_needs_a_number_of_a_review_of_that_talk(self, alice, talk, doubt):
        path = f"/api/simulation/{talk}/disputes"
        another = reviews_of(alice, talk_of(alice))["current"]
        assert error(alice.post(path, {**doubt, "competency": "Juggling"})) == (400, "Unknown competency")
        for review in (NOBODY, another):
            assert error(alice.post(path, {**doubt, "reviewId": review})) == (404, "Review not found")
        assert error(alice.post(f"/api/simulation/{NOBODY}/disputes", doubt)) == (404, "Simulation not found")

    @pytest.mark.parametrize(
        ("change", "text"),
        [
            ({"reason": " "}, "Missing required fields: reviewId, competency, reason"),
            ({"competency": None}, "Missing required fields: reviewId, competency, reason"),
            ({"reviewId": "7"}, "Invalid review ID format"),
            ({"reviewId": 7}, "Invalid review ID format"),
            ({"reason": "x" * 10_001}, "Invalid value for reason"),
            ({"competency": "x" * 201}, "Invalid value for competency"),
        ],
    )
    def test_refuses_what_is_none(self, alice, talk, doubt, change, text):
        assert error(alice.post(f"/api/simulation/{talk}/disputes", {**doubt, **change})) == (400, text)


class TestResolve:
    def test_keeps_a_number(self, tess, talk, dispute):
        answer = tess.patch(f"/api/disputes/{dispute}", {"resolution": "kept", "reason": "Once, not three times."})
        resolved = answer.get_json()["data"]
        assert (resolved["resolution"], resolved["score"], resolved["resolved_by"]) == ("kept", None, "Tess")
        assert number(tess, talk, "Active Listening") == (4, None, 4)

    def test_changes_a_number_and_both_are_kept(self, alice, tess, talk, dispute):
        body = {"resolution": "changed", "score": 6.5, "reason": "Right, lines 1 and 3."}
        assert tess.patch(f"/api/disputes/{dispute}", body).get_json()["data"]["score"] == 6.5
        assert number(alice, talk, "Active Listening") == (4, 6.5, 6.5)
        [put] = reviews_of(alice, talk)["overrides"]
        assert (put["score"], put["by"], put["dispute_id"]) == (6.5, "Tess", dispute)

    def test_once(self, tess, admin, dispute):
        body = {"resolution": "kept", "reason": "No."}
        tess.patch(f"/api/disputes/{dispute}", body)
        again = admin.patch(f"/api/disputes/{dispute}", {**body, "resolution": "changed", "score": 9})
        assert error(again) == (409, "This dispute is already resolved")

    def test_is_for_trainers_of_the_group_and_admins_but_never_the_owner(self, alice, bob, theo, admin, talk, dispute):
        body = {"resolution": "kept", "reason": "No."}
        for stranger in (alice, bob, theo):
            assert error(stranger.patch(f"/api/disputes/{dispute}", body)) == MAY_NOT
        assert admin.patch(f"/api/disputes/{dispute}", body).status_code == 200

    def test_knows_what_is_none(self, tess):
        body = {"resolution": "kept", "reason": "No."}
        assert error(tess.patch(f"/api/disputes/{NOBODY}", body)) == (404, "Dispute not found")
        assert error(tess.patch("/api/disputes/5", body)) == (400, "Invalid dispute ID format")

    @pytest.mark.parametrize(
        ("body", "text"),
        [
            ({"resolution": "kept"}, "Missing required fields: resolution, reason"),
            ({"resolution": "gone", "reason": "x"}, "Invalid resolution. Must be one of: kept, changed"),
            ({"resolution": "changed", "reason": "x"}, "A changed number needs a score, and a kept one takes none"),
            (
                {"resolution": "kept", "reason": "x", "score": 5},
                "A changed number needs a score, and a kept one takes none",
            ),
            ({"resolution": "changed", "reason": "x", "score": 11}, "Score must be a number between 1 and 10"),
        ],
    )
    def test_refuses_what_is_none(self, tess, dispute, body, text):
        assert error(tess.patch(f"/api/disputes/{dispute}", body)) == (400, text)


class TestOverride:
    @pytest.fixture
    def body(self, doubt):
        return {**doubt, "score": 7, "reason": "Lines 1 and 3."}

    def test_puts_a_number_in_place_of_the_machines(self, alice, tess, talk, body):
        answer = tess.post(f"/api/simulation/{talk}/overrides", body)
        assert answer.status_code == 201
        assert reviews_of(alice, talk)["overrides"] == [answer.get_json()["data"]]
        assert number(alice, talk, "Active Listening") == (4, 7, 7)

    def test_the_newest_holds(self, tess, admin, talk, body):
        tess.post(f"/api/simulation/{talk}/overrides", body)
        admin.post(f"/api/simulation/{talk}/overrides", {**body, "score": 2})
        assert number(tess, talk, "Active Listening") == (4, 2, 2)

    def test_holds_when_a_review_is_made_anew(self, alice, tess, talk, body):
        tess.post(f"/api/simulation/{talk}/overrides", body)
        alice.post(f"/api/simulation/{talk}/reviews")
        _, human, score = number(alice, talk, "Active Listening")
        assert (human, score) == (7, 7)
        assert len(reviews_of(alice, talk)["overrides"]) == 1

    def test_leaves_what_the_api_always_said(self, alice, tess, body, talk):
        before = alice.get("/api/simulation").get_json()["stats"]["avgScore"]
        tess.post(f"/api/simulation/{talk}/overrides", {**body, "competency": "overall", "score": 1})
        assert alice.get("/api/simulation").get_json()["stats"]["avgScore"] == before
        assert float(db.value("SELECT score FROM simulations WHERE id = %(id)s", id=talk)) == 6

    def test_is_for_trainers_of_the_group_and_admins(self, alice, bob, theo, trainer, admin, talk, body):
        for stranger in (alice, bob, theo, trainer):
            assert error(stranger.post(f"/api/simulation/{talk}/overrides", body)) == MAY_NOT
        assert admin.post(f"/api/simulation/{talk}/overrides", body).status_code == 201

    def test_nobody_judges_a_talk_of_their_own(self, admin, tess):
        for judge in (admin, tess):
            talk = talk_of(judge)
            body = {
                "reviewId": reviews_of(judge, talk)["current"],
                "competency": "overall",
                "score": 10,
                "reason": "Me.",
            }
            assert error(judge.post(f"/api/simulation/{talk}/overrides", body)) == MAY_NOT
            assert error(judge.post(f"/api/simulation/{talk}/marks", {"scores": {"overall": 10}})) == MAY_NOT

    @pytest.mark.parametrize("score", [0, 0.9, 10.1, "7", True, [7]])
    def test_refuses_what_is_no_score(self, tess, talk, body, score):
        answer = tess.post(f"/api/simulation/{talk}/overrides", {**body, "score": score})
        assert error(answer) == (400, "Score must be a number between 1 and 10")

    def test_refuses_what_is_none(self, tess, talk, body):
        path = f"/api/simulation/{talk}/overrides"
        missing = "Missing required fields: reviewId, competency, reason, score"
        assert error(tess.post(path, {**body, "score": None})) == (400, missing)
        assert error(tess.post(path, {**body, "competency": "Juggling"})) == (400, "Unknown competency")
        assert error(tess.post(path, {**body, "reviewId": NOBODY})) == (404, "Review not found")
        assert error(tess.post(f"/api/simulation/{NOBODY}/overrides", body)) == (404, "Simulation not found")


class TestMark:
    def test_blind_is_kept_before_the_numbers_were_seen(self, tess, talk):
        body = {"scores": {"overall": 5, "Active Listening": 4.5}, "notes": "Kind, but shallow."}
        assert tess.get(f"/api/simulation/{talk}/reviews?blind=true").status_code == 200
        answer = tess.post(f"/api/simulation/{talk}/marks", body)
        assert answer.status_code == 201
        made = answer.get_json()["data"]
        assert (made["scores"], made["blind"], made["by"]) == (body["scores"], True, "Tess")
        assert reviews_of(tess, talk)["marks"] == [made]

    def test_blind_is_refused_once_they_were_seen_and_open_is_not(self, tess, talk):
        reviews_of(tess, talk)
        path = f"/api/simulation/{talk}/marks"
        assert error(tess.post(path, {"scores": {"overall": 5}})) == (409, "You have seen this review's numbers")
        assert tess.post(path, {"scores": {"overall": 5}, "blind": False}).get_json()["data"]["blind"] is False

    def test_what_one_has_seen_blinds_nobody_else(self, tess, admin, talk):
        reviews_of(admin, talk)
        assert tess.post(f"/api/simulation/{talk}/marks", {"scores": {"overall": 5}}).status_code == 201

    def test_once_a_person(self, tess, admin, talk):
        path = f"/api/simulation/{talk}/marks"
        assert tess.post(path, {"scores": {"overall": 5}}).status_code == 201
        assert error(tess.post(path, {"scores": {"overall": 6}})) == (409, "You have already marked this simulation")
        assert admin.post(path, {"scores": {"overall": 7}}).status_code == 201

    def test_changes_no_number(self, tess, talk):
        tess.post(f"/api/simulation/{talk}/marks", {"scores": {"overall": 2}})
        assert number(tess, talk, "overall") == (6, None, 6)

    def test_is_for_trainers_of_the_group_and_admins(self, alice, bob, theo, talk):
        for stranger in (alice, bob, theo):
            assert error(stranger.post(f"/api/simulation/{talk}/marks", {"scores": {"overall": 5}})) == MAY_NOT

    @pytest.mark.parametrize(
        ("body", "text"),
        [
            ({}, "Missing required fields: scores"),
            ({"scores": {}}, "Missing required fields: scores"),
            ({"scores": [5]}, "Missing required fields: scores"),
            ({"scores": {"overall": 0}}, "Score must be a number between 1 and 10"),
            ({"scores": {"overall": None}}, "Score must be a number between 1 and 10"),
            ({"scores": {"Juggling": 5}}, "Unknown competency"),
            ({"scores": {"x" * 201: 5}}, "Invalid value for scores"),
            ({"scores": {str(n): 5 for n in range(201)}}, "Invalid value for scores"),
            ({"scores": {"overall": 5}, "blind": "no"}, "Invalid value for blind"),
            ({"scores": {"overall": 5}, "notes": 7}, "Invalid value for notes"),
        ],
    )
    def test_refuses_what_is_none(self, tess, talk, body, text):
        assert error(tess.post(f"/api/simulation/{talk}/marks", body)) == (400, text)


class TestTraces:
    def test_what_was_judged_is_written_down(self, admin, tess, alice, talk, review, dispute):
        tess.post(f"/api/simulation/{talk}/marks", {"scores": {"overall": 5}, "blind": False})
        body = {"reviewId": review, "competency": "overall", "score": 7, "reason": "Better."}
        tess.post(f"/api/simulation/{talk}/overrides", body)
        tess.patch(f"/api/disputes/{dispute}", {"resolution": "kept", "reason": "No."})
        rows = db.rows(
            "SELECT * FROM audit_log WHERE subject_id = ANY(%(ids)s::uuid[]) ORDER BY at", ids=[talk, dispute]
        )
        assert [one["action"] for one in rows] == ["review.mark", "review.override", "dispute.resolve"]
        assert {(str(one["by_user_id"]), str(one["user_id"])) for one in rows} == {(tess.id, alice.id)}
        assert rows[1]["details"] == {"number": "overall", "score": 7}

    def test_numbers_outlive_their_authors_without_a_name(self, admin, person, alice, talk, review, dispute):
        gone = person("Gone", "trainer")
        group_of(admin, f"Gone's {talk}", gone, alice)
        gone.post(f"/api/simulation/{talk}/marks", {"scores": {"overall": 5}})
        gone.post(f"/api/simulation/{talk}/reviews")
        body = {"reviewId": review, "competency": "overall", "score": 7, "reason": "Better."}
        gone.post(f"/api/simulation/{talk}/overrides", body)
        gone.patch(f"/api/disputes/{dispute}", {"resolution": "changed", "score": 5, "reason": "Yes."})
        data = gone.get(f"/api/users/{gone.id}/export").get_json()["data"]
        assert {one["reason"] for one in data["review_overrides"]} == {"Better.", "Yes."}
        assert len(data["review_marks"]) == 1
        assert (data["reviews"], data["review_disputes"]) == ([], [])  # another's words
        assert admin.delete(f"/api/users/{gone.id}").status_code == 200
        judged = reviews_of(alice, talk)
        assert {one["by"] for one in judged["overrides"] + judged["marks"]} == {None}
        assert judged["disputes"][0]["resolved_by"] is None
        assert len(judged["reviews"]) == 2
        assert number(alice, talk, "overall")[1:] == (7, 7)

    def test_everything_goes_with_the_talk(self, alice, tess, talk, review, dispute):
        tess.post(f"/api/simulation/{talk}/marks", {"scores": {"overall": 5}})
        reviews_of(tess, talk)
        assert alice.delete(f"/api/simulation/{talk}").status_code == 200
        for table in ("reviews", "review_disputes", "review_overrides", "review_marks", "review_views"):
            assert db.rows(f"SELECT 1 FROM {table} WHERE simulation_id = %(id)s", id=talk) == []


class TestAtOnce:
    def test_of_several_who_resolve_one_does(self, database, tess, admin, company_admin, talk, dispute):
        body = {"resolution": "changed", "score": 5, "reason": "Yes."}
        calls = [partial(judge.patch, f"/api/disputes/{dispute}", body) for judge in (tess, admin, company_admin)]
        answers = race(database, "SELECT 1 FROM simulations WHERE id = %(id)s FOR UPDATE", {"id": talk}, *calls)
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
        assert len(reviews_of(tess, talk)["overrides"]) == 1

    def test_reviews_are_counted_one_after_the_other(self, database, tess, admin, alice, talk):
        calls = [partial(judge.post, f"/api/simulation/{talk}/reviews") for judge in (tess, admin, alice)]
        answers = race(database, "SELECT 1 FROM simulations WHERE id = %(id)s FOR UPDATE", {"id": talk}, *calls)
        assert sorted(answer.get_json()["data"]["version"] for answer in answers) == [2, 3, 4]

    def test_two_admins_judge_each_others_talks(self, database, admin, company_admin):
        """Each locks both accounts; none waits for the other for ever."""
        talks = talk_of(company_admin), talk_of(admin)
        calls = [
            partial(judge.post, f"/api/simulation/{talk}/marks", {"scores": {"overall": 5}})
            for judge, talk in zip((admin, company_admin), talks, strict=True)
        ]
        lock = "SELECT 1 FROM users WHERE id = ANY(%(ids)s::uuid[]) FOR UPDATE"
        answers = race(database, lock, {"ids": [admin.id, company_admin.id]}, *calls)
        assert [answer.status_code for answer in answers] == [201, 201]
