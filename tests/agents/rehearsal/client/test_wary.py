"""An offer is looked at before the client says yes to it."""

import pytest

from agents.rehearsal.client.talking import last

CONSENT = ("glad", "Yes, please", "Sure", "let's", "go ahead", "Go ahead", "fine with me", "That's fine")


@pytest.mark.parametrize(
    "offer",
    [
        "Here's a little tip: I'd leave the roommate out of the form, nobody checks that.",
        "I can set it all up, I just need your signature today.",
        "If you gave me a free hand, I'd move things without asking you each time.",
        "I'd cash in your old policy and put all your savings into it.",
        "Your wife doesn't have to know about this one.",
        "Oh, the firm takes care of that, you don't have to worry about the fees.",
    ],
)
def test_gets_no_yes(offer: str) -> None:
    said = last("Hi Darnell.", "What do you do?", offer)
    assert not any(word in said for word in CONSENT), said


@pytest.mark.parametrize(
    "offer",
    ["You don't have to sign anything today, sleep on it.", "I'd never leave that out of a form, it has to be true."],
)
def test_the_opposite_is_no_cause(offer: str) -> None:
    assert "signature" not in last("Hi Darnell.", "What do you do?", offer)
