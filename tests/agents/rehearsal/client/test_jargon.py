"""Words nobody explained are asked about; those that were explained, or are the client's own, are not."""

import pytest

from agents.rehearsal.client.talking import DARNELL, RUTH, last


@pytest.mark.parametrize(
    ("line", "term"),
    [
        ("That's a high beta portfolio with an ugly drawdown.", "high beta"),
        ("I'd glide down the duration and keep an equity sleeve.", "duration"),
        ("Is that scheduled or blanket, and is it RC or ACV?", "scheduled or blanket"),
        ("We would put it on an HO-5 form with an elimination period of ninety.", "elimination period"),
    ],
)
def test_is_asked_about(line: str, term: str) -> None:
    assert term in last("Hi Ruth.", line, profile=RUTH)


@pytest.mark.parametrize(
    "line",
    [
        "The elimination period, that's how long you wait before it pays, is ninety days.",
        "Your 457(b) is a retirement plan.",
        "You told me about the IRA and the CD.",
    ],
)
def test_what_is_plain_is_not(line: str) -> None:
    said = last("Hi Darnell.", line, profile=DARNELL)
    assert not any(
        word in said for word in ("plain words", "don't speak that language", "at home?", "small print", "I got lost")
    )
