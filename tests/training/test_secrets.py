"""What a scenario has the client hide, in talks with the rehearsal."""

import pytest

from rplay.agents.persona.make import life_of
from rplay.training.scenario import Content
from rplay.training.secrets import told
from tests.agents.rehearsal.rehearsing import last, scene
from tests.trained import CONTENT

CARD = {
    "about": "the credit card",
    "words": ["card", "credit", "debt"],
    "says": ["There's a credit card with $5,800 on it.", "I pay the minimum."],
    "unlock": ["reason"],
}
REASON = "Good morning. The reason I ask a lot today is that I want to propose nothing that does not fit you."


def of(**secret):
    content = Content.model_validate({**CONTENT, "secrets": [{**CARD, **secret}]})
    life = told(life_of(content.client, "insurance", "life-health", "beginner"), content.secrets)
    return scene(content.client, life=life)


def test_is_told_once_it_is_unlocked():
    assert last([REASON, "I ask because debt is expensive: do you have debt?"], of()) == " ".join(CARD["says"])


@pytest.mark.parametrize("line", ["Do you have a credit card?", "What is on the card?"])
def test_is_held_back_before_that_and_not_denied(line):
    said = last([line], of())
    assert "5,800" not in said
    assert not said.startswith(("No", "Not"))


def test_other_questions_are_answered_as_ever():
    line = "What do you do for a living?"
    assert last([line], of()) == last([line], of(says=["Something else."]))


def test_a_client_of_no_scenario_says_what_they_always_said():
    life = life_of(CONTENT["client"], "insurance", "life-health", "beginner")
    assert told(life, []) is life
