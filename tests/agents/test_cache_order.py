"""Servers keep the beginning of a prompt that they have read before: what changes comes last, whoever is asked."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from fakes.openai_server import FakeOpenAI

from agents.conftest import SCENE, common
from rplay.agents import expert, progress
from rplay.agents.chain import Chain
from rplay.agents.types import Message, Scene

TALK: list[Message] = [{"role": ("user", "assistant")[n % 2], "content": f"Sentence number {n}."} for n in range(24)]


def told(body: object) -> str:
    return json.dumps(body, ensure_ascii=False)


def measured(chain: Chain, scene: Scene, talk: list[Message]) -> None:
    progress.measure(chain, scene, talk, None)


def advised(chain: Chain, scene: Scene, talk: list[Message]) -> None:
    expert.advise(chain, scene, [*talk, {"role": "user", "content": "How do I handle this objection of my client?"}])


@pytest.mark.parametrize("ask", [measured, advised])
def test_a_later_turn_begins_like_the_one_before_up_to_its_last_line(
    chain: Chain, fake: FakeOpenAI, ask: Callable[[Chain, Scene, list[Message]], None]
) -> None:
    for length, share in ((22, 40), (24, 55)):
        ask(chain, replace(SCENE, objectives=({"name": "Rapport", "progress": share},)), TALK[:length])
    one, other = (told(body["messages"]) for body in fake.bodies[-2:])
    assert "Sentence number 21." in common(one, other)


@pytest.mark.parametrize("ask", [measured, advised])
def test_two_talks_share_all_that_is_not_theirs(
    chain: Chain, fake: FakeOpenAI, ask: Callable[[Chain, Scene, list[Message]], None]
) -> None:
    for line in ("Good morning!", "Buenos días."):
        ask(chain, SCENE, [{"role": "user", "content": line}])
    one, other = (told(body["messages"]) for body in fake.bodies[-2:])
    assert common(one, other).endswith(f"<conversation>{told(chr(10))[1:-1]}[1] ADVISOR: ")
