"""The life of a client made of a profile: whole, the same each time, and without a contradiction."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rplay.agents.persona.life import ASPECTS, Life
from rplay.agents.persona.make import life_of
from rplay.agents.rehearsal.generator.profiles import generate
from rplay.agents.types import ProfileWish

PLACES = [
    ("insurance", "life-health"),
    ("insurance", "property-casualty"),
    ("wealth-management", "default"),
    ("securities", "default"),
]
LEVELS = ("beginner", "intermediate", "advanced")
OMAR = {
    "name": "Omar Haddad",
    "age": 41,
    "occupation": "Registered Nurse at Mercy Hospital",
    "income": "$78,000",
    "family": "Married with 2 children, ages 7 and 10",
    "assets": ["401(k): $121,000", "$12,000 in a savings account", "Home: $340,000"],
    "debts": ["Mortgage: $210,000", "Car loan: $8,900"],
    "goals": ["Set up a college fund for the kids"],
    "concerns": ["Leaving the family with the mortgage"],
    "hiddenObjections": ["I already have coverage through work"],
    "background": "Omar talked to a bank employee once and felt rushed.",
}
ODD = [
    {},
    {"name": None, "age": "mid-50s", "income": {"annual": "85k"}, "assets": "none", "debts": "none"},
    {"name": "Zed", "age": 22, "familyStatus": "Widowed, with grown-up children", "occupation": "Retired pilot"},
    {"name": ["Ann", "Lee"], "age": -4, "income": 1e30, "goals": {"short": "a boat"}, "debts": [None, 7, {}]},
    {
        "financialDetails": {
            "assets": {"savings": 12000, "home": {"value": 300000}},
            "debts": [{"type": "Car", "balance": "9k"}],
        }
    },
    {"name": "{employer} (a|b)", "occupation": "<b>{x}</b>", "background": "[wants] > {y}", "goals": ["{goal}"] * 50},
    {"name": "\x00\ud800", "age": True, "family": 7, "assets": [[["deep"]]], "personality": "grumpy"},
    {"occupation": "Stay-at-home mom", "income": "0", "family": "Married", "age": 34},
    {"occupation": "Unemployed", "age": "70", "family": "Single", "assets": [], "debts": []},
    {"name": "x" * 10_000, "background": "word " * 10_000, "concerns": "y" * 10_000},
]


# What the profile's own texts tell leaves open what they do not say.
OWN = ("told-", "hidden-", "advisor", "lately")


def made(count):
    for seed in range(count):
        industry, subcategory = PLACES[seed % 4]
        level = LEVELS[seed % 3]
        profile = generate(ProfileWish(industry, level, subcategory), seed)
        yield profile, life_of(profile, industry, subcategory, level)


def sentences(life):
    return [text for subject in life.subjects for texts in subject.says.values() for text in texts]


def assert_whole(life, marks=r"[{}<>|\x00]|\( | ,|\.\.$"):
    for kind, aspects in ASPECTS.items():
        subjects = [one for one in life.of_kind(kind) if one.id not in ("assets", "debts")]
        assert subjects, kind
        for subject in subjects:
            assert subject.says["what"] if "what" in aspects else subject.says, subject.id
            left_open = set(aspects) - set(subject.says)
            assert not left_open or subject.id.startswith(OWN), (subject.id, left_open)
    for text in [*sentences(life), *(one.text for one in life.objections), *life.questions]:
        assert not re.search(marks, text), text
        assert text[-1] in ".!?…", text


@pytest.fixture(scope="module", params=[24, pytest.param(240, marks=pytest.mark.practice)])
def lives(request):
    return list(made(request.param))


def test_every_aspect_of_every_kind_is_answered(lives):
    for _, life in lives:
        assert_whole(life)


@pytest.mark.parametrize("profile", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("level", LEVELS)
def test_any_profile_has_a_whole_life(profile, level):
    assert_whole(life_of(profile, "insurance", "life-health", level))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**7) | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
keys = st.sampled_from([*OMAR, "familyStatus", "financialDetails", "location", "insurance", "personality", "spouse"])


@pytest.mark.sampled(1)
@pytest.mark.parametrize("part", range(3))
@given(profile=st.dictionaries(keys, json_values, max_size=8))
@settings(max_examples=20, deadline=None)
def test_no_profile_breaks_it(part, profile):
    assert_whole(life_of(profile, "securities", None, "advanced"), marks=r"[{}<>|\x00]")


def test_the_same_profile_has_the_same_life():
    assert life_of(OMAR, "insurance", "life-health", "beginner") == life_of(
        dict(reversed(OMAR.items())), "insurance", "life-health", "beginner"
    )


def test_goes_through_json_unchanged(lives):
    for _, life in lives[:20]:
        assert Life.model_validate_json(life.model_dump_json()) == life


def test_told_facts_are_the_profiles_own():
    life = life_of(OMAR, "insurance", "life-health", "beginner")
    assert life.subject("income").figures["what"].value == 78_000
    assert [life.subject(f"asset-{n}").figures["what"].value for n in (1, 2, 3)] == [121_000, 12_000, 340_000]
    assert "$8,900" in life.subject("debt-2").says["what"][0]
    assert "car loan" in life.subject("debt-2").words
    assert {"8,900", "8900"} <= set(life.subject("debt-2").words)
    assert [life.subject(f"child-{n}").figures["age"].value for n in (1, 2)] == [10, 7]
    assert "Mercy Hospital" in life.subject("work").says["employer"][0]
    assert re.search("rushed|twelve minutes", life.subject("advisor").says["what"][0])


def test_the_harder_the_more_is_hidden(lives):
    many = {level: Counter() for level in LEVELS}
    for (_, life), level in zip(lives, LEVELS * (len(lives) // 3), strict=True):
        hidden = [one for one in life.subjects if one.reserve == 2]
        assert all(one.unlock for one in hidden)
        many[level][len(hidden)] += 1
    assert set(many["beginner"]) == {1}
    assert set(many["intermediate"]) == {2}
    assert set(many["advanced"]) <= {2, 3, 4}


def test_objections_are_the_profiles_own_first(lives):
    for profile, life in lives:
        assert len([one for one in life.objections if one.id.startswith("own-")]) == len(profile["hiddenObjections"])
        assert all(one.deeper and one.settled_by for one in life.objections)


def test_two_clients_seldom_say_the_same(lives):
    said = Counter()
    for _, life in lives[:200]:
        said.update({text for text in sentences(life) if len(text.split()) >= 6})
    total = said.total()
    assert max(said.values()) <= 45
    assert sum(many for many in said.values() if many > 20) / total < 0.1
    assert len(said) / total > 0.33


def test_asks_in_the_words_of_its_own_mood():
    grumpy = {
        **OMAR,
        "personality": {"mood": "impatient", "communicationStyle": "blunt", "traits": {"agreeableness": 10}},
    }
    kind = {**OMAR, "personality": {"mood": "friendly", "communicationStyle": "warm", "traits": {"agreeableness": 90}}}
    styles = [life_of(one, "insurance", "life-health", "beginner").style for one in (grumpy, kind)]
    assert styles[0].blunt > styles[1].blunt + 40
    assert styles[0].warm < styles[1].warm - 40


def test_the_web_pages_constants_make_nobody_else():
    shown = {**OMAR, "avatar": "x", "personality": {"archetype": "analyst", "mood": "confident"}}
    plain, decked = (life_of(one, "insurance", "life-health", "beginner") for one in (OMAR, shown))
    assert [one.figures for one in plain.subjects] == [one.figures for one in decked.subjects]
