"""An answer is put together of parts that fit: no stray second answer, no preface to what nobody said, no doubt let out to
who did not ask for one."""

import pytest

from agents.rehearsal.client.talking import DARNELL, RUTH, last, talk


@pytest.mark.parametrize(
    ("line", "stray"),
    [
        ("What rate do you pay on the car loan, and is that something that came up lately?", "mostly"),
        ("How old is Maya? Is it raining over there?", "as far as I"),
        ("What do you do for work, and was it always clear?", "more or less"),
    ],
)
def test_beside_a_good_answer_nothing_is_made_up(line: str, stray: str) -> None:
    assert stray not in last("Hi Darnell.", line)


@pytest.mark.parametrize(
    "line",
    ["Next one on my sheet. Health insurance, yes or no?", "There's nothing to sign today. How old is Maya?"],
)
def test_who_asks_for_no_decision_hears_no_refusal(line: str) -> None:
    said = last("Hi Darnell.", line)
    assert "deadline" not in said
    assert "today" not in said


def test_who_hurries_the_talk_hears_that_and_no_refusal_to_sign() -> None:
    said = last("Hi Darnell.", "Come on, I don't have all day, just give me the numbers.")
    assert "sign" not in said


def test_i_understand_alone_is_no_sympathy() -> None:
    said = last("Hi Darnell.", "You fix buses for the city, I understand. How long have you been there?")
    assert not said.startswith("Thank")


@pytest.mark.parametrize(
    "line", ["Anything else with a payment on it?", "Does the bank tell you what to insure?", "What's your week like?"]
)
@pytest.mark.parametrize("profile", [DARNELL, RUTH], ids=["Darnell", "Ruth"])
def test_hidden_doubts_stay_hidden(line: str, profile: dict[str, object]) -> None:
    said = last("Hello there.", *["I'm sorry, that must have been hard. Thank you for telling me."] * 3, line,
                profile=profile)  # fmt: skip
    assert "vanish" not in said
    assert "too late" not in said


@pytest.mark.parametrize(
    "line", ["how many years will you have by the time you go", "Which of those two bothers you more?"]
)
def test_a_question_that_offers_nothing_gets_no_opinion_of_an_offer(line: str) -> None:
    said = last("Hi Darnell.", "What do you owe?", line)
    assert not any(one in said for one in ("I like it", "see myself", "sounds reasonable", "catch", "bad year"))


@pytest.mark.parametrize(
    "line",
    [
        "k let me put it in an email. have a quiet shift",
        "Lovely. Stay warm, Darnell, and say hello to Keisha for me.",
        "No rush. Take the brochure home and call me. Good to meet you, Darnell.",
        "Thank you so much for your time, Darnell.",
    ],
)
def test_a_closing_is_answered_with_a_goodbye(line: str) -> None:
    said = talk("Hi Darnell.", "What do you do for work?", "How old are the kids?", line)[-1]
    assert said.ended
    assert said.ended.by == "advisor"


@pytest.mark.parametrize(
    ("line", "one_of"),
    [
        ("Would you like Keisha or Maya to be there, or just us two?", ("Keisha", "Maya", "two")),
        ("What bothers you most about it, the legal side or just the feel of it?", ("legal side", "feel of it")),
        ("I'll ring you Wednesday, mornings or evenings?", ("morning", "evening")),
    ],
)
def test_of_two_things_one_is_chosen(line: str, one_of: tuple[str, ...]) -> None:
    said = last("Hi Darnell.", "What do you do for work?", line)
    assert any(one in said for one in one_of)


def test_two_ways_to_be_called_are_no_yes_or_no() -> None:
    assert "Darnell" in last("Good afternoon, Mr. Whitcomb. Or do you prefer Darnell?")


@pytest.mark.parametrize("line", ["Would you start me at the beginning?", "Could you tell me about it from the start?"])
def test_who_asks_for_the_beginning_is_told_it(line: str) -> None:
    assert "mechanic" in last("Hi Darnell.", line)


def test_who_asks_when_is_given_a_time() -> None:
    said = last("Hi Darnell.", "What do you do for work?", "When can I come out and walk the building with you?")
    assert any(one in said for one in ("Thursday", "weekday", "Tuesday", "Friday"))


@pytest.mark.parametrize(
    "line", ["Sounds like you weren't paying attention.", "That's what happens when you don't read your policy."]
)
def test_blame_is_not_swallowed(line: str) -> None:
    said = last("Hi Darnell.", "What do you do for work?", line)
    assert any(one in said for one in ("fair", "sit", "assumed", "remarks", "talk to", "tone"))


@pytest.mark.parametrize(
    ("line", "not_said"),
    [
        ("Suppose you couldn't work for a year. Walk me through what would happen.", "Ask me"),
        ("Would you want Keisha here next time, or would you rather we finish this between us?", "hear of it"),
        ("May I ask what would have to happen for you to sign?", "go ahead"),
        ("How about you bring that drawer of papers, and we open the letters together?", "bad year"),
    ],
)
def test_the_wrong_reaction_is_not_given(line: str, not_said: str) -> None:
    assert not_said not in last("Hi Darnell.", "What do you do for work?", line)
