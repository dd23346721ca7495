"""People, work and policies that a profile names are those of the life."""

from typing import Any

import pytest

from rplay.agents.persona.life import Life
from rplay.agents.persona.make import life_of
from rplay.agents.persona.named import named_in

PROFILE: dict[str, Any] = {
    "name": "Darnell Whitcomb",
    "age": 36,
    "occupation": "Bus mechanic for the city transit authority (11 years)",
    "income": "$71,000",
    "family": "Married since 2014 to Keisha (34, part-time dental hygienist, $38,000), two children: Maya (7) and "
    "Jonah (4); his mother Ruth (71) lives with them",
    "assets": ["Savings account: $9,500", "Group life insurance through work: 1x salary", "Term life policy: $150,000"],
    "debts": ["Mortgage: $212,000 at 5.9%"],
}


def life(**changed: Any) -> Life:
    return life_of({**PROFILE, **changed}, "insurance", "life-health", "beginner")


def said(of: Life, id_: str) -> str:
    subject = of.subject(id_)
    assert subject
    return " ".join(text for texts in subject.says.values() for text in texts)


def test_names_ages_work_and_pay_of_the_partner_are_told() -> None:
    told = said(life(), "partner") + said(life(), "income")
    assert all(one in told for one in ("Keisha", "34", "part-time dental hygienist", "38,000", "2014"))


def test_children_keep_their_names_and_ages() -> None:
    children = [(one.name, one.figures["age"].value) for one in life().of_kind("child")]
    assert children == [("Maya", 7), ("Jonah", 4)]


def test_a_mother_who_lives_with_them_is_alive() -> None:
    told = said(life(), "relatives")
    assert "71" in told
    assert "both gone" not in told


def test_the_employer_and_the_years_are_those_of_the_occupation() -> None:
    told = said(life(), "work")
    assert "the city transit authority" in told
    assert "2015" in told


def test_insurance_among_the_assets_is_cover_and_nothing_owned() -> None:
    told = said(life(), "cover")
    assert "$71,000" in told
    assert "$150,000" in told
    assert not any("term" in one.name or "group" in one.name for one in life().of_kind("asset"))


@pytest.mark.parametrize(
    ("family", "roles"),
    [
        ("Widowed since 2019, one daughter, Simone (35), grandson Theo (6)", ["child", "grandchild"]),
        ("Lives with her partner Joel (43, editor, $19,000), twins Otis and Wren (5)", ["partner", "child", "child"]),
        ("two children from his first marriage: Tasha (25) and Malik (22), one with Denise: Simon (8)", ["child"] * 3),
        ("Single, lives with roommate Anika (26)", ["other"]),
        ("Married, 2 children (9 and 6)", []),
    ],
)
def test_everybody_is_who_the_words_before_the_name_say(family: str, roles: list[str]) -> None:
    assert [one.role for one in named_in(family)] == roles


def test_a_former_husband_has_his_name_and_the_end_its_year() -> None:
    told = said(
        life(family="Divorced since 2016, one son, Luca (26)", background="Her ex-husband Marco moved away."), "partner"
    )
    assert "Marco" in told
    assert "2016" in told
