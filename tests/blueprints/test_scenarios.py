import pytest
from agents.scripted import Scripted

from rplay import db
from rplay.agents.chain import Chain
from rplay.db import client_lives
from tests.conftest import error, swap_parts
from tests.judged import NOBODY, group_of
from tests.trained import CONTENT, assigned, scenario_of


@pytest.fixture
def tess(person):
    return person("Tess", "trainer")


@pytest.fixture
def theo(person):
    return person("Theo", "trainer")


def names(person):
    return [one["name"] for one in person.get("/api/scenarios").get_json()["data"]]


class TestEvery:
    def test_shows_trainers_their_own_and_the_houses(self, admin, tess, theo):
        db.execute("DELETE FROM scenarios")
        scenario_of(tess, name="Tess's")
        scenario_of(theo, name="Theo's")
        scenario_of(admin, name="All's")
        assert (names(tess), names(theo), names(admin)) == (
            ["All's", "Tess's"],
            ["All's", "Theo's"],
            ["All's", "Tess's", "Theo's"],
        )

    def test_is_for_trainers(self, alice):
        assert error(alice.get("/api/scenarios")) == (403, "Trainer access required")
        assert error(alice.post("/api/scenarios", {"scenario": CONTENT})) == (403, "Trainer access required")


class TestCreate:
    def test_keeps_what_was_sent(self, tess):
        made = tess.post("/api/scenarios", {"scenario": CONTENT}).get_json()["data"]
        assert (made["version"], made["house"], made["by_user_id"]) == (1, False, tess.id)
        assert made["scenario"].items() >= CONTENT.items()
        assert made["scenario"]["failsFrom"] == "high"
        assert tess.get(f"/api/scenarios/{made['id']}").get_json()["data"] == made

    @pytest.mark.parametrize(
        ("change", "text"),
        [
            ({"name": ""}, "Invalid scenario: name"),
            ({"industry": "fishing"}, "Invalid scenario: industry: there is no such industry"),
            ({"subcategory": "boats"}, "Invalid scenario: subcategory: the industry has no such one"),
            ({"difficulty": "hard"}, "Invalid scenario: difficulty"),
            ({"client": {"age": 3}}, "Invalid scenario: client"),
            ({"client": {"name": "N", "deep": {"a": 1}}}, "Invalid scenario: client"),
            ({"secrets": [{"about": "x", "says": ["y"], "unlock": ["money"]}]}, "Invalid scenario: secrets.0.unlock.0"),
            ({"mustSay": [{"text": "x", "phrases": []}]}, "Invalid scenario: mustSay.0.phrases"),
            ({"passMark": 11}, "Invalid scenario: passMark"),
            ({"attempts": 0}, "Invalid scenario: attempts"),
            ({"unknown": 1}, "Invalid scenario: unknown"),
        ],
    )
    def test_says_what_is_wrong(self, tess, change, text):
        status, said = error(tess.post("/api/scenarios", {"scenario": {**CONTENT, **change}}))
        assert (status, said[: len(text)]) == (400, text)

    def test_needs_a_scenario(self, tess):
        assert error(tess.post("/api/scenarios", {})) == (400, "Missing required fields: scenario")


class TestDraft:
    def test_makes_a_scenario_and_keeps_none(self, tess):
        before = names(tess)
        answer = tess.post("/api/scenarios/draft", {"text": "Shares for beginners.", "industry": "securities"})
        made = answer.get_json()["data"]
        assert (answer.status_code, made["provider"], made["scenario"]["industry"]) == (200, "local", "securities")
        assert names(tess) == before
        assert tess.post("/api/scenarios", {"scenario": made["scenario"]}).status_code == 201

    @pytest.mark.parametrize(
        ("body", "text"),
        [
            ({}, "Missing required fields: text"),
            ({"text": "x" * 10_001}, "Invalid value for text"),
            ({"text": "x", "industry": "fishing"}, "Invalid industry"),
            ({"text": "x", "industry": "insurance", "subcategory": "boats"}, "Invalid industry"),
            ({"text": "x", "difficulty": "hard"}, "Invalid difficulty"),
        ],
    )
    def test_says_what_is_wrong(self, tess, body, text):
        assert error(tess.post("/api/scenarios/draft", body)) == (400, text)

    def test_is_for_trainers(self, alice):
        assert error(alice.post("/api/scenarios/draft", {"text": "Shares"})) == (403, "Trainer access required")

    def test_says_when_nobody_can(self, app, monkeypatch, tess):
        for chain, refusal in (
            (Chain([Scripted("openai", "No.", "No.")]), (502, "AI provider failed")),
            (Chain([]), (503, "No AI provider is configured")),
        ):
            swap_parts(app, monkeypatch, chain=chain)
            assert error(tess.post("/api/scenarios/draft", {"text": "Shares"})) == refusal

    def test_counts_as_a_call_of_the_ai(self, app, tess):
        tess.post("/api/scenarios/draft", {"text": "Shares for beginners."})
        app.extensions["rplay"].ledger.write()
        calls = "SELECT count(*) FROM ai_usage WHERE user_id = %(id)s AND agent = 'profileGeneration'"
        assert db.value(calls, id=tess.id) == 1


