"""What is surely asked is answered by what the profile tells of it, whatever else the line sounds like."""

from typing import Any

import pytest

from agents.rehearsal.client.talking import last
from rplay.agents import meaning

CAPTAIN: dict[str, Any] = {
    "name": "Ines Duarte",
    "age": 51,
    "occupation": "Ferry captain",
    "income": "$92,000",
    "family": "Married to Paulo (53), two children: Malik (11) and Joy (4)",
    "assets": ["Savings account: $21,000"],
    "debts": ["Mortgage: $148,000 at 4.1%", "Truck loan: $19,400 at 6.5%"],
    "goals": ["Keep the house"],
    "background": (
        "She worked in a paper mill until it closed in 2009 and then took the pilot's exam. "
        "Last October an electrical fire burned the boat shed and the settlement covered about half."
    ),
    "concerns": ["A bad season"],
    "hiddenObjections": [],
}


@pytest.mark.skipif(not meaning.installed(), reason="needs the model of meaning: the extra `local`")
@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("I heard there was a fire. What happened, if you don't mind going over it again?", "burned the boat shed"),
        ("What did you do before that, if I may ask?", "paper mill"),
        ("How old are the kids again?", "Joy"),
        ("And anything besides the house that you owe on?", "$19,400"),
    ],
)
def test_it_is_told(line: str, told: str) -> None:
    assert told in last("Good morning.", line, profile=CAPTAIN)


@pytest.mark.skipif(not meaning.installed(), reason="needs the model of meaning: the extra `local`")
def test_a_question_lies_in_the_direction_of_its_answer() -> None:
    question = meaning.asked("so why'd they cancel you on the house")
    told = ("the insurer dropped the homeowners policy because the roof was too old", "my sister sings in a choir")
    answer, other = (float(question @ meaning.asked(one)) for one in told)
    assert answer > other + 0.2
