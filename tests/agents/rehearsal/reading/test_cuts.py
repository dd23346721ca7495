"""Where spoken sentences end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rplay.agents.rehearsal.reading.cuts import marked, spoken_pieces
from tests.agents.rehearsal.reading.test_read import reading


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("say you get two feet of water in the basement what's down there that you would lose", "what's down there"),
        ("if 1000 turned into 700 by christmas would u sell or leave it", "would u sell"),
        ("hey Roy good to finally meet you how are the trees looking this year", "how are the trees"),
        ("thank you for coming in i put the coffee on did you find parking", "did you find parking"),
    ],
)
def test_a_question_begins_a_piece(line: str, question: str) -> None:
    assert any(piece.startswith(question) for piece in spoken_pieces(line))


@pytest.mark.parametrize(
    "line",
    [
        "how much would lorraine need per month to stay in the house",
        "how many head are you milking right now",
        "what did you say your rent was",
        "do you know what your deductible is on the packing shed",
    ],
)
def test_one_question_stays_whole(line: str) -> None:
    assert spoken_pieces(line) == [line]


def test_what_has_marks_is_left_as_it_was_written() -> None:
    assert marked("Hi Roy. How are the trees looking this year?")
    assert not marked("hi roy how are the trees looking this year i walked past the lower block and wondered")
    assert spoken_pieces("Good to see you, Roy, how are the trees?") == ["Good to see you, Roy, how are the trees?"]


@given(st.text(max_size=300))
def test_loses_no_word(text: str) -> None:
    assert " ".join(spoken_pieces(text)).split() == text.split()


def test_what_was_said_and_what_is_asked_are_read_apart() -> None:
    said = reading("so right now everything runs on your paycheck how does that feel")
    assert [one.question for one in said.sentences] == [False, True]
