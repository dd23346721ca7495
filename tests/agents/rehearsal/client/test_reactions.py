"""What the client says to what asks nothing of their life."""

import re

import pytest

from agents.rehearsal.client.talking import RUTH, last, life, talk
from rplay.agents.rehearsal.client.words import sentences

OPENING = ("Hi Darnell, good to meet you.", "What brings you in?", "How old are the kids?", "What do you do for work?")


def after(line: str) -> str:
    """The answer to a line in the middle of a talk."""
    return last(*OPENING, line)


class TestBeginning:
    def test_greets_the_advisor_by_the_name_they_gave(self) -> None:
        assert "Monica" in last("Hi there, this is Monica from Harbor Financial.")

    def test_says_what_to_be_called(self) -> None:
        assert "Darnell" in last("Hi! Is it okay if I call you Darnell?")

    def test_says_that_they_hear(self) -> None:
        assert "hear" in last("hi this is jared can you hear me ok") or "Loud and clear" in last("can you hear me ok")

    def test_is_kind_to_somebody_new(self) -> None:
        said = last("Hello, I should say I'm new here and my manager looks over what I do.")
        assert re.search(r"[Nn]ew|somebody", said)

    def test_names_what_matters_when_the_talk_is_planned(self) -> None:
        said = last("Thanks for coming in. I thought we'd start with the budget, and then look at what you have.")
        assert any(one.name in said for one in (*life().of_kind("goal"), *life().of_kind("worry")))


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    ("line", "takes_up"),
    [
        ("Is it okay if I call your accountant?", "call my accountant"),
        ("mind if i share my screen real quick", "share your screen"),
        ("Can I take a few notes while we talk?", r"\b[Ww]rite|[Nn]otes"),
        ("You don't have to answer if it's too private.", r"I will|I'll|done that"),
        ("I don't know that, so I'm gonna check and email you. Is that alright?", "check and email me"),
        ("I'd suggest we pay off the credit card before anything else.", r"credit card"),
        ("You could raise your deductible to a thousand.", r"deductible|lying ready"),
        ("Would you be open to a short call with our tax person?", "short call with your tax person"),
        ("it'd be 62 dollars a month for half a million", r"\$62 a month"),
        ("I just lost my mom in March.", r"sorry"),
        ("No pressure at all, you don't have to decide anything today.", r"rush|pressure|watching|afternoon"),
        ("There's a drawback, you can't touch the money for seven years.", r"seven years|[Ss]even years"),
        ("The fund costs 1 percent a year.", r"\$480 a year|457"),
        ("Look, you need a managed account, one and a quarter percent, we do the thinking.", r"\\$600 a year|457"),
        (
            "the fund has a front load of 5.25 but you make that back fast",
            r"before I've started|earn that back|That much",
        ),
        ("I can't promise you that it will get cheaper.", r"promise|before and not after|straight"),
    ],
)
def test_takes_up_the_very_thing(line: str, takes_up: str) -> None:
    assert re.search(takes_up, after(line)), after(line)


@pytest.mark.parametrize(
    "line",
    ["gotcha", "fair enough", "Okay, good to know.", "Yeah that makes sense.", "That must have been hard.", "Oof.",
     "I wrote that down.", "We'll figure this out together.", "You're in a better spot than you think."],
)  # fmt: skip
def test_tells_no_stray_fact_of_the_life(line: str) -> None:
    facts = {text for one in life().subjects for said in one.says.values() for text in said}
    assert not facts & set(sentences(after(line)))


def test_says_back_what_was_felt() -> None:
    assert "I'm tired of carrying this alone" in after("It sounds like you're tired of carrying this alone.")


def test_explains_back_in_own_words_and_asks_on() -> None:
    said = after("So a deductible is what comes out of your pocket before the insurance pays anything.")
    assert re.search(r"first part of any damage|bad day", said)
    assert said.endswith("?")


def test_puts_a_wrong_figure_of_a_summary_right() -> None:
    said = last(*OPENING, "So to recap, you have a mortgage of $240,000 and the two kids. Is that right?")
    assert "$212,000" in said


def test_picks_one_of_two() -> None:
    assert "pay" in after("Would you rather have a lower payment or be done sooner?") or "sooner" in after(
        "Would you rather have a lower payment or be done sooner?"
    )


class TestNextSteps:
    def test_takes_the_time_and_the_partner(self) -> None:
        said = last(*OPENING, "How about Tuesday evening, and bring Keisha along if you like?")
        assert "Tuesday evening" in said
        assert "Keisha" in said

    def test_names_the_papers_asked_for(self) -> None:
        said = after("Can you bring your last two pay stubs and the mortgage statement?")
        assert "my last two pay stubs and the mortgage statement" in said

    def test_says_when_to_call(self) -> None:
        assert re.search(r"after|lunch", after("When should I call you?"))

    def test_passes_greetings_on_at_the_end(self) -> None:
        (*_, line) = talk(*OPENING, "Thanks for today. Say hi to Maya and have a great weekend!")
        assert line.ended
        assert "Maya" in line.text


