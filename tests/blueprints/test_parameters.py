"""/api/parameters and /parameters, as a client sees them."""

import json
import threading
import uuid

import pytest

from rplay import db
from rplay.data import DataFiles
from rplay.db import parameter_categories, parameters
from tests.conftest import error

NOBODY = "00000000-0000-4000-8000-000000000000"
KEYS = ["id", "name", "type", "category_id", "value", "description", "metadata", "range", "examples"]
BAD_TYPE = (400, "Invalid type. Must be one of: structured, narrative, guardrails")
MISSING = (400, "Missing required fields: name, type, categoryId")
BOTH = pytest.mark.parametrize("path", ["/api/parameters", "/parameters"])
P = "/api/parameters"


@pytest.fixture
def category(app):
    """A category of its own for each test."""
    key = uuid.uuid4().hex
    return str(parameter_categories.create(f"Category {key}", "structured", key, None).id)


@pytest.fixture
def new(admin, category):
    """Makes a parameter and gives the answer."""

    def make(path=P, **fields):
        body = {"name": "Mood", "type": "structured", "categoryId": category, **fields}
        return admin.post(path, {name: value for name, value in body.items() if value is not ...})

    return make


@pytest.fixture
def parameter(new):
    return new(value={"a": 1}, description="d", metadata={"m": True}).get_json()["parameter"]


class TestCreate:
    @BOTH
    def test_shows_all_of_it_twice(self, new, category, path):
        answer = new(path, value={"a": 1, "b": [1, 2]}, description='it\'s "d" 张', metadata={"m": True})
        body = json.loads(answer.data)
        assert answer.status_code == 201
        assert list(body["parameter"]) == KEYS
        assert body["parameter"] == body["data"]
        assert {key: body["data"][key] for key in KEYS[1:]} == {
            "name": "Mood",
            "type": "structured",
            "category_id": category,
            "value": {"a": 1, "b": [1, 2]},
            "description": 'it\'s "d" 张',
            "metadata": {"m": True},
            "range": None,
            "examples": None,
        }

    @pytest.mark.parametrize("value", [0, False, "", "warm", 1.5, [], {}, None])
    def test_keeps_any_value(self, alice, new, value):
        created = new(value=value).get_json()["data"]
        assert created["value"] == value
        assert type(alice.get(f"{P}/{created['id']}").get_json()["data"]["value"]) is type(value)

    def test_keeps_range_examples_and_global_in_the_metadata(self, new):
        more = {"range": "18-80", "examples": "e.g. 42", "global": True}
        created = new(metadata={"keep": 1}, **more).get_json()["data"]
        assert created["metadata"] == {"keep": 1, **more}
        assert (created["range"], created["examples"]) == ("18-80", "e.g. 42")

    def test_takes_an_id_in_capitals(self, new, category):
        assert new(categoryId=category.upper()).get_json()["data"]["category_id"] == category

    @pytest.mark.parametrize(
        ("change", "refusal"),
        [
            ({"name": ...}, MISSING),
            ({"name": "  "}, MISSING),
            ({"type": ...}, MISSING),
            ({"categoryId": None}, MISSING),
            ({"type": "guardrail"}, BAD_TYPE),
            ({"type": 5}, (400, "Invalid value for type")),
            ({"name": 5}, (400, "Invalid value for name")),
            ({"categoryId": "any"}, (400, "Invalid category ID format")),
            ({"categoryId": 5}, (400, "Invalid value for categoryId")),
            ({"metadata": []}, (400, "Invalid value for metadata")),
            ({"value": "a\0b"}, (400, "Invalid value for value")),
            ({"global": "yes"}, (400, "Invalid value for global")),
            ({"categoryId": NOBODY}, (404, "Category not found")),
        ],
    )
    def test_refuses(self, new, change, refusal):
        assert error(new(**change)) == refusal


