"""Finding a client: chosen, shown as an advisor knows them, exchanged before a word is said."""

import re

import pytest

from rplay import db
from rplay.db import client_lives, simulation_origins, simulations
from tests.console.conftest import shown

NEW = {"kind": "insurance/life-health", "difficulty": "intermediate"}


def begun(browser, **fields):
    """The id of a new talk."""
    answer = browser.post("/console/new-talk", {**NEW, **fields})
    assert answer.status_code == 303, answer.text
    return re.fullmatch(r"/console/talks/([0-9a-f-]{36})/client", answer.location)[1]


def profile_of(talk):
    return db.value("SELECT client_profile FROM simulations WHERE id = %(id)s", id=talk)


def say(talk, user_id, *lines):
    history = [{"role": role, "content": words} for role, words in lines]
    assert simulations.update(talk, user_id, history, None, None)


class TestChoosing:
    def test_offers_every_kind_that_admins_have_set(self, signed_in, alice):
        page = shown(signed_in(alice).get("/console/new-talk"))
        assert "Insurance: Life & Health" in page.words
        assert "Securities: Private Investing" in page.words

    def test_shows_what_can_be_practised_in_the_chosen_kind(self, signed_in, alice):
        page = shown(signed_in(alice).get("/console/new-talk?kind=insurance/property-casualty"))
        assert "Homeowners insurance" in page.words
        assert "Annuities" not in page.words

    @pytest.mark.parametrize("wrong", [{"kind": "insurance/nothing"}, {"kind": ""}, {"difficulty": "impossible"}])
    def test_refuses_what_there_is_not(self, signed_in, alice, wrong):
        assert signed_in(alice).post("/console/new-talk", {**NEW, **wrong}).status_code == 400


class TestTheClient:
    def test_is_kept_with_their_life_and_what_is_to_be_practised(self, signed_in, alice):
        talk = begun(signed_in(alice), focus=["annuities", "life-insurance"])
        stored = simulations.get(talk)
        assert (stored.industry, stored.subcategory, stored.difficulty) == ("insurance", "life-health", "intermediate")
        assert client_lives.of_simulation(talk, alice.user["id"])
        assert simulation_origins.of_simulation(talk).focus_areas == ["annuities", "life-insurance"]

    def test_is_shown_as_an_advisor_knows_them(self, signed_in, alice):
        browser = signed_in(alice)
        talk = begun(browser)
        profile = profile_of(talk)
        page = browser.get(f"/console/talks/{talk}/client")
        assert profile["name"] in page.text
        assert profile["occupation"] in shown(page).words
        for hidden in (profile["income"], profile["background"], *profile["hiddenObjections"], *profile["assets"]):
            assert str(hidden) not in shown(page).words

    def test_of_whom_all_is_known_shows_it(self, signed_in, alice):
        browser = signed_in(alice)
        talk = begun(browser, difficulty="beginner")
        assert str(profile_of(talk)["income"]) in shown(browser.get(f"/console/talks/{talk}/client")).words

    def test_gives_way_to_another_before_a_word_is_said(self, signed_in, alice):
        browser = signed_in(alice)
        talk = begun(browser)
        before, life = profile_of(talk), client_lives.of_simulation(talk, alice.user["id"])
        assert browser.post(f"/console/talks/{talk}/client").location == f"/console/talks/{talk}/client"
        assert profile_of(talk) != before
        assert client_lives.of_simulation(talk, alice.user["id"]) != life

    def test_stays_once_a_word_was_said(self, signed_in, alice):
        browser = signed_in(alice)
        talk = begun(browser)
        before = profile_of(talk)
        say(talk, alice.user["id"], ("assistant", "Good morning."))
        assert browser.post(f"/console/talks/{talk}/client").location == f"/console/talks/{talk}"
        assert profile_of(talk) == before

    def test_of_somebody_else_is_not_shown_or_exchanged(self, signed_in, alice, bob, admin):
        talk = begun(signed_in(alice))
        before = profile_of(talk)
        for stranger in (bob, admin):
            browser = signed_in(stranger)
            assert browser.get(f"/console/talks/{talk}/client").status_code == 403
            assert browser.post(f"/console/talks/{talk}/client").status_code == 403
        assert profile_of(talk) == before
