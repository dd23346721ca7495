import pytest

from rplay import db
from tests.conftest import error
from tests.judged import NOBODY, group_of, reviews_of
from tests.races import race
from tests.trained import CONTENT, assigned, scenario_of

SAID = [
    {"role": "user", "content": "Good morning Nora. What matters most to you about your cover?"},
    {"role": "assistant", "content": "The workshop."},
]


@pytest.fixture
def tess(person):
    return person("Tess", "trainer")


@pytest.fixture
def theo(person):
    return person("Theo", "trainer")


@pytest.fixture
def lena(person):
    return person("Lena")


@pytest.fixture
def group(admin, tess, lena):
    return group_of(admin, f"Group of {lena.email}", tess, lena)


@pytest.fixture
def given(tess, group):
    return assigned(tess, scenario_of(tess), groupId=group)


def begin(person, given):
    return person.post(f"/api/assignments/{given}/attempts")


def mine(person):
    (one,) = person.get("/api/assignments/mine").get_json()["data"]
    return one


def finished(person, given, score, breaches=()):
    """An attempt with a review as the server would make it."""
    talk = begin(person, given).get_json()["data"]["id"]
    person.put(f"/api/simulation/{talk}", {"conversationHistory": SAID})
    person.post(f"/api/simulation/{talk}/complete", {"total_xp": 1})
    review = reviewed(person, talk)
    db.execute(
        "UPDATE reviews SET scores = jsonb_build_object('overall', %(score)s::float),"
        " review = jsonb_build_object('breaches', %(breaches)s::jsonb) WHERE id = %(id)s",
        score=score,
        breaches="[" + ", ".join(f'{{"severity": "{one}"}}' for one in breaches) + "]",
        id=review,
    )
    return talk


def reviewed(person, talk):
    answer = person.post(f"/api/simulation/{talk}/reviews")
    assert answer.status_code == 201, answer.text
    return answer.get_json()["data"]["id"]


class TestCreate:
    def test_is_for_the_trainer_of_the_group_and_admins(self, admin, tess, theo, lena, group):
        own = scenario_of(tess)
        house = scenario_of(admin)
        assert theo.post("/api/assignments", {"scenarioId": house, "groupId": group}).status_code == 403
        assert error(theo.post("/api/assignments", {"scenarioId": house, "userId": lena.id})) == (
            403,
            "Not authorized to assign to this learner",
        )
        assert error(lena.post("/api/assignments", {"scenarioId": own, "groupId": group})) == (
            403,
            "Trainer access required",
        )
        for caller, scenario in ((tess, own), (tess, house), (admin, own)):
            assert caller.post("/api/assignments", {"scenarioId": scenario, "groupId": group}).status_code == 201

    def test_says_what_it_is(self, tess, lena, group):
        body = {"scenarioId": scenario_of(tess), "userId": lena.id, "dueAt": "2100-01-31", "attempts": 5}
        made = tess.post("/api/assignments", body).get_json()["data"]
        assert (made["to"], made["attempts"], made["pass_mark"], made["learners"]) == ("Lena", 5, 6, 1)
        assert made["due_at"].startswith("2100-01-31T23:59:59")

    def test_not_with_a_scenario_that_the_trainer_may_not_see(self, tess, theo, group):
        assert error(tess.post("/api/assignments", {"scenarioId": scenario_of(theo), "groupId": group})) == (
            403,
            "Not authorized to view this scenario",
        )

    @pytest.mark.parametrize(
        ("body", "refusal"),
        [
            ({}, (400, "Either groupId or userId is required")),
            ({"groupId": NOBODY, "userId": NOBODY}, (400, "Either groupId or userId is required")),
            ({"groupId": NOBODY}, (404, "Group not found")),
            ({"userId": NOBODY}, (404, "User not found")),
            ({"groupId": "x"}, (400, "Invalid value for groupId")),
            ({"groupId": NOBODY, "attempts": 0}, (400, "Invalid value for attempts")),
            ({"groupId": NOBODY, "dueAt": "soon"}, (400, "Invalid value for dueAt")),
        ],
    )
    def test_refuses_what_is_wrong(self, admin, body, refusal):
        assert error(admin.post("/api/assignments", {"scenarioId": scenario_of(admin), **body})) == refusal


