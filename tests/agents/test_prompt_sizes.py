"""No prompt grows with what somebody sends, and no list is gone through more than once to make one."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from agents.conftest import SCENE
from agents.scripted import Scripted
from rplay.agents import client, evaluation, expert, profile, progress
from rplay.agents.chain import Chain
from rplay.agents.prompts import prompt
from rplay.agents.rehearsal.assessment.review import COMPETENCIES, review
from rplay.agents.rehearsal.generator.profiles import generate
from rplay.agents.review import read
from rplay.agents.types import Message, Parameter, ProfileWish, Transcript
from rplay.agents.wording import PROMPT, clean, one_line
from rplay.errors import AIError, AIRefused

LONG = "word " * 20_000
MANY = {f"key {number}": LONG for number in range(200)}
MESSAGES: list[Message] = [{"role": "user", "content": LONG}, {"role": "assistant", "content": LONG}] * 200
PARAMETERS = [Parameter(f"P {number}", "guardrails", LONG, LONG) for number in range(500)]
OBJECTS = [{"id": f"o{number}", "name": LONG, "description": LONG, "progress": 5} for number in range(10_000)]
RUBRICS = [{"competency_name": f"n {number % 9}", "criteria": LONG, "description": LONG} for number in range(500)]
HUGE = replace(
    SCENE,
    profile={**MANY, "name": LONG, "personality": MANY},
    industry=LONG,
    competencies=[LONG] * 5000,
    focus_areas=[LONG] * 5000,
    role_description=LONG,
    personality=MANY,
    emotional_state=MANY,
    fusion=[{"kind": "mood", "name": LONG, "description": LONG, "details": MANY}] * 50,
    objectives=OBJECTS[:500],
    parameters=PARAMETERS,
)
WISH = ProfileWish("insurance", "beginner", LONG, [LONG] * 5000, [MANY] * 50, MANY, MANY, PARAMETERS)
TALK = Transcript(MESSAGES, OBJECTS, "beginner", RUBRICS, "hash", PARAMETERS)

AGENTS: dict[str, Callable[[Chain], Any]] = {
    "client": lambda chain: client.reply(chain, HUGE, MESSAGES, evaluate=False),
    "expert-3": lambda chain: expert.advise(chain, HUGE, MESSAGES),
    "progress": lambda chain: progress.measure(chain, HUGE, MESSAGES, None),
    "profile": lambda chain: profile.generate(chain, WISH),
    "evaluation": lambda chain: evaluation.review(chain, TALK),
}


@pytest.mark.parametrize("name", AGENTS)
def test_what_an_agent_is_told_is_bounded_as_a_whole(name: str) -> None:
    provider = Scripted("openai", *[AIRefused("asked")] * 3)
    with suppress(AIError):
        AGENTS[name](Chain([provider]))
    call = provider.history[0]
    told = len(call.instructions) + sum(len(one["content"]) for one in call.prompt or call.messages)
    ours = len(prompt("expert" if name == "expert-3" else name).text) + 5_000  # texts of our own that are filled in
    assert told <= PROMPT + ours
    assert told > 10_000


def test_a_talk_has_what_room_the_other_blocks_leave() -> None:
    provider = Scripted("openai", *[AIRefused("asked")] * 3)
    for talk in (TALK, replace(TALK, competencies=[], rubrics=[], parameters=[])):
        with pytest.raises(AIError):
            evaluation.review(Chain([provider]), talk)
    crowded, alone = (len(call.prompt[0]["content"]) for call in (provider.history[0], provider.history[-1]))
    assert 10_000 < crowded < alone <= PROMPT


class Counted(list[Any]):
    """How often it is gone through."""

    times = 0

    def __iter__(self) -> Any:
        self.times += 1
        return super().__iter__()

    def __getitem__(self, place: Any) -> Any:
        self.times += 1
        return super().__getitem__(place)


def test_rubrics_are_grouped_in_one_pass() -> None:
    rows = Counted([{"competency_name": f"n {number % 50}", "criteria": "c"} for number in range(250)])
    provider = Scripted("openai", *[AIRefused("asked")] * 3)
    with pytest.raises(AIError):
        evaluation.review(Chain([provider]), replace(TALK, messages=[], rubrics=rows))
    assert rows.times < 5


def test_rows_that_lie_apart_stand_under_one_name() -> None:
    rows = [{"competency_name": name, "criteria": f"{name} {range_}"} for range_ in (1, 2) for name in ("A", "B")]
    provider = Scripted("openai", *[AIRefused("asked")] * 3)
    with pytest.raises(AIError):
        evaluation.review(Chain([provider]), replace(TALK, competencies=[], rubrics=rows))
    assert "A\n- 1-2: A 1\n- 3-4: A 2\nB\n- 1-2: B 1\n- 3-4: B 2" in provider.history[0].instructions


def test_a_models_review_is_read_by_one_pass_over_rubrics_and_lines() -> None:
    rows = Counted({"competency_name": f"n {number}", "criteria": "c"} for number in range(300))
    messages = Counted([{"role": "user", "content": "Hello there"}] * 300)
    scores = [{"name": f"n {number}", "score": 5, "specificExamples": ["Hello"] * 500} for number in range(5000)]
    found = read({"competencyScores": scores}, replace(TALK, rubrics=rows, messages=messages))
    assert rows.times + messages.times < 10
    assert (len(found.competencies), found.competencies[0].criteria) == (200, "c")
    assert found.competencies[0].examples == ["Hello"] * 20


def test_the_rehearsal_judges_so_many_competencies() -> None:
    asked = [{"id": f"c{number}", "name": f"Competency {number}"} for number in range(5000)]
    rows = Counted(
        {"competency_name": f"Competency {number}", "criteria": "c", "range": "1-10"} for number in range(300)
    )
    found = review(Transcript([{"role": "user", "content": "Hello, how are you?"}], asked, "beginner", rows))
    assert len(found["competencyScores"]) == COMPETENCIES
    assert found["competencyScores"]["Competency 7"]["criteria"] == "c"
    assert rows.times < 5


def test_the_rehearsal_makes_a_profile_for_the_first_areas_only() -> None:
    areas = Counted(f"area {number}" for number in range(5000))
    wish = ProfileWish("insurance", "beginner", None, areas)
    assert generate(wish, 7) == generate(replace(wish, focus_areas=[*areas[:20], "more"]), 7)
    assert areas.times < 5


def test_progress_holds_short_texts_only() -> None:
    found = progress.read('{"rapport": 5, "explanation": "' + "x" * 100_000 + '", "decreaseReason": {"a": 1}}')
    assert len(found["explanation"]) < 1_100
    assert "decreaseReason" not in found
    assert progress.read('{"needs": 5, "decreaseReason": " Too pushy. "}')["decreaseReason"] == "Too pushy."


def test_what_cannot_stand_in_a_prompt_is_not_looked_at() -> None:
    assert one_line("a\n" * 1_000_000, 10) == "a a a a a …"
    assert clean("\x07" * 20 + "a" * 100, 30) == "a" * 30 + " …"
