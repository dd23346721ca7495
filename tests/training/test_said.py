import pytest

from rplay.training.said import measured, says
from rplay.training.scenario import Content
from tests.trained import CONTENT


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [
        ("There is a waiting time of six months", "waiting time"),
        ("There is a WAITING, if you like, time", "waiting time"),
        ("We guarantee you good returns", "guarantee* returns"),
        ("It is guaranteed, the returns come", "guarantee* returns"),
        ("You can’t lose", "can't lose"),
        ("cost and cost and more of fees", "cost fees"),
    ],
)
def test_a_phrase_is_found_with_a_few_words_between(sentence, phrase):
    assert says(sentence, phrase)


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [
        ("There is time for waiting", "waiting time"),
        ("We are waiting for them all to have time", "waiting time"),
        ("The guarantor returns", "guarantee* returns"),
        ("", "waiting"),
        ("anything", "?!"),
    ],
)
def test_other_words_are_not(sentence, phrase):
    assert not says(sentence, phrase)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("I guarantee returns", True),
        ("I can't guarantee returns", False),
        ("Nobody can guarantee returns", False),
        ("I cannot say no to that, because of course I guarantee returns", True),
        ("Ich kann keine returns nennen, aber wir guarantee your returns", True),
    ],
)
def test_what_is_denied_is_not_said(sentence, said):
    assert says(sentence, "guarantee* returns", deniable=True) is said


def test_a_phrase_that_denies_is_meant_as_it_stands():
    assert says("There is no risk at all", "no risk", deniable=True)
    assert says("It is without any risk", "without risk", deniable=True)


@pytest.mark.practice
def test_a_long_line_takes_no_longer_than_its_words():
    assert not says("a " * 5000, "a a a a a a a b")


class TestMeasured:
    def of(self, *lines, **more):
        messages = [
            {"role": "user" if place % 2 == 0 else "assistant", "content": line} for place, line in enumerate(lines)
        ]
        return measured(Content.model_validate({**CONTENT, **more}), messages)

    def test_names_the_first_line_of_each_must_say(self):
        found = self.of("Hello", "Six months?", "Hear this. The waiting time is six months. Yes", "Oh", "Six months")
        assert found["mustSay"] == [
            {"text": "Name the waiting time", "line": 3, "quote": "The waiting time is six months"}
        ]

    def test_a_must_say_that_only_the_client_said_is_missed(self):
        assert self.of("Hello", "Is there a waiting time?")["mustSay"][0]["line"] is None

    def test_names_only_those_must_nots_that_were_said(self):
        assert self.of("I can't guarantee returns")["mustNotSay"] == []
        assert self.of("I guarantee you returns!")["mustNotSay"] == [
            {"text": "Promise a return", "severity": "high", "line": 1, "quote": "I guarantee you returns"}
        ]

    def test_leaves_the_coach_out(self):
        coach = {"role": "user", "content": "Waiting time six months", "coach": True}
        assert measured(Content.model_validate(CONTENT), [coach])["mustSay"][0]["line"] is None
