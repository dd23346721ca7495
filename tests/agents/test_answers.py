from typing import Any

import pytest

from rplay.agents.model_output import clamped, json_object, number, texts
from rplay.errors import AIBadAnswer


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}',
        ' \n{"a": 1}\n ',
        '```json\n{"a": 1}\n```',
        '```\n{"a": 1}\n```',
        '```{"a": 1}```',
        'Here is the review:\n{"a": 1}\nI hope it helps.',
        'Sure.\n```json\n{"a": 1}\n```\nDone.',
        'All {scores} are:\n```json\n{"a": 1}\n```\nNote: {scores} go from 1 to 10.',
        'About the {client}: {"a": 1} and {"b": 2}',
        '{"a": 1,}',
        '{"a": 1}}}',
        '{"a": 1}{"a": 1}',
        '"{\\"a\\": 1}"',
    ],
)
def test_an_object_is_found_wherever_it_stands(text: str) -> None:
    assert json_object(text) == {"a": 1}


def test_line_breaks_and_commas_within_texts_stay() -> None:
    assert json_object('{"a": ["x,]\ny\t", "q\\",}",], "b": "\\ud83d"}') == {"a": ["x,]\ny\t", 'q",}'], "b": "\ufffd"}


def test_a_part_of_a_broken_object_is_no_object() -> None:
    for text in ('{"list": [{"a": 1}, {"a"', '{"a": {"b": 1} "c": 2}', '```json\n{"list": [{"a": 1},\n```'):
        with pytest.raises(AIBadAnswer):
            json_object(text)


def test_many_braces_take_no_time_that_grows_faster_than_they() -> None:
    for text in ("{" * 100_000, '{"a":' * 100_000, "[{" * 100_000, '"' * 100_001):
        with pytest.raises(AIBadAnswer):
            json_object(text)


@pytest.mark.parametrize("text", ["", "not json at all", "[1,2]", "null", '"text"', '{"a": ', "}{", "7"])
def test_anything_else_is_a_bad_answer(text: str) -> None:
    with pytest.raises(AIBadAnswer):
        json_object(text)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (7, 7), (7.5, 7.5), ("7", 7), (" 7.5 ", 7.5), ("80%", 80), ("seven", None), ("", None), (None, None),
        (True, None), ([7], None), ("nan", None), ("inf", None), (float("nan"), None),
    ],
)  # fmt: skip
def test_numbers(value: Any, found: float | None) -> None:
    assert number(value) == found


def test_clamped_numbers_stay_whole() -> None:
    assert [repr(clamped(value, 1, 10)) for value in (0, 5, 5.5, 7.0, 99)] == ["1", "5", "5.5", "7", "10"]


@pytest.mark.parametrize(
    ("value", "found"), [(["a ", "", 5, None, "b"], ["a", "b"]), ("x", ["x"]), (None, []), ({}, []), (5, [])]
)
def test_lists_of_texts(value: Any, found: list[str]) -> None:
    assert texts(value) == found
