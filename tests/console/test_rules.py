"""Rubrics and compliance, changed on pages, and tried on stored talks first."""

import json

import pytest

from rplay import db
from tests.conftest import settings_for
from tests.console.conftest import shown
from tests.judged import talk_of

RULE = "/console/rules/compliance/guaranteed-returns"
RUBRIC = "/console/rules/rubrics/communication/beginner"


@pytest.fixture
def browser(signed_in, admin):
    return signed_in(admin)


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """With data files of this module's own, as they are changed."""
    return settings_for(data_dir=tmp_path_factory.mktemp("rules"), ai_providers=["local"])


@pytest.fixture
def files(app):
    return app.extensions["rplay"].data


def rule_of(files):
    return next(one for one in json.loads(files.raw("compliance")) if one["id"] == "guaranteed-returns")


FIELDS = {
    "name": "No promises",
    "definition": "Promises what nobody can know.",
    "severity": "medium",
    "cap": "4,5",
    "industries": "",
    "examples": "I guarantee it.\r\n\r\n  It is certain. ",
    "counter_examples": "I cannot promise that.",
    "client_says": "Nobody knows that.",
}
LEVELS = {f"s{n}": f"Level {n}\nAnd more of {n}" for n in (1, 3, 5, 7, 9)}


class TestCompliance:
    def test_is_shown_as_it_stands(self, browser):
        assert "Guaranteed or assured returns" in shown(browser.get("/console/rules")).words
        assert "Tells the client that an investment" in browser.get(RULE).text

    def test_is_tried_on_stored_talks_and_then_nothing_has_changed(self, browser, alice, files):
        db.execute("DELETE FROM simulations")
        lines = [
            {"role": "user", "content": "Good morning. I guarantee you'll make ten percent a year on this."},
            {"role": "assistant", "content": "Really?"},
        ]
        talk_of(alice, lines=lines)
        before = files.raw("compliance")
        page = shown(browser.post(RULE, {**FIELDS, "trial": "1"}))
        assert "1 talk reviewed by the rules of now and by yours." in page.words
        assert "Overall" in page.words
        assert "No promises" in [one.get("value") for one in page.each("input", name="name")]
        assert files.raw("compliance") == before

    def test_says_where_there_is_nothing_to_try_it_on(self, browser):
        db.execute("DELETE FROM simulations")
        assert "There is no talk yet" in browser.post(RULE, {**FIELDS, "trial": "1"}).text

    def test_is_saved_and_written_down(self, browser, files):
        assert browser.post(RULE, FIELDS).status_code == 303
        found = rule_of(files)
        assert (found["name"], found["severity"], found["cap"]) == ("No promises", "medium", 4.5)
        assert found["examples"] == ["I guarantee it.", "It is certain."]
        assert (found["industries"], found["counterExamples"]) == ([], ["I cannot promise that."])
        assert db.value("SELECT count(*) FROM audit_log WHERE action = 'compliance.change'") == 1

    @pytest.mark.parametrize(
        ("field", "value"), [("cap", "11"), ("cap", "x"), ("cap", "nan"), ("severity", "dire"), ("name", "")]
    )
    def test_is_refused_when_it_does_not_fit(self, browser, files, field, value):
        before = files.raw("compliance")
        answer = browser.post(RULE, {**FIELDS, field: value})
        assert (answer.status_code, f'id="{field}-wrong"' in answer.text) == (400, True)
        assert files.raw("compliance") == before

    def test_that_is_not_there_is_not_found(self, browser):
        assert browser.get("/console/rules/compliance/none").status_code == 404
        assert browser.post("/console/rules/compliance/none", FIELDS).status_code == 404


class TestRubrics:
    def test_are_tried_and_saved(self, browser, alice, files):
        before = files.raw("rubrics")
        db.execute("DELETE FROM simulations")
        talk_of(alice)
        assert "1 talk reviewed" in browser.post(RUBRIC, {**LEVELS, "trial": "1"}).text
        assert files.raw("rubrics") == before
        assert browser.post(RUBRIC, LEVELS).status_code == 303
        rubric = next(one for one in json.loads(files.raw("rubrics")) if one["id"] == "communication")["rubric"]
        assert [one["criteria"] for one in rubric["beginner"]] == [
            [f"Level {n}", f"And more of {n}"] for n in (1, 3, 5, 7, 9)
        ]
        assert rubric["advanced"] != rubric["beginner"]
        assert "And more of 9" in browser.get(RUBRIC).text

    def test_need_criteria_for_every_range(self, browser, files):
        before = files.raw("rubrics")
        answer = browser.post(RUBRIC, {**LEVELS, "s5": " ; \n"})
        assert (answer.status_code, 'id="s5-wrong"' in answer.text) == (400, True)
        assert files.raw("rubrics") == before

    @pytest.mark.parametrize("path", ["none/beginner", "communication/expert"])
    def test_that_are_not_there_are_not_found(self, browser, path):
        assert browser.get(f"/console/rules/rubrics/{path}").status_code == 404
        assert browser.post(f"/console/rules/rubrics/{path}", LEVELS).status_code == 404


def test_rules_are_for_admins_only(signed_in, alice, trainer):
    for who in (alice, trainer):
        for path in ("/console/rules", RULE, RUBRIC):
            assert signed_in(who).get(path).status_code == 403
        assert signed_in(who).post(RULE, FIELDS).status_code == 403
