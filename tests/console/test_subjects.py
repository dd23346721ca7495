"""Competencies, industries, parameters and personality on an admin's pages, and who changed them."""

import json
from uuid import uuid4

import pytest

from rplay import db
from rplay.db import parameters, personality
from rplay.db.personality import Mood
from tests.conftest import settings_for
from tests.console.conftest import shown

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def browser(signed_in, admin):
    return signed_in(admin)


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """With data files of this module's own, as they are changed."""
    return settings_for(data_dir=tmp_path_factory.mktemp("subjects"), ai_providers=["local"])


@pytest.fixture
def files(app):
    return app.extensions["rplay"].data


def last_entry():
    return db.row("SELECT action, details FROM audit_log ORDER BY at DESC, id LIMIT 1")


class TestCompetencies:
    FIELDS = {"name": "Plain Words", "category": "Talking", "weight": "7,5", "description": "Says it simply."}
    PATH = "/console/competencies/plain-words"

    def test_are_made_changed_and_removed(self, browser, files):
        assert browser.post("/console/competencies/new", self.FIELDS).location.endswith(self.PATH)
        page = shown(browser.get(self.PATH))
        assert "There is none: it is judged by its description." in page.words
        assert "between <situation>" in " ".join(page.words.split())
        assert browser.post(self.PATH, {**self.FIELDS, "weight": "20"}).status_code == 303
        found = next(one for one in files.competencies() if one["id"] == "plain-words")
        assert (found["weight"], found["category"]) == (20, "Talking")
        assert last_entry()["details"]["changes"] == [{"at": "plain-words.weight", "before": 7.5, "after": 20}]
        assert browser.post(f"{self.PATH}/remove").status_code == 303
        assert browser.get(self.PATH).status_code == 404

    def test_go_from_the_lists_of_industries_too(self, browser, files):
        browser.post("/console/competencies/new", self.FIELDS)
        with files.change("industry-competencies") as lists:
            lists["insurance"]["life-health"]["competencies"].append("plain-words")
        assert "insurance: life-health" in shown(browser.get(self.PATH)).words
        browser.post(f"{self.PATH}/remove")
        assert "plain-words" not in json.dumps(files.industry_competencies())

    def test_with_a_name_that_is_taken_are_refused(self, browser):
        fields = {**self.FIELDS, "name": "Communication"}
        answer = browser.post("/console/competencies/new", fields)
        assert (answer.status_code, 'id="name-wrong"' in answer.text) == (409, True)

    @pytest.mark.parametrize(("field", "value"), [("weight", "101"), ("weight", "x"), ("name", "!!"), ("category", "")])
    def test_that_do_not_fit_are_refused(self, browser, files, field, value):
        before = files.raw("competencies")
        answer = browser.post("/console/competencies/new", {**self.FIELDS, field: value})
        assert (answer.status_code, f'id="{field}-wrong"' in answer.text) == (400, True)
        assert files.raw("competencies") == before


