"""/api/profile-pregeneration, as an admin's page sees it."""

import json

import pytest
from agents.scripted import Scripted

from rplay import db
from rplay.agents.chain import Chain
from rplay.db import pregenerated_profiles
from rplay.db.pregenerated_profiles import Pregenerated
from rplay.errors import AIRefused, AIUnavailable
from tests.conftest import swap_parts

G = "/api/profile-pregeneration"
SETTINGS = 12  # four subcategories in the shipped files, three difficulties


def told(name="Ines Bauer"):
    return json.dumps(
        {"name": name, "age": 44, "occupation": "nurse", "income": 65000, "family": "two children", "goals": ["a home"]}
    )


@pytest.fixture
def provider(app, monkeypatch):
    """The only provider of the application, told what to answer."""
    db.execute("DELETE FROM pregenerated_profiles")
    scripted = Scripted()
    swap_parts(app, monkeypatch, chain=Chain([scripted]))
    return scripted


class TestPregenerate:
    def test_keeps_a_profile_for_every_setting(self, admin, provider):
        provider.enqueue(*[told()] * SETTINGS)
        body = admin.get(G).get_json()
        message = "Generated 12 of 12 client profiles"
        assert body == {"success": True, "message": message, "data": {"success": True, "message": message}}
        for subcategory in ("life-health", "property-casualty"):
            for difficulty in ("beginner", "intermediate", "advanced"):
                kept = pregenerated_profiles.find("insurance", subcategory, difficulty)
                assert (kept.profile["name"], kept.provider, kept.model) == ("Ines Bauer", "scripted", "scripted-model")
        assert pregenerated_profiles.find("securities", "default", "beginner") is not None

    def test_says_how_many_failed_and_keeps_what_there_was(self, admin, provider):
        provider.enqueue(*[told("First")] * SETTINGS)
        admin.get(G)
        provider.enqueue(*[AIRefused("no")] * 3, *[told("Second")] * 9)
        body = admin.get(G).get_json()
        assert (body["success"], body["data"]["success"]) == (True, False)
        assert body["message"] == body["data"]["message"] == "Generated 9 of 12 client profiles"
        names = [one.profile["name"] for one in pregenerated_profiles.latest()]
        assert (names.count("First"), names.count("Second")) == (3, 9)

    def test_does_not_wait_for_a_provider_that_is_down(self, admin, provider):
        provider.enqueue(*[AIUnavailable("down")] * SETTINGS)
        assert admin.get(G).get_json()["message"] == "Generated 0 of 12 client profiles"
        assert len(provider.history) < SETTINGS

    def test_without_a_provider_makes_none(self, app, admin, provider, monkeypatch):
        swap_parts(app, monkeypatch, chain=Chain([]))
        answer = admin.get(G)
        assert (answer.status_code, answer.get_json()["data"]["success"]) == (200, False)

    def test_asks_for_clients_that_differ_from_those_it_has(self, admin, provider):
        provider.enqueue(*[told("Known Already")] * SETTINGS * 2)
        admin.get(G)
        admin.get(G)
        assert "Known Already" not in provider.history[0].instructions
        assert "Known Already" in provider.history[-1].instructions


class TestFind:
    @pytest.fixture(autouse=True)
    def kept(self, provider):
        for subcategory, difficulty in (("one", "beginner"), ("two", "beginner"), ("one", "advanced")):
            made = Pregenerated({"name": f"{subcategory} {difficulty}"}, "openai", "m")
            pregenerated_profiles.keep("x-y", subcategory, difficulty, made)

    @pytest.mark.parametrize(
        ("subcategory", "difficulty", "name"),
        [("one", "beginner", "one beginner"), (None, "beginner", "two beginner"), (None, "advanced", "one advanced")],
    )
    def test_gives_one_that_fits(self, subcategory, difficulty, name):
        assert pregenerated_profiles.find("x-y", subcategory, difficulty).profile == {"name": name}

    @pytest.mark.parametrize(
        "setting", [("x-y", "three", "beginner"), ("x-y", "two", "advanced"), ("other", None, "beginner")]
    )
    def test_gives_none_that_does_not(self, setting):
        assert pregenerated_profiles.find(*setting) is None
