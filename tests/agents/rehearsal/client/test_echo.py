"""The advisor's words said back by the client."""

import pytest

from rplay.agents.rehearsal.client.echo import echoed, felt, offers, spoken_of


@pytest.mark.parametrize(
    ("said", "back"),
    [
        ("check and email you", "check and email me"),
        ("a call with you and your accountant", "a call with me and my accountant"),
        ("see what you pay", "see what I pay"),
        ("bring my manager", "bring your manager"),
        ("our growth portfolio", "your growth portfolio"),
        ("talk about that in our next meeting", "talk about that in our next meeting"),
        ("sit down with both of you", "sit down with us"),
    ],
)
def test_you_and_i_change_places(said: str, back: str) -> None:
    assert echoed(said) == back


def test_names_keep_their_capitals_in_dictated_speech() -> None:
    assert echoed("bring gwen on tuesday", ("Gwen", "Tuesday")) == "bring Gwen on Tuesday"


@pytest.mark.parametrize(
    ("line", "who", "does"),
    [
        ("I don't want to tell you something wrong so I'm gonna check and email you.", "you", "check and email me"),
        ("im gonna put together two term options so you can compare", "you", "put together two term options"),
        ("Could we do a second one with Gwen here?", "we", "do a second one with Gwen here"),
        ("You could move half of it into an index fund.", "I", "move half of it into an index fund"),
        (
            "Here's what I'd propose: I walk both stores with you, we list every machine.",
            "you",
            "walk both stores with me",
        ),
    ],
)
def test_finds_what_is_offered_and_who_would_do_it(line: str, who: str, does: str) -> None:
    found = offers(line)
    assert (found[0].who, found[0].does) == (who, does)


@pytest.mark.parametrize(
    "line", ["It has a thirty day wait.", "How long have you had the loan?", "Gotcha.", "", "You know?"]
)
def test_finds_no_offer_where_there_is_none(line: str) -> None:
    assert not offers(line)


def test_a_thing_offered_is_a_noun() -> None:
    assert offers("What I'd like to do is a call with you and your CPA.")[0].thing == "a call with me and my CPA"


def test_says_back_what_is_said_of_a_thing() -> None:
    found = spoken_of("Collision is your car when you hit something, and so on.")
    assert found
    assert (found.noun, found.says) == ("collision", "is my car when I hit something")


def test_says_back_nothing_of_what_has_no_noun() -> None:
    assert spoken_of("It's different for everybody.") is None


@pytest.mark.parametrize(
    ("line", "back"),
    [
        ("It sounds like you're tired of carrying this alone.", "I'm tired of carrying this alone"),
        ("so you felt nobody was listening", "I felt nobody was listening"),
        ("What time do you get up?", ""),
        ("You must be proud of that.", ""),
    ],
)
def test_says_back_a_feeling(line: str, back: str) -> None:
    assert felt(line) == back
