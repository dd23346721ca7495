"""/api/simulation, as a client sees it."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from rplay import db
from tests.conftest import error

S = "/api/simulation"
NOBODY = "00000000-0000-4000-8000-000000000000"
PROFILE = {"name": "Zoë O'Neil", "age": 45, "goals": ['retire "early"'], "fusionModelTraits": {"openness": 50}}
HISTORY = [
    {"role": "assistant", "content": "Hi, I'm John"},
    {"role": "user", "content": 'Hello; DROP TABLE "users" -- \' \\ 张 😀\n2nd line'},
    {"role": "system", "content": "Advisor progress", "isFeedback": True, "nested": {"a": [1, None]}},
]
KEYS = {
    "id", "simulation_id", "user_id", "industry", "subcategory", "difficulty", "client_profile", "conversation_history",
    "objectives_completed", "started_at", "completed_at", "total_xp", "performance_review", "duration_seconds",
}  # fmt: skip


def start(person, **more):
    body = {"industry": "insurance", "subcategory": "life-health", "difficulty": "beginner", **more}
    return person.post(S, body)


@pytest.fixture
def simulation(alice):
    """A new talk of Alice's."""
    return start(alice, clientProfile=PROFILE).get_json()["data"]


class TestCreate:
    def test_keeps_the_profile_and_belongs_to_the_caller(self, alice, bob):
        answer = start(alice, clientProfile=PROFILE, objectives=["rapport"], user_id=bob.id, total_xp=999)
        data = answer.get_json()["data"]
        assert answer.status_code == 201
        assert set(data) == KEYS
        assert data["user_id"] == alice.id
        assert data["client_profile"] == PROFILE
        assert data["simulation_id"].startswith("SIM-")
        empty = ("conversation_history", [], "objectives_completed", [], "total_xp", 0)
        assert [data[empty[i]] == empty[i + 1] for i in (0, 2, 4)] == [True] * 3
        assert all(data[key] is None for key in ("completed_at", "performance_review", "duration_seconds"))

    @pytest.mark.parametrize(
        ("difficulty", "kept"),
        [
            ("Beginner", "beginner"),
            ("ADVANCED", "advanced"),
            (1, "beginner"),
            (2, "intermediate"),
            (3, "advanced"),
            (9, "advanced"),
        ],
    )
    def test_takes_a_difficulty_in_any_case_or_as_a_number(self, alice, difficulty, kept):
        assert start(alice, difficulty=difficulty).get_json()["data"]["difficulty"] == kept

    @pytest.mark.parametrize("difficulty", ["expert", 0, -1, 1.5, True, {"a": 1}, [1]])
    def test_refuses_any_other(self, alice, difficulty):
        assert error(start(alice, difficulty=difficulty)) == (400, "Invalid difficulty")

    @pytest.mark.parametrize(
        "industry", ["securities", "wealth-management", "banking", "insurance", "financial-planning"]
    )
    def test_takes_known_industries(self, alice, industry):
        assert start(alice, industry=industry).status_code == 201

    def test_refuses_an_unknown_one(self, alice):
        assert error(start(alice, industry="no-such")) == (400, "Invalid industry")

    @pytest.mark.parametrize("gone", ["industry", "difficulty"])
    def test_names_what_is_missing(self, alice, gone):
        assert error(start(alice, **{gone: None})) == (400, "Missing required fields: industry, difficulty")

    @pytest.mark.parametrize("profile", ["x", [1], {"name": "a\0b"}, {"deep": [{"x": "\0"}]}])
    def test_refuses_a_profile_that_cannot_be_kept(self, alice, profile):
        assert error(start(alice, clientProfile=profile)) == (400, "Invalid value for clientProfile")

    def test_records_the_start(self, alice, simulation):
        events = db.rows(
            "SELECT event_type, user_id::text FROM engagement_events WHERE simulation_id = %(key)s",
            key=simulation["simulation_id"],
        )
        assert events == [{"event_type": "simulation_start", "user_id": alice.id}]

    def test_gives_every_talk_its_own_key(self, alice):
        with ThreadPoolExecutor(8) as pool:
            keys = {
                answer.get_json()["data"]["simulation_id"] for answer in pool.map(lambda _: start(alice), range(30))
            }
        assert len(keys) == 30


