"""What a trainee says."""

from random import Random

import pytest

from rplay.demo import people
from rplay.demo.trainee import Line, script, spoken

ABOUT = "insurance/life-health"


def say(pattern, *client):
    said = [{"role": "assistant", "content": text} for text in client]
    return spoken(Line("any", pattern), said, "Ada Reyes", "Neil Begay", ABOUT)


@pytest.mark.parametrize("skill", [0, 0.3, 0.5, 0.8, 1])
def test_a_script_has_eight_to_fourteen_lines(skill):
    lengths = {len(script(skill, Random(seed))) for seed in range(50)}
    assert min(lengths) >= 8
    assert max(lengths) <= 14


@pytest.mark.parametrize("about", sorted({one.about for one in people.LEARNERS}))
@pytest.mark.parametrize("skill", [0, 0.5, 1])
def test_every_line_is_whole_in_every_industry(about, skill):
    said = [{"role": "assistant", "content": "I worry about losing a large part of the savings."}]
    for seed in range(10):
        for line in script(skill, Random(seed)):
            text = spoken(line, said, "Ada Reyes", "Neil Begay", about)
            assert text
            assert not {"{", "}"} & set(text)


def test_says_back_what_the_client_told_of_themselves():
    line = say("{echo} Why is that?", "I worry about losing a large part of the savings.")
    assert line == "So you worry about losing a large part of the savings. Why is that?"


def test_quotes_what_cannot_be_said_back():
    line = say("{echo}", "Mostly it's claims that don't get paid. How does that work?")
    assert line == "You said “Mostly it's claims that don't get paid”."


def test_says_nothing_back_twice():
    told = "I worry about losing a large part of the savings."
    said = [{"role": "assistant", "content": told}]
    said.append({"role": "user", "content": spoken(Line("any", "{echo}"), said, "Ada Reyes", "Neil Begay", ABOUT)})
    said.append({"role": "assistant", "content": told})
    assert spoken(Line("any", "{echo}"), said, "Ada Reyes", "Neil Begay", ABOUT).startswith("You said")


def test_calls_the_client_by_the_first_name():
    assert say("Hello {first}, I'm {me}.") == "Hello Neil, I'm Ada."
