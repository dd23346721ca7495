"""GET and POST /api/simulation/:id/reviews."""

import pytest

from rplay import db
from rplay.db import reviews as versions
from rplay.errors import AIEmptyAnswer, AINotConfigured
from rplay.reviews import making
from rplay.web.limits import Limits
from tests.conftest import error, settings_for, swap_parts
from tests.judged import LINES, NOBODY, SCORES, group_of, review_of, reviews_of, talk_of

STRANGER = (403, "Not authorized to view these reviews")


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


@pytest.fixture
def talk(alice):
    return talk_of(alice)


class TestClients:
    """What `complete` was given is the version of the client."""

    def test_review_is_kept_as_it_came(self, alice, talk):
        data = reviews_of(alice, talk)
        [kept] = data["reviews"]
        assert (kept["version"], kept["source"], kept["review"]) == (1, "client", review_of())
        assert kept["scores"] == {"overall": 6, **SCORES}
        assert data["current"] == kept["id"]

    def test_review_by_name_has_its_numbers_too(self, alice):
        review = {
            "overallScore": 7,
            "competencyScores": {"Listening": {"score": 3}, "Advice": 9, "Odd": "x", "Big": 11},
        }
        [kept] = reviews_of(alice, talk_of(alice, review))["reviews"]
        assert kept["scores"] == {"overall": 7, "Listening": 3, "Advice": 9}

    @pytest.mark.parametrize("review", [{}, None])
    def test_missing_review_is_no_version(self, alice, review):
        talk = alice.post("/api/simulation", {"industry": "insurance", "difficulty": "beginner"}).get_json()["data"][
            "id"
        ]
        assert alice.post(f"/api/simulation/{talk}/complete", {"performance_review": review}).status_code == 200
        data = reviews_of(alice, talk)
        assert (data["reviews"], data["current"], data["numbers"]) == ([], None, [])

    def test_review_that_comes_again_is_the_same_version(self, alice, talk):
        for overall in (6, 6, 7):
            body = {"performance_review": review_of(overall)}
            alice.post(f"/api/simulation/{talk}/complete", body)
        assert [(one["version"], one["scores"]["overall"]) for one in reviews_of(alice, talk)["reviews"]] == [
            (2, 7),
            (1, 6),
        ]

    def test_last_review_gives_way_when_there_are_too_many(self, alice, talk, monkeypatch):
        db.execute(
            """
            INSERT INTO reviews (simulation_id, version, source, review)
            SELECT %(id)s, n, 'client', '{}' FROM generate_series(2, %(most)s) n
            """,
            id=talk,
            most=versions.VERSIONS,
        )
        assert alice.post(f"/api/simulation/{talk}/complete", {"performance_review": review_of(9)}).status_code == 200
        kept = reviews_of(alice, talk)["reviews"]
        assert (len(kept), kept[0]["version"], kept[0]["scores"]["overall"]) == (
            versions.VERSIONS,
            versions.VERSIONS,
            9,
        )

    def test_strange_reviews_are_kept_without_numbers(self, alice):
        for review in (
            {"overallScore": "7"},
            {"overallScore": True},
            {"competencyScores": [1, {"name": 5, "score": 5}]},
        ):
            [kept] = reviews_of(alice, talk_of(alice, review))["reviews"]
            assert kept["scores"] == {}


