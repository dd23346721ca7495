"""What is made up is held against what the profile and the life tell."""

from typing import Any

import pytest

from rplay.agents.persona import given
from rplay.agents.persona.consistent import consistent
from rplay.agents.persona.make import life_of

MAJOR: dict[str, Any] = {
    "name": "Priya Raman",
    "age": 36,
    "occupation": "Army officer (major, logistics)",
    "income": "$118,000",
    "family": "Married to Claire (35), a physical therapist; no children",
    "background": "Has fourteen years of service. In 2022 she sold a tech fund after it had fallen by a third.",
}


def fits(sentence: str, **more: Any) -> bool:
    profile = {**MAJOR, **more}
    return consistent(sentence, given.read(profile), life_of(profile, "securities", None, "beginner"))


@pytest.mark.parametrize(
    "sentence",
    [
        "I've worked there for three years.",
        "In 2022 I stopped opening the statements.",
        "My husband handles all of it.",
        "My daughter will ask, so I'd better understand it.",
        "What wears me down is no-shows on Mondays.",
        "My tenants pay on time.",
        "My grandchildren keep me busy.",
    ],
)
def test_what_the_profile_speaks_against_is_refused(sentence: str) -> None:
    assert not fits(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "I've been in the service for fourteen years.",
        "In 2022 I sold a tech fund, and I still think about it.",
        "My wife handles all of it.",
        "I'd rather sleep on it.",
        "My sister says the same.",
        "I have fourteen years of service.",
    ],
)
def test_what_fits_may_be_said(sentence: str) -> None:
    assert fits(sentence)


def test_patients_are_for_those_who_have_some() -> None:
    assert fits("Patients come first.", occupation="Hospital pharmacist")


def test_children_that_are_told_may_be_spoken_of() -> None:
    assert fits("My son will ask.", family="Married to Claire (35); one son, Arjun (3)")
    assert not fits("My daughter will ask.", family="Married to Claire (35); one son, Arjun (3)")


def test_who_has_one_child_has_no_kids() -> None:
    one_son = "Married to Claire (35), a physical therapist; one son, Emil (4)"
    assert not fits("Before the kids, I'd have shrugged it off.", family=one_son)
    assert fits("My son asks why until I give up.", family=one_son)
    assert fits("The kids ask why until I give up.", family="Married to Claire (35); two sons, Emil (4) and Max (2)")
