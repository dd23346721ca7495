"""Where pages say that agents are told something, they are told it."""

from dataclasses import replace

import pytest

from rplay.agents import casting, evaluation, expert, profile
from rplay.agents.assessment import by_competency
from rplay.agents.prompts import prompt
from rplay.agents.types import Message, Parameter, ProfileWish, Scene, Transcript
from rplay.console import steered

WORD = "zanzibar"
SAID: list[Message] = [{"role": "user", "content": "Good morning."}, {"role": "assistant", "content": "Hello."}]
NOBODY = Scene({"name": "John"}, "insurance", difficulty="beginner")
PARAMETERS = {kind: [Parameter(WORD, kind, "much", "more")] for kind in ("structured", "narrative", "guardrails")}


def client(**given):
    return casting.instructions(replace(NOBODY, **given))


def coach(**given):
    return expert._instructions(replace(NOBODY, **given), SAID, 1)


def profiles(**given):
    return profile._call(replace(ProfileWish("insurance", "beginner"), **given)).instructions


def reviewer(**given):
    talk = replace(Transcript(SAID, [{"id": "x", "name": "Care"}], "beginner"), **given)
    asked = by_competency._asked(evaluation._call(talk, None), talk)
    return asked[0].call.instructions + "\n" + asked[0].call.prompt[0]["content"]


RUBRIC = {"competency_id": "x", "competency_name": "Care", "criteria": WORD, "description": ""}
RULES = [{"id": "r", "name": "Rule", "definition": WORD}]
FILES = ("client", "expert", "profile", "assessment")
# What is set, as each agent's work is given it.
GIVEN = {
    **{kind: {file: {"parameters": one} for file in FILES} for kind, one in PARAMETERS.items()},
    "industry": {"profile": {"industry_settings": {"aiRoleLabel": WORD}}, "client": {"role_label": WORD}},
    "difficulty": {"profile": {"difficulty_settings": {"description": WORD}}},
    "behavior": {"client": {"behavior": WORD}},
    "visible": {"client": {"visible": {"income": False}}},
    "competency": {"expert": {"competencies": [WORD]}, "assessment": {"competencies": [{"id": "x", "name": WORD}]}},
    "rubric": {"assessment": {"rubrics": [RUBRIC]}},
    "compliance": {"client": {"rules": RULES}, "expert": {"rules": RULES}},
    "personality": {"client": {"fusion": [{"kind": "mood", "name": "M", "description": WORD, "details": {}}]}},
}  # fmt: skip
AGENTS = {"client": client, "expert": coach, "profile": profiles, "assessment": reviewer}


@pytest.mark.parametrize("what", steered.TOLD)
def test_each_place_holds_what_is_set(what):
    word = "income" if what == "visible" else WORD
    for place in steered.TOLD[what]:
        _, file, _, block = place
        text = AGENTS[file](**GIVEN[what][file])
        if block:
            text = text.partition(f"<{block}>")[2].partition(f"</{block}>")[0]
        else:
            text = text.partition(f"# {steered.heading(file, place[2])}")[2]
        assert word in text, place


@pytest.mark.parametrize("kind", PARAMETERS)
def test_nobody_else_is_told_of_a_parameter(kind):
    told = {file for file, agent in AGENTS.items() if WORD in agent(parameters=PARAMETERS[kind])}
    assert told == {file for _, file, _, _ in steered.TOLD[kind]}


def test_every_place_stands_under_a_heading_of_its_prompt():
    for places in steered.TOLD.values():
        for _, file, place, _ in places:
            if place:
                assert f"# {steered.heading(file, place)}" in prompt(file).text
