"""Who is talked down to in plain words, be it as praise or a question, takes it for what it is."""

import pytest

from agents.rehearsal.client.talking import last, talk
from rplay.agents.rehearsal.client.tables import table
from rplay.agents.rehearsal.client.words import bare, sentences
from rplay.agents.rehearsal.reading.stances import talks_down

OPENING = ("Hi Darnell, I'm Pat.", "What do you do for work?")
_SAID = {
    bare(one)
    for key in ("belittle", "insult")
    for ways in table("wording")[key].values()
    for way in ways
    for one in sentences(way)
}


@pytest.mark.parametrize(
    "line",
    [
        "Ha. That's what happens when amateurs pick stocks.",
        "Because you've obviously done such a great job by yourself?",
        "Fine. Your loss, lady.",
        "suit yourself its your funeral",
        "oh so you watch a video and now youre an expert",
        "Wow, somebody read a book.",
        "And you signed that? Really?",
        "That worked out brilliantly for you so far.",
        "Well, that was dumb, but it's done.",
        "You must be so proud of that interest rate.",
        "I wouldn't expect a mechanic to know that.",
        "I suppose nobody ever showed you how to read a bank statement.",
        "Honestly, even my dog could live on that.",
        "wow eleven years and you still cant drive huh",
        "So you're 36 with three grand on a card. Adorable.",
        "At your age you really should have somebody else look at this.",
        "That's the worst portfolio I've ever seen.",
    ],
)
def test_a_sneer_is_not_taken_for_flattery_loss_or_apology(line: str) -> None:
    said = last(*OPENING, line)
    assert any(bare(one) in _SAID for one in sentences(said)), said


@pytest.mark.parametrize(
    "line",
    [
        "I'm sorry for your loss.",
        "You've done a great job on your own.",
        "That's what happens to most people when they retire.",
        "Suit yourself, there is no rush.",
        "I wouldn't expect you to decide today.",
        "Let me guess, the paperwork is in a drawer.",
        "Sorry, that was dumb of me.",
        "Well, what did you expect from a camper.",
        "And you signed that in March?",
        "Did the other lady explain it to you?",
    ],
)
def test_what_is_meant_well_is_no_sneer(line: str) -> None:
    assert not talks_down(line)


def test_a_question_beside_a_sneer_is_answered_too() -> None:
    said = last(*OPENING, "Well, that was dumb. What's the rate on the car loan?")
    assert "7.4" in said


def test_sneers_are_borne_only_so_long() -> None:
    lines = ["Your loss, lady.", "Now you're an expert.", "That was dumb.", "What did you expect?"] * 2
    assert any(one.ended for one in talk(*OPENING, *lines))


@pytest.mark.parametrize("line", ["just kidding", "im messing with you", "No offense meant.", "chill, it was a joke"])
def test_a_joke_taken_back_is_taken_as_one(line: str) -> None:
    said = last(*OPENING, line)
    assert any(word in said for word in ("joke", "harm", "hard to tell", "funny", "next time", "sound like one")), said