class TestLists:
    def test_show_trainers_those_of_their_learners(self, admin, tess, theo, lena, group):
        for to in ({"groupId": group}, {"userId": lena.id}):
            assigned(admin, scenario_of(admin), **to)
        assert len(tess.get("/api/assignments").get_json()["data"]) == 2
        assert theo.get("/api/assignments").get_json()["data"] == []
        assert len(admin.get("/api/assignments").get_json()["data"]) >= 2
        assert error(lena.get("/api/assignments")) == (403, "Trainer access required")

    def test_show_learners_what_is_theirs(self, lena, bob, tess, given):
        assert mine(lena)["standing"] == {"state": "open", "begun": 0, "left": 2, "passed_at": None}
        assert bob.get("/api/assignments/mine").get_json()["data"] == []
        assert tess.get("/api/assignments/mine").get_json()["data"] == []

    def test_tell_a_learner_no_secret(self, lena, given):
        assert "hospital" not in lena.get("/api/assignments/mine").text
        assert "hospital" not in begin(lena, given).text


class TestAttempts:
    def test_end_at_the_limit_also_when_a_talk_was_deleted(self, lena, given):
        first = begin(lena, given).get_json()["data"]
        assert first["client_profile"]["name"] == "Nora Feld"
        assert lena.delete(f"/api/simulation/{first['id']}").status_code == 200
        assert begin(lena, given).status_code == 201
        assert error(begin(lena, given)) == (403, "Attempt limit reached")

    def test_end_at_the_limit_when_two_begin_at_once(self, database, lena, given):
        assert begin(lena, given).status_code == 201
        lock = "SELECT 1 FROM users WHERE id = %(id)s FOR UPDATE"
        answers = race(database, lock, {"id": lena.id}, lambda: begin(lena, given), lambda: begin(lena, given))
        assert sorted(one.status_code for one in answers) == [201, 403]

    def test_end_with_the_deadline(self, tess, lena, given):
        assert tess.patch(f"/api/assignments/{given}", {"dueAt": "2020-01-01"}).status_code == 200
        assert error(begin(lena, given)) == (403, "Deadline has passed")
        assert mine(lena)["standing"]["state"] == "overdue"

    def test_go_on_when_the_deadline_is_taken_away(self, tess, lena, given):
        tess.patch(f"/api/assignments/{given}", {"dueAt": "2020-01-01", "attempts": 1})
        changed = tess.patch(f"/api/assignments/{given}", {"dueAt": None}).get_json()["data"]
        assert (changed["due_at"], changed["attempts"], changed["own_attempts"]) == (None, 1, 1)
        assert begin(lena, given).status_code == 201
        changed = tess.patch(f"/api/assignments/{given}", {"attempts": None}).get_json()["data"]
        assert (changed["attempts"], changed["own_attempts"]) == (2, None)

    @pytest.mark.parametrize(
        "body", [{"dueAt": ""}, {"dueAt": 5}, {"attempts": 0}, {"attempts": ""}, {"remindDays": 61}]
    )
    def test_are_not_changed_by_what_is_wrong(self, tess, given, body):
        assert error(tess.patch(f"/api/assignments/{given}", body)) == (400, f"Invalid value for {next(iter(body))}")

    def test_can_be_made_more(self, tess, lena, given):
        assert [begin(lena, given).status_code for _ in range(3)] == [201, 201, 403]
        tess.patch(f"/api/assignments/{given}", {"attempts": 3})
        assert begin(lena, given).status_code == 201

    def test_are_for_whom_it_is_assigned_to(self, tess, bob, admin, given):
        for other in (tess, bob, admin):
            assert error(begin(other, given)) == (403, "Not assigned to you")

    def test_are_without_end_where_nothing_counts_them(self, tess, lena, group):
        free = assigned(tess, scenario_of(tess, attempts=None), groupId=group)
        assert [begin(lena, free).status_code for _ in range(3)] == [201, 201, 201]
        assert mine(lena)["standing"]["left"] is None


