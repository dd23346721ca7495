"""What a line takes for granted about the client is put right where the profile says otherwise."""

import pytest

from agents.rehearsal.client.talking import DARNELL, RUTH, TOMASINA, last


@pytest.mark.parametrize(
    ("profile", "line", "right"),
    [
        (DARNELL, "So the mortgage is at seven percent, right?", "5.9 percent"),
        (DARNELL, "The house is at 7.4 percent. Did I get that right?", "car loan that's at 7.4"),
        (DARNELL, "So you have three kids, right?", "Maya and Jonah"),
        (DARNELL, "And Maya is 9, correct?", "Maya is 7"),
        (RUTH, "And you want to retire at sixty-two, that's what I have here.", "At 65, not at 62"),
        (RUTH, "Will your husband be joining us?", "widowed"),
        (TOMASINA, "And what about your kids?", "don't have children"),
        (TOMASINA, "Your husband has cover through his work, right?", "not married"),
    ],
)
def test_is_put_right(profile: dict[str, object], line: str, right: str) -> None:
    assert right in last("Hi there.", line, profile=profile)


@pytest.mark.parametrize(
    ("profile", "line"),
    [
        (DARNELL, "So the mortgage is at about six percent, right?"),
        (DARNELL, "You have two kids, right?"),
        (RUTH, "You could retire at sixty-two if the pension were larger."),
        (RUTH, "What did your husband do?"),
        (DARNELL, "Bundling home and car saves you maybe eight percent."),
    ],
)
def test_what_is_right_or_only_supposed_is_left(profile: dict[str, object], line: str) -> None:
    said = last("Hi there.", line, profile=profile)
    assert not any(word in said for word in ("Not quite", "not right", "Almost, but no", "correct you"))


def test_a_guess_is_called_one() -> None:
    said = last("Hi there.", "So your parents still pay for half of it, I guess.", profile=TOMASINA)
    assert "guess" in said or "ask me" in said.lower()


def test_an_age_is_put_right() -> None:
    assert "I'm 61" in last("Hi there.", "You're sixty-five now, so let's look at Medicare.", profile=RUTH)