class TestList:
    def test_shows_ones_own_newest_first_without_the_long_parts(self, person):
        carol = person("Carol")
        ids = [start(carol).get_json()["data"]["id"] for _ in range(3)]
        body = carol.get(S).get_json()
        assert [row["id"] for row in body["simulations"]] == ids[::-1]
        assert set(body["simulations"][0]) == KEYS - {"client_profile", "conversation_history"}
        assert (body["total"], body["stats"]) == (3, {"total": 3, "completed": 0, "avgScore": 0})
        page = carol.get(f"{S}?limit=1&offset=1").get_json()
        assert ([row["id"] for row in page["simulations"]], page["total"]) == ([ids[1]], 3)

    def test_shows_what_a_talk_by_itself_shows(self, person):
        carol = person("Carol")
        done, opened = (start(carol, clientProfile=PROFILE).get_json()["data"]["id"] for _ in range(2))
        review = {"overallScore": 7.5, "summary": 'He said "yes" \\ 张 😀\n', "none": None, "big": 12345678901234567890}
        carol.patch(f"{S}/{done}", {"conversation_history": HISTORY, "objectives_completed": [{"a": 1}], "total_xp": 5})
        carol.post(f"{S}/{done}/complete", {"performance_review": review, "duration_seconds": 61, "total_xp": 7})
        listed = carol.get(S).get_json()["simulations"]
        alone = [carol.get(f"{S}/{id}").get_json()["simulation"] for id in (opened, done)]
        assert listed == [{key: talk[key] for key in listed[0]} for talk in alone]
        assert listed[1]["performance_review"] == review

    def test_is_empty_for_who_has_none(self, person):
        body = person("Carol").get(S).get_json()
        assert (body["simulations"], body["total"], body["stats"]["avgScore"]) == ([], 0, 0)

    def test_averages_the_scores_of_those_that_have_one(self, person):
        carol = person("Carol")
        for review in ({"overallScore": 8}, {"overallScore": 6}, {}):
            carol.post(f"{S}/{start(carol).get_json()['data']['id']}/complete", {"performance_review": review})
        assert carol.get(S).get_json()["stats"] == {"total": 3, "completed": 3, "avgScore": 7}
        stats = carol.get(f"/api/users/{carol.id}").get_json()["user"]["stats"]
        assert stats == {"totalSimulations": 3, "completedSimulations": 3, "avgScore": 7}

    @pytest.mark.parametrize("query", ["limit=abc", "limit=0", "limit=99999999999999999999", "limit=1.5"])
    def test_refuses_a_limit_that_is_none(self, alice, query):
        assert error(alice.get(f"{S}?{query}")) == (400, "Invalid limit")


