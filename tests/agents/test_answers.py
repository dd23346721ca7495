from typing import Any

import pytest

from rplay.agents.model_output import clamped, json_object, number, texts, tool_arguments
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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": 1, "b": {"c": 2}', {"a": 1, "b": {"c": 2}}),
        ('{"a": 1, "b": "yes"\n', {"a": 1, "b": "yes"}),
        ("{“a”: 1, “b”: “yes”}", {"a": 1, "b": "yes"}),
        (r'{"a": "it\'s 5\% \"so\""}', {"a": 'it\'s 5% "so"'}),
        ('{"a": 1, // low\n "b": "http://x" /* high */,}', {"a": 1, "b": "http://x"}),
        ("So: {'a': 1, 'b': True, 'c': None, 'd': 'it\\'s'}", {"a": 1, "b": True, "c": None, "d": "it's"}),
    ],
)
def test_what_small_models_get_wrong_is_repaired(text: str, found: dict[str, Any]) -> None:
    assert json_object(text) == found


def test_nothing_is_repaired_where_an_object_can_be_read() -> None:
    assert json_object('{"a": "“b” // no /* comment */ \\\\d"}') == {"a": "“b” // no /* comment */ \\d"}


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}',
        '<tool_call>\n{"name": "mark", "arguments": {"a": 1}}\n</tool_call>',
        '{"name": "mark", "parameters": {"a": 1}}',
        '{"type": "function", "function": {"name": "mark", "arguments": "{\\"a\\": 1}"}}',
        '[{"name": "mark", "arguments": {"a": 1}}]',
    ],
)
def test_a_call_that_stands_in_the_words_gives_its_arguments(text: str) -> None:
    assert tool_arguments(text) == {"a": 1}


def test_an_argument_may_be_called_as_a_part_of_a_call() -> None:
    assert tool_arguments('{"arguments": {"a": 1}}') == {"arguments": {"a": 1}}


def test_line_breaks_and_commas_within_texts_stay() -> None:
    assert json_object('{"a": ["x,]\ny\t", "q\\",}",], "b": "\\ud83d"}') == {"a": ["x,]\ny\t", 'q",}'], "b": "\ufffd"}


def test_a_part_of_a_broken_object_is_no_object() -> None:
    for text in ('{"list": [{"a": 1}, {"a"', '{"a": {"b": 1} "c": 2}', '```json\n{"list": [{"a": 1},\n```'):
        with pytest.raises(AIBadAnswer):
            json_object(text)


def test_many_braces_take_no_time_that_grows_faster_than_they() -> None:
    for text in ("{" * 100_000, '{"a":' * 100_000, "[{" * 100_000, '"' * 100_001, "/*" * 100_000, "{'" * 9_000):
        with pytest.raises(AIBadAnswer):
            json_object(text)


@pytest.mark.parametrize(
    "text",
    ["", "not json at all", "[1,2]", "null", '"text"', '{"a": ', "}{", "7", "{'a', 'b'}", "{'a': (1,)", "{'a': b'c'}"],
)
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
