"""What the advisor reads back is checked: what is wrong is put right, what is right confirmed."""

from typing import Any

import pytest

from agents.rehearsal.client.talking import DARNELL, RUTH, last

FARMER: dict[str, Any] = {
    "name": "Leif Sandquist",
    "age": 58,
    "occupation": "Wheat and cattle farmer",
    "income": "$96,000",
    "family": "Married to Ingrid (57, county library director), three children: Beth (32), Adam (29), Sadie (22)",
    "assets": ["Savings account: $86,000", "Land: $2,100,000"],
    "debts": ["Operating line: $140,000 at 8.75%", "Combine loan: $118,000 at 7.1%", "Credit card: $3,150 at 21%"],
    "goals": ["Hand the farm to Adam"],
    "background": "He has farmed the place for thirty-one years and took it over from his father Harold.",
    "concerns": ["Land rich and cash poor"],
    "hiddenObjections": ["Fears an outsider will tell him to sell land"],
}


@pytest.mark.parametrize(
    ("line", "right", "profile"),
    [
        ("Let me test my notes: about two-fifty on the operating line. What did I get wrong?", "$140,000", FARMER),
        (
            "Let me read it back: a combine loan and a credit card, about $3,150 each. Is that correct?",
            "$118,000",
            FARMER,
        ),
        ("Let me check my notes. You've farmed the place for twenty years. Is that right?", "thirty-one", FARMER),
        (
            "So what I've got is: Ingrid is at the bank and Adam farms with you. Did I hear that right?",
            "librar",
            FARMER,
        ),
        ("So you've got about 200 on the operating line and another 118 on the combine.", "$140,000", FARMER),
        ("Let me read my notes back. You farm, and the combine is paid off. All correct?", "$118,000", FARMER),
        ("You mentioned the kids are 7 and 5, correct?", "Jonah is 4", DARNELL),
        ("You told me your husband died in 2015, correct?", "2019", RUTH),
        (
            "You have twelve employees, correct?",
            "nine",
            {**FARMER, "occupation": "Owner of a farm with nine employees"},
        ),
        ("So to confirm: a combine loan of ninety thousand and a card. Correct?", "$118,000", FARMER),
        ("So you're what, a sailor?", "farmer", FARMER),
        ("And you're a nurse, I see.", "mechanic", DARNELL),
        ("Let me see if I have it: you have the three boys and a car loan. Is that right?", "Maya", DARNELL),
    ],
)
def test_what_is_wrong_is_put_right(line: str, right: str, profile: dict[str, Any]) -> None:
    assert right in last("Good morning.", line, profile=profile)


@pytest.mark.parametrize(
    ("line", "profile"),
    [
        ("Let me read it back: $140,000 on the operating line and $118,000 on the combine. Is that right?", FARMER),
        (
            "So what I've got is: you're a bus mechanic, you have two kids, and $3,100 on the card. Is that correct?",
            DARNELL,
        ),
        ("Let me check my picture: about $258,000 on the operating line and the combine. Is that right?", FARMER),
        ("Let me check my notes. Your husband gone since 2019 and you're a librarian. Both correct?", RUTH),
        (
            "so what i'm hearing is you want adam to have the farm and you don't want to sell land is that about right",
            FARMER,
        ),
        (
            "Let me say back what I've got. You want Adam to farm and the girls treated right. Did I leave anything out?",
            FARMER,
        ),
    ],
)
def test_what_is_right_is_confirmed(line: str, profile: dict[str, Any]) -> None:
    said = last("Good morning.", line, profile=profile)
    assert not any(one in said for one in ("Not quite", "No, that", "Almost", "correct you"))
    assert any(
        one in said for one in ("right", "correct", "Exactly", "summary", "listening", "nutshell", "stand", "said")
    )


def test_a_question_for_the_trade_is_no_reading_back() -> None:
    assert "Not quite" not in last("Good morning.", "Are you a member of a credit union?")


def test_a_question_behind_the_check_is_answered() -> None:
    said = last("Good morning.", "You're a mechanic, is that right? On your own, or is there someone with you?")
    assert "Keisha" in said


def test_in_short_before_an_explanation_reads_nothing_back() -> None:
    line = "In short: there are rules about how much must come out each year. Does that sound all right?"
    assert last("Good morning.", "What do you do?", line) not in ("Exactly.", "Yes, that's right.")