class TestIndustries:
    def test_are_listed_and_changed(self, browser, files):
        assert "Life & Health" in shown(browser.get("/console/industries")).words
        path = "/console/industries/insurance"
        assert "between <industry>" in " ".join(shown(browser.get(path)).words.split())
        fields = {"name": "Insurers", "role_label": "Somebody insured", "role_description": ""}
        assert browser.post(path, fields).status_code == 303
        about = files.industry_metadata()["insurance"]
        assert (about["displayName"], about["aiRoleLabel"]) == ("Insurers", "Somebody insured")
        assert "life-health" in about["subcategories"]

    def test_are_added_with_a_kind_of_advice(self, browser, files):
        assert browser.post("/console/industries", {"name": "Home Loans"}).location.endswith("/industries/home-loans")
        assert browser.get("/console/industries/home-loans").status_code == 200
        assert files.competencies_for("home-loans", "default")
        assert browser.post("/console/industries", {"name": "home loans"}).status_code == 409
        added = browser.post("/console/industries/home-loans/subcategories", {"name": "First Home"})
        assert browser.get(added.location).status_code == 200
        assert "first-home" in files.industry_competencies()["home-loans"]

    def test_a_kind_of_advice_trains_what_is_ticked(self, browser, files):
        path = "/console/industries/insurance/life-health"
        boxes = {one["value"] for one in shown(browser.get(path)).each("input", name="areas")}
        assert "annuities" in boxes
        fields = {
            "name": "Life",
            "competencies": ["communication", "needs-assessment"],
            "areas": ["annuities"],
            "trained": ["annuities/communication"],
            "new_area": "Pet Cover",
        }
        assert browser.post(path, fields).status_code == 303
        lists = files.industry_competencies()["insurance"]["life-health"]
        assert lists["competencies"] == ["communication", "needs-assessment"]
        assert lists["focusAreas"]["annuities"] == {"competencies": ["communication"], "enabled": True}
        assert lists["focusAreas"]["life-insurance"] == {"competencies": [], "enabled": False}
        assert lists["focusAreas"]["pet-cover"] == {"competencies": lists["competencies"], "enabled": True}

    def test_a_difficulty_says_how_clients_are(self, browser, files):
        path = "/console/industries/insurance/difficulties/advanced"
        assert "how_you_deal_with_advisors" in browser.get(path).text
        fields = {"description": "Hard", "behavior": "Says little.", "visible": ["age", "income"]}
        assert browser.post(path, fields).status_code == 303
        setting = files.difficulty_setting("insurance", "advanced")
        assert (setting["clientBehavior"], setting["visibleDetails"]["income"]) == ("Says little.", True)
        assert setting["visibleDetails"]["occupation"] is False
        assert "name" in setting["visibleDetails"]

    @pytest.mark.parametrize("path", ["none", "none/default", "insurance/none", "insurance/difficulties/none"])
    def test_that_are_not_there_are_not_found(self, browser, path):
        assert browser.get(f"/console/industries/{path}").status_code == 404
        assert browser.post(f"/console/industries/{path}", {"name": "X"}).status_code == 404

    def test_unknown_competencies_are_refused(self, browser):
        for fields in ({"competencies": ["none"]}, {"trained": ["annuities/none"]}):
            assert browser.post("/console/industries/insurance/life-health", {"name": "L", **fields}).status_code == 400


@pytest.fixture
def parameter(app, browser):
    """The id of a new one, in a category of its own."""
    name = f"Bounds {uuid4().hex}"
    browser.post("/console/parameters", {"name": name, "parameter_type": "guardrails"})
    category = db.value("SELECT id::text FROM parameter_categories WHERE name = %(name)s", name=name)
    path = f"/console/parameters/categories/{category}"
    made = browser.post(f"{path}/parameters", {"name": "Never", "value": "whistle", "description": "At all"})
    return made.location.rpartition("/")[2].partition("?")[0], path


class TestParameters:
    def test_show_the_line_as_agents_are_told_it(self, browser, parameter):
        page = browser.get(f"/console/parameters/{parameter[0]}")
        assert "- Never = whistle: At all" in shown(page).words
        for agent in ("The client", "The coach", "Who makes clients", "The reviewer"):
            assert agent in page.text
        assert "Never" in browser.get("/console/parameters").text

    def test_are_changed_and_can_be_emptied(self, browser, parameter):
        path = f"/console/parameters/{parameter[0]}"
        fields = {"name": "Never", "value": "", "description": "", "range": "any", "examples": ""}
        assert browser.post(path, fields).status_code == 303
        found = parameters.get(parameter[0])
        assert (found.value, found.description, found.range) == ("", "", "any")
        assert last_entry()["action"] == "parameter.change"
        browser.post(path, {**fields, "value": "[1, 2]"})
        assert parameters.get(parameter[0]).value == [1, 2]
        assert "[1,2]" in browser.get(path).text

    def test_are_removed_and_then_their_category(self, browser, parameter):
        one, category = parameter
        assert browser.post(f"{category}/remove").status_code == 409
        assert browser.post(f"/console/parameters/{one}/remove").status_code == 303
        assert browser.get(f"/console/parameters/{one}").status_code == 404
        assert browser.post(category, {"name": "Other", "parameter_type": "narrative"}).status_code == 303
        assert "Other" in browser.get(category).text
        assert browser.post(f"{category}/remove").status_code == 303
        assert browser.get(category).status_code == 404

    def test_a_category_of_the_same_name_is_refused(self, browser):
        fields = {"name": "Twice", "parameter_type": "structured"}
        assert browser.post("/console/parameters", fields).status_code == 303
        assert browser.post("/console/parameters", fields).status_code == 409
        assert browser.post("/console/parameters", {**fields, "parameter_type": "x"}).status_code == 400

    def test_are_as_shipped_again(self, browser, parameter):
        assert browser.post("/console/parameters/reset").status_code == 303
        assert browser.get(f"/console/parameters/{parameter[0]}").status_code == 404
        assert "Answer length" in browser.get("/console/parameters").text


