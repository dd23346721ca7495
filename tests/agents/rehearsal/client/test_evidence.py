"""A no, a made-up answer and an evasion give way to what the profile tells; of several things the right one is meant."""

from typing import Any

import pytest

from agents.rehearsal.client.talking import last

RANCHER: dict[str, Any] = {
    "name": "Ernesto Duarte",
    "age": 66,
    "occupation": "Cattle rancher, 2,400 acres",
    "income": "$94,000",
    "family": "Married to Carmen (63), who keeps the books; a daughter, Lupe (36), a veterinarian in Tucson, and a son,"
    " Mateo (32), who works the ranch with him",
    "assets": ["Ranch land: $3,100,000", "Herd: $410,000", "Certificates of deposit: $120,000"],
    "debts": ["Land loan: $380,000 at 6.1%", "Boat loan: $9,500 at 8.7%"],
    "goals": ["Keep the ranch in one piece"],
    "background": "The drought of 2022 made him sell ninety cows. He had a hip replaced two years ago. In 2015 a cousin"
    " sold him a life policy that he dropped at a loss when freight was slow.",
    "concerns": ["Another dry year"],
    "hiddenObjections": ["He has no will and is ashamed of it"],
}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Did somebody sell you a bad policy once?", "cousin sold me a life policy"),
        ("How's your health holding up?", "hip replaced"),
        ("Who helps you on the ranch?", "Mateo"),
        ("Does your wife work in the business?", "keeps the books"),
        ("What rate do you pay on the boat?", "8.7 percent"),
        ("And the boat, is that paid off?", "$9,500 on the boat loan"),
        ("Do you have anything outside the ranch?", "$120,000"),
        ("What do you owe, on the land and on the boat?", "$380,000 on the land loan and $9,500"),
        ("What does Lupe do?", "veterinarian"),
        ("Is the herd paid off?", "paid for"),
        ("Has anything ever gone wrong with your health, an operation or so?", "hip replaced"),
        ("Who else works with you?", "Mateo"),
        ("What do the two of you earn together?", "$94,000"),
    ],
)
def test_what_is_told_is_not_denied_nor_made_up(asked: str, told: str) -> None:
    assert told in last(asked, profile=RANCHER)


def test_what_is_hidden_is_held_back_and_not_denied() -> None:
    said = last("You need to decide today.", "Have you got a will?", profile=RANCHER)
    assert "2012" not in said
    assert not said.startswith("Yes")


def test_without_such_a_text_a_no_is_a_no() -> None:
    assert last("Have you ever been sued by a neighbor?", profile=RANCHER)


SHEILA: dict[str, Any] = {
    "name": "Sheila Prescott",
    "age": 50,
    "occupation": "School bus driver and part-time choir director",
    "income": "$38,000",
    "family": "Married to Dwight (53, maintenance technician), two dogs, her father (80) lives with them",
    "assets": ["House: $189,000", "Term life policy, $150,000, until age 62, $41 a month", "County pension (vested)"],
    "debts": ["Mortgage: $88,000 at 4.1%"],
    "background": "A hailstorm in April damaged the roof and the insurer paid much less than the estimate. In 2011 a"
    " salesman put her into an annuity she did not understand. A colleague died on the road in March. She smokes half a"
    " pack a day and had a stent put in. She lost $900 in an options app.",
    "concerns": ["Premium went up 22% at renewal", "The dog, Biscuit, once nipped a courier"],
    "hiddenObjections": ["Has three other quotes open in her browser", "Dwight thinks insurance never pays"],
}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Do you have anything in force at the moment?", "$150,000"),
        ("do you have a life policy all ready or any thing like that", "$150,000"),
        ("Any claims?", "hailstorm"),
        ("What about claims on the house, I mean after the hailstorm?", "hailstorm"),
        ("ok and did they raise ur rate lately, by how much", "22%"),
        ("Did something happen lately that made it real for you?", "in April"),
        ("Have you worked with anybody like me before?", "salesman"),
        ("Did anybody ever sell you something that you regretted?", "annuity"),
        ("Do you earn something on the side?", "choir director"),
        ("Is there anyone else you take care of?", "father"),
        ("Do you have any pets?", "two dogs"),
        ("Has either of the dogs ever bitten someone?", "nipped"),
        ("Any tobacco?", "half a pack"),
        ("Any health conditions?", "stent"),
        ("Have you ever tried investing?", "$900"),
        ("What does Dwight think about all this?", "insurance never pays"),
        ("Are you talking to other companies too?", "three other quotes"),
    ],
)
def test_what_the_profile_tells_of_is_neither_denied_nor_made_up(asked: str, told: str) -> None:
    assert told in last("Good to meet you.", asked, profile=SHEILA)


def test_what_a_partner_thinks_is_kept_back_where_it_is_hidden() -> None:
    asked = ("Good to meet you.", "What does Dwight think about all this?")
    assert "never pays" not in last(*asked, profile=SHEILA, difficulty="advanced")


def test_who_asks_what_made_one_think_of_a_thing_is_not_told_of_that_thing() -> None:
    said = last("Good to meet you.", "What got you thinking about life insurance right now?", profile=SHEILA)
    assert "$150,000" not in said


def test_a_sum_of_one_thing_is_named_once_in_a_line() -> None:
    said = last("Good to meet you.", "Fine. Any debts? Land loan and so on, how much is it?", profile=RANCHER)
    assert said.count("$380,000") == 1


@pytest.mark.parametrize(
    ("asked", "not_told"),
    [
        ("Do you have life insurance through the hospital?", "stent"),
        ("What does Dwight think of smoking?", "half a pack"),
    ],
)
def test_what_is_not_asked_for_is_not_told(asked: str, not_told: str) -> None:
    assert not_told not in last("Good to meet you.", asked, profile=SHEILA)


def test_a_parent_who_died_is_not_said_to_be_well() -> None:
    profile = {**SHEILA, "family": "Single", "background": "Her father died of a heart attack at 51."}
    asked = "May I ask about your parents, are they both still around and in good health?"
    assert "father died" in last("Good to meet you.", asked, profile=profile)
