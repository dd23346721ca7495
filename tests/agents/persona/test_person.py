"""Who a client is: ages, years, sums and rates that fit one another, for hundreds of made and odd profiles."""

import re

import pytest

from rplay.agents.persona.dice import Dice
from rplay.agents.persona.given import holding, read
from rplay.agents.persona.holdings import payment
from rplay.agents.persona.make import life_of
from rplay.agents.persona.money import MEDICARE
from rplay.agents.persona.person import Person
from rplay.agents.persona.work import NOW
from rplay.agents.rehearsal.generator.profiles import generate
from rplay.agents.types import ProfileWish
from tests.agents.persona.test_life import LEVELS, ODD, PLACES, sentences

AGES = (19, 22, 27, 33, 41, 48, 56, 63, 67, 74, 83, 95)
FAMILIES = (
    "Widowed with 2 grown children and 3 grandchildren", "Married with 3 children, ages 4, 9 and 30", "Single", "",
    "Divorced, sharing custody of 2 children, ages 5 and 8", "Married, expecting a first child", "Remarried, 2 stepchildren",
    "Single parent of a 15-year-old", "Living with a partner", "Married to Ana, daughter Mia (9), caring for an aging mother",
)  # fmt: skip
JOBS = (
    "Retired Teacher",
    "Nurse",
    "Bakery Owner",
    "Graduate Student",
    "Unemployed",
    "Stay-at-home dad",
    "",
    "CEO at Acme",
)


def person(profile, seed=1, level="advanced"):
    return Person(read(profile), Dice(seed), "insurance", "life-health", level)


def made():
    for seed in range(150):
        industry, subcategory = PLACES[seed % 4]
        yield person(generate(ProfileWish(industry, LEVELS[seed % 3], subcategory), seed), seed)


def contradictory():
    for seed, age in enumerate(AGES):
        for family in FAMILIES:
            for job in JOBS:
                debts = ["Mortgage: $180,000", "Car loan: $9,000 at 6.9%", "Credit cards: $4k", "Student loans: 22k"]
                assets = ["401(k): $90,000", "$12,000 in savings", "home worth $310,000"]
                yield person(
                    {
                        "age": age,
                        "family": family,
                        "occupation": job,
                        "income": "$61,000",
                        "debts": debts,
                        "assets": assets,
                    },
                    seed,
                )


@pytest.fixture(scope="module", params=["few", pytest.param("many", marks=pytest.mark.practice)])
def people(request):
    """A seventh of them all, or all."""
    everybody = [*made(), *contradictory()]
    return [*everybody[:: 7 if request.param == "few" else 1], *(person(profile) for profile in ODD)]


def test_ages_fit(people):
    for who in people:
        family = who.family
        assert 18 <= who.age <= 100
        for child in family.children:
            assert who.age - child.age >= 16 or child.step, (who.age, child)
            if family.partner and not family.remarried:
                assert family.partner.age - child.age >= 15
        for parent in family.parents:
            assert 16 <= parent.age - who.age <= 40
            assert parent.age <= 100
        if family.partner:
            assert family.partner.age >= 19
            assert family.partner.retired or family.partner.age < 67 or not family.partner.job
        assert family.status != "widowed" or who.age >= 26
        assert not family.grandchildren or any(child.age >= 20 for child in family.children)


def test_names_are_told_apart(people):
    for who in people:
        family = who.family
        names = [
            who.given.first_name,
            *(child.name for child in family.children),
            *(one.name for one in family.siblings),
        ]
        names += [family.partner.name] if family.partner else []
        assert len(names) == len(set(names)), names


def test_years_fit(people):
    for who in people:
        work, family = who.work, who.family
        assert who.born + 16 <= work.began <= work.since <= NOW
        assert work.retire_at > who.age or work.retired_in
        if work.retired_in:
            assert work.since < work.retired_in <= NOW
            assert who.age >= 45
        if family.partner:
            assert who.born + 16 <= family.partner.since <= NOW
        for one in (*who.assets, *who.debts, who.home):
            assert who.born + 17 <= one.since <= NOW, one
        assert all(debt.until > NOW for debt in who.debts)
        assert who.cover.own_life_since == 0 or who.born + 18 <= who.cover.own_life_since <= NOW


def test_a_month_adds_up(people):
    for who in people:
        money = who.money
        assert money.spending + money.saves == money.household
        assert money.household == round(money.take_home + money.partner_take_home, -1)
        assert 0 < money.take_home * 12 <= who.income or not who.income
        put_away = sum(
            one.monthly for one in who.assets if not (who.work.status == "employed" and one.kind in ("workplan", "hsa"))
        )
        assert put_away in (0, money.saves)


def test_what_is_paid_pays_it_off(people):
    for who in people:
        for debt in who.debts:
            due = payment(debt.amount, debt.rate, debt.left)
            assert debt.monthly == pytest.approx(due, rel=0.06, abs=15), debt


