"""What neither the profile nor the life tells is answered as others answered it."""

from typing import Any

import pytest

from agents.rehearsal.client.talking import last
from rplay.agents import meaning
from rplay.agents.rehearsal.client.by_precedent import likely
from rplay.agents.rehearsal.client.words import bare, sentences
from rplay.agents.rehearsal.precedents import Near, Precedent, nearest, precedents

pytestmark = pytest.mark.skipif(not meaning.installed(), reason="needs the model of meaning: the extra `local`")

ROOFER: dict[str, Any] = {
    "name": "Owen Pratt",
    "age": 44,
    "occupation": "Roofer, self-employed",
    "income": "$71,000",
    "family": "Divorced, no children",
    "assets": ["Savings account: $8,000"],
    "debts": ["Truck loan: $14,000 at 7%"],
    "goals": ["Put something aside for bad winters"],
    "background": "Last spring somebody broke into his trailer, and the insurer paid nothing for the tools.",
    "concerns": ["Paying for cover that doesn't pay"],
    "hiddenObjections": [],
}


@pytest.mark.parametrize("asked", ["Did they say why?", "Where were you standing when it happened?"])
def test_an_answer_is_that_of_a_precedent(asked: str) -> None:
    said = last("Good morning, Owen.", asked, profile=ROOFER)
    assert any(one.format(partner="", child="") in said for precedent in precedents() for one in precedent.says)


def test_who_has_no_partner_is_not_told_of_one() -> None:
    said = last("Good morning, Owen.", "What would your better half say about it?", profile=ROOFER)
    assert "{" not in said
    assert not any(one in said for precedent in precedents() if "partner" in precedent.needs for one in precedent.says)


def test_the_same_question_gets_the_same_answer() -> None:
    asked = "Did they say why?"
    first = last("Good morning, Owen.", asked, profile=ROOFER)
    again = last("Good morning, Owen.", asked, "I see.", asked, profile=ROOFER)
    assert any(bare(one) in bare(again) for one in sentences(first))


def test_what_the_profile_tells_comes_first() -> None:
    said = last("Good morning, Owen.", "What happened with the trailer and the tools?", profile=ROOFER)
    assert "trailer" in said


def test_a_number_is_no_answer_to_what_asks_for_none() -> None:
    asked = "How many ladders do you carry?"
    found = [one for one in nearest(asked.lower().rstrip("?")) if likely(asked, one) > 0.9]
    assert not found


def test_the_nearer_the_likelier() -> None:
    precedent = Precedent(("did they say why",), ("Not in so many words.",), frozenset())
    near, far = (Near(precedent, "did they say why", share, share) for share in (0.9, 0.5))
    assert likely("did they give a reason", near) > 0.6 > 0.5 > likely("did they give a reason", far)
