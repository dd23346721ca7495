"""What was asked is answered: from the life, the aspect asked, once, and deeper when asked on."""

import pytest

from agents.rehearsal.client.talking import DARNELL, RUTH, last, talk


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("What interest do you pay on the car loan?", "7.4"),
        ("How much do you still owe on the mortgage?", "212,000"),
        ("How old are your kids?", "Maya"),
        ("What does your wife do?", "hygienist"),
        ("Where do you work?", "transit authority"),
        ("how long have you been there", "11 years"),
        ("What do you make a year?", "71,000"),
        ("How much is in your savings account?", "9,500"),
    ],
)
def test_a_fact_is_told_when_asked(asked: str, told: str) -> None:
    said = last("Hi Darnell, I'm Chris.", "Tell me a little about your work.", asked)
    assert told in said


def test_two_questions_get_two_answers() -> None:
    said = last("Hi Darnell.", "How much do you owe on the car loan, and what does your wife do?")
    assert "14,200" in said
    assert "hygienist" in said


def test_the_rate_of_several_debts_is_told_for_each() -> None:
    said = last("Hi Darnell.", "What rates do you pay on the car loan and the credit card?")
    assert "7.4" in said
    assert "24.99" in said


def test_the_background_answers_before_anything_made_up() -> None:
    said = last("Hello Ruth.", "What happened with the water in the garage?", profile=RUTH)
    assert "denied because it was flood" in said


def test_why_now_is_answered_with_what_happened() -> None:
    said = " ".join(
        one.text for one in talk("Hi Darnell.", "What got you to look into this?", "Why now, and not two years ago?")
    )
    assert "heart attack last fall" in said


def test_asked_again_the_same_is_said_in_other_words() -> None:
    lines = ["Hi Darnell.", "What's the rate on the car loan?", "How are the kids?", "What's the rate on the car loan?"]
    answers = [one.text for one in talk(*lines)]
    assert "7.4" in answers[1]
    assert "7.4" in answers[3]
    assert answers[1] != answers[3]


def test_told_on_it_goes_deeper() -> None:
    answers = [
        one.text for one in talk("Hi.", "Tell me about your work.", "Tell me more about that.", "And what else?")
    ]
    assert len(set(answers)) == len(answers)


def test_a_wrong_figure_is_put_right() -> None:
    said = last("Hi Darnell.", "So you owe about $190,000 on the mortgage at 4 percent, is that right?")
    assert "212,000" in said or "5.9" in said


def test_a_right_one_is_confirmed() -> None:
    said = last("Hi Darnell.", "So to sum up, you owe $212,000 on the mortgage at 5.9 percent, is that right?")
    assert not said.startswith(("No", "Not quite", "Almost", "Let me correct"))


def test_what_could_be_put_aside_has_a_figure() -> None:
    assert "$" in last("Hi Darnell.", "What could you put toward this each month?")


def test_speech_without_marks_is_answered_too() -> None:
    said = last("hi darnell", "so um what do you still owe on the mortgage")
    assert "212,000" in said


@pytest.mark.parametrize("asked", ["asdf qwer zxcv?", "What colour is the seventh Tuesday?"])
def test_what_was_not_understood_is_asked_back_and_not_made_up(asked: str) -> None:
    said = last("Hi Darnell.", "Tell me about your work.", asked)
    assert "$" not in said
    assert DARNELL["name"] not in said


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("What's left at the end of a month, roughly? I ask because that decides what's possible.", "$"),
        ("I'm asking because an expensive loan comes before any investment. What do you owe on the car?", "14,200"),
    ],
)
def test_a_question_is_answered_though_its_reason_is_told(asked: str, told: str) -> None:
    assert told in last("Hi Darnell.", "Tell me about your work.", asked)


@pytest.mark.parametrize(
    "asked",
    [
        "Do you have family, a partner or somebody in the business who counts on your income?",
        "Is there anyone who depends on you?",
    ],
)
def test_who_depends_on_the_client_are_those_at_home(asked: str) -> None:
    assert "Keisha" in last("Hi Darnell.", asked)


def test_who_watches_the_children_is_not_who_cares_for_the_parents() -> None:
    assert "parents" not in last("Hi Darnell.", "And who takes care of Maya while you work?")
