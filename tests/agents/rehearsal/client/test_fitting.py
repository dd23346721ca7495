"""An answer has the form of its question."""

import pytest

from rplay.agents.rehearsal.client.fitting import fits


@pytest.mark.parametrize(
    ("asked", "fitting", "other"),
    [
        ("How long have you been there?", "Since 2015, so eleven years.", "I like the crew."),
        ("And how much did they pay you?", "About $900.", "They were friendly about it."),
        ("How old is your mother?", "She's 79.", "She lives in Pune."),
        ("When did you buy it?", "Two years ago.", "It was a good deal."),
        ("Who else decides with you?", "My wife and I, together.", "It should make sense on one page."),
    ],
)
def test_what_lacks_the_form_does_not_fit(asked: str, fitting: str, other: str) -> None:
    assert fits(asked, [fitting])
    assert not fits(asked, [other])


def test_other_questions_take_any_answer() -> None:
    assert fits("What was that like?", ["Cold, mostly."])


def test_when_in_a_clause_asks_for_no_date() -> None:
    assert fits("What did you do when it happened?", ["I called my brother."])


@pytest.mark.parametrize(
    ("asked", "said", "fitting"),
    [
        ("Have you and Kinga talked about that?", "Kinga stopped working at a bakery.", False),
        ("Have you and Kinga talked about that?", "Not yet.", True),
        ("Does Beth have her tools insured?", "Beth's truck carries her tools, and nobody insured them.", True),
        ("Did you?", "The claim was denied.", True),
    ],
)
def test_what_wants_a_yes_or_no_is_taken_up(asked: str, said: str, fitting: bool) -> None:
    assert fits(asked, [said]) is fitting
