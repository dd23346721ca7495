"""Plain questions have one right answer, however they are worded."""

from typing import Any

import pytest

from agents.rehearsal.client.talking import DARNELL, RUTH, last
from rplay.agents.rehearsal.client.statements import part

OWNER: dict[str, Any] = {
    "name": "Joanne Pfeiffer",
    "age": 51,
    "occupation": "Owner of a print shop with 14 employees",
    "income": "$97,000",
    "family": "Married to Beth, a landscape gardener; their son Marcus (19) is a sophomore; first grandchild due in four months",
    "familyStatus": "Married, with 1 child",
    "assets": ["Life insurance payout in a money market account: $120,000", "401(k): $238,000"],
    "debts": ["Mortgage: $196,000 at 3.1%", "Loan for the deck oven: $18,500 at 8.05%"],
    "goals": ["Lower the total premium"],
    "background": "She bought the shop nine years ago. Her aunt Vera died ten months ago.",
    "concerns": ["Gaps between the policies"],
    "hiddenObjections": ["Is comparing two other companies"],
}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("How old is Marcus now?", "19"),
        ("ok and how old is he, your son?", "19"),
        ("How many people work for you?", "14 employees"),
        ("What do you still owe on the oven?", "$18,500"),
        ("What rate is that on the oven?", "8.05 percent"),
        ("Which of the two loans costs you more?", "8.05"),
        ("And the 120 thousand, where did that come from?", "life insurance"),
        ("When is the baby due?", "In four months"),
        ("Oh. When did she die?", "ten months ago"),
        ("How much is in the 401k?", "$238,000"),
        ("And your husband, what does he do?", "wife"),
        ("What do you do for a living?", "owner of a print shop"),
        ("Who lives in the house with you?", "Beth"),
    ],
)
def test_what_the_profile_says_is_told(asked: str, told: str) -> None:
    assert told in last("Hi Joanne.", "Thanks for coming in.", asked, profile=OWNER)


@pytest.mark.parametrize("asked", ["What are the names of your children?", "Remind me, your kids' names?"])
def test_children_are_named_with_their_ages(asked: str) -> None:
    said = last("Hi Darnell.", asked)
    assert "Maya, who's 7" in said
    assert "Jonah, who's 4" in said


def test_what_is_owed_beside_is_what_was_not_told() -> None:
    said = last("Hi Darnell.", "What do you owe on the mortgage?", "Any other debts?")
    assert "car loan" in said
    assert "credit card" in said
    assert "212,000" not in said


def test_who_owes_nothing_more_says_so() -> None:
    assert "that's all" in last("Hello Ruth.", "What do you owe?", "Any other loans?", profile=RUTH)


def test_nobody_is_told_the_same_twice_in_one_line() -> None:
    said = last("Hi Joanne.", "Who works there with you? Do you have employees?", profile=OWNER)
    assert said.count("14 employees") == 1


def test_asked_again_it_is_told_again_with_a_lead() -> None:
    said = last("Hi Darnell.", "How old are the kids?", "Sorry, how old are the kids?", profile=DARNELL)
    assert said != last("Hi Darnell.", "How old are the kids?", profile=DARNELL)
    assert "7" in said


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("how much do you pay in child support", "$780"),
        ("How old is the baby?", "7 months"),
        ("what does hernan do", "roofer"),
    ],
)
def test_what_stands_in_the_family_is_told(asked: str, told: str) -> None:
    family = (
        "Lives with her partner Hernán (47, roofer), one daughter, Junie (7 months); pays $780 a month in child support"
    )
    profile = {**OWNER, "name": "Mireya Quispe", "family": family, "familyStatus": "Unmarried couple, with children"}
    assert told in last("Hi Mireya.", asked, profile=profile)


def test_where_somebody_lives_stands_in_the_family() -> None:
    profile = {
        **OWNER,
        "family": "Married to Jeannie, daughter Carly (29) works with her, son Ben (26) lives in Seattle",
    }
    assert "In Seattle" in last("Hi Joanne.", "Where does Ben live?", profile=profile)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("What happened with your back?", "kept me from lifting"),
        ("How many chairs are in there?", "4 rented chairs"),
        ("How many moves is that by now?", "six times"),
        ("How long were you married?", "Fifteen years"),
    ],
)
def test_what_the_background_counts_and_tells(asked: str, told: str) -> None:
    profile = {
        **OWNER,
        "occupation": "Owner of a hair salon with 4 rented chairs",
        "family": "Divorced, one son, Marcus (19)",
        "familyStatus": "Divorced, with 1 child",
        "background": "She divorced after fifteen years of marriage. Since last winter her back has kept her from lifting "
        "boxes. The family has moved six times.",
    }
    assert told in last("Hi Joanne.", asked, profile=profile)


