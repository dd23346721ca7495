"""What a line takes the client to have or to be is put right where the form tells otherwise, and left where it does not."""

from typing import Any

import pytest

from agents.rehearsal.client.talking import last

GLADYS: dict[str, Any] = {
    "name": "Gladys Pettibone",
    "age": 41,
    "occupation": "Forklift operator",
    "income": "$48,000",
    "family": "Never married; lives alone",
    "assets": ["Savings: $6,000"],
    "debts": ["Student loan: $4,000 at 5%"],
    "background": "She rents a studio for $900.",
}
OWNER: dict[str, Any] = {
    "name": "Frank DelVecchio",
    "age": 70,
    "occupation": "Retired owner of a repair shop",
    "income": "$48,000",
    "family": "Widowed in 2019 (wife Angela)",
    "assets": ["House: $300,000", "Rollover IRA: $90,000", "Brokerage: $40,000"],
    "debts": ["Mortgage: $20,000 at 4%", "Visa: $900 at 20%", "Truck: $9,000 at 6%"],
}


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        ("How long have you owned the house?", "I rent a studio"),
        ("When did you buy your home?", "I rent a studio"),
        ("What's left on the mortgage?", "I don't have a mortgage, I rent"),
        ("What's the rate on your credit card?", "I don't have card debt"),
        ("How much do you owe on the car?", "I don't owe anything on a car"),
        ("How much is in your 401(k)?", "I don't have a 401(k)"),
        ("Do you have an IRA?", "No, I don't have an IRA"),
        ("What stocks do you own?", "I don't own any stocks"),
        ("How long have you been trading crypto?", "I don't own any crypto"),
        ("When did you retire?", "I'm still working"),
        ("How's retirement treating you?", "I'm still working"),
        ("How's your business doing?", "I'm a forklift operator"),
        ("How is your husband?", "I'm not married"),
        ("How long have you two been married?", "I'm not married"),
        ("What do your kids say about this?", "I don't have children"),
        ("How many grandkids do you have?", "No, none"),
        ("How many cigarettes a day?", ""),
    ],
)
def test_is_put_right(asked: str, right: str) -> None:
    assert right in last("Good morning.", asked, profile=GLADYS)


@pytest.mark.parametrize(
    "asked",
    [
        "How long have you owned the house?",
        "What's left on the mortgage?",
        "What's the rate on your credit card?",
        "How much do you owe on the truck?",
        "How much is in your IRA?",
        "What stocks do you own?",
        "When did you retire?",
        "How long were you two married?",
    ],
)
def test_what_is_so_is_left(asked: str) -> None:
    said = last("Good morning.", asked, profile=OWNER)
    assert not any(word in said for word in ("Not quite", "not right", "Almost, but no", "correct you", "I don't have"))