class TestPersonality:
    def test_parts_are_made_changed_and_removed(self, browser):
        assert browser.post("/console/personality/mood/new", {"name": "Giddy", "intensity": "80"}).status_code == 303
        mood = next(one for one in personality.every(Mood) if one.name == "Giddy")
        path = f"/console/personality/mood/{mood.id}"
        assert browser.post(path, {"name": "Giddy", "description": "Laughs", "intensity": "90"}).status_code == 303
        assert (personality.get(Mood, mood.id).intensity, last_entry()["action"]) == (90, "mood.change")
        assert "Laughs" in browser.get("/console/personality").text
        assert browser.post(f"{path}/remove").status_code == 303
        assert browser.get(path).status_code == 404

    @pytest.mark.parametrize("kind", ["core-trait", "archetype", "communication-style", "mood", "quirk"])
    def test_every_kind_has_its_form(self, browser, kind):
        path = f"/console/personality/{kind}/new"
        names = {one["name"] for tag in ("input", "textarea") for one in shown(browser.get(path)).each(tag)}
        fields = dict.fromkeys(names, "30")
        assert browser.post(path, {**fields, "name": f"A {kind}"}).status_code == 303
        assert browser.post(path, {**fields, "name": ""}).status_code == 400

    def test_what_a_kind_needs_has_to_be_there(self, browser):
        answer = browser.post("/console/personality/quirk/new", {"name": "Hums"})
        assert (answer.status_code, 'id="impact-wrong"' in answer.text) == (400, True)
        assert browser.post("/console/personality/mood/new", {"name": "M", "intensity": "101"}).status_code == 400
        assert browser.get("/console/personality/none/new").status_code == 404


class TestChanges:
    def test_say_who_and_what_stood_there_before(self, browser, admin, files):
        browser.post("/console/competencies/new", {"name": "Noted", "category": "X", "weight": "1"})
        page = shown(browser.get("/console/changes?what=competencies.change"))
        assert "competencies.change" in page.words
        assert "noted" in page.words
        assert "Nothing was changed yet" in browser.get("/console/changes?what=none").text

    def test_come_in_pages(self, browser, admin):
        db.execute(
            """
            INSERT INTO audit_log (at, action, by_user_id)
            SELECT now() - n * interval '1 second', 'many.change', %(id)s FROM generate_series(1, 60) AS n
            """,
            id=admin.id,
        )
        first = browser.get("/console/changes?what=many.change")
        (older,) = shown(first).each("a", rel="next")
        second = browser.get(f"/console/changes{older['href']}")
        assert (first.text.count("many.change</code>"), second.text.count("many.change</code>")) == (50, 10)

    @pytest.mark.parametrize("query", ["before=x", "before=2026-01-01", "what=%00", "before="])
    def test_bear_any_question(self, browser, query):
        assert browser.get(f"/console/changes?{query}").status_code == 200


def test_all_of_it_is_for_admins_only(signed_in, alice, trainer):
    for who in (alice, trainer):
        for page in ("competencies", "industries", "parameters", "personality", "changes"):
            assert signed_in(who).get(f"/console/{page}").status_code == 403