def test_who_owns_does_not_rent() -> None:
    assert last("Hi Darnell.", "Are you still renting?").startswith("No,")


def test_who_lives_in_a_let_apartment_are_not_those_at_home() -> None:
    assert "Keisha" not in last("Hi Darnell.", "Who lives in the apartment now?")


# Strangers' households and loans, as their profiles tell of them.


@pytest.mark.parametrize(
    ("profile", "asked", "told"),
    [
        (
            {"family": "Divorced from Carol, one daughter, Tess (20)", "background": "She lives alone with a beagle."},
            "And who's at home with you these days?",
            "alone",
        ),
        ({"family": "Single, rents with two roommates"}, "Who do you live with?", "two roommates"),
        (
            {"family": "Married to Bernadine (67); one son, Joel (36); raises grandson Elijah (11)"},
            "Who all lives under your roof?",
            "Elijah",
        ),
        (
            {"family": "Divorced from Paul; one son, Andre (22), who lives with her"},
            "Who lives in the house with you?",
            "Andre",
        ),
        (
            {"family": "Married to Ilse (52); one son, Bram (26, works on the farm)"},
            "And who's working with you now day to day?",
            "Bram works on the farm",
        ),
        (
            {"assets": ["House outside Asheville: $365,000"], "debts": ["Mortgage: $268,000 at 6.1%"]},
            "What's the rate on the house?",
            "6.1 percent",
        ),
        (
            {"assets": ["Cider equipment: $85,000"], "debts": ["Equipment loan at 7.4%: $41,000"]},
            "What's the rate on that equipment loan?",
            "7.4 percent",
        ),
        (
            {"family": "Divorced, one daughter, Tess (20)", "debts": ["Parent loan for tuition: $14,800 at 8.05%"]},
            "I see a parent loan on the sheet. Is it in your name or hers?",
            "Mine",
        ),
    ],
)
def test_what_a_strangers_profile_says_is_told(profile: dict[str, Any], asked: str, told: str) -> None:
    stranger = {"name": "Andrea Kowalczyk", "age": 52, "occupation": "Dairy farmer", "income": "$79,000", **profile}
    said = last("Good morning.", asked, profile=stranger)
    assert told in said
    assert "asheville" not in said
    assert "3.5" not in said


def test_only_the_child_who_is_asked_for_is_told_of() -> None:
    three = {**OWNER, "family": "Married to Beth (50); children Noelle (20), Xavier (18) and Simone (15)"}
    said = last("Hi Joanne.", "How old is your youngest?", profile=three)
    assert "Simone" in said
    assert "Xavier" not in said


def test_a_time_is_not_cut_off() -> None:
    assert part("I have until the end of next month to find a new one.", "when") == "until the end of next month"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Who am I talking to?", "Andrea"),
        ("What's your family situation?", "Sam"),
        ("Is there a partner?", "Sam"),
        ("Rent or own?", "lease of the shop"),
        ("And the shop, do you rent or own?", "lease of the shop"),
        ("What do you have besides the house?", "$12,000"),
        ("What debts do you have?", "$9,000"),
        ("What's the rate on the card?", "24.125"),
        ("What would I have to show you so that it's worth that to you?", ""),
        ("Which papers would you like to take home?", ""),
        ("What do you pay for health insurance?", "$412"),
    ],
)
def test_what_everybody_asks_is_told(asked: str, told: str) -> None:
    owner = {
        "name": "Andrea Kowalczyk",
        "age": 52,
        "occupation": "Owner of a coffee shop",
        "income": "$79,000",
        "family": "Married to Sam (50, counselor)",
        "assets": ["House: $300,000", "Savings: $12,000"],
        "debts": ["Mortgage: $100,000 at 4%", "Credit card: $9,000 at 24.125%"],
        "background": "The lease of the shop ends in 2028. Health insurance is $412 a month through the exchange.",
    }
    said = last("Good morning.", "Tell me about the shop.", asked, profile=owner)
    assert told in said
    assert "$12,000" not in said or told


def test_who_asks_for_the_work_is_told_since_when_and_not_how_it_is_liked() -> None:
    said = last("Hi Darnell.", "What do you do for a living.")
    assert said.startswith("I'm a bus mechanic")
    assert "like" not in said
    assert "2015" in said


def test_what_one_makes_is_the_income() -> None:
    assert "$71,000" in last("Hi Darnell.", "ok what do u make")
