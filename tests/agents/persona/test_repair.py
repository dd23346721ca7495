"""A profile that contradicts itself is repaired; one that does not stays word for word."""

import pytest

from rplay.agents.persona.repair import income_level, repaired
from tests.agents.persona.test_life import OMAR


def profile(**changed):
    return {**OMAR, "familyStatus": "Married with 2 children", **changed}


def test_a_sound_profile_stays():
    assert repaired(profile()) == {**profile(), "incomeLevel": "middle"}


@pytest.mark.parametrize(
    ("age", "told", "family", "status"),
    [
        (30, "Widowed with 2 grown children", "Widowed with two children", "Widowed with 2 children"),
        (22, "Widowed with 2 grown children", "Single with two children", "Single with 2 children"),
        (22, "Married with two adult children", "Married with two children", "Married with 2 children"),
        (40, "Single with a 30-year-old son", "Single with one child, age 22", "Single with 1 child"),
        (21, "Divorced, no children", "Single, no children", "Single, No Children"),
    ],
)
def test_a_family_that_the_age_does_not_allow_is_made_one_that_it_does(age, told, family, status):
    made = repaired(profile(age=age, family=told, familyStatus=told))
    assert made["family"].startswith(family)
    assert made["familyStatus"] == status


@pytest.mark.parametrize(
    ("family", "status"),
    [
        ("Remarried, 3 grown children between the two families", "Married with 3 children"),
        ("Divorced mother of 3", "Divorced with 3 children"),
        ("In a relationship, no kids", "Single, No Children"),
        ("Engaged to a teacher", "Single, No Children"),
        ("Lives with her husband Tom, daughter Mia (9)", "Married with 1 child"),
        ("Widowed, close to two nieces", "Widowed, No Children"),
        ("Single parent of a 6-year-old daughter", "Single with 1 child"),
        ("Married, expecting a first child", "Married, No Children"),
        ("Married with 2 grown children and 4 grandchildren", "Married with 2 children"),
    ],
)
def test_the_status_is_in_the_words_that_the_web_page_knows(family, status):
    made = repaired(profile(age=55, family=family, familyStatus="?", goals=["Travel"]))
    assert (made["family"], made["familyStatus"]) == (family, status)


def test_nobody_has_retired_at_thirty():
    assert repaired(profile(age=30, occupation="Retired teacher"))["occupation"] == "Teacher"
    assert repaired(profile(age=66, occupation="Retired teacher"))["occupation"] == "Retired teacher"


def test_the_retired_have_nothing_through_work():
    made = repaired(
        profile(
            age=70,
            occupation="Retired teacher",
            goals=["Retire at 65", "See the ocean"],
            hiddenObjections=["I already have coverage through work"],
        )
    )
    assert made["goals"] == ["See the ocean"]
    assert made["hiddenObjections"] == ["I already have coverage from before"]


def test_nobody_wants_to_retire_at_an_age_that_has_passed():
    assert repaired(profile(age=64, goals=["Retire by age 62"]))["goals"] == ["Retire by age 66"]


def test_the_childless_save_for_no_childrens_college():
    goals = ["Pay for the children's education", "Travel"]
    assert repaired(profile(family="Married, no children", goals=goals))["goals"] == ["Travel"]
    assert repaired(profile(goals=goals))["goals"] == goals


def test_a_list_is_never_emptied():
    goals = ["Retire at 65"]
    assert repaired(profile(age=70, occupation="Retired nurse", goals=goals))["goals"]


@pytest.mark.parametrize(
    ("income", "level"), [(28_000, "low"), (60_000, "middle"), (300_000, "high"), (None, "middle")]
)
def test_the_level_of_an_income(income, level):
    assert income_level(income) == level
