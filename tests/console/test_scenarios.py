"""Scenarios and assignments on pages: made, tried, assigned, practised and read about in the review."""

import csv
import io
from datetime import UTC, datetime

import pytest
from agents.scripted import Scripted

from rplay import db
from rplay.agents.chain import Chain
from rplay.console.workshop import Workshop, filled, scenario_of
from rplay.training.files import parsed, shipped, take_shipped
from rplay.training.scenario import Content
from tests.blueprints.test_assignments import finished
from tests.conftest import swap_parts
from tests.console.conftest import shown
from tests.judged import NOBODY, group_of
from tests.trained import CONTENT, assigned
from tests.trained import scenario_of as made_by

FIELDS = {
    "name": "The cover",
    "kind": "insurance/life-health",
    "difficulty": "beginner",
    "task": "Find out.",
    "client_name": "Nora Feld",
    "age": "41",
    "goals": "Keep the workshop\nRest",
    "about_1": "my heart",
    "words_1": "heart, hospital",
    "says_1": "I was in hospital in May.",
    "unlock_1": ["reason", "empathy"],
    "must_say": "Name the waiting time: waiting time; six months",
    "must_not_say": "Promise a return (medium): guarantee* returns\nSwear",
    "points_shown": "yes",
    "pass_mark": "6,5",
    "fails_from": "high",
    "attempts": "2",
}


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


def kept(answer, person):
    """What the page led to, as the API tells it."""
    assert answer.status_code == 303, answer.text
    return person.get(f"/api{answer.location.removeprefix('/console')}").get_json()["data"]


class TestWorkshop:
    def test_makes_a_scenario_of_its_fields(self, signed_in, tess):
        made = kept(signed_in(tess).post("/console/scenarios/new", FIELDS), tess)["scenario"]
        assert made["client"]["age"] == 41
        assert made["client"]["goals"] == ["Keep the workshop", "Rest"]
        assert made["secrets"][0]["unlock"] == ["reason", "empathy"]
        assert made["mustNotSay"] == [
            {"text": "Promise a return", "phrases": ["guarantee* returns"], "severity": "medium"},
            {"text": "Swear", "phrases": ["Swear"], "severity": "high"},
        ]
        assert (made["passMark"], made["attempts"], made["minutes"]) == (6.5, 2, None)
        assert made["pointsShown"] is True

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"name": ""}, "name"),
            ({"client_name": ""}, "client_name"),
            ({"kind": "fishing/x"}, "kind"),
            ({"pass_mark": "11"}, "pass_mark"),
            ({"attempts": "some"}, "attempts"),
            ({"unlock_1": []}, "about_1"),
            ({"minutes": "0"}, "minutes"),
        ],
    )
    def test_says_beside_the_field_what_is_wrong_and_keeps_what_was_typed(self, signed_in, tess, change, field):
        answer = signed_in(tess).post("/console/scenarios/new", {**FIELDS, **change})
        assert answer.status_code == 400
        page = shown(answer)
        assert f'id="{field}-wrong"' in answer.text
        assert "Find out." in page.words

    def test_keeps_the_next_version_and_what_has_no_field(self, signed_in, tess):
        many = [{**CONTENT["secrets"][0], "about": f"secret {number}"} for number in range(5)]
        made = made_by(tess, secrets=many, client={**CONTENT["client"], "education": "None"})
        browser = signed_in(tess)
        page = browser.get(f"/console/scenarios/{made}")
        assert "I was in hospital" in page.text
        fields = filled(Content.model_validate(tess.get(f"/api/scenarios/{made}").get_json()["data"]["scenario"]))
        changed = kept(browser.post(f"/console/scenarios/{made}", {**fields, "name": "Another"}), tess)
        assert (changed["version"], changed["scenario"]["name"], len(changed["scenario"]["secrets"])) == (
            2,
            "Another",
            5,
        )
        assert changed["scenario"]["client"]["education"] == "None"

    @pytest.mark.parametrize(("name", "text"), list(shipped()))
    def test_the_shipped_ones_are_the_same_after_it(self, app, name, text):
        with app.app_context():
            industries = app.extensions["rplay"].data.industry_metadata()
        _, content = parsed(text, industries)
        again = scenario_of(Workshop.model_validate(filled(content)), content.as_object())
        again["client"] = {key: value for key, value in again["client"].items() if value or key in content.client}
        assert Content.model_validate(again) == content

    def test_is_for_trainers(self, signed_in, lena):
        browser = signed_in(lena)
        for answer in (
            browser.get("/console/scenarios"),
            browser.get("/console/scenarios/new"),
            browser.post("/console/scenarios/new", FIELDS),
        ):
            assert answer.status_code == 403
        assert "Scenarios" not in browser.get("/console/").text

    def test_a_scenario_is_tried_and_archived(self, signed_in, tess):
        made = made_by(tess, name="To be archived")
        browser = signed_in(tess)
        answer = browser.post(f"/console/scenarios/{made}/try")
        assert answer.status_code == 303
        card = browser.get(answer.location)
        assert "Nora Feld" in card.text
        assert "Name the waiting time" in card.text
        assert "Learners do not see these points" in card.text
        assert "hospital" not in card.text
        assert "Another client" not in card.text
        assert "To be archived" in browser.get("/console/scenarios").text
        assert browser.post(f"/console/scenarios/{made}/archive").status_code == 303
        assert "To be archived" not in browser.get("/console/scenarios").text

    def test_the_client_of_a_scenario_is_not_exchanged(self, signed_in, tess):
        browser = signed_in(tess)
        card = browser.post(f"/console/scenarios/{made_by(tess)}/try").location
        assert browser.post(card).status_code == 303
        assert "Nora Feld" in browser.get(card).text