def test_sums_of_the_profile_are_kept(people):
    for who in people:
        for given, held in zip(who.given.assets or (), who.assets, strict=False):
            assert given.amount is None or held.amount == given.amount
        for given, owed in zip(who.given.debts or (), who.debts, strict=False):
            assert given.amount is None or owed.amount == given.amount


def test_cover_fits_work_and_age(people):
    for who in people:
        cover, work = who.cover, who.work
        assert work.status == "employed" or not (cover.group_life or cover.disability or cover.health == "employer")
        assert cover.health != "medicare" or who.age >= MEDICARE
        assert cover.health != "parents" or who.age < 26
        assert cover.health != "partner" or who.family.partner


@pytest.mark.sampled(1)
@pytest.mark.parametrize("part", range(4))
def test_hypotheticals_follow_from_the_rest(part):
    for seed in range(part, 60, 4):
        life = life_of(
            generate(ProfileWish("insurance", "beginner", "life-health"), seed), "insurance", "life-health", "beginner"
        )
        what_if = life.subject("if")
        assert what_if.figures.get("death") == life.subject("cover").figures.get("life")
        assert what_if.figures["job_loss"].value == life.subject("spending").figures["emergency"].value
        said = " ".join(what_if.says["death"])
        if (cover := life.subject("cover").figures.get("life")) and cover.value:
            assert f"${cover.value:,.0f}" in said


@pytest.mark.parametrize(
    ("told", "name", "amount"),
    [
        ("Car loan: $8,900", "Car loan", 8_900),
        ("$12,000 in a savings account", "savings account", 12_000),
        ("401(k): $121,000", "401(k)", 121_000),
        ("401(k) with $52,000", "401(k)", 52_000),
        ("529 plan: 14k", "529 plan", 14_000),
        ("Mortgage of about $210,000 at 4.1%", "Mortgage", 210_000),
        ("Roth IRA ($23,500)", "Roth IRA", 23_500),
        ("home worth $1.2M", "home", 1_200_000),
        ("2019 Honda Civic", "2019 Honda Civic", None),
        ("Savings account - 15,000", "Savings account", 15_000),
    ],
)
def test_sums_are_read_however_they_are_written(told, name, amount):
    assert (holding(told).name, holding(told).amount) == (name, amount)


@pytest.mark.parametrize(
    ("assets", "held"),
    [
        ({"savings": 12000, "home": {"value": 300000}}, [("savings", 12_000), ("home", 300_000)]),
        ([{"type": "401(k)", "value": 120000}], [("401(k)", 120_000)]),
        ("401(k) with $120,000, savings of $15,000 and a boat", [("401(k)", 120_000), ("savings", 15_000)]),
        ("none", []),
        (["None"], []),
    ],
)
def test_holdings_are_read_in_whatever_shape(assets, held):
    found = [(one.name, one.amount) for one in read({"financialDetails": {"assets": assets}}).assets]
    assert found[: len(held)] == held


@pytest.mark.parametrize(
    ("income", "amount"),
    [
        ("$65,000", 65_000),
        ("85k", 85_000),
        ("$5,200/month", 62_400),
        (70000, 70_000),
        ({"annual": "90k"}, 90_000),
        ("", None),
    ],
)
def test_incomes_are_a_years(income, amount):
    assert read({"income": income}).income == amount


# What a sentence may say only of somebody of whom it is true.
RULES = (
    (r"\bmy (?:wife|husband)\b", lambda who: who.family.partner or who.family.status in ("widowed", "divorced")),
    (r"\bmy sister\b", lambda who: any(one.word == "sister" for one in who.family.siblings)),
    (r"\bmy brother\b", lambda who: any(one.word == "brother" for one in who.family.siblings)),
    (r"\bmy boss\b", lambda who: who.work.status == "employed"),
    (r"\bthe mortgage\b", lambda who: who.mortgage),
    (r"\bI'm retired\b", lambda who: who.work.status == "retired"),
    (r"\bMedicare, with\b|I'm on Medicare", lambda who: who.age >= MEDICARE),
    (r"\b(?:my|the) (?:401\(k\)|SEP IRA)", lambda who: who.work.status != "home"),
)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("part", range(5))
def test_nobody_speaks_of_what_is_not_theirs(part):
    for seed in range(part, 80, 5):
        industry, subcategory = PLACES[seed % 4]
        profile = generate(ProfileWish(industry, LEVELS[seed % 3], subcategory), seed)
        life = life_of(profile, industry, subcategory, LEVELS[seed % 3])
        who = Person(read(profile), Dice(0), industry, subcategory, "beginner")
        family = life.subject("relatives").says["siblings"][0]
        for text in sentences(life):
            for pattern, holds in RULES:
                if re.search(pattern, text) and "sister" not in pattern and "brother" not in pattern:
                    assert holds(who) or pattern in profile["background"], (text, profile)
            if "only child" in family:
                assert not re.search(r"\bmy (?:sister|brother)\b", text), text
