"""/api/competencies, as a client sees it."""

import json
import threading
import uuid

import pytest

from rplay import data
from tests.conftest import error, settings_for

C = "/api/competencies"
SIX = {
    "communication",
    "needs-assessment",
    "objection-handling",
    "bias-awareness",
    "option-suggestions",
    "time-management",
}
WEIGHT = (400, "Weight must be between 0 and 100")
MISSING = (400, "Missing required fields: name, category")
NOT_FOUND = (404, "Competency not found")


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """Data files of this module's own."""
    return settings_for(data_dir=tmp_path_factory.mktemp("competencies"))


@pytest.fixture
def name():
    return f"Golden Skill {uuid.uuid4().hex}"


@pytest.fixture
def competency(admin, name):
    return admin.post(C, {"name": name, "category": "Golden", "description": "désc", "weight": 25}).get_json()[
        "competency"
    ]


def ids(answer):
    return {one["id"] for one in answer.get_json()["competencies"]}


class TestList:
    def test_is_open_to_anyone_and_ignores_a_dead_token(self, anyone):
        for headers in ({}, {"Authorization": "Bearer dead"}):
            body = json.loads(anyone.get(C, headers=headers).data)
            assert {one["id"] for one in body["competencies"]} >= SIX
            for one in body["competencies"]:
                assert list(one) == ["id", "name", "description", "category", "weight"]

    @pytest.mark.parametrize("industry", ["insurance", "wealth-management", "securities"])
    def test_can_be_of_an_industry(self, anyone, industry):
        assert ids(anyone.get(f"{C}?industry={industry}")) == SIX

    @pytest.mark.parametrize("industry", ["banking", "__proto__", "%F0%9F%98%80"])
    def test_of_an_unknown_industry_is_empty_whatever_the_category(self, anyone, industry):
        assert ids(anyone.get(f"{C}?industry={industry}&category=General")) == set()

    def test_can_be_of_a_category_as_it_is_shown(self, app, anyone):
        with app.extensions["rplay"].data.change("competencies") as competencies:
            competencies.append({"id": "plain", "name": "Plain"})
        found = anyone.get(f"{C}?category=General").get_json()["competencies"]
        assert found == [{"id": "plain", "name": "Plain", "description": None, "category": "General", "weight": 10}]
        assert ids(anyone.get(f"{C}?category=No%20such")) == set()
        assert ids(anyone.get(f"{C}?category=Discovery")) == {"needs-assessment"}

    def test_shows_a_change_at_once(self, app, anyone, admin, competency):
        assert competency in anyone.get(C).get_json()["competencies"]
        admin.put(f"{C}/{competency['id']}", {"weight": 1})
        assert {**competency, "weight": 1} in anyone.get(C).get_json()["competencies"]

    def test_takes_no_other_method(self, admin):
        answer = admin.delete(C)
        assert error(answer) == (405, "Method not allowed")
        assert "GET" in answer.headers["Allow"]


class TestByIndustry:
    def test_gives_both_files_in_both_places(self, anyone):
        body = anyone.get(f"{C}/industry").get_json()
        assert body["industryMetadata"]["insurance"]["subcategories"]["life-health"]["displayName"] == "Life & Health"
        assert "annuities" in body["industryCompetencies"]["insurance"]["life-health"]["focusAreas"]
        files = {key: body[key] for key in ("industryCompetencies", "industryMetadata")}
        assert body == {"success": True, "data": files, **files}

    def test_takes_no_other_method(self, admin):
        assert error(admin.patch(f"{C}/industry", {})) == (405, "Method not allowed")