class TestGet:
    def test_shows_the_talk_and_what_it_is_measured_by(self, alice, talk):
        data = reviews_of(alice, talk)
        assert data["simulation"]["learner"] == "Alice"
        assert data["transcript"] == LINES
        names = {one["name"] for one in data["competencies"]}
        assert names
        assert {one["competency_name"] for one in data["rubrics"]} <= names
        assert {one["difficulty_level"] for one in data["rubrics"]} == {1}

    def test_shows_the_numbers_overall_first(self, alice, talk):
        shown = [
            (one["number"], one["machine"], one["human"], one["score"]) for one in reviews_of(alice, talk)["numbers"]
        ]
        assert shown == [("overall", 6, None, 6), ("Active Listening", 4, None, 4), ("Building Rapport", 8, None, 8)]

    def test_is_for_the_owner_their_trainers_and_admins(
        self, alice, tess, company_admin, admin, bob, theo, trainer, talk
    ):
        for caller in (alice, tess, company_admin, admin):
            assert caller.get(f"/api/simulation/{talk}/reviews").status_code == 200
        for query in ("", "?blind=true"):
            for stranger in (bob, theo, trainer):
                assert error(stranger.get(f"/api/simulation/{talk}/reviews{query}")) == STRANGER

    def test_a_trainers_colleague_is_no_learner(self, admin, tess, person, group):
        other = person("Other", "trainer")
        admin.post(f"/api/groups/{group}/members", {"userId": other.id})
        assert error(tess.get(f"/api/simulation/{talk_of(other)}/reviews")) == STRANGER

    def test_a_fellow_learner_is_a_stranger(self, admin, person, group, talk):
        fellow = person("Fellow")
        admin.post(f"/api/groups/{group}/members", {"userId": fellow.id})
        assert error(fellow.get(f"/api/simulation/{talk}/reviews")) == STRANGER

    def test_a_trainer_who_was_demoted_is_a_stranger(self, admin, person, group, talk):
        was = person("Was", "trainer")
        admin.post(f"/api/groups/{group}/members", {"userId": was.id})
        assert was.get(f"/api/simulation/{talk}/reviews").status_code == 200
        db.execute("UPDATE users SET role = 'learner' WHERE id = %(id)s", id=was.id)
        assert error(was.get(f"/api/simulation/{talk}/reviews")) == STRANGER

    def test_knows_what_is_none(self, alice):
        assert error(alice.get(f"/api/simulation/{NOBODY}/reviews")) == (404, "Simulation not found")
        assert error(alice.get("/api/simulation/5/reviews")) == (400, "Invalid simulation ID format")

    @pytest.mark.parametrize("history", ['[5, {}, {"role": "user"}, {"role": "narrator", "content": "x"}]', "{}", "7"])
    def test_leaves_out_what_is_no_turn(self, alice, talk, history):
        db.execute(
            "UPDATE simulations SET conversation_history = %(history)s WHERE id = %(id)s", id=talk, history=history
        )
        assert reviews_of(alice, talk)["transcript"] == []

    def test_keeps_the_coach_apart(self, alice):
        lines = [*LINES, {"role": "assistant", "content": "Ask why.", "coach": True, "id": 7}]
        assert reviews_of(alice, talk_of(alice, lines=lines))["transcript"][-1] == {
            "role": "assistant",
            "content": "Ask why.",
            "coach": True,
        }


