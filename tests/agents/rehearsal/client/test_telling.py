"""Questions that a client's own texts answer, and those they do not."""

import pytest

from rplay.agents.rehearsal.client.statements import statements_of
from rplay.agents.rehearsal.client.telling import answer, wants

HARRIET = statements_of({
    "name": "Harriet Lindqvist",
    "family": "Lives with partner Gwen (51, carpenter)",
    "goals": ["Maybe buy land with Gwen"],
    "concerns": ["Losing her aunt's money"],
    "background": "Her aunt Birgit died in February and left her the account, which sits in cash. Harriet was her "
    "caregiver for the last two years. A dust fire in 2017 closed her shop for five weeks; the insurer paid for the "
    "machines but argued over lost income because the books were wrong.",
})  # fmt: skip


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("who left you the account", "left me the account"),
        ("When did your aunt die?", "died in February"),
        ("how long was the shop closed after the fire", "for five weeks"),
        ("Did the insurance company pay for the machines?", "The insurer paid for the machines."),
        ("why did the insurer argue about the income?", "Because the books were wrong."),
        ("how long were you her caregiver?", "I was her caregiver for the last two years."),
    ],
)
def test_the_statement_that_answers_is_told(question: str, said: str) -> None:
    found = answer(question, HARRIET)
    assert found.sure
    assert said in found.text


@pytest.mark.parametrize(
    "question",
    [
        "How big is the shop?",
        "does Gwen sell her furniture",
        "what is the rate on the savings account",
        "If the insurer went under, what would you do?",
        "One more idea.",
        "how many people work for you",
        "what did your aunt die of",
        "which machines was it",
    ],
)
def test_what_the_texts_do_not_tell_is_left_to_others(question: str) -> None:
    assert not answer(question, HARRIET).sure


def test_a_question_back_is_about_what_was_told_last() -> None:
    said = ["My aunt Birgit died in February and left me the account."]
    assert answer("when was that", HARRIET, said).text == "In February."
    assert "cash" in answer("and then?", HARRIET, said).text


def test_nothing_is_told_twice_word_for_word() -> None:
    question = "Did the insurance company pay for the machines?"
    said: list[str] = []
    for _ in range(3):
        said.append(answer(question, HARRIET, said).text)
    assert said[0] == "The insurer paid for the machines."
    assert said[1] == "The insurer argued over lost income because the books were wrong."
    assert said[2].startswith("As I said, the insurer")
    assert answer(question, HARRIET, said).text == ""


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("when was that", "when"),
        ("what did you do when he called", ""),
        ("when it got tight, what did you do", ""),
        ("how long did it take", "long"),
        ("how long ago was it", "when"),
        ("what does it cost you", "much"),
        ("what made you stay", "why"),
    ],
)
def test_what_a_question_wants(question: str, wanted: str) -> None:
    assert wants(question) == wanted
