"""Rubrics and compliance, changed on pages, and tried on stored talks first."""

import json

import gevent
import pytest

from rplay import db
from rplay.db import jobs
from rplay.errors import AIUnavailable
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


def tried(browser, path, fields, trial="few"):
    """The page that the trial leads to, once it is done."""
    led = browser.post(path, {**fields, "trial": trial})
    assert led.status_code == 303
    for _ in range(200):
        page = browser.get(led.location)
        if "aria-busy" not in page.text:
            return shown(page)
        gevent.sleep(0.05)
    raise AssertionError(page.text)


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
        page = tried(browser, RULE, FIELDS)
        assert "1 talk reviewed by the rules of now and by yours." in page.words
        assert "Overall" in page.words
        assert "No promises" in [one.get("value") for one in page.each("input", name="name")]
        assert files.raw("compliance") == before

    def test_says_where_there_is_nothing_to_try_it_on(self, browser):
        db.execute("DELETE FROM simulations")
        assert "There is no talk yet" in tried(browser, RULE, FIELDS).words

    def test_is_saved_and_written_down(self, browser, files, admin):
        db.execute("DELETE FROM audit_log")
        assert browser.post(RULE, FIELDS).status_code == 303
        found = rule_of(files)
        assert (found["name"], found["severity"], found["cap"]) == ("No promises", "medium", 4.5)
        assert found["examples"] == ["I guarantee it.", "It is certain."]
        assert (found["industries"], found["counterExamples"]) == ([], ["I cannot promise that."])
        entry = db.row("SELECT by_user_id::text AS by, details FROM audit_log WHERE action = 'compliance.change'")
        changes = {one["at"]: (one["before"], one["after"]) for one in entry["details"]["changes"]}
        assert (entry["by"], changes["guaranteed-returns.severity"][1]) == (admin.id, "medium")
        assert browser.post(RULE, FIELDS).status_code == 303
        assert db.value("SELECT count(*) FROM audit_log") == 1  # nothing was changed the second time

    def test_is_added_and_removed(self, browser, files):
        new = {**FIELDS, "name": "Tips from insiders"}
        assert browser.post("/console/rules/compliance/new", new).status_code == 303
        assert "tips-from-insiders" in [one["id"] for one in json.loads(files.raw("compliance"))]
        again = browser.post("/console/rules/compliance/new", new)
        assert (again.status_code, "each id must stand once" in again.text) == (400, True)
        path = "/console/rules/compliance/tips-from-insiders"
        before = files.raw("compliance")
        assert "What would move" in tried(browser, f"{path}/remove", {}).words
        assert files.raw("compliance") == before
        assert browser.post(f"{path}/remove").status_code == 303
        assert browser.get(path).status_code == 404

    @pytest.mark.parametrize("name", ["new", "!!!"])
    def test_needs_a_name_that_an_address_can_have(self, browser, files, name):
        assert browser.post("/console/rules/compliance/new", {**FIELDS, "name": name}).status_code == 400

    def test_the_last_one_stays(self, browser, files):
        with files.change("compliance") as content:
            kept, content[:] = list(content), content[:1]
        assert browser.post(f"/console/rules/compliance/{kept[0]['id']}/remove").status_code == 409
        with files.change("compliance") as content:
            content[:] = kept

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
        assert "1 talk reviewed" in tried(browser, RUBRIC, LEVELS).words
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


class TestTrials:
    def test_are_shown_to_who_began_them_only(self, browser, signed_in, company_admin):
        led = browser.post(RULE, {**FIELDS, "name": "Mine alone", "trial": "few"}).location
        job = led.partition("trial=")[2]
        assert "Mine alone" in browser.get(led).text
        assert "Mine alone" not in signed_in(company_admin).get(led).text
        assert signed_in(company_admin).get(f"/console/jobs/{job}").status_code == 404

    def test_tell_a_script_how_far_they_are_and_lead_others_to_their_page(self, browser):
        led = browser.post(RULE, {**FIELDS, "trial": "few"}).location
        path = f"/console/jobs/{led.partition('trial=')[2]}"
        assert browser.get(path).location == led
        assert "<html" not in browser.get(path, **{"HX-Request": "true"}).text

    def test_of_a_server_that_is_gone_say_so(self, browser, admin):
        job = jobs.begin("trial", admin.id, {"page": f"{RULE}?trial=", "fields": {}}, 5)
        assert "aria-busy" in browser.get(f"{RULE}?trial={job}").text
        db.execute("UPDATE jobs SET heard_at = now() - interval '6 minutes' WHERE id = %(id)s", id=job)
        assert "The server was restarted" in browser.get(f"{RULE}?trial={job}").text

    def test_that_fail_say_so_and_keep_the_form(self, browser, monkeypatch):
        def fails(*_):
            raise AIUnavailable("no")

        monkeypatch.setattr("rplay.reviews.trying.tried", fails)
        page = tried(browser, RULE, {**FIELDS, "name": "Kept"})
        assert "The AI service did not answer" in page.words
        assert "Kept" in [one.get("value") for one in page.each("input", name="name")]

    @pytest.mark.parametrize("trial", ["", "x", "00000000-0000-4000-8000-000000000000"])
    def test_that_are_none_are_passed_over(self, browser, trial):
        assert browser.get(f"{RULE}?trial={trial}").status_code == 200
