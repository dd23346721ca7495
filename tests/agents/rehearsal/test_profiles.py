"""Made-up clients."""

import re

import pytest

from rplay.agents.persona.names import tradition_of
from rplay.agents.persona.repair import repaired
from rplay.agents.rehearsal.generator.profiles import generate
from rplay.agents.types import ProfileWish

LEVELS = ("beginner", "intermediate", "advanced")
TRAITS = {"openness", "conscientiousness", "extraversion", "agreeableness", "neuroticism"}
WISHES = [
    ProfileWish("insurance", "beginner", "life-health", ["Life Insurance"]),
    ProfileWish("insurance", "intermediate", "life-health", ["annuities", "Long-Term Care"]),
    ProfileWish("insurance", "advanced", "property-casualty", ["Homeowners Insurance"]),
    ProfileWish("wealth-management", "advanced", "default"),
    ProfileWish("securities", "intermediate", "default"),
    ProfileWish("banking", "beginner", None, ["something new"]),
]


def dollars(text):
    return int(re.sub(r"\D", "", text))


@pytest.mark.sampled(1)
@pytest.mark.parametrize("wish", WISHES, ids=lambda wish: f"{wish.industry}-{wish.difficulty}")
def test_two_hundred_clients_have_the_right_shape(wish):
    for seed in range(200):
        profile = generate(wish, seed)
        assert isinstance(profile["age"], int)
        assert 18 <= profile["age"] <= 100
        assert all(
            isinstance(profile[key], str) and profile[key]
            for key in ("name", "occupation", "family", "familyStatus", "background")
        )
        assert re.fullmatch(r"\$\d{1,3}(?:,\d{3})+", profile["income"])
        for key in ("assets", "debts", "goals", "concerns", "hiddenObjections"):
            assert isinstance(profile[key], list)
            assert all(isinstance(text, str) and text for text in profile[key])
        assert profile["assets"]
        assert profile["goals"]
        assert set(profile["personality"]["traits"]) == TRAITS
        assert set(profile["fusionModelTraits"]) == TRAITS | {"assertiveness", "honestyHumility"}
        assert all(isinstance(value, int) and 0 <= value <= 100 for value in profile["fusionModelTraits"].values())
        assert all(isinstance(profile["personality"][key], str) for key in ("archetype", "mood", "communicationStyle"))


@pytest.mark.sampled(2)
@pytest.mark.parametrize("wish", WISHES, ids=lambda wish: f"{wish.industry}-{wish.difficulty}")
def test_are_plausible(wish):
    for seed in range(40):
        profile = generate(wish, seed)
        ages = [
            int(age)
            for age in re.findall(
                r"\b(\d{1,2})(?:-year-old)?\b", profile["family"].partition("children")[2] or profile["family"]
            )
        ]
        assert all(profile["age"] - age >= 18 for age in ages)
        assert 20_000 <= dollars(profile["income"]) <= 400_000
        if profile["occupation"].startswith("Retired"):
            assert profile["age"] >= 55
            assert not any("through work" in text for text in profile["hiddenObjections"])
        if any("mortgage" in text.lower() for text in profile["concerns"]):
            assert any("Mortgage" in debt for debt in profile["debts"])


def test_fit_the_focus_area():
    wish = ProfileWish("insurance", "beginner", "life-health", ["Long-Term Care"])
    themes = " ".join(" ".join(generate(wish, seed)["goals"]) for seed in range(20)).lower()
    assert "care" in themes


def test_the_homeowner_has_a_home():
    wish = ProfileWish("insurance", "beginner", "property-casualty", ["Homeowners Insurance"])
    assert all(any(text.startswith("Home") for text in generate(wish, seed)["assets"]) for seed in range(50))


def test_object_more_the_higher_the_level():
    counts = [len(generate(ProfileWish("insurance", level), 1)["hiddenObjections"]) for level in LEVELS]
    assert counts == [1, 2, 4]


def test_are_kinder_at_the_lower_level():
    kind = [
        sum(generate(ProfileWish("insurance", level), seed)["fusionModelTraits"]["agreeableness"] for seed in range(30))
        for level in LEVELS
    ]
    assert kind[0] > kind[1] > kind[2]