class TestBlind:
    def test_shows_transcript_and_rubric_and_nothing_of_any_review(self, alice, tess, talk):
        answer = tess.get(f"/api/simulation/{talk}/reviews?blind=true")
        data = answer.get_json()["data"]
        assert set(data) == {"simulation", "transcript", "competencies", "rubrics", "seen"}
        assert data["transcript"] == LINES
        assert "It went as it went." not in answer.text
        assert review_of()["competencyScores"][0] not in data.values()
        assert "performance_review" not in data["simulation"]

    def test_is_not_counted_as_seen_and_the_other_is(self, tess, talk):
        path = f"/api/simulation/{talk}/reviews"
        seen = []
        for query in ("?blind=true", "?blind=true", "?blind=false", "?blind=true"):
            data = tess.get(path + query).get_json()["data"]
            seen.append(data["seen"])
        assert seen == [False, False, True, True]

    @pytest.mark.parametrize("asked", ["yes", "TRUE", "1"])
    def test_is_yes_or_no(self, alice, talk, asked):
        answer = alice.get(f"/api/simulation/{talk}/reviews?blind={asked}")
        assert error(answer) == (400, "Invalid value for blind")

    @pytest.mark.parametrize(
        "path", ["/api/simulation/{id}", "/api/simulation/by-sim-id/{key}", "/api/users/{user}/export"]
    )
    def test_ends_wherever_an_admin_is_shown_the_review(self, admin, alice, talk, path):
        key = alice.get(f"/api/simulation/{talk}").get_json()["simulation"]["simulation_id"]
        assert admin.get(path.format(id=talk, key=key, user=alice.id)).status_code == 200
        assert admin.get(f"/api/simulation/{talk}/reviews?blind=true").get_json()["data"]["seen"] is True

    def test_ends_where_an_admin_is_shown_the_mean_of_few_talks(self, admin, person):
        zoe = person("Zoe")
        seen = []
        for _ in range(3):
            talk = talk_of(zoe)
            admin.get(f"/api/users/{zoe.id}")
            seen.append(admin.get(f"/api/simulation/{talk}/reviews?blind=true").get_json()["data"]["seen"])
        assert seen == [True, True, False]

    def test_ends_with_the_resolution_of_a_dispute(self, admin, alice, talk):
        body = {"reviewId": reviews_of(alice, talk)["current"], "competency": "overall", "reason": "It is no 6."}
        dispute = alice.post(f"/api/simulation/{talk}/disputes", body).get_json()["data"]["id"]
        admin.patch(f"/api/disputes/{dispute}", {"resolution": "kept", "reason": "It is."})
        assert admin.get(f"/api/simulation/{talk}/reviews?blind=true").get_json()["data"]["seen"] is True


