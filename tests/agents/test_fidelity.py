"""How true a client stayed to its life, counted by code."""

import pytest

from rplay.agents.fidelity import measured
from rplay.agents.persona.life import Figure, Life, Subject


@pytest.fixture
def life():
    return Life(
        name="Mary Okafor",
        first_name="Mary",
        age=44,
        subjects=(
            Subject(
                id="car", kind="debt", name="the car loan", words=("car loan", "car"),
                figures={"what": Figure(value=8900, unit="dollars")}, says={"what": ("I owe $8,900 on the car",)},
            ),
            Subject(
                id="savings", kind="asset", name="the savings", words=("savings",), reserve=1,
                figures={"what": Figure(value=12_000, unit="dollars")}, says={"what": ("There is $12,000 in savings",)},
            ),
            Subject(
                id="secret", kind="worry", name="the layoffs", words=("layoffs",), reserve=2, unlock=("reason",),
                says={"what": ("They told us there will be layoffs in June",)},
            ),
            Subject(id="kids", kind="children", name="the children", words=("kids", "children"),
                    figures={"what": Figure(value=2, unit="count")}, says={"what": ("We have two children",)}),
            Subject(id="partner", kind="partner", name="my husband", words=("husband", "emeka"),
                    says={"name": ("My husband is Emeka",)}),
        ),
    )  # fmt: skip


def talk(*lines):
    return [{"role": "assistant" if at % 2 else "user", "content": line} for at, line in enumerate(lines)]


def faults(life, *lines):
    found = measured(life, talk(*lines))
    return {name: getattr(found, name) for name in ("early", "contradictions", "blanks", "repeats")}


NONE = {"early": 0, "contradictions": 0, "blanks": 0, "repeats": 0}


class TestEarly:
    def test_what_was_asked_for_is_not_early(self, life):
        assert faults(life, "How much have you put aside in savings?", "About $12,000 in savings, I think.") == NONE

    def test_a_sum_kept_back_and_not_asked_for_is(self, life):
        said = faults(life, "Good morning.", "Good morning, I have $12,000 in savings and came about cover.")
        assert said == NONE | {"early": 1}

    def test_a_secret_told_unasked_is(self, life):
        said = faults(life, "What do you do?", "I teach at a school. They told us there will be layoffs in June.")
        assert said == NONE | {"early": 1}


class TestContradictions:
    @pytest.mark.parametrize(
        "line",
        [
            "I'm 51, since you ask, and not getting younger.",
            "My husband Thomas does the bills for the two of us.",
            "We have three children at home, and they eat a lot.",
            "The car loan stands at $14,500 by now, sadly.",
        ],
    )
    def test_against_the_life_count_once(self, life, line):
        assert faults(life, "Tell me about yourself.", line) == NONE | {"contradictions": 1}

    @pytest.mark.parametrize(
        "line",
        [
            "I'm 44, since you ask, and not getting younger.",
            "My husband Emeka does the bills for the two of us.",
            "We have two children at home, and they eat a lot.",
            "The car loan stands at $8,900 by now, sadly.",
        ],
    )
    def test_what_the_life_says_is_none(self, life, line):
        assert faults(life, "Tell me about yourself.", line) == NONE

    def test_a_sum_that_the_advisor_named_is_none(self, life):
        assert faults(life, "Would $14,500 pay off the car?", "With $14,500 the car would be paid, yes.") == NONE


class TestBlanksAndRepeats:
    def test_a_short_line_about_nothing_is_a_blank(self, life):
        assert faults(life, "How do you see that?", "I could see that working.") == NONE | {"blanks": 1}

    @pytest.mark.parametrize("line", ["What do you mean by that?", "The kids, mostly.", "It's 20, at most."])
    def test_a_question_a_figure_or_something_of_this_life_is_none(self, life, line):
        assert faults(life, "How do you see that?", line)["blanks"] == 0

    def test_a_sentence_of_four_words_said_again_counts_for_its_turn(self, life):
        again = "The kids come first for me."
        said = faults(life, "What matters to you?", again, "And beside that?", f"{again} {again}")
        assert said == NONE | {"repeats": 1}