class TestList:
    def test_is_sorted_by_category_and_name(self, admin, alice):
        ids = [str(parameter_categories.create(name, "narrative", name, None).id) for name in ("ZB list", "ZA list")]
        for name, category in (("b", ids[0]), ("a", ids[0]), ("c", ids[1])):
            admin.post(P, {"name": name, "type": "narrative", "categoryId": category})
        found = [(one["category_name"], one["name"]) for one in alice.get(P).get_json()["parameters"]]
        assert [one for one in found if one[0] in ("ZA list", "ZB list")] == [
            ("ZA list", "c"),
            ("ZB list", "a"),
            ("ZB list", "b"),
        ]

    @BOTH
    def test_carries_the_same_twice(self, alice, parameter, path):
        body = json.loads(alice.get(path).data)
        assert body["parameters"] == body["data"]
        assert all(list(one) == [*KEYS, "category_name"] for one in body["data"])
        assert parameter["id"] in {one["id"] for one in body["data"]}

    def test_can_be_of_a_type(self, alice, new):
        new(type="narrative")
        assert {one["type"] for one in alice.get(f"{P}?type=narrative").get_json()["data"]} == {"narrative"}
        assert alice.get(f"{P}?type=bogus").get_json() == {"success": True, "parameters": [], "data": []}

    def test_can_be_of_a_category_whatever_the_type(self, alice, parameter, category):
        found = alice.get(f"{P}?categoryId={category.upper()}&type=bogus").get_json()["data"]
        assert [one["id"] for one in found] == [parameter["id"]]
        assert alice.get(f"{P}?categoryId={NOBODY}").get_json()["data"] == []
        assert error(alice.get(f"{P}?categoryId=abc")) == (400, "Invalid category ID format")

    @BOTH
    def test_takes_the_frontends_object_for_all_categories(self, alice, new, parameter, path):
        narrative = new(type="narrative").get_json()["data"]["id"]
        every = {one["id"] for one in alice.get(f"{path}?categoryId=%5Bobject%20Object%5D").get_json()["data"]}
        assert {parameter["id"], narrative} <= every
        found = alice.get(f"{path}?categoryId=%5Bobject%20Object%5D&type=narrative").get_json()["data"]
        assert narrative in {one["id"] for one in found}
        assert parameter["id"] not in {one["id"] for one in found}


class TestOne:
    @BOTH
    def test_is_shown_as_it_was_made(self, alice, parameter, path):
        body = alice.get(f"{path}/{parameter['id'].upper()}").get_json()
        assert body == {"success": True, "parameter": parameter, "data": parameter}

    @BOTH
    @pytest.mark.parametrize(("method", "body"), [("GET", None), ("PATCH", {"name": "x"}), ("DELETE", None)])
    def test_needs_an_id_that_is_one(self, admin, path, method, body):
        assert error(admin.call(method, f"{path}/abc", body)) == (400, "Invalid parameter ID format")
        assert error(admin.call(method, f"{path}/{NOBODY}", body)) == (404, "Parameter not found")

    @BOTH
    def test_is_gone_when_it_is_deleted(self, admin, parameter, path):
        answer = admin.delete(f"{path}/{parameter['id']}")
        assert answer.get_json() == {"success": True, "message": "Parameter deleted successfully"}
        assert error(admin.get(f"{path}/{parameter['id']}")) == (404, "Parameter not found")
        assert error(admin.delete(f"{path}/{parameter['id']}")) == (404, "Parameter not found")


class TestPatch:
    @BOTH
    def test_changes_what_is_given_and_leaves_the_rest(self, admin, alice, parameter, path):
        change = {"name": "Mood 2", "value": {"a": 2}, "description": "new"}
        body = admin.patch(f"{path}/{parameter['id']}", change).get_json()
        assert body["parameter"] == body["data"] == {**parameter, **change}
        assert alice.get(f"{P}/{parameter['id']}").get_json()["data"] == body["data"]

    @pytest.mark.parametrize("change", [{"value": 0}, {"value": False}, {"description": ""}, {"type": "narrative"}])
    def test_takes_small_values_for_values(self, admin, parameter, change):
        body = admin.patch(f"{P}/{parameter['id']}", change).get_json()
        assert body["data"] == {**parameter, **change}

    def test_adds_range_and_examples_to_the_metadata(self, admin, parameter):
        path = f"{P}/{parameter['id']}"
        admin.patch(path, {"range": "1-9", "examples": ["x"]})
        changed = admin.patch(path, {"range": "2-8", "global": False}).get_json()["data"]
        assert changed["metadata"] == {"m": True, "range": "2-8", "examples": ["x"], "global": False}
        assert (changed["range"], changed["examples"]) == ("2-8", ["x"])

    def test_puts_new_metadata_in_the_place_of_the_old(self, admin, parameter):
        path = f"{P}/{parameter['id']}"
        admin.patch(path, {"range": "1-9"})
        assert admin.patch(path, {"metadata": {"n": 1}}).get_json()["data"]["metadata"] == {"n": 1}
        changed = admin.patch(path, {"metadata": {"o": 2}, "range": "3"}).get_json()["data"]
        assert changed["metadata"] == {"o": 2, "range": "3"}

    def test_gives_metadata_to_a_parameter_without(self, admin, new):
        path = f"{P}/{new().get_json()['data']['id']}"
        assert admin.patch(path, {"name": "x"}).get_json()["data"]["metadata"] is None
        assert admin.patch(path, {"range": "3"}).get_json()["data"]["metadata"] == {"range": "3"}

    @pytest.mark.parametrize(
        ("body", "refusal"),
        [
            ({}, (400, "No fields to update")),
            ({"foo": 1}, (400, "No fields to update")),
            ({"name": " ", "value": None}, (400, "No fields to update")),
            ({"type": "zzz"}, BAD_TYPE),
            ({"name": 5}, (400, "Invalid value for name")),
            ({"metadata": "x"}, (400, "Invalid value for metadata")),
        ],
    )
    def test_refuses_before_it_looks_for_the_parameter(self, admin, parameter, body, refusal):
        for parameter_id in (parameter["id"], NOBODY):
            assert error(admin.patch(f"{P}/{parameter_id}", body)) == refusal

    def test_is_no_put(self, admin, parameter):
        answer = admin.put(f"{P}/{parameter['id']}", {"name": "x"})
        assert error(answer) == (405, "Method not allowed")
        assert "PATCH" in answer.headers["Allow"]


