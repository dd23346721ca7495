"""The provider: which call gets which answer, and how long it seems to type."""

import json
import time
from dataclasses import replace

import gevent
import pytest

from agents.rehearsal.rehearsing import GREETING, LINDA, scene
from agents.rehearsal.talks import GOOD_LIFE
from rplay.agents.providers import rehearsal
from rplay.agents.providers.rehearsal import RehearsalProvider
from rplay.agents.types import Call, ProfileWish, Tool, Transcript

CHAT = Call("simulationClient", "", [GREETING], scene())
PROGRESS = replace(CHAT, tool=Tool("trackObjectiveProgress", "", {}), messages=GOOD_LIFE)
COACH = Call("expertGuidance", "", [{"role": "user", "content": "What is an annuity?"}], scene())
PROFILE = Call("profileGeneration", "", [], ProfileWish("insurance", "beginner"), json=True)
REVIEW = Call("evaluation", "", GOOD_LIFE, Transcript(GOOD_LIFE, [], "beginner"), json=True)


@pytest.fixture
def slept(monkeypatch):
    """How long was slept, without sleeping."""
    times = []
    monkeypatch.setattr(rehearsal.time, "sleep", times.append)
    return times


def test_names_itself():
    provider = RehearsalProvider((0, 0))
    assert (provider.name, provider.model) == ("local", "rehearsal")
    assert provider.answer(CHAT).model == "rehearsal"


def test_answers_each_agent_in_its_form():
    provider = RehearsalProvider((0, 0))
    assert "Linda Park" in provider.answer(CHAT).text
    assert set(json.loads(provider.answer(PROGRESS).text)) >= {
        "rapport",
        "needs",
        "objections",
        "recommendations",
        "explanation",
    }
    assert provider.answer(COACH).text.startswith("## Expert Summary")
    assert json.loads(provider.answer(PROFILE).text)["name"]
    assert json.loads(provider.answer(REVIEW).text)["overallScore"] > 5


def test_works_without_the_prompt():
    assert (
        RehearsalProvider((0, 0)).answer(replace(CHAT, instructions="Say BANANA.")).text
        == RehearsalProvider((0, 0)).answer(CHAT).text
    )


def test_two_profiles_differ():
    provider = RehearsalProvider((0, 0))
    assert len({provider.answer(PROFILE).text for _ in range(5)}) == 5


@pytest.mark.parametrize("call", [CHAT, COACH])
def test_types_for_a_time_between_the_two_settings(slept, call):
    RehearsalProvider((0.6, 1.2)).answer(call)
    assert len(slept) == 1
    assert 0.6 <= slept[0] <= 1.2


@pytest.mark.parametrize("call", [PROGRESS, PROFILE, REVIEW])
def test_does_not_type_what_nobody_reads_as_it_comes(slept, call):
    RehearsalProvider((0.6, 1.2)).answer(call)
    assert slept == []


def test_does_not_type_beyond_the_deadline(slept):
    RehearsalProvider((5, 6)).answer(replace(CHAT, deadline=time.monotonic() + 1))
    assert slept[0] <= 1
    RehearsalProvider((5, 6)).answer(replace(CHAT, deadline=time.monotonic() - 1))
    assert len(slept) == 1


def test_streams_the_same_text_in_groups_of_words_spread_over_that_time(slept):
    provider = RehearsalProvider((0.6, 1.2))
    pieces = list(provider.stream(CHAT))
    assert len(pieces) > 3
    assert "".join(pieces) == provider.answer(CHAT).text
    assert 0.6 <= sum(slept[: len(pieces)]) <= 1.2


def test_a_stream_can_be_left(slept):
    stream = RehearsalProvider((0.6, 1.2)).stream(CHAT)
    next(stream)
    stream.close()
    assert len(slept) == 1


def test_a_profile_is_left_as_it_was():
    before = json.dumps(LINDA)
    RehearsalProvider((0, 0)).answer(
        replace(CHAT, messages=[{"role": "user", "content": "Tell me everything about your goals."}])
    )
    assert json.dumps(LINDA) == before


@pytest.mark.practice
def test_others_have_their_turns_while_a_long_talk_is_read():
    numbers = range(20)
    talk = [
        {"role": ("user", "assistant")[n % 2], "content": f"What about number {n} of your {n + 3} plans? " * 15}
        for n in numbers
    ]
    review = replace(REVIEW, messages=talk, context=Transcript(talk, [], "beginner"))
    reading = gevent.spawn(RehearsalProvider((0, 0)).answer, review)
    turns = 0
    while not reading.ready():
        gevent.sleep(0.001)
        turns += 1
    assert reading.get()
    assert turns > 3