class TestStanding:
    def state(self, person):
        return mine(person)["standing"]["state"]

    def test_is_begun_then_passed_by_any_attempt(self, lena, given):
        finished(lena, given, 5.9)
        assert (self.state(lena), mine(lena)["best"]) == ("begun", 5.9)
        finished(lena, given, 6)
        assert (self.state(lena), mine(lena)["best"]) == ("passed", 6)

    def test_is_failed_when_no_attempt_is_left(self, lena, given):
        finished(lena, given, 5)
        finished(lena, given, 5)
        assert self.state(lena) == "failed"

    def test_a_persons_number_counts_before_the_machines(self, tess, lena, given):
        talk = finished(lena, given, 5)
        review = reviews_of(tess, talk)["current"]
        body = {"reviewId": review, "competency": "overall", "score": 8, "reason": "Better than that"}
        assert tess.post(f"/api/simulation/{talk}/overrides", body).status_code == 201
        assert (self.state(lena), mine(lena)["best"]) == ("passed", 8)

    def test_a_grave_breach_fails_it_whatever_the_number(self, lena, given):
        finished(lena, given, 10, ["low", "high"])
        assert self.state(lena) == "begun"
        finished(lena, given, 10, ["medium"])
        assert self.state(lena) == "passed"

    def test_what_a_client_sends_as_review_counts_for_nothing(self, lena, given):
        talk = begin(lena, given).get_json()["data"]["id"]
        body = {"total_xp": 1, "performance_review": {"overallScore": 10}}
        assert lena.post(f"/api/simulation/{talk}/complete", body).status_code == 200
        assert (self.state(lena), mine(lena)["best"]) == ("begun", None)

    def test_a_talk_that_took_too_long_does_not_pass(self, tess, lena, group):
        short = assigned(tess, scenario_of(tess, minutes=10), groupId=group)
        for minutes, state in ((12, "begun"), (10, "passed")):
            talk = finished(lena, short, 9)
            db.execute(
                "UPDATE simulations SET started_at = completed_at - make_interval(mins => %(minutes)s) WHERE id = %(id)s",
                minutes=minutes,
                id=talk,
            )
            assert self.state(lena) == state

    def test_is_shown_to_the_trainer_without_numbers(self, tess, theo, lena, given):
        finished(lena, given, 9)
        shown = tess.get(f"/api/assignments/{given}").get_json()["data"]
        (one,) = shown["learners"]
        assert (one["name"], one["standing"]["state"], one["standing"]["begun"]) == ("Lena", "passed", 1)
        assert "best" not in str(one)
        assert error(theo.get(f"/api/assignments/{given}")) == (403, "Not authorized to view this assignment")


class TestDelete:
    def test_leaves_the_talks(self, tess, admin, lena, given):
        talk = finished(lena, given, 9)
        assert tess.delete(f"/api/assignments/{given}").status_code == 200
        assert lena.get(f"/api/simulation/{talk}").status_code == 200
        assert lena.get("/api/assignments/mine").get_json()["data"] == []
        assert error(admin.get(f"/api/assignments/{given}")) == (404, "Assignment not found")


def test_the_pass_mark_is_that_of_the_version_a_talk_began_with(tess, lena, group):
    scenario = scenario_of(tess)
    given = assigned(tess, scenario, groupId=group)
    finished(lena, given, 6.5)
    tess.put(f"/api/scenarios/{scenario}", {"scenario": {**CONTENT, "passMark": 9}})
    assert mine(lena)["standing"]["state"] == "passed"