def shown(person):
    return [
        (one["category_name"], one["name"], one["type"], one["value"], one["range"])
        for one in person.get(P).get_json()["data"]
    ]


class TestReset:
    @BOTH
    def test_brings_the_shipped_ones_back_and_nothing_else(self, admin, alice, parameter, path):
        answer = admin.post(f"{path}/reset")
        assert answer.get_json() == {"success": True, "message": "Parameters reset to defaults successfully"}
        shipped = sorted(
            (category["name"], one["name"], category["type"])
            for category in DataFiles.parameter_defaults()
            for one in category["parameters"]
        )
        first = shown(alice)
        assert sorted(one[:3] for one in first) == shipped
        assert error(alice.get(f"{P}/{parameter['id']}")) == (404, "Parameter not found")
        admin.delete(f"{P}/{alice.get(P).get_json()['data'][0]['id']}")
        admin.post(f"{path}/reset")
        assert shown(alice) == first
        keys = [one["key"] for one in alice.get("/api/parameter-categories").get_json()["data"]]
        assert sorted(keys) == sorted(category["key"] for category in DataFiles.parameter_defaults())

    def test_that_fails_leaves_everything(self, app, alice, parameter, monkeypatch):
        before = shown(alice)
        with pytest.raises(KeyError):
            parameters.reset([*DataFiles.parameter_defaults(), {"name": "no key"}])
        assert shown(alice) == before


class TestDefaults:
    @pytest.fixture
    def new_tables(self, app):
        db.execute("DELETE FROM parameters")
        db.execute("DELETE FROM parameter_categories")

    def test_are_loaded_once_into_empty_tables(self, new_tables, alice):
        assert parameters.load_defaults_if_empty(DataFiles.parameter_defaults())
        first = shown(alice)
        assert {one[2] for one in first} == {"structured", "narrative", "guardrails"}
        assert not parameters.load_defaults_if_empty(DataFiles.parameter_defaults())
        assert shown(alice) == first

    def test_leave_a_database_alone_that_has_a_category(self, new_tables, alice):
        parameter_categories.create("Own", "guardrails", "own", None)
        assert not parameters.load_defaults_if_empty(DataFiles.parameter_defaults())
        assert shown(alice) == []

    def test_are_loaded_once_by_processes_that_start_together(self, new_tables, alice):
        loaded = []
        threads = [
            threading.Thread(
                target=lambda: loaded.append(parameters.load_defaults_if_empty(DataFiles.parameter_defaults()))
            )
            for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(loaded) == [False, False, True]
        names = [one[:2] for one in shown(alice)]
        assert len(names) == len(set(names))

    def test_steer_the_agents(self, new_tables):
        parameters.load_defaults_if_empty(DataFiles.parameter_defaults())
        found = {one.name: one for one in parameters.steering()}
        assert found["Answer length"].value == "2 to 4 sentences"
        assert found["Stays in the role"].type == "guardrails"