class TestPut:
    def test_makes_the_next_version(self, tess, theo):
        made = scenario_of(tess)
        changed = tess.put(f"/api/scenarios/{made}", {"scenario": {**CONTENT, "passMark": 9}}).get_json()["data"]
        assert (changed["version"], changed["scenario"]["passMark"]) == (2, 9)
        versions = tess.get(f"/api/scenarios/{made}/versions").get_json()["data"]
        assert [(one["version"], one["scenario"]["passMark"]) for one in versions] == [(2, 9), (1, 6)]

    def test_is_for_who_made_it_and_admins(self, admin, tess, theo):
        made, house = scenario_of(tess), scenario_of(admin)
        body = {"scenario": CONTENT}
        assert error(theo.put(f"/api/scenarios/{made}", body)) == (403, "Not authorized to change this scenario")
        assert error(tess.put(f"/api/scenarios/{house}", body)) == (403, "Not authorized to change this scenario")
        assert tess.get(f"/api/scenarios/{house}").status_code == 200
        assert admin.put(f"/api/scenarios/{made}", body).status_code == 200
        assert error(admin.put(f"/api/scenarios/{NOBODY}", body)) == (404, "Scenario not found")

    def test_ends_at_a_hundred(self, tess):
        made = scenario_of(tess)
        db.execute(
            "INSERT INTO scenario_versions (scenario_id, version, content)"
            " SELECT %(id)s, n, '{}' FROM generate_series(2, 100) n",
            id=made,
        )
        assert tess.put(f"/api/scenarios/{made}", {"scenario": CONTENT}).status_code == 409


class TestDelete:
    def test_takes_it_from_the_list_and_leaves_what_is_assigned(self, admin, tess, alice):
        group_of(admin, "Archived", tess, alice)
        made = scenario_of(tess, name="Old")
        given = assigned(tess, made, userId=alice.id)
        assert tess.delete(f"/api/scenarios/{made}").status_code == 200
        assert "Old" not in names(tess)
        assert error(tess.post("/api/assignments", {"scenarioId": made, "userId": alice.id})) == (
            409,
            "This scenario is archived",
        )
        assert alice.post(f"/api/assignments/{given}/attempts").status_code == 201


class TestTry:
    def test_begins_a_talk_whose_client_hides_what_the_scenario_says(self, tess):
        made = scenario_of(tess)
        talk = tess.post(f"/api/scenarios/{made}/try").get_json()["data"]
        assert talk["client_profile"] == CONTENT["client"]
        assert "hospital" not in str(talk)
        life = client_lives.of_simulation(talk["id"], tess.id)
        assert "I was in hospital with my heart in May" in life
        assert (life.count('"id": "secret-'), life.count('"id": "hidden-')) == (1, 0)

    def test_the_talk_keeps_its_version(self, tess):
        made = scenario_of(tess)
        talk = tess.post(f"/api/scenarios/{made}/try").get_json()["data"]
        tess.put(f"/api/scenarios/{made}", {"scenario": {**CONTENT, "passMark": 9}})
        kept = db.row(
            "SELECT scenario_version, assignment_id FROM simulation_origins WHERE simulation_id = %(id)s", id=talk["id"]
        )
        assert kept == {"scenario_version": 1, "assignment_id": None}


class TestReview:
    def test_names_what_was_missed_and_what_was_said(self, tess):
        talk = tess.post(f"/api/scenarios/{scenario_of(tess)}/try").get_json()["data"]
        lines = [
            {"role": "user", "content": "Hello Nora. I guarantee you returns."},
            {"role": "assistant", "content": "Do you?"},
        ]
        tess.put(f"/api/simulation/{talk['id']}", {"conversationHistory": lines})
        review = tess.post(f"/api/simulation/{talk['id']}/reviews").get_json()["data"]["review"]
        assert review["mustSay"] == [{"text": "Name the waiting time", "line": None, "quote": ""}]
        assert [(one["text"], one["line"]) for one in review["mustNotSay"]] == [("Promise a return", 1)]

    def test_of_another_talk_has_none_of_it(self, tess):
        talk = tess.post("/api/simulation", {"industry": "insurance", "difficulty": "beginner"}).get_json()["data"]
        tess.put(f"/api/simulation/{talk['id']}", {"conversationHistory": [{"role": "user", "content": "Hello"}]})
        review = tess.post(f"/api/simulation/{talk['id']}/reviews").get_json()["data"]["review"]
        assert "mustSay" not in review