class TestCreate:
    def test_makes_a_slug_of_the_name(self, admin, name):
        answer = admin.post(C, {"name": name, "category": "Golden", "description": "désc", "weight": 25})
        assert answer.status_code == 201
        assert answer.get_json()["competency"] == {
            "id": name.lower().replace(" ", "-"),
            "name": name,
            "description": "désc",
            "category": "Golden",
            "weight": 25,
        }

    @pytest.mark.parametrize(
        ("name", "competency_id"),
        [
            ("Cross-Selling & Service", "cross-selling-service"),
            (" Ton  und Gefühl ", "ton-und-gefühl"),
            ("沟通 2", "沟通-2"),
        ],
    )
    def test_makes_an_id_that_can_be_asked_for(self, admin, name, competency_id):
        assert admin.post(C, {"name": name, "category": "x"}).get_json()["competency"]["id"] == competency_id
        assert admin.get(f"{C}/{competency_id}").get_json()["competency"]["name"] == name.strip()

    @pytest.mark.parametrize(("given", "weight"), [(None, 10), (0, 0), (100, 100), (12.5, 12.5)])
    def test_weighs_ten_unless_it_is_told(self, admin, name, given, weight):
        created = admin.post(C, {"name": name, "category": "x", "weight": given}).get_json()["competency"]
        assert (created["weight"], created["description"]) == (weight, None)

    def test_adds_it_to_every_list_of_an_industry(self, admin, anyone, name):
        created = admin.post(C, {"name": name, "category": "x", "industry": "insurance"}).get_json()["competency"]["id"]
        assert created in ids(anyone.get(f"{C}?industry=insurance"))
        assert created not in ids(anyone.get(f"{C}?industry=securities"))
        lists = anyone.get(f"{C}/industry").get_json()["industryCompetencies"]["insurance"]
        assert all(created in subcategory["competencies"] for subcategory in lists.values())

    def test_of_an_unknown_industry_is_refused_and_not_made(self, admin, anyone, name):
        before = ids(anyone.get(C))
        answer = admin.post(C, {"name": name, "category": "x", "industry": "no-such"})
        assert error(answer) == (404, "Industry not found")
        assert ids(anyone.get(C)) == before

    def test_refuses_a_name_that_is_taken_in_any_case(self, admin, competency):
        for again in (competency["name"], competency["name"].upper()):
            assert error(admin.post(C, {"name": again, "category": "x"})) == (409, "Competency already exists")

    @pytest.mark.parametrize(
        ("change", "refusal"),
        [
            ({"name": None}, MISSING),
            ({"category": ""}, MISSING),
            ({"name": 5}, (400, "Invalid value for name")),
            ({"name": "?!"}, (400, "Invalid value for name")),
            ({"name": "a\0b"}, (400, "Invalid value for name")),
            ({"description": []}, (400, "Invalid value for description")),
            ({"weight": -1}, WEIGHT),
            ({"weight": 101}, WEIGHT),
            ({"weight": "abc"}, WEIGHT),
            ({"weight": "5"}, WEIGHT),
            ({"weight": True}, WEIGHT),
            ({"weight": [5]}, WEIGHT),
            ({"weight": 1e300}, WEIGHT),
        ],
    )
    def test_refuses(self, admin, anyone, name, change, refusal):
        before = ids(anyone.get(C))
        assert error(admin.post(C, {"name": name, "category": "x", **change})) == refusal
        assert ids(anyone.get(C)) == before

    def test_loses_none_of_many_at_the_same_time(self, admin, anyone):
        names = [f"Together {number}" for number in range(8)]
        threads = [
            threading.Thread(target=admin.post, args=(C, {"name": one, "category": "x", "industry": "securities"}))
            for one in names
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {one.lower().replace(" ", "-") for one in names} <= ids(anyone.get(f"{C}?industry=securities"))


class TestOne:
    def test_is_shown_to_whoever_is_signed_in(self, alice, competency):
        assert alice.get(f"{C}/{competency['id']}").get_json() == {"success": True, "competency": competency}

    @pytest.mark.parametrize("bad", ["bad%20id%21", "-a", "a--b", "__proto__", "a.b", "%27"])
    @pytest.mark.parametrize(("method", "body"), [("GET", None), ("PUT", {"name": "x"}), ("DELETE", None)])
    def test_needs_a_slug(self, admin, bad, method, body):
        assert error(admin.call(method, f"{C}/{bad}", body)) == (400, "Invalid competency ID format")

    @pytest.mark.parametrize("unknown", ["no-such-skill", "00000000-0000-4000-8000-000000000000"])
    @pytest.mark.parametrize(("method", "body"), [("GET", None), ("PUT", {"name": "x"}), ("DELETE", None)])
    def test_must_be_there(self, admin, unknown, method, body):
        assert error(admin.call(method, f"{C}/{unknown}", body)) == NOT_FOUND


class TestPut:
    def test_changes_what_is_given(self, admin, alice, competency):
        path = f"{C}/{competency['id']}"
        change = {"name": "Renamed", "weight": 50}
        assert admin.put(path, change).get_json()["competency"] == {**competency, **change}
        assert admin.put(path, {"weight": 0}).get_json()["competency"]["weight"] == 0
        assert admin.put(path, {"name": " ", "category": None}).get_json()["competency"]["name"] == "Renamed"
        assert admin.put(path, {}).get_json() == alice.get(path).get_json()

    @pytest.mark.parametrize(
        ("body", "refusal"),
        [({"weight": 500}, WEIGHT), ({"weight": "5"}, WEIGHT), ({"name": 5}, (400, "Invalid value for name"))],
    )
    def test_refuses_and_keeps_what_was_there(self, admin, competency, body, refusal):
        path = f"{C}/{competency['id']}"
        assert error(admin.put(path, body)) == refusal
        assert admin.get(path).get_json()["competency"] == competency


class TestDelete:
    def test_also_takes_it_out_of_every_list(self, admin, anyone, name):
        body = {"name": name, "category": "x", "industry": "insurance"}
        created = admin.post(C, body).get_json()["competency"]["id"]
        path = "/api/industry-settings/focus-area/insurance/life-health/annuities"
        admin.put(path, {"competencyIds": [created, "communication"]})
        answer = admin.delete(f"{C}/{created}")
        assert answer.get_json() == {"success": True, "message": "Competency deleted successfully"}
        assert created not in anyone.get(f"{C}/industry").text
        assert created not in ids(anyone.get(C))
        assert error(admin.delete(f"{C}/{created}")) == NOT_FOUND


class TestDataFiles:
    def test_that_cannot_be_read_are_a_plain_failure_and_stay_as_they_are(self, app, anyone, admin, competency):
        path = app.extensions["rplay"].data.folder / "competencies.json"
        good = path.read_bytes()
        path.write_text("[{")
        try:
            assert error(anyone.get(C)) == (500, "Internal server error")
            assert error(admin.delete(f"{C}/{competency['id']}")) == (500, "Internal server error")
            assert path.read_text() == "[{"
        finally:
            path.write_bytes(good)
        assert anyone.get(C).status_code == 200

    def test_start_as_they_are_shipped(self, app):
        assert {path.name for path in app.extensions["rplay"].data.folder.glob("*.json")} == {
            f"{name}.json" for name in data.NAMES
        }
