"""/api/parameter-categories, as a client sees it."""

import json
import threading
import uuid

import pytest

from rplay import db
from tests.conftest import error

K = "/api/parameter-categories"
NOBODY = "00000000-0000-4000-8000-000000000000"
KEYS = ["id", "name", "key", "parameter_type", "description", "created_at"]
TAKEN = (409, "A category with this key already exists")


def named(name, **fields):
    return {"name": name, "parameter_type": "structured", "key": f"{name.lower()}-{uuid.uuid4().hex}", **fields}


@pytest.fixture
def category(admin):
    return admin.post(K, named("Demo", description="d")).get_json()["data"]


def keys(answer):
    return [one["key"] for one in answer.get_json()["data"]]


class TestCreate:
    def test_shows_it(self, admin):
        answer = admin.post(K, named("Demo", key="demo"))
        data = json.loads(answer.data)["data"]
        assert answer.status_code == 201
        assert list(data) == KEYS
        assert (data["name"], data["key"], data["parameter_type"]) == ("Demo", "demo", "structured")
        assert data["created_at"].endswith("Z")

    @pytest.mark.parametrize("kind", ["guardrail", "guardrails"])
    def test_answers_guardrails_for_both_words(self, admin, kind):
        assert admin.post(K, named("G", parameter_type=kind)).get_json()["data"]["parameter_type"] == "guardrails"

    @pytest.mark.parametrize(
        ("name", "key"), [("No Key, yet!", "no-key-yet"), ("  Gefühl & Ton ", "gefühl-ton"), ("情绪 A", "情绪-a")]
    )
    def test_makes_the_key_out_of_the_name(self, admin, name, key):
        assert admin.post(K, {"name": name, "parameter_type": "narrative"}).get_json()["data"]["key"] == key

    def test_refuses_a_used_key(self, admin, category):
        assert error(admin.post(K, named("Other", key=category["key"]))) == TAKEN
        admin.post(K, {"name": "Twice", "parameter_type": "narrative"})
        assert error(admin.post(K, {"name": "TWICE", "parameter_type": "narrative"})) == TAKEN

    def test_makes_one_of_many_at_the_same_time(self, app, admin):
        answers = []
        threads = [
            threading.Thread(target=lambda: answers.append(admin.post(K, named("At once", key="at-once")).status_code))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == [201, 409, 409, 409]

    @pytest.mark.parametrize(
        ("change", "refusal"),
        [
            ({"name": None}, (400, "Missing required fields: name, parameter_type")),
            ({"parameter_type": " "}, (400, "Missing required fields: name, parameter_type")),
            ({"parameter_type": "zzz"}, (400, "Invalid type. Must be one of: structured, narrative, guardrails")),
            ({"name": 5}, (400, "Invalid value for name")),
            ({"name": "!!!", "key": None}, (400, "Invalid value for name")),
            ({"key": ["x"]}, (400, "Invalid value for key")),
        ],
    )
    def test_refuses(self, admin, change, refusal):
        assert error(admin.post(K, {**named("x"), **change})) == refusal


class TestList:
    def test_can_be_of_a_type_in_both_words(self, admin, alice):
        guard = admin.post(K, named("Guard", parameter_type="guardrails")).get_json()["data"]
        other = admin.post(K, named("Told", parameter_type="narrative")).get_json()["data"]
        for kind in ("guardrail", "guardrails"):
            found = alice.get(f"{K}?type={kind}")
            assert guard["key"] in keys(found)
            assert other["key"] not in keys(found)
        assert alice.get(f"{K}?type=bogus").get_json() == {"success": True, "data": []}
        assert {guard["key"], other["key"]} <= set(keys(alice.get(K)))

    def test_is_sorted_by_name(self, alice):
        names = [one["name"] for one in alice.get(K).get_json()["data"]]
        assert names == sorted(names)

    def test_gives_a_row_without_a_key_its_name_as_one(self, alice):
        db.execute("INSERT INTO parameter_categories (name, type) VALUES ('Written By Others', 'guardrail')")
        assert "written-by-others" in keys(alice.get(K))


class TestPatch:
    def test_changes_what_is_given(self, admin, category):
        body = admin.patch(f"{K}/{category['id'].upper()}", {"name": "Renamed"}).get_json()
        assert body == {"success": True, "data": {**category, "name": "Renamed"}}
        body = admin.patch(f"{K}/{category['id']}", {"parameter_type": "guardrail", "key": "moved"}).get_json()
        assert (body["data"]["parameter_type"], body["data"]["key"]) == ("guardrails", "moved")

    def test_refuses_another_ones_key_and_takes_its_own(self, admin, category):
        other = admin.post(K, named("Other")).get_json()["data"]
        change = {"name": "New", "key": other["key"]}
        assert error(admin.patch(f"{K}/{category['id']}", change)) == TAKEN
        assert category in admin.get(K).get_json()["data"]
        assert admin.patch(f"{K}/{category['id']}", {"key": category["key"]}).status_code == 200

    @pytest.mark.parametrize(
        ("body", "refusal"),
        [
            ({}, (400, "No fields to update")),
            ({"name": ""}, (400, "No fields to update")),
            ({"parameter_type": "x"}, (400, "Invalid type. Must be one of: structured, narrative, guardrails")),
        ],
    )
    def test_refuses(self, admin, category, body, refusal):
        assert error(admin.patch(f"{K}/{category['id']}", body)) == refusal

    def test_needs_an_id_that_is_one(self, admin):
        assert error(admin.patch(f"{K}/abc", {"name": "x"})) == (400, "Invalid category ID format")
        assert error(admin.patch(f"{K}/{NOBODY}", {"name": "x"})) == (404, "Category not found")


class TestDelete:
    def test_is_refused_while_a_parameter_is_in_it(self, admin, category):
        path = f"{K}/{category['id']}"
        body = {"name": "In it", "type": "structured", "categoryId": category["id"]}
        parameter = admin.post("/api/parameters", body).get_json()["data"]["id"]
        assert error(admin.delete(path)) == (409, "Category is in use: delete its parameters first")
        admin.delete(f"/api/parameters/{parameter}")
        assert admin.delete(path).get_json() == {"success": True, "message": "Category deleted successfully"}
        assert error(admin.delete(path)) == (404, "Category not found")
        assert category["key"] not in keys(admin.get(K))

    def test_needs_an_id_that_is_one(self, admin):
        assert error(admin.delete(f"{K}/abc")) == (400, "Invalid category ID format")
        assert error(admin.delete(f"{K}/{NOBODY}")) == (404, "Category not found")
