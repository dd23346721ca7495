"""Questions known by their subject, by somebody named, or as one of two; and what is said where nothing answers."""

import re

import pytest

from agents.rehearsal.client.talking import last

PASTED = re.compile(r"closer to|What I come back to|comes down to|measure it by|meant to change that|reasons I'm here")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Tell me a bit about the people at home.", "Keisha"),
        ("Do you own or rent?", "We own"),
        ("Is mail better or e-mail?", "e-?mail"),
        ("Let's talk about your money a little. Where is it all at the moment?", r"\$9,500"),
        ("And in cash?", r"\$9,500"),
        ("Would you rather do this in English or Spanish?", "English"),
    ],
)
def test_the_subject_itself_is_told(asked: str, told: str) -> None:
    assert re.search(told, last("Hi Darnell, I'm Chris.", asked), re.IGNORECASE)


@pytest.mark.parametrize(
    "asked",
    [
        "What was the date of that roughly?",
        "What did you build there?",
        "What would be missing if the orders stopped?",
        "how much could u do a month, ballpark, 50? 100?",
        "Is there something you're looking forward to, not about bills?",
        "The plans, is that one plan or one for each of them?",
    ],
)
def test_no_goal_worry_or_stock_yes_stands_in_for_an_answer(asked: str) -> None:
    assert not PASTED.search(last("Hi Darnell, I'm Chris.", asked))


def test_a_question_that_is_not_about_a_proposal_gets_no_stance_to_one() -> None:
    said = last("Hi Darnell, I'm Chris.", "How did that sit with you, honestly?")
    assert not re.search(r"reasonable|on the whole|I'm in\b", said)


@pytest.mark.parametrize(
    "leave", ["It was good to meet you. Have a calm rest of the day.", "I understand. You have my card.", "Drive safe."]
)
def test_a_leave_is_answered_with_a_leave(leave: str) -> None:
    said = last("Hi Darnell, I'm Chris.", "What do you do for a living?", leave)
    assert re.search(r"\b(?:bye|goodbye|take care|thank you)\b", said, re.IGNORECASE), said


@pytest.mark.parametrize("push", ["Everybody does it, trust me.", "It's not illegal if you just happened to do it."])
def test_who_insists_on_a_broken_rule_is_refused_again(push: str) -> None:
    breach = "I heard inside the company that the merger comes Friday, buy before it is public."
    said = last("Hi Darnell, I'm Chris.", breach, push)
    assert re.search(r"\bno\b|won't", said, re.IGNORECASE), said


def test_who_takes_it_back_is_not() -> None:
    said = last(
        "Hi Darnell.", "On the form just leave out that you smoke.", "You're right, nobody should do that. Sorry."
    )
    assert "same: no" not in said
    assert "still won't" not in said


def test_who_dips_into_savings_does_not_chew() -> None:
    assert "smoke" not in last("Hi Darnell, I'm Chris.", "Do you get by on that or do you dip into savings?")
