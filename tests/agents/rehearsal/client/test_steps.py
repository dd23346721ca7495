"""What comes next is agreed to as far as it commits to nothing, and a day in a question is no appointment."""

import re

import pytest

from agents.rehearsal.client.talking import DARNELL, last, talk

OPENING = ("Hi Darnell, I'm Pat.", "What do you do for work?")
HURT = (*OPENING, "You people never read anything.", "Your loss, pal. You must be so proud of that debt.")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("I'll send you a fee schedule, every line of it.", r"[Ss]end it|[Ii]n writing"),
        ("Can I call you on the 14th?", r"14th"),
    ],
)
def test_who_is_cool_still_takes_what_commits_them_to_nothing(line: str, said: str) -> None:
    assert re.search(said, last(*HURT, line, difficulty="advanced")), last(*HURT, line, difficulty="advanced")


def test_a_day_in_a_question_is_no_appointment() -> None:
    assert "Monday is fine" not in last(*OPENING, "When do you stop working?", "What happens the Monday after?")
    assert "Monday" not in last(*OPENING, "What happens the Monday after?", "Good enough. Stay safe.")


def test_papers_that_the_advisor_would_send_are_not_sent_by_the_client() -> None:
    said = last(*OPENING, "hm ok. so should i send the paperwork or no")
    assert not re.search(r"envelope|I'll send you|I can get|know where to look|or no", said), said


def test_what_need_not_be_bought_is_not_waited_for() -> None:
    line = "A policy pays Maya something in cash so they don't have to be bought out. Does that make sense?"
    assert not re.search(r"more sense|like Maya to be there|Maya can come", last(*OPENING, line, profile=DARNELL))


def test_greetings_are_passed_on_when_the_next_day_is_agreed() -> None:
    said = last(*OPENING, "Shall we talk again on Tuesday at ten?", "Good. Say hi to Keisha for me. Bye!")
    assert "Tuesday" in said
    assert "Keisha" in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Would a call on the 9th suit you, or is the 10th better?", r"^(?:Make it )?[Tt]he (?:9|10)th"),
        ("What time works for you on the 9th?", r"Ten|four|five"),
        ("When are you off next week?", r"Thursday|weekday|Tuesday|Friday"),
        ("are you more of a text or a call guy", r"[Tt]ext|[Ee]mail"),
        ("I'll ring you the day after tomorrow, ok?", r"[Dd]ay after tomorrow"),
        ("By when could you send them?", r"Friday|weekend|week"),
        ("Would you like Keisha to be there?", r"Keisha"),
    ],
)
def test_which_day_and_who_comes_is_answered_as_asked(line: str, said: str) -> None:
    assert re.search(said, last(*OPENING, line)), last(*OPENING, line)


def test_what_is_written_down_is_not_sent() -> None:
    assert "look out" not in last(*OPENING, "Okay, I'll write that down.")


@pytest.mark.parametrize("line", ["tell Maya I said congrats", "Tell Maya good luck with the exams!"])
def test_wishes_for_somebody_are_passed_on_and_end_nothing(line: str) -> None:
    answer = talk(*OPENING, line)[-1]
    assert "Maya" in answer.text
    assert answer.ended is None


def test_who_hurt_the_client_and_won_them_over_gets_no_cold_goodbye() -> None:
    lines = ("That was dumb.", "I'm sorry, that was rude of me.", "That must have been hard for you.")
    lines += ("So you worry about the kids.", "Thank you for telling me. What matters most to you?")
    said = last(*OPENING, *lines, "Best to Keisha. Goodbye, Darnell.")
    assert "Keisha" in said
    assert not re.search(r"meet again|helped\.|expected|come back", said), said
