"""A polite question beside the greeting is answered, and not lost."""

import re

import pytest

from agents.rehearsal.client.talking import RUTH, last


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("hi ruth its pat from the agency, got ten min??", r"\b[Nn]ow\b|go ahead"),
        ("Ruth! Come in, have a seat. How'd you make out with the roads?", r"found it|went all right|last mile"),
        ("Good morning, how was the drive over?", r"found it|went all right|last mile"),
        ("ruth hey, can you talk", r"\b[Nn]ow\b|go ahead"),
        ("Coffee's terrible but it's hot, want some?", r"[Cc]offee|[Ww]ater|all set"),
        ("heyy Ruth, where are you calling from?", r"[Aa]t (?:home|the kitchen)"),
        ("Hello Ruth, Pat here. I hope I'm not disturbing you?", r"fine|didn't|Not at all"),
        ("Hello Ruth. Have you got enough light there?", r"fine|good|comfortable"),
        (
            "Hi Ruth, I'm Carrie. Before I ask you anything, how are you doing today?",
            r"[Ff]ine|bad|right|okay|tense|better",
        ),
    ],
)
def test_a_polite_question_is_answered(line: str, said: str) -> None:
    assert re.search(said, last(line, profile=RUTH)), last(line, profile=RUTH)


def test_a_name_with_an_accent_is_said_whole() -> None:
    assert "Lucía" in last("Good evening Ruth, I'm Lucía Benavides.", profile=RUTH)


def test_a_question_for_a_fact_beside_it_comes_first() -> None:
    assert "librarian" in last("Hi Ruth. How were the roads? And what do you do for work?", profile=RUTH)