def test_are_many():
    profiles = [generate(WISHES[0], seed) for seed in range(200)]
    assert len({profile["name"] for profile in profiles}) > 190
    assert len({profile["occupation"] for profile in profiles}) > 30
    assert len({profile["age"] for profile in profiles}) > 30


def test_the_same_seed_gives_the_same_client():
    assert generate(WISHES[0], 7) == generate(WISHES[0], 7)
    assert generate(WISHES[0], 7) != generate(WISHES[0], 8)


def test_do_not_resemble_those_of_late():
    existing = []
    for seed in range(15):
        profile = generate(ProfileWish("insurance", "beginner", existing=existing), seed)
        used = {word for one in existing for word in one["name"].split()}
        assert not used & set(profile["name"].split())
        assert profile["occupation"] not in {one["occupation"] for one in existing}
        assert profile["age"] not in {one["age"] for one in existing}
        existing.append(profile)


def test_odd_profiles_of_late_do_no_harm():
    odd = [{}, {"name": None, "age": "old", "occupation": ["a"]}, {"name": 7, "age": 3.5}]
    assert generate(ProfileWish("insurance", "beginner", existing=odd), 1)["name"]


@pytest.mark.practice
def test_nobody_became_a_parent_at_fifty():
    for seed in range(300):
        profile = generate(WISHES[4], seed)
        if found := re.search(r"ages ([\d, and]+)|(\d+)-year-old", profile["family"]):
            ages = [int(age) for age in re.findall(r"\d+", found[0])]
            assert all(18 <= profile["age"] - age <= 45 for age in ages), profile["family"]


@pytest.mark.practice
def test_owners_save_for_no_down_payment():
    for seed in range(300):
        profile = generate(WISHES[4], seed)
        owns = any(asset.startswith("Home") for asset in profile["assets"])
        assert not (owns and any("down payment" in goal for goal in profile["goals"]))


@pytest.fixture(scope="module")
def five_hundred():
    return [generate(WISHES[seed % len(WISHES)], seed) for seed in range(500)]


@pytest.mark.practice
def test_five_hundred_need_no_repair(five_hundred):
    for profile in five_hundred:
        assert repaired(profile) == {**profile, "incomeLevel": repaired(profile)["incomeLevel"]}


@pytest.mark.practice
def test_five_hundred_contradict_themselves_nowhere(five_hundred):
    for profile in five_hundred:
        age, family, work = profile["age"], profile["family"], profile["occupation"]
        means = " ".join(profile["assets"] + profile["debts"])
        texts = " ".join([*profile["goals"], *profile["concerns"], *profile["hiddenObjections"]])
        retired = work.startswith("Retired")
        assert not re.search("grown|grandchild", family) or age >= 47, profile
        assert "Widowed" not in family or age >= 36, profile
        assert "expecting" not in family or age <= 40, profile
        assert age >= 55 or not retired, profile
        assert not retired or not re.search("through work|employer|paycheck|my job|desk job|^Retire ", texts), profile
        assert not retired or not re.search("raise|colleague", profile["background"]), profile
        assert "Mortgage" not in means or "Home" in means, profile
        assert "down payment" not in texts or "Home" not in means, profile
        assert not re.search("the kids|children's", texts) or re.search(r"ages |year-old", family), profile
        assert "never worked with an advisor" not in profile["background"] or "advisor lost" not in texts, profile
        assert "at home first" not in texts or re.search("(?i)married|partner|engaged", family), profile


@pytest.mark.practice
def test_five_hundred_tell_their_family_in_the_web_pages_words(five_hundred):
    for profile in five_hundred:
        words = r"(?:Single|Married|Divorced|Widowed)(?:, No Children| with (?:1 child|[2-9] children))"
        assert re.fullmatch(words, profile["familyStatus"])
        many = re.search(r"with (\d)", profile["familyStatus"])
        assert not many or not re.search("(?i)no children", profile["family"])


@pytest.mark.practice
def test_five_hundred_are_of_many_backgrounds(five_hundred):
    traditions = {tradition_of(profile["name"]) for profile in five_hundred}
    assert len(traditions) >= 12
    assert len({profile["name"] for profile in five_hundred}) >= 475
    assert len({profile["background"] for profile in five_hundred}) >= 450