class TestGet:
    @pytest.mark.parametrize("path", ["{id}", "{upper}", "by-sim-id/{key}"])
    def test_shows_all_of_it_to_its_owner_and_to_admins(self, alice, admin, company_admin, simulation, path):
        path = path.format(id=simulation["id"], upper=simulation["id"].upper(), key=simulation["simulation_id"])
        for caller in (alice, admin, company_admin):
            shown = caller.get(f"{S}/{path}").get_json()["simulation"]
            assert {key: shown[key] for key in KEYS} == simulation
            assert {c["id"] for c in shown["competencies"]} >= {"communication"}
            assert {r["difficulty_level"] for r in shown["rubrics"]} == {1}
            assert shown["feedback"] == []

    @pytest.mark.parametrize("path", ["{id}", "by-sim-id/{key}"])
    def test_refuses_strangers(self, bob, trainer, simulation, path):
        path = path.format(id=simulation["id"], key=simulation["simulation_id"])
        for caller in (bob, trainer):
            assert error(caller.get(f"{S}/{path}")) == (403, "Not authorized to view this simulation")

    @pytest.mark.parametrize("path", [NOBODY, "by-sim-id/SIM-0", "by-sim-id/SIM-' OR '1'='1", "by-sim-id/%00"])
    def test_finds_nothing_else(self, admin, path):
        assert admin.get(f"{S}/{path}").status_code == 404

    @pytest.mark.parametrize("bad", ["SIM-1", NOBODY.replace("-", ""), "{" + NOBODY + "}"])
    def test_refuses_what_is_no_id(self, alice, bad):
        assert error(alice.get(f"{S}/{bad}")) == (400, "Invalid simulation ID format")


class TestSave:
    def test_patch_saves_quotes_unicode_and_other_keys(self, alice, simulation):
        path = f"{S}/{simulation['id']}"
        body = {"conversation_history": HISTORY, "objectives_completed": [{"id": "rapport"}], "total_xp": 50}
        saved = alice.patch(path, body).get_json()["data"]
        assert {key: saved[key] for key in body} == body
        assert alice.get(path).get_json()["simulation"]["conversation_history"] == HISTORY

    def test_patch_leaves_what_is_not_given(self, alice, simulation):
        path = f"{S}/{simulation['id']}"
        alice.patch(path, {"conversation_history": HISTORY, "total_xp": 50})
        assert alice.patch(path, {}).get_json()["data"]["conversation_history"] == HISTORY
        saved = alice.patch(path, {"total_xp": 0, "client_profile": {}, "conversationHistory": []}).get_json()["data"]
        assert (saved["total_xp"], saved["conversation_history"], saved["client_profile"]) == (0, HISTORY, PROFILE)

    def test_patch_obeys_an_emptied_history(self, alice, simulation):
        path = f"{S}/{simulation['id']}"
        alice.patch(path, {"conversation_history": HISTORY})
        assert alice.patch(path, {"conversation_history": []}).get_json()["data"]["conversation_history"] == []

    def test_put_answers_under_its_own_key(self, alice, simulation):
        body = {"conversationHistory": HISTORY, "objectives": ["a", {"id": "b"}]}
        saved = alice.put(f"{S}/{simulation['id']}", body).get_json()["simulation"]
        assert (saved["conversation_history"], saved["objectives_completed"]) == (HISTORY, ["a", {"id": "b"}])

    @pytest.mark.parametrize(
        ("body", "text"),
        [
            ({"total_xp": "abc"}, "Invalid value for total_xp"),
            ({"total_xp": 99999999999999}, "Invalid value for total_xp"),
            ({"total_xp": True}, "Invalid value for total_xp"),
            ({"conversation_history": {"a": 1}}, "Invalid value for conversation_history"),
            ({"conversation_history": ["x"]}, "Invalid value for conversation_history"),
            ({"conversation_history": [{"role": "user", "content": 5}]}, "Invalid value for conversation_history"),
            ({"objectives_completed": ["a\0b"]}, "Invalid value for objectives_completed"),
            ({"total_xp": -1}, "Invalid value for total_xp"),
            ({"objectives_completed": "x"}, "Invalid value for objectives_completed"),
        ],
    )
    def test_patch_refuses_and_keeps_what_was_there(self, alice, simulation, body, text):
        path = f"{S}/{simulation['id']}"
        alice.patch(path, {"conversation_history": HISTORY})
        assert error(alice.patch(path, body)) == (400, text)
        assert alice.get(path).get_json()["simulation"]["conversation_history"] == HISTORY

    @pytest.mark.parametrize(("method", "body"), [("put", {"conversationHistory": []}), ("patch", {"total_xp": 1})])
    def test_only_the_owner_saves(self, bob, admin, alice, simulation, method, body):
        for caller in (bob, admin):
            answer = getattr(caller, method)(f"{S}/{simulation['id']}", body)
            assert error(answer) == (403, "Not authorized to update this simulation")
        assert error(getattr(alice, method)(f"{S}/{NOBODY}", body)) == (404, "Simulation not found")
        assert error(getattr(alice, method)(f"{S}/x", body)) == (400, "Invalid simulation ID format")

    def test_put_looks_at_the_body_before_the_owner(self, bob, simulation):
        for path in (simulation["id"], NOBODY):
            assert error(bob.put(f"{S}/{path}", {})) == (400, "Missing required field: conversationHistory")

    def test_takes_a_long_talk_whole(self, alice, simulation):
        long = [{"role": "user", "content": f"message {i} 张😀" + "x" * 3000, "n": i} for i in range(600)]
        saved = alice.patch(f"{S}/{simulation['id']}", {"conversation_history": long}).get_json()["data"]
        assert saved["conversation_history"] == long


