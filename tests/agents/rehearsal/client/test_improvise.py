"""Answers made from the form of a question."""

import random
import re

import pytest

from rplay.agents.rehearsal.client.clause import Asked
from rplay.agents.rehearsal.client.details import details
from rplay.agents.rehearsal.client.improvise import improvised
from rplay.agents.rehearsal.client.said_back import told
from rplay.agents.rehearsal.client.tables import table
from rplay.agents.rehearsal.client.voice import Voice
from tests.agents.rehearsal.client.talking import DARNELL, RUTH, life


def answer(question: str, **given: object) -> str:
    return improvised(question, life(), Voice("seed", 0, set(), {}), **given)  # type: ignore[arg-type]


class TestAnswers:
    @pytest.mark.parametrize(
        ("question", "holds"),
        [
            ("How long was the store closed?", "weeks|months"),
            ("how many quotes did you get", "two|three|four"),
            ("How often do you check the balance?", "month|week|year"),
            ("How far is it to your office?", "minutes|hour"),
            ("When did you notice the leak?", "ago|fall|spring"),
            ("What would those washers cost you to buy new today?", r"\$"),
            ("do you have the policy with you", "home"),
            ("Does your brother know about it?", ""),
            ("What did the insurance company tell you?", "[Tt]hat"),
            ("Do you pay that monthly or once a year?", "[Mm]onthly|[Oo]nce a year"),
            ("on a scale of one to ten how worried are you", "six|seven"),
            ("why haven't you told him yet", "I"),
        ],
    )
    def test_in_the_form_asked_for(self, question: str, holds: str) -> None:
        assert re.search(holds, answer(question))

    @pytest.mark.parametrize(
        ("question", "said"),
        [
            ("Does that leave you short, or does it come out even?", {"It leaves me short", "It comes out even"}),
            ("did they call or did you have to call them", {"They called", "I had to call them"}),
            ("Do you pay that monthly or once a year?", {"monthly", "once a year"}),
        ],
    )
    def test_of_two_things_with_one(self, question: str, said: set[str]) -> None:
        assert sum(one.lower() in answer(question).lower() for one in said) == 1

    def test_an_either_or_once_though_its_halves_come_one_by_one(self) -> None:
        voice, who = Voice("seed", 0, set(), {}), life()
        line = "That's tight. Does that leave you short, or does it come out even?"
        first = improvised("Does that leave you short", who, voice, line=line)
        assert first
        assert improvised("does it come out even?", who, voice, line=line) == ""

    def test_of_two_people_as_we(self) -> None:
        assert "I" not in answer("Did you and Keisha write anything down?").replace("'", " ").split()

    def test_of_somebody_of_unknown_sex_as_they(self) -> None:
        assert " he " not in f" {answer('What did your agent say when you called?').lower()} "

    def test_of_a_man_as_he_and_of_a_company_as_they(self) -> None:
        said = {answer(f"What did your brother say about {what}?") for what in ("it", "that", "the move", "the fire")}
        assert all("she" not in one.lower().split() and "they" not in one.lower().split() for one in said)

    def test_the_same_when_asked_again_and_says_so(self) -> None:
        voice, who = Voice("seed", 0, set(), {}), life()
        first = improvised("How long was the store closed?", who, voice)
        again = improvised("how long was the store closed", who, voice, earlier=["How long was the store closed?"])
        assert again.startswith("As I said, ")
        assert again.removeprefix("As I said, ").lower() == first.lower()

    def test_no_sentence_twice_for_different_questions(self) -> None:
        voice, who = Voice("seed", 0, set(), {}), life()
        things = ("the roof", "the fence", "the form", "the car", "the trip", "the shed", "the bike")
        said = [improvised(f"Why did you sell {thing}?", who, voice) for thing in things]
        told = [one for one in said if one]
        assert len(told) == len(set(told)) > 0

    def test_others_for_other_clients(self) -> None:
        questions = [f"How long did {thing} take?" for thing in ("it", "the repair", "the claim", "the move")]
        mine = [improvised(one, life(DARNELL), Voice("a", 0, set(), {})) for one in questions]
        hers = [improvised(one, life(RUTH), Voice("a", 0, set(), {})) for one in questions]
        assert mine != hers

    def test_asks_back_where_there_is_no_trust(self) -> None:
        who = life(RUTH, "advanced")
        said = " ".join(
            improvised(f"Why did you buy the {thing}?", who, Voice("a", 0, set(), {}), trust=10)
            for thing in ("boat", "shed", "ring", "fence", "piano", "tent", "lamp", "rug")
        )
        assert "Why do you ask?" in said


class TestSaysNothing:
    @pytest.mark.parametrize(
        "question",
        [
            "How much do you owe on the mortgage?",
            "How many kids do you have?",
            "How old is your wife?",
            "How long have you been with the transit authority?",
            "Do you have a will?",
            "Do you smoke?",
            "Have you ever been diagnosed with anything?",
            "What does that mean?",
            "Does that make sense?",
            "What do you think about that?",
            "Would next Tuesday work for you?",
            "Can I call you next week?",
            "Would you agree?",
        ],
    )
    def test_where_the_life_knows_or_others_answer(self, question: str) -> None:
        assert answer(question) == ""

    def test_of_relatives_whom_the_client_does_not_have(self) -> None:
        assert improvised("What does your husband think about it?", life(RUTH), Voice("a", 0, set(), {})) == ""

    def test_where_the_story_has_a_figure_on_it(self) -> None:
        story = ["A dust fire closed the shop for five weeks."]
        assert answer("How long did the fire close the shop?", story=story) == ""


class TestStaysWhole:
    @pytest.mark.sampled(1)
    @pytest.mark.parametrize("seed", range(5))
    def test_never_fails(self, seed: int) -> None:
        words = (
            "how",
            "what",
            "did",
            "do",
            "you",
            "your",
            "is",
            "was",
            "the",
            "or",
            "if",
            "never",
            "have",
            "been",
            "tell",
            "it'd",
            "why",
        )
        dice = random.Random(seed)
        for _ in range(600):
            line = " ".join(dice.choices(words, k=dice.randint(1, 9)))
            said = answer(f"{line}?")
            assert said == said.strip()
            assert "{" not in said

    def test_every_way_can_be_said(self) -> None:
        slots = {*told(Asked("what"), life(), frozenset()).slots, *details(1, life(), Asked("what"))}
        for form, rules in table("improvise").items():
            for rule in rules:
                ways = [*rule.get("ways", ()), *rule.get("yes", ()), *rule.get("no", ())]
                used = {slot.lower() for way in ways for slot in re.findall(r"\{(\w+)\}", way)}
                assert used <= slots, (form, rule)
                assert ("yes" in rule) == ("no" in rule) == ("lean" in rule), (form, rule)
                assert len(ways) == len(set(ways)), (form, rule)
