"""/api/difficulty, as a client sees it."""

import json

import pytest

from tests.conftest import error

D = "/api/difficulty"
KEYS = ["beginner", "intermediate", "advanced"]


def test_the_three_levels_are_open_to_anyone_in_their_order(anyone):
    levels = json.loads(anyone.get(D).data)["data"]["levels"]
    assert all(list(level) == ["id", "key", "label", "description", "display_order"] for level in levels)
    assert [(level["key"], level["display_order"]) for level in levels] == list(zip(KEYS, (1, 2, 3), strict=True))


@pytest.mark.parametrize("key", KEYS)
def test_each_can_be_asked_for_by_its_key(anyone, key):
    answer = anyone.get(f"{D}/{key}", headers={"Authorization": "Bearer dead"})
    level = answer.get_json()["data"]["level"]
    assert (level["key"], level["label"]) == (key, key.capitalize())
    assert level in anyone.get(D).get_json()["data"]["levels"]


@pytest.mark.parametrize("key", ["nope", "1", "x'%20OR%20'1'='1", "%F0%9F%98%80"])
def test_no_other_is_found(anyone, key):
    assert error(anyone.get(f"{D}/{key}")) == (404, "Difficulty level not found")


def test_they_cannot_be_written(admin):
    answer = admin.post(D, {})
    assert error(answer) == (405, "Method not allowed")
    assert "GET" in answer.headers["Allow"]