class TestPost:
    def test_makes_the_next_version(self, tess, talk):
        answer = tess.post(f"/api/simulation/{talk}/reviews")
        made = answer.get_json()["data"]
        assert answer.status_code == 201
        assert (made["version"], made["source"], made["provider"]) == (2, "server", "local")
        assert made["prompt_version"]
        assert made["rubric_hash"]
        assert made["scores"]["overall"] == made["review"]["overallScore"]
        data = reviews_of(tess, talk)
        assert [one["version"] for one in data["reviews"]] == [2, 1]
        assert data["current"] == made["id"]

    def test_gives_the_same_once_more_in_the_rehearsal(self, alice, talk):
        first, second = (alice.post(f"/api/simulation/{talk}/reviews").get_json()["data"] for _ in range(2))
        assert first["review"] == second["review"]
        assert (first["version"], second["version"]) == (2, 3)

    def test_counts_before_what_a_client_sends_later(self, alice, talk):
        made = alice.post(f"/api/simulation/{talk}/reviews").get_json()["data"]
        alice.post(f"/api/simulation/{talk}/complete", {"performance_review": review_of(10)})
        data = reviews_of(alice, talk)
        assert data["current"] == made["id"]
        assert data["numbers"][0]["score"] == made["scores"]["overall"]
        assert alice.get(f"/api/simulation/{talk}").get_json()["simulation"]["performance_review"] == review_of(10)

    def test_counts_as_seen(self, tess, talk):
        tess.post(f"/api/simulation/{talk}/reviews")
        assert tess.get(f"/api/simulation/{talk}/reviews?blind=true").get_json()["data"]["seen"] is True

    def test_tells_what_stayed_hidden_once_the_talk_is_over(self, alice):
        path = f"/api/simulation/{unfinished(alice)}"
        assert "hidden" not in alice.post(f"{path}/reviews").get_json()["data"]["review"]
        alice.post(f"{path}/complete", {})
        hidden = alice.post(f"{path}/reviews").get_json()["data"]["review"]["hidden"]
        assert hidden
        assert all(one["about"] and one["unlock"] for one in hidden)

    def test_knows_the_client(self, alice, talk, monkeypatch):
        told = []

        def look(chain, transcript):
            told.append(transcript)
            raise AIEmptyAnswer("nothing")

        monkeypatch.setattr(making.evaluation, "review", look)
        assert alice.post(f"/api/simulation/{talk}/reviews").status_code == 502
        [transcript] = told
        assert transcript.industry == "insurance"
        assert transcript.life.subjects
        assert set(transcript.hidden) <= {one.name for one in transcript.life.subjects}
        assert transcript.rules
        assert {one["name"] for one in transcript.competencies} == {
            one["name"] for one in reviews_of(alice, talk)["competencies"]
        }

    def test_needs_somebody_who_spoke(self, alice):
        for lines in ([], [{"role": "assistant", "content": "Hello?"}]):
            answer = alice.post(f"/api/simulation/{talk_of(alice, lines=lines)}/reviews")
            assert error(answer) == (400, "Nothing was said in this simulation")

    def test_is_for_the_owner_their_trainers_and_admins(self, bob, theo, admin, talk):
        for stranger in (bob, theo):
            assert error(stranger.post(f"/api/simulation/{talk}/reviews")) == STRANGER
        assert admin.post(f"/api/simulation/{talk}/reviews").status_code == 201
        assert error(admin.post(f"/api/simulation/{NOBODY}/reviews")) == (404, "Simulation not found")

    def test_refuses_a_body_that_is_none(self, alice, talk):
        answer = alice.post(f"/api/simulation/{talk}/reviews", data="{bad", content_type="application/json")
        assert error(answer) == (400, "Invalid JSON in request body")

    def test_says_when_nobody_can_review(self, alice, talk, monkeypatch):
        for failure, refusal in (
            (AINotConfigured("no"), (503, "OpenAI API key not configured")),
            (AIEmptyAnswer("no"), (502, "Failed to generate review from AI")),
        ):
            monkeypatch.setattr(making.evaluation, "review", failing(failure))
            assert error(alice.post(f"/api/simulation/{talk}/reviews")) == refusal
        assert len(reviews_of(alice, talk)["reviews"]) == 1

    def test_holds_no_connection_and_looks_again_when_the_review_is_there(
        self, admin, alice, person, group, talk, monkeypatch
    ):
        """Somebody who is taken out of the group meanwhile gets nothing; the talk may be gone, too."""
        original = making.evaluation.review

        def meanwhile(change):
            def review(chain, transcript):
                assert db.pool().get_stats()["pool_available"] == db.pool().get_stats()["pool_size"]
                change()
                return original(chain, transcript)

            monkeypatch.setattr(making.evaluation, "review", review)

        late = person("Late", "trainer")
        admin.post(f"/api/groups/{group}/members", {"userId": late.id})
        meanwhile(lambda: db.execute("DELETE FROM group_members WHERE user_id = %(id)s", id=late.id))
        assert error(late.post(f"/api/simulation/{talk}/reviews")) == STRANGER
        meanwhile(lambda: db.execute("DELETE FROM simulations WHERE id = %(id)s", id=talk))
        assert error(alice.post(f"/api/simulation/{talk}/reviews")) == (404, "Simulation not found")

    def test_is_limited_like_every_call_of_a_model(self, app, alice, talk, monkeypatch):
        swap_parts(app, monkeypatch, limits=Limits(settings_for(rate_limit_enabled=True)))
        monkeypatch.setattr(making.evaluation, "review", failing(AIEmptyAnswer("no")))
        statuses = [alice.post(f"/api/simulation/{talk}/reviews").status_code for _ in range(61)]
        assert statuses == [502] * 60 + [429]

    def test_ends_at_so_many(self, alice, talk, monkeypatch):
        db.execute(
            """
            INSERT INTO reviews (simulation_id, version, source, review)
            SELECT %(id)s, n, 'server', '{}' FROM generate_series(2, %(most)s) n
            """,
            id=talk,
            most=versions.VERSIONS,
        )
        refusal = f"There are {versions.VERSIONS} reviews of this simulation already, the most there can be"
        assert error(alice.post(f"/api/simulation/{talk}/reviews")) == (409, refusal)


def unfinished(person):
    talk = person.post("/api/simulation", {"industry": "insurance", "difficulty": "advanced"}).get_json()["data"]
    assert person.put(f"/api/simulation/{talk['id']}", {"conversationHistory": LINES}).status_code == 200
    return talk["id"]


def failing(error):
    def fail(*_):
        raise error

    return fail
