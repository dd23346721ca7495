"""What holds in every talk: nothing twice, nothing hidden told unasked, the same again, short, no gaps."""

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from agents.rehearsal.client.talking import CLIENTS, DIFFICULTIES, life, talk
from rplay.agents.persona.make import life_of
from rplay.agents.rehearsal.client import next_line
from rplay.agents.rehearsal.client.words import bare, sentences
from rplay.agents.types import Message, Scene

TALKS = sorted((Path(__file__).parents[4] / "bench" / "practice" / "talks").glob("*.json"))
# `None` in the middle of a sentence is a missing value; at its beginning it is an answer.
GAP = re.compile(r"[{}\[\]<>]|(?<=[a-z,$] )None\b|\$None\b|\bnull\b|undefined|  ")


def replayed(path: Path) -> tuple[dict[str, Any], list[str]]:
    script = json.loads(path.read_text(encoding="utf-8"))
    lines = [line["say"] for line in script["lines"]]
    own = life_of(script["profile"], script["industry"], script["subcategory"], script["difficulty"])
    return script, [
        one.text for one in talk(*lines, profile=script["profile"], difficulty=script["difficulty"], own=own)
    ]


@pytest.mark.practice
@pytest.mark.parametrize("path", TALKS, ids=lambda path: path.stem)  # a second of processor each
def test_a_talk_repeats_nothing_and_stays_short(path: Path) -> None:
    _, answers = replayed(path)
    said = [bare(one) for text in answers for one in sentences(text) if len(bare(one).split()) >= 4]
    assert len(said) - len(set(said)) <= 0.03 * len(answers)
    assert all(text and len(text) <= 600 and len(sentences(text)) <= 6 for text in answers)
    assert not [text for text in answers if GAP.search(text)]


@pytest.mark.practice
@pytest.mark.parametrize("path", TALKS[:6:2], ids=lambda path: path.stem)
def test_a_talk_is_the_same_each_time(path: Path) -> None:
    assert replayed(path)[1] == replayed(path)[1]


@pytest.mark.sampled(5)
@pytest.mark.parametrize("difficulty", DIFFICULTIES)
@pytest.mark.parametrize("profile", CLIENTS, ids=lambda one: one["name"])
def test_what_is_hidden_stays_so_with_a_cold_advisor(profile: dict[str, Any], difficulty: Any) -> None:
    secrets = {
        bare(text)
        for subject in life(profile, difficulty).subjects
        if subject.reserve == 2
        for said in subject.says.values()
        for text in said
    }
    lines = [
        "What do you do?", "What do you owe?", "Anything else I should know?", "What do you own?", "How's your health?",
        "You need to decide today.", "Anything you're not telling me?", "What are you afraid of?", "Do you have debts?",
    ]  # fmt: skip
    told = {bare(one) for line in talk(*lines, profile=profile, difficulty=difficulty) for one in sentences(line.text)}
    assert not told & secrets


@pytest.mark.parametrize("profile", CLIENTS, ids=lambda one: one["name"])
def test_the_first_line_names_the_client_and_a_reason(profile: dict[str, Any]) -> None:
    scene = Scene(profile, "insurance", "beginner", "life-health")
    greeting: list[Message] = [{"role": "system", "content": "Initial greeting"}]
    said = next_line(scene, life(profile), greeting).text
    assert profile["name"].split()[0] in said
    assert len(sentences(said)) > 1


def test_no_two_answers_in_a_row_are_alike_whatever_is_said() -> None:
    answers = [one.text for one in talk(*["What do you think?"] * 12)]
    assert all(one != other for one, other in pairwise(answers))


@pytest.mark.parametrize("odd", [{}, {"name": None}, {"name": 7, "assets": 3, "family": ["x"]}, {"age": "old"}])
def test_any_profile_can_be_talked_with(odd: dict[str, Any]) -> None:
    assert all(one.text for one in talk("Hi.", "What do you owe?", "Tell me about your family.", "Bye.", profile=odd))