class TestComplete:
    DONE = {"total_xp": 120, "performance_review": {"overallScore": 8, "summary": 'it\'s "ok" ü'}}

    def test_keeps_the_review_and_the_first_end(self, alice, simulation):
        path = f"{S}/{simulation['id']}/complete"
        first = alice.post(path, self.DONE).get_json()["simulation"]
        again = alice.post(path, {"total_xp": 121, "performance_review": {"overallScore": 9}}).get_json()["simulation"]
        assert first["performance_review"] == self.DONE["performance_review"]
        assert (first["total_xp"], again["total_xp"]) == (120, 121)
        assert first["completed_at"] == again["completed_at"]
        score = db.value("SELECT score FROM simulations WHERE id = %(id)s", id=simulation["id"])
        assert score == 9

    def test_records_one_event_however_often(self, alice, simulation):
        for _ in range(2):
            alice.post(f"{S}/{simulation['id']}/complete", self.DONE)
        count = db.value(
            "SELECT count(*) FROM engagement_events WHERE event_type = 'simulation_complete' AND simulation_id = %(key)s",
            key=simulation["simulation_id"],
        )
        assert count == 1

    def test_without_a_body_is_complete_with_nothing(self, alice, simulation):
        done = alice.post(f"{S}/{simulation['id']}/complete").get_json()["simulation"]
        assert done["completed_at"] is not None
        assert (done["total_xp"], done["performance_review"], done["duration_seconds"]) == (0, {}, None)

    @pytest.mark.parametrize(
        "body",
        [{"total_xp": "abc"}, {"performance_review": "x"}, {"duration_seconds": "long"}, {"duration_seconds": 2**40}],
    )
    def test_refuses_wrong_types(self, alice, simulation, body):
        path = f"{S}/{simulation['id']}"
        assert error(alice.post(f"{path}/complete", body)) == (400, f"Invalid value for {next(iter(body))}")
        assert alice.get(path).get_json()["simulation"]["completed_at"] is None

    def test_a_score_that_is_no_number_is_kept_in_the_review_only(self, alice, simulation):
        answer = alice.post(f"{S}/{simulation['id']}/complete", {"performance_review": {"overallScore": "six"}})
        assert answer.status_code == 200
        assert db.value("SELECT score FROM simulations WHERE id = %(id)s", id=simulation["id"]) is None

    def test_only_the_owner_completes(self, alice, bob, admin, simulation):
        for caller in (bob, admin):
            answer = caller.post(f"{S}/{simulation['id']}/complete", self.DONE)
            assert error(answer) == (403, "Not authorized to complete this simulation")
        assert error(alice.post(f"{S}/{NOBODY}/complete", self.DONE)) == (404, "Simulation not found")