class TestShipped:
    def test_are_taken_by_one_button_once(self, signed_in, tess, lena):
        db.execute("DELETE FROM scenarios")
        trainer = signed_in(tess)
        assert "Take the shipped six" in trainer.get("/console/scenarios").text
        for _ in range(2):
            assert trainer.post("/console/scenarios/shipped").status_code == 303
        page = trainer.get("/console/scenarios").text
        assert page.count("for every trainer") == 6
        assert "The first shares" in page
        assert "Take the shipped six" not in page
        assert signed_in(lena).post("/console/scenarios/shipped").status_code == 403

    def test_leave_what_was_made_of_them(self, signed_in, admin, tess):
        db.execute("DELETE FROM scenarios")
        trainer = signed_in(tess)
        trainer.post("/console/scenarios/shipped")
        (first, *_) = tess.get("/api/scenarios").get_json()["data"]
        admin.put(f"/api/scenarios/{first['id']}", {"scenario": CONTENT})
        trainer.post("/console/scenarios/shipped")
        assert tess.get(f"/api/scenarios/{first['id']}").get_json()["data"]["version"] == 2

    def test_are_without_those_of_industries_that_are_gone(self, admin, database):
        db.execute("DELETE FROM scenarios")
        with db.transaction() as tx:
            assert take_shipped({"insurance": {"subcategories": {"life-health": {}}}}, tx) == 1
        assert db.value("SELECT key FROM scenarios") == "income-must-not-stop"


