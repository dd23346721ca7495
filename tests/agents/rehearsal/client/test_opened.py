"""Questions that no profile answers in so many words are answered out of this client's worries, wishes and people."""

import pytest

from agents.rehearsal.client.talking import last

EVASIONS = ("couldn't say", "not sure", "have to think about", "don't have the answer", "Hard to say", "look it up")


@pytest.mark.parametrize(
    "asked",
    [
        "What would you need to see before you sign anything?",
        "What speaks for it, and what speaks against it?",
        "What was your first thought when you read it?",
        "What would Keisha say if she sat here?",
        "Does Keisha know about that?",
        "Where do you see yourself in five years?",
        "On a scale of one to ten, how much risk are you comfortable with?",
        "How did you pay for that at the time?",
        "Are you talking to anyone else about this?",
        "Which day suits you?",
        "What's stopping you?",
        "How would you know that it was the right thing?",
    ],
)
def test_there_is_an_answer_and_no_evasion(asked: str) -> None:
    said = last("Hi Darnell, I'm Chris.", "Thanks for making the time.", asked)
    assert not any(one in said for one in EVASIONS), said
    assert len(said.split()) > 3


def test_a_scale_gets_a_number() -> None:
    said = last("Hi Darnell.", "On a scale from 1 to 10, how much risk can you take?").lower()
    assert any(number in said for number in ("three", "four", "two", "five"))


def test_the_one_who_is_asked_about_is_named() -> None:
    assert "Keisha" in last("Hi Darnell.", "Would Keisha come along next time?")


def test_nobody_answers_the_same_way_twice() -> None:
    lines = ["Hi Darnell.", "What would you need before you sign?", "And what else would you need to sign?"]
    assert last(*lines[:2]) != last(*lines)