def test_is_sorry_with_the_advisor_and_not_about_the_claim() -> None:
    said = last("Hi Ruth.", "What happened with the claim?", "I lost my granddad in the fall.", profile=RUTH)
    assert "granddad" in said or "stays with you" in said


def test_says_no_reaction_twice_in_a_talk() -> None:
    answers = talk(*OPENING, *["That makes sense, thank you for telling me."] * 3, *["I can imagine that's hard."] * 3)
    told = [one for line in answers for one in sentences(line.text) if len(one.split()) > 3]
    assert len(told) == len(set(told))


class TestNotTakenFor:
    def test_a_question_about_risk_for_a_proposal(self) -> None:
        assert re.search(
            r"\d|one|two|three|four|five|six", after("On a scale of one to ten how much risk are you ok with?")
        )

    def test_a_remark_for_a_feeling(self) -> None:
        assert "I got kids" not in after("You got kids, right? Tell me about em.")
        assert "gone quiet" not in after("You've gone quiet.")

    def test_a_supposed_day_for_an_appointment(self) -> None:
        said = after("Say you retire. It's a Tuesday in October, ten in the morning. What are you doing?")
        assert "Tuesday works" not in said
        assert "See you" not in said

    def test_waits_while_the_advisor_takes_a_call(self) -> None:
        assert re.search(r"wait|time|going anywhere|Of course", after("sec.. phone"))

    def test_a_question_behind_may_i_for_leave(self) -> None:
        assert "ask how my health" not in after("May I ask how your health is?")

    def test_a_reflection_is_confirmed(self) -> None:
        said = after("I get the feeling that money isn't just a number to you. Am I wrong?")
        assert re.search(r"right|closer|wrong|about it", said)


class TestGoodbye:
    def test_names_the_day_by_which_the_client_will_call(self) -> None:
        said = last(*OPENING, "Then talk it over with Keisha and call me by Friday. It was a pleasure, Darnell.")
        assert "by Friday" in said


class TestOtherLanguages:
    def test_what_is_understood_is_answered_in_english(self) -> None:
        said = last("¿Cuántos hijos tiene y qué edades tienen?")
        assert "inglés" in said
        assert re.search(r"Maya.*7|7.*Maya", said)

    def test_what_is_not_is_said_not_to_be(self) -> None:
        assert "anglais" in last("Combien d'enfants avez-vous, madame ?")

    def test_the_language_is_chosen(self) -> None:
        assert "English" in last("Hi Darnell! Would you prefer if we spoke Spanish?")


def test_a_mere_sound_gets_no_fact_nobody_asked_for() -> None:
    for line in ("mhm", "Mhm."):
        assert not re.search(r"\d|Exactly", after(line)), after(line)


def test_a_mere_sound_is_no_answer_to_a_question() -> None:
    said = [one.text for one in talk("Hi.", "What do you make of insurance?", "mhm")]
    assert not said[1].endswith("?") or "question" in said[2] or "ask" in said[2] or "say a bit more" in said[2]


@pytest.mark.parametrize(
    "line",
    [
        "My homework is a list of questions for your lawyer. Yours is a word with Keisha. Deal?",
        "Second, from now on you'd want a landlord form, so being away doesn't void it. Is that clear so far?",
    ],
)
def test_what_is_planned_or_explained_is_no_strange_talk(line: str) -> None:
    assert not re.search(r"mixed me up|riddles|part of the appointment|here for", after(line)), after(line)


def test_an_apology_that_takes_a_promise_back_is_no_promise() -> None:
    said = last(*OPENING, "I promise you this fund never loses money.", "Sorry, that was wrong. Nothing is guaranteed.")
    assert not re.search(r"promise|too good|can't know|guarantee", said), said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("It'd be about 48 dollars a month if you pass the physical. ok?", r"\$48"),
        (
            "Dollar-cost averaging means you put in the same each month. got it?",
            r"^(?!That's all there is|Well, that's how)",
        ),
        ("hello?", r"here|listening"),
        ("you alone in the shop or got somebody with you", r"^(?!Thank|It is|It was|Lonely)"),
        ("May I ask what would have to happen for you to say yes?", r"^(?!Go ahead|Sure|Ask away|Of course)"),
        ("Would it be awkward to leave your agent?", r"^(?!If it helps|Sure, go ahead|Of course|That's fine)"),
    ],
)
def test_the_substance_is_answered_and_not_its_form(line: str, said: str) -> None:
    assert re.search(said, after(line)), after(line)


def test_a_choice_or_jargon_is_not_said_back_as_a_feeling() -> None:
    for line in ("u work alone or got somebody", "So you're effectively a hundred percent in cash equivalents."):
        assert not re.search(r"or got|equivalents", after(line)), after(line)


def test_a_joke_that_is_taken_back_is_no_strange_talk() -> None:
    assert "wrong person" not in after("ok that was a bad joke, my apologies")


def test_whether_the_last_line_was_clear_is_answered() -> None:
    said = last(*OPENING, "The fund costs 1 percent a year.", "Does that make sense or should I start over?")
    assert re.search(r"sense|got it|[Cc]lear|followed|Mostly|half|think so", said), said


def test_a_price_named_in_the_question_is_weighed() -> None:
    assert "$140 a month" in after("How does 140 a month sound?")
