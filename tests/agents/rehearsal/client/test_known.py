"""Where nothing answers a question the client tells what it knows nearest to it, else says plainly that it does not
know."""

from typing import Any

import pytest

from agents.rehearsal.client.talking import last
from rplay.agents import meaning

GROWER: dict[str, Any] = {
    "name": "Nomvula Adair",
    "age": 47,
    "occupation": "Oyster grower",
    "income": "$88,000",
    "family": "Lives with her partner Anselm (49), no children",
    "assets": ["Shucking shed and cooler: $140,000", "Savings account: $12,400"],
    "debts": ["Credit line: $31,000 at 9.5%"],
    "goals": ["Cover storm surge"],
    "background": "She came from Durban at nineteen on a scholarship. A king tide three winters ago took two hundred bags"
    " of seed and the insurer paid nothing. Two dry years and low prices have left the operating line unpaid.",
    "concerns": ["A worker being hurt on the barge"],
    "hiddenObjections": ["Thinks insurers always find a clause"],
}
EVASIONS = ("What makes you ask", "look it up at home", "What exactly would you like", "Ask me about one part",
            "put that another way", "How do you mean", "off the top of my head")  # fmt: skip


@pytest.mark.skipif(not meaning.on(), reason="needs the model of meaning")
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("What did that king tide take, three winters ago?", "two hundred bags"),
        ("Tell me about the last two years, money-wise.", "two dry years"),
    ],
)
def test_tells_the_nearest_text(asked: str, told: str) -> None:
    assert told in last("Good morning, Nomvula.", asked, profile=GROWER).lower()


@pytest.mark.parametrize(
    "asked",
    [
        "And what does the heron do with the ladder?",
        "Which of your legs would you say is the short one?",
        "And you seriously painted it that shade?",
        "How is the ferry's horn doing?",
    ],
)
def test_never_dodges_with_a_question_back(asked: str) -> None:
    said = last("Good morning, Nomvula.", asked, profile=GROWER)
    assert not any(one in said for one in EVASIONS)


def test_a_doubtful_claim_is_not_agreed_to() -> None:
    said = last("Good morning, Nomvula.", "Well most of it applies anyway, a barn's a barn, right?", profile=GROWER)
    assert "sure about that" in said or "think it over" in said
