"""Children in brackets are those of the profile."""

import pytest

from rplay.agents.persona.bracketed import unbracketed
from rplay.agents.persona.make import life_of


@pytest.mark.parametrize(
    ("family", "read"),
    [
        ("Married, three children (Owen, 9; Lucy, 6; Theo, 1)", "Married, three children: Owen (9), Lucy (6) and Theo (1)"),
        ("Two sons (Jalen, 17, and Marcus, 13)", "Two sons: Jalen (17) and Marcus (13)"),
        ("Divorced, one daughter (Maya, 10) who lives with her", "Divorced, one daughter, Maya (10) who lives with her"),
        ("Two children (Brianna, 20, in nursing school; Caleb, 16)", "Two children: Brianna (20, in nursing school) and Caleb (16)"),
        ("Two kids (Ana 7 and Leo 4 months)", "Two kids: Ana (7) and Leo (4 months)"),
        ("Two children (9 and 6), two grandchildren (14 and 11)", "Two children (9 and 6), two grandchildren (14 and 11)"),
        ("Lives with his younger sister (Ashley, 20)", "Lives with his younger sister (Ashley, 20)"),
        ("Married; kids: Mateo 16, Lucia 12, Bruno 4", "Married; kids: Mateo (16), Lucia (12), Bruno (4)"),
        ("Wife Rania, 39. Three daughters: Leila 13 & Noor 10", "wife Rania (39). Three daughters: Leila (13) & Noor (10)"),
        ("Separated; twins Noah and Naomi, both 13", "Separated; twins Noah (13) and Naomi (13)"),
        ("Two kids grown (Misty, 33 and Josh, 30)", "Two kids: Misty (33) and Josh (30)"),
        ("Two stepsons (Neil 34, Gavin 31)", "Two stepsons: Neil (34) and Gavin (31)"),
        ("Married (wife: Joy, 62, organist); no kids", "Married to wife Joy (62, organist); no kids"),
        ("Widowed (husband Gerard, 67); two sons", "Widowed (husband Gerard, 67); two sons"),
        ("Engaged, wedding on June 12, no kids", "Engaged, wedding on June 12, no kids"),
        ("Married to Dawn (51). Son Tyler (25) at home", "Married to Dawn (51). son Tyler (25) at home"),
    ],
)  # fmt: skip
def test_they_are_read_as_most_profiles_write_them(family: str, read: str) -> None:
    assert unbracketed(family) == read


def test_the_life_has_just_these() -> None:
    profile = {
        "name": "Kevin Moss",
        "age": 41,
        "occupation": "Nurse",
        "family": "Married to Joanna (38, dental hygienist), three children (Owen, 9; Lucy, 6; Theo, 1)",
    }
    life = life_of(profile, "insurance", "life-health", "beginner")
    children = {one.name: int(one.figures["age"].value) for one in life.of_kind("child") if "age" in one.figures}
    assert children == {"Owen": 9, "Lucy": 6, "Theo": 1}