class TestDraft:
    TEXT = "Nora Feld, 41, is a carpenter. She hides that she was in hospital. The advisor must name the waiting time."

    def test_fills_the_form_and_keeps_nothing(self, signed_in, tess):
        before = tess.get("/api/scenarios").get_json()["data"]
        browser = signed_in(tess)
        for headers in ({}, {"HX-Request": "true"}):
            answer = browser.post("/console/scenarios/draft", {"text": self.TEXT}, **headers)
            assert answer.status_code == 200
            assert 'value="Nora Feld"' in answer.text
            assert "Name the waiting time: waiting time" in answer.text
            assert ("<html" in answer.text) == (not headers)
        assert tess.get("/api/scenarios").get_json()["data"] == before

    @pytest.mark.parametrize(
        ("fields", "status"),
        [({"text": ""}, 400), ({"text": "x" * 10_001}, 400), ({"text": "x", "draft_kind": "fishing/x"}, 400)],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(self, signed_in, tess, fields, status):
        browser = signed_in(tess)
        answer = browser.post("/console/scenarios/draft", fields)
        assert answer.status_code == status
        assert "Write what it is to be about" in answer.text
        assert fields["text"][:50] in answer.text
        part = browser.post("/console/scenarios/draft", fields, **{"HX-Request": "true"})
        assert (part.status_code, part.headers["HX-Retarget"]) == (status, "#draft-wrong")

    def test_says_when_no_draft_came(self, app, monkeypatch, signed_in, tess):
        browser = signed_in(tess)
        for chain, status, words in (
            (Chain([Scripted("openai", "No.", "No.")]), 502, "No draft came just now"),
            (Chain([]), 503, "No AI is set up on this server"),
        ):
            swap_parts(app, monkeypatch, chain=chain)
            answer = browser.post("/console/scenarios/draft", {"text": self.TEXT})
            assert answer.status_code == status
            assert words in answer.text
            assert "She hides" in answer.text

    def test_is_for_trainers(self, signed_in, lena):
        assert signed_in(lena).post("/console/scenarios/draft", {"text": self.TEXT}).status_code == 403


class TestAssigned:
    def test_on_the_groups_page_and_begun_from_home(self, signed_in, tess, lena, group):
        made = made_by(tess)
        trainer, learner = signed_in(tess), signed_in(lena)
        fields = {"scenario": made, "due": "2100-01-31", "attempts": "1"}
        assert trainer.post(f"/console/groups/{group}/assignments", fields).status_code == 303
        assert "0 / 1" in trainer.get(f"/console/groups/{group}").text
        home = learner.get("/console/")
        assert "Assigned to you" in home.text
        (form,) = [one for one in shown(home).each("form") if one["action"].endswith("/begin")]
        answer = learner.post(form["action"])
        assert "/client" in answer.location
        assert learner.post(form["action"]).location == "/console/"
        assert "Go on" in learner.get("/console/").text
        given = form["action"].split("/")[3]
        page = trainer.get(f"/console/assignments/{given}")
        assert "begun" in page.text
        assert "Lena" in page.text

    def test_the_briefing_says_until_when_and_how_often(self, signed_in, tess, lena, group):
        given = assigned(tess, made_by(tess, attempts=3, minutes=20), groupId=group, dueAt="2100-01-31")
        learner = signed_in(lena)
        card = learner.get(learner.post(f"/console/assignments/{given}/begin").location).text
        for words in ("You have 20 minutes", "Jan 31, 2100", "2 more attempts after this one"):
            assert words in card

    @pytest.mark.parametrize("shown_before", [True, False])
    def test_what_must_be_said_is_sent_to_learners_only_where_the_scenario_says_so(
        self, signed_in, tess, lena, group, shown_before
    ):
        given = assigned(tess, made_by(tess, pointsShown=shown_before), groupId=group)
        learner = signed_in(lena)
        card = learner.post(f"/console/assignments/{given}/begin").location
        for path in (card, card.removesuffix("/client")):
            page = learner.get(path).text
            assert ("Name the waiting time" in page, "Promise a return" in page) == (shown_before, shown_before)
            assert "The waiting time is six months." in page

    @pytest.mark.parametrize("fields", [{}, {"due": "soon"}, {"attempts": "0"}, {"attempts": "x"}, {"scenario": "x"}])
    def test_what_is_wrong_is_said_on_the_groups_page(self, signed_in, tess, group, fields):
        made = made_by(tess)
        sent = {"scenario": made, **fields} if fields else {}
        answer = signed_in(tess).post(f"/console/groups/{group}/assignments", sent)
        assert answer.status_code == 400
        assert "-wrong" in answer.text

    def test_to_one_learner_of_the_group(self, signed_in, admin, tess, lena, bob, group):
        admin.post(f"/api/groups/{group}/members", {"userId": bob.id})
        trainer = signed_in(tess)
        fields = {"scenario": made_by(tess, name="For Lena alone"), "learner": lena.id}
        assert trainer.post(f"/console/groups/{group}/assignments", fields).status_code == 303
        assert "For Lena alone" in signed_in(lena).get("/console/").text
        assert "For Lena alone" not in signed_in(bob).get("/console/").text
        page = trainer.get(f"/console/groups/{group}")
        (row,) = [row for row in page.text.split("<tr>") if "For Lena alone</a>" in row]
        assert '<td data-label="For">Lena' in row

    def test_to_nobody_elses_learner(self, signed_in, tess, alice, group):
        trainer = signed_in(tess)
        scenario = made_by(tess)
        for learner, status in ((alice.id, 403), (NOBODY, 403), ("x", 400)):
            fields = {"scenario": scenario, "learner": learner}
            assert trainer.post(f"/console/groups/{group}/assignments", fields).status_code == status

    def test_deadline_and_attempts_are_changed_and_taken_away(self, signed_in, tess, lena, group):
        given = assigned(tess, made_by(tess, attempts=4), groupId=group, dueAt="2100-01-31T12:30:00", attempts=1)
        trainer = signed_in(tess)
        path = f"/console/assignments/{given}"

        def now():
            found = tess.get(f"/api/assignments/{given}").get_json()["data"]["assignment"]
            return found["due_at"], found["attempts"]

        page = shown(trainer.get(path))
        fields = {one["name"]: one["value"] for one in page.each("input")}
        assert fields == {"due": "2100-01-31", "attempts": "1", "remind": ""}
        before = now()
        assert trainer.post(path, fields).status_code == 303
        assert now() == before
        assert trainer.post(path, {"due": "2100-03-01", "attempts": "2"}).status_code == 303
        assert (now()[0][:10], now()[1]) == ("2100-03-01", 2)
        assert trainer.post(path, {"due": "2100-03-01", "remind": "7"}).status_code == 303
        assert 'value="7"' in trainer.get(path).text
        assert trainer.post(path, {"due": "", "attempts": ""}).status_code == 303
        assert now() == (None, 4)
        for wrong in ({"due": "soon"}, {"attempts": "0"}, {"remind": "90"}):
            assert trainer.post(path, wrong).status_code == 400
        assert now() == (None, 4)

    def test_results_as_a_table_and_who_took_them_marks_blind_no_more(self, signed_in, tess, lena, group):
        given = assigned(tess, made_by(tess), groupId=group)
        talk = finished(lena, given, 8.5, ["low", "high", "low"])
        finished(lena, given, 7)
        assert tess.get(f"/api/simulation/{talk}/reviews?blind=true").status_code == 200
        answer = signed_in(tess).get(f"/console/assignments/{given}/results.csv")
        head, row = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
        assert head[:4] == ["Learner", "E-mail address", "State", "Attempts"]
        assert row[:5] == ["Lena", lena.email, "passed", "2", "8.5"]
        assert row[6] == "high: 1, low: 2"
        assert row[5][:10] == row[7][:10] == datetime.now(UTC).date().isoformat()
        answer = tess.post(f"/api/simulation/{talk}/marks", {"scores": {"overall": 5}})
        assert answer.status_code == 409

    def test_is_taken_back(self, signed_in, tess, lena, group):
        given = assigned(tess, made_by(tess), groupId=group)
        assert signed_in(tess).post(f"/console/assignments/{given}/remove").status_code == 303
        assert "Assigned to you" not in signed_in(lena).get("/console/").text

    def test_another_groups_trainer_sees_and_changes_nothing(self, signed_in, admin, tess, theo, lena, group):
        given = assigned(tess, made_by(tess), groupId=group)
        browser = signed_in(theo)
        assert browser.get(f"/console/assignments/{given}").status_code == 403
        assert browser.post(f"/console/assignments/{given}/remove").status_code == 403
        assert browser.post(f"/console/assignments/{given}/begin").status_code == 403
        fields = {"scenario": made_by(theo)}
        assert browser.post(f"/console/groups/{group}/assignments", fields).status_code == 403


def test_the_review_tells_what_was_missed_and_what_was_said(signed_in, tess):
    browser = signed_in(tess)
    card = browser.post(f"/console/scenarios/{made_by(tess)}/try").location
    talk = card.split("/")[3]
    lines = [
        {"role": "user", "content": "Hello Nora. I guarantee you returns."},
        {"role": "assistant", "content": "Oh?"},
    ]
    tess.put(f"/api/simulation/{talk}", {"conversationHistory": lines})
    assert browser.post(f"/console/talks/{talk}/review").status_code == 303
    page = shown(browser.get(f"/console/talks/{talk}/review"))
    assert "What the scenario asked for" in page.words
    assert "missed Name the waiting time" in " ".join(page.words.split())
    assert "I guarantee you returns" in page.words
    assert db.value("SELECT scenario_version FROM simulation_origins WHERE simulation_id = %(id)s", id=talk) == 1
