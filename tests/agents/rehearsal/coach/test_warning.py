"""The coach of the rehearsal warns of a broken rule before it says anything else."""

from dataclasses import replace

from agents.conftest import SCENE, TALK
from rplay.agents.rehearsal.coach.expert import guidance
from rplay.agents.types import Message

RULE = {"id": "guaranteed-returns", "name": "Guaranteed returns", "definition": "Says that a return is certain."}


def asked(*lines: str) -> str:
    said: list[Message] = [{"role": "user", "content": line} for line in (*lines, "How do I go on with my client?")]
    return guidance(replace(SCENE, rules=[RULE]), [*TALK, *said])


def test_a_promise_is_named_with_its_words_and_its_rule() -> None:
    text = asked("I guarantee you'll make ten percent a year on this.")
    first = text.split("\n")[2]
    assert first.startswith("**First, put this right:** “I guarantee you")
    assert "is guaranteed returns. Says that a return is certain." in first


def test_what_was_said_long_ago_is_not_warned_of_again() -> None:
    before = "I guarantee you'll make ten percent a year on this."
    assert "put this right" not in asked(before, "How are you?", "What do you do?", "And your wife?")


def test_an_honest_line_is_no_breach() -> None:
    assert "put this right" not in asked("No investment is guaranteed, and this one isn't either.")
