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
