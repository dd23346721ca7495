"""How the advisor spoke, in figures."""

import pytest

from rplay.agents.delivery import delivery_of
from rplay.briefing import messages_of


def turn(role, text="So.", **voice):
    return {"role": role, "content": text, **({"voice": voice} if voice else {})}


TALK = [
    turn("assistant", seconds=10),
    turn("user", seconds=20, words=50, fillers=1, pauseMs=400),
    turn("assistant", seconds=30),
    turn("user", seconds=10, words=30, fillers=1, pauseMs=800, interrupted=True),
    turn("user", "typed"),
]


def test_says_what_was_measured():
    assert delivery_of(messages_of(TALK)) == {
        "turns": 2,
        "seconds": 30.0,
        "talkShare": 43,
        "longestSeconds": 20.0,
        "wordsPerMinute": 160,
        "medianPauseMs": 600,
        "interruptions": 1,
        "fillers": 2,
        "fillersPer100Words": 2.5,
    }


def test_leaves_out_what_was_not_measured():
    found = delivery_of(messages_of([turn("assistant"), turn("user", seconds=5, words=0)]))
    assert found == {
        "turns": 1, "seconds": 5.0, "longestSeconds": 5.0, "wordsPerMinute": 0, "interruptions": 0, "fillers": 0,
        "fillersPer100Words": 0.0,
    }  # fmt: skip


def test_of_a_typed_talk_there_is_none():
    assert delivery_of(messages_of([turn("assistant", seconds=5), turn("user")])) == {}


@pytest.mark.parametrize(
    "voice",
    [None, 7, "loud", [], {}, {"seconds": 0}, {"seconds": -3}, {"seconds": "9"}, {"seconds": True},
     {"seconds": float("nan")}, {"seconds": float("inf")}],
)  # fmt: skip
def test_what_is_no_measure_is_none(voice):
    assert delivery_of(messages_of([{"role": "user", "content": "So.", "voice": voice}])) == {}


def test_no_figure_is_out_of_bounds():
    found = delivery_of(messages_of([turn("user", seconds=1e300, words=1e300, fillers=-5, pauseMs=1e300)]))
    assert found["seconds"] == 3600
    assert found["fillers"] == 0
    assert found["medianPauseMs"] == 3_600_000


def test_the_review_has_it_and_no_score_changes(app, alice):
    body = {
        "messages": [turn("assistant", "Hello."), turn("user", "What brings you here?", seconds=4, words=8)],
        "difficultyLevel": "beginner",
        "competencies": [{"name": "Communication Skills"}],
    }
    typed = {**body, "messages": [{"role": one["role"], "content": one["content"]} for one in body["messages"]]}
    spoken, silent = (alice.post("/api/simulation/generate-review", one).get_json()["data"] for one in (body, typed))
    assert spoken.pop("delivery")["wordsPerMinute"] == 120
    assert spoken == silent