class TestDelete:
    def test_takes_feedback_and_events_with_it(self, alice, admin, simulation):
        alice.post("/api/feedback", {"simulationId": simulation["simulation_id"], "rating": 90})
        answer = alice.delete(f"{S}/{simulation['id']}")
        assert answer.get_json() == {"success": True, "message": "Simulation deleted successfully"}
        for table in ("nps_feedback", "engagement_events"):
            sql = f"SELECT count(*) FROM {table} WHERE simulation_id = %(key)s"
            assert db.value(sql, key=simulation["simulation_id"]) == 0
        assert admin.get(f"{S}/{simulation['id']}").status_code == 404
        assert error(alice.delete(f"{S}/{simulation['id']}")) == (404, "Simulation not found")

    def test_is_for_its_owner_and_admins(self, bob, trainer, admin, simulation):
        for caller in (bob, trainer):
            answer = caller.delete(f"{S}/{simulation['id']}")
            assert error(answer) == (403, "Not authorized to delete this simulation")
        assert admin.delete(f"{S}/{simulation['id']}").status_code == 200


class TestFeedback:
    @pytest.mark.parametrize(
        ("rating", "score", "kind"),
        [(0, 0, "detractor"), (5, 1, "detractor"), (64.9, 6, "detractor"), (65, 7, "passive"), (84, 8, "passive"),
         (85, 9, "promoter"), (95, 10, "promoter"), (100, 10, "promoter")],
    )  # fmt: skip
    def test_rounds_half_up_and_sorts(self, alice, simulation, rating, score, kind):
        body = {
            "simulationId": simulation["simulation_id"],
            "rating": rating,
            "userId": "anonymous",
            "comments": "it's",
        }
        answer = alice.post("/api/feedback", {**body, "feedbackType": "user_submitted"})
        given = answer.get_json()["feedback"]
        assert answer.status_code == 201
        assert (given["score"], given["rating"], given["feedback_type"]) == (score, score * 10, kind)
        assert (given["user_id"], given["created_at"]) == (alice.id, given["submitted_at"])
        assert list(given) == [
            "id", "simulation_id", "user_id", "score", "feedback_type", "reasons", "comments", "submitted_at", "rating", "created_at",
        ]  # fmt: skip

    def test_takes_the_id_too_and_keeps_the_key(self, alice, simulation):
        body = {"simulationId": simulation["id"], "rating": 80, "reasons": ["clear"]}
        given = alice.post("/api/feedback", body).get_json()["feedback"]
        assert (given["simulation_id"], given["reasons"]) == (simulation["simulation_id"], ["clear"])
        shown = alice.get(f"{S}/{simulation['id']}").get_json()["simulation"]["feedback"]
        assert shown == [given]

    @pytest.mark.parametrize(
        ("change", "refusal"),
        [
            ({"rating": None}, (400, "Missing required fields: simulationId, rating")),
            ({"rating": 101}, (400, "Rating must be a number between 0 and 100")),
            ({"rating": "50"}, (400, "Rating must be a number between 0 and 100")),
            ({"rating": True}, (400, "Rating must be a number between 0 and 100")),
            (
                {"feedbackType": "promoter"},
                (400, "Invalid feedback type. Must be one of: ai_generated, user_submitted, peer_review"),
            ),
            ({"simulationId": "SIM-0"}, (404, "Simulation not found")),
            ({"simulationId": str(uuid.uuid4())}, (404, "Simulation not found")),
            ({"comments": "a\0b"}, (400, "Invalid value for comments")),
            ({"reasons": "x"}, (400, "Invalid value for reasons")),
        ],
    )
    def test_refuses(self, alice, simulation, change, refusal):
        body = {"simulationId": simulation["simulation_id"], "rating": 90, **change}
        assert error(alice.post("/api/feedback", body)) == refusal

    def test_of_another_learners_talk_is_refused(self, bob, simulation):
        body = {"simulationId": simulation["simulation_id"], "rating": 0}
        assert error(bob.post("/api/feedback", body)) == (404, "Simulation not found")
