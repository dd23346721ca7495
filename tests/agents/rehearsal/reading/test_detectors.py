"""What a review looks for in one line of an advisor."""

import pytest

from bench.practice.detecting import digest
from rplay.agents import meaning
from rplay.agents.rehearsal.reading.detectors import (
    Questions,
    answers_objection,
    empathy,
    explanation,
    explored,
    interrupts,
    questions,
    reflection,
    ruled_advice,
    ruled_reflection,
    unsolicited_advice,
)
from rplay.agents.rehearsal.reading.labelled import digest_kept
from tests.agents.rehearsal.reading.test_read import after

STORY = (
    "Well, my brother ran the shop with me for nineteen years, and then in March he had a stroke at the counter, "
    "and I was the one who found him, and nobody had ever written anything down about what happens then."
)


def told(*lines: str):
    """Lines of the client, each after a word of the advisor."""
    return after(*(part for line in lines for part in ("Go on.", line)))


class TestReflection:
    def test_says_back_what_was_meant(self):
        before = told("I lie awake because I don't want Keisha to lose the house if something happens to me.")
        assert reflection("So you want to be sure Keisha can stay in the house whatever happens to you.", before)
        assert reflection("It sounds like the house is what keeps you awake.", before)

    @pytest.mark.parametrize(
        "line",
        [
            "How long have you been worried about the house?",
            "You should buy a twenty year term policy for the house.",
            "Okay.",
            "A deductible is what you pay first.",
        ],
    )
    def test_is_no_question_no_advice_and_no_nod(self, line):
        before = told("I lie awake because I don't want Keisha to lose the house if something happens to me.")
        assert reflection(line, before) is None

    def test_of_nothing_said_is_none(self):
        assert reflection("So you want to be sure about the house.", []) is None


class TestQuestions:
    def test_open_and_closed_are_counted(self):
        assert questions("What worries you most about that? Do you have a will?") == Questions(open=1, closed=1)
        assert questions("tell me more about that and do you have kids") == Questions(open=1, closed=1)

    def test_a_statement_that_begins_like_one_is_none(self):
        assert questions("When somebody dies, the policy pays. Which means the house is safe.") == Questions()


class TestAdvice:
    def test_before_exploring_is_unsolicited(self):
        assert unsolicited_advice("You should buy whole life insurance.", told("I work for the city."))

    def test_is_not_once_the_client_asked(self):
        assert not unsolicited_advice("I'd suggest term insurance.", told("So what would you suggest I do?"))

    def test_by_the_rules_alone_it_is_not_once_the_client_told_enough(self):
        answered = after(
            "What do you do?", "I fix buses for the city.", "What worries you?", "Losing the house, mostly.",
            "How did that start?", "A guy at work died last fall.",
        )  # fmt: skip
        assert explored(answered) == 3
        assert not ruled_advice("I'd suggest term insurance.", answered)


class TestInterruption:
    def test_leaves_a_story_without_a_word_to_it(self):
        assert interrupts("And what's the interest rate on your mortgage?", told(STORY))

    def test_does_not_where_the_story_is_taken_up(self):
        assert not interrupts("I'm so sorry. What happened after you found him?", told(STORY))
        assert not interrupts("What's the rate on the mortgage?", told("I fix buses."))


class TestObjection:
    def test_is_answered_by_what_touches_it(self):
        before = told("I'm not sure, it sounds expensive and money is tight already.")
        assert answers_objection("I hear you, money is tight, so let's see what a smaller policy would cost.", before)
        assert answers_objection("So who's your car insurance with?", before) is False

    def test_is_nothing_where_none_was_raised(self):
        assert answers_objection("Who's your car insurance with?", told("We've got two kids.")) is None


class TestExplanation:
    def test_is_plain_or_in_terms_of_the_trade(self):
        assert explanation("Term is like renting: you pay for twenty years, and then it's over.") == "plain"
        assert explanation("The equity sleeve has a beta of 1.2, which increases tracking error.") == "jargon"
        assert explanation("See you on Monday.") is None


class TestEmpathy:
    def test_meets_the_feeling_just_told(self):
        before = told("I've been scared ever since he died.")
        assert empathy("That must be hard to carry.", before)
        assert empathy("What do you pay for the car?", before) is False
        assert empathy("That must be hard.", told("We live on Church Street.")) is None


def test_reflections_and_advice_are_learned_from_the_talks_as_they_are():
    """Else: `python -m bench.practice.detecting --learn`."""
    assert digest_kept() == digest()


def test_without_meaning_the_rules_alone_decide(monkeypatch):
    before = told("I lie awake because I don't want Keisha to lose the house if something happens to me.")
    line = "So you don't want Keisha to lose the house if something happens to you."
    monkeypatch.setattr(meaning, "on", lambda: False)
    assert reflection(line, before) == ruled_reflection(line, before) is not None
