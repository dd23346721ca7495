from hashlib import sha256

import pytest

from rplay.agents.prompts import FOLDER, Prompt, prompt

# The wording that goes with each version. Whoever changes a prompt gives it the next version and writes both down here,
# so that a stored review still says by which words it was made.
WORDINGS = {
    "assessment": ("1", "2b0fa4d606c7"),
    "azure": ("1", "c161595eedb7"),
    "client": ("2", "c1aa0a6e1384"),
    "client-advanced": ("1", "35f2f40b780a"),
    "client-beginner": ("1", "94e440400191"),
    "client-intermediate": ("1", "f8052a43a143"),
    "client-short": ("1", "8e53fc95428e"),
    "evaluation": ("3", "91596b74cbf9"),
    "expert": ("3", "6fd6be80d790"),
    "expert-1": ("1", "94c3e1f29406"),
    "expert-2": ("1", "84696c4a2ccf"),
    "expert-3": ("1", "1cb1e3dc6c6f"),
    "profile": ("2", "c7acf32aa93e"),
    "progress": ("4", "a53e48b5ca24"),
    "scenario": ("1", "afea366f9e00"),
    "summary": ("1", "e367f5588d77"),
}


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.md")))
def test_a_changed_prompt_has_a_new_version(name: str) -> None:
    found = prompt(name)
    assert WORDINGS[name] == (found.version, sha256(found.text.encode()).hexdigest()[:12])


def test_places_are_filled_in_once() -> None:
    text = Prompt("x", "1", "{{a}} and {{b}}")
    assert text.filled(a="{{b}}", b="two") == "{{b}} and two"


def test_empty_places_leave_no_hole() -> None:
    assert Prompt("x", "1", "one\n\n{{a}}\n\ntwo").filled(a="") == "one\n\ntwo"


def test_an_empty_place_within_a_line_leaves_the_lines_apart() -> None:
    assert Prompt("x", "1", "one {{a}}\n\ntwo").filled(a="") == "one \n\ntwo"


def test_a_place_without_a_value_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        Prompt("x", "1", "{{a}}").filled(b="1")
