"""What the client says by the repertoire: facts first, then a saying that holds for them and was not said yet."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from agents.rehearsal.client.talking import DARNELL, RUTH, TOMASINA, last, life, talk
from rplay.agents import meaning
from rplay.agents.persona import given
from rplay.agents.persona.life import ASPECTS
from rplay.agents.rehearsal import repertoire
from rplay.agents.rehearsal.client.conditions import CONDITIONS, conditions
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.repertoire import of_question, of_statement
from rplay.agents.rehearsal.client.turns import talk_of
from rplay.agents.rehearsal.repertoire import Entry, Saying, entries
from rplay.agents.types import Difficulty, Message

SLOTS = frozenset({
    "first_name", "partner", "child", "children", "job", "goal", "worry", "asset", "debt", "product", "amount", "topic",
})  # fmt: skip


def moment(*lines: str, profile: dict[str, object] = DARNELL, difficulty: Difficulty = "beginner") -> Moment:
    """Behind the advisor's lines, each of which the client has answered but the last."""
    messages: list[Message] = []
    for line, answer in zip(lines, [*talk(*lines[:-1], profile=profile, difficulty=difficulty), None], strict=True):
        messages.append({"role": "user", "content": line})
        if answer:
            messages.append({"role": "assistant", "content": answer.text})
    own = life(profile, difficulty)
    return Moment(own, difficulty, talk_of(own, messages), given=given.read(profile))


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> object:
    """Makes every line belong to one entry, as surely as told."""

    def made(*says: Saying, share: float = 1.0, id_: str = "some.thing", **told: object) -> None:
        entry = Entry(id_, says, **told)  # type: ignore[arg-type]
        monkeypatch.setattr(
            "rplay.agents.rehearsal.client.repertoire.recognised",
            lambda text: (entry, share),
        )

    return made


def said(at: Moment, least: float = 0.5) -> list[str]:
    return of_question(at, at.reading.sentences[-1], least)


# The tables


def all_says() -> Iterator[tuple[str, Saying]]:
    return ((one.id, saying) for one in entries().values() for saying in one.says)


def test_conditions_slots_and_facts_are_known() -> None:
    assert {(id_, name) for id_, one in all_says() for name in one.conditions - CONDITIONS} == set()
    assert {(id_, slot) for id_, one in all_says() for slot in re.findall(r"\{(\w+)\}", one.text)
            if slot not in SLOTS} == set()  # fmt: skip
    assert [one.id for one in entries().values() for kind, aspect in one.facts
            if aspect not in ASPECTS.get(kind, ())] == []  # type: ignore[call-overload]  # fmt: skip


def test_every_entry_has_something_for_everybody() -> None:
    named = "{first_name}"  # which everybody has
    plain = {id_ for id_, one in all_says() if not one.conditions and "{" not in one.text.replace(named, "")}
    assert set(entries()) - plain == set()


# Recognising


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("What keeps you up at night?", "worry.what"),
        ("How does that sound?", "check.sounds"),
        ("do you rent or do you own the place", "home.own"),
        ("What would happen to the family if you died?", "if.death"),
        ("And how did that make you feel?", "follow.feel"),
        ("Have you got a will?", "estate.will"),
    ],
)
def test_a_line_is_known_for_what_it_is(line: str, entry: str) -> None:
    found, share = repertoire.recognised(line)
    assert found is not None
    assert (found.id, share > 0.5) == (entry, True)


def test_without_the_model_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "on", lambda: False)
    assert repertoire.recognised("What keeps you up at night?") == (None, 0.0)


# Answering


def test_what_is_not_sure_is_not_answered(only) -> None:  # type: ignore[no-untyped-def]
    only(Saying("A plain answer."), share=0.4)
    assert said(moment("What's that like?")) == []


def test_a_fact_of_the_life_comes_before_a_saying(only) -> None:  # type: ignore[no-untyped-def]
    only(Saying("The bank knows."), facts=(("debt", "rate"),))
    assert "7.4" in " ".join(said(moment("What about the rate on the car loan?")))


def test_a_saying_needs_its_conditions(only) -> None:  # type: ignore[no-untyped-def]
    only(Saying("I miss him.", frozenset({"widowed"})), Saying("We manage."))
    assert said(moment("How do you manage?")) == ["We manage."]
    assert said(moment("How do you manage?", profile=RUTH)) == ["I miss him."]


def test_the_most_particular_saying_is_taken(only) -> None:  # type: ignore[no-untyped-def]
    only(Saying("It's fine."), Saying("The kids keep me going.", frozenset({"kids", "partner"})))
    assert said(moment("How is it?")) == ["The kids keep me going."]


def test_a_saying_whose_slot_is_empty_is_not_used(only) -> None:  # type: ignore[no-untyped-def]
    only(Saying("{partner} knows."), Saying("Nobody knows."))
    assert said(moment("Who knows?", profile=TOMASINA)) == ["Nobody knows."]


def test_slots_are_filled_from_the_life(only) -> None:  # type: ignore[no-untyped-def]
    only(Saying("{partner} and {children} come first.", frozenset({"kids"})))
    assert said(moment("Who comes first?")) == ["Keisha and Maya and Jonah come first."]


def test_a_child_that_is_named_is_the_one_spoken_of(only) -> None:  # type: ignore[no-untyped-def]
    only(Saying("{child} does as {child} likes."))
    assert said(moment("What is Jonah up to?")) == ["Jonah does as Jonah likes."]


def test_nothing_is_said_twice(only) -> None:  # type: ignore[no-untyped-def]
    only(Saying("That is how it has always been."), Saying("No other way was ever found."))
    at = moment("How is it?")
    assert {*said(at), *said(at)} == {"That is how it has always been.", "No other way was ever found."}
    assert said(at) == []


def test_what_the_profile_speaks_against_is_not_said(only) -> None:  # type: ignore[no-untyped-def]
    only(Saying("My husband does that."), Saying("I do that."))
    assert said(moment("Who does that?")) == ["I do that."]


def test_the_form_of_the_question_chooses_among_sayings(only) -> None:  # type: ignore[no-untyped-def]
    only(Saying("It has its moments."), Saying("Two years, give or take."))
    assert said(moment("How long has that been going on?")) == ["Two years, give or take."]


def test_a_question_about_a_child_is_not_answered_about_the_partner(only) -> None:  # type: ignore[no-untyped-def]
    only(Saying("Kind, and louder than me."), id_="partner.who")
    at = moment("How old is Maya?")
    assert at.reading.sentences[-1].target is not None
    assert said(at) == []


def test_a_long_explanation_is_left_to_what_knows_terms(only) -> None:  # type: ignore[no-untyped-def]
    only(Saying("I follow."), id_="explain.bonds")
    at = moment("A bond is a loan to a company, and it pays you interest twice a year.")
    assert of_statement(at, 0.5, explained=False) == []
    assert of_statement(at, 0.5) == ["I follow."]


def test_conditions_follow_the_client_and_the_talk() -> None:
    assert {"partner", "kids", "employed", "owner", "mortgage", "debt", "early"} <= conditions(moment("Hi Darnell."))
    assert {"widowed", "senior"} & conditions(moment("Hi Ruth.", profile=RUTH)) == {"widowed"}
    young = conditions(moment("Hi.", profile=TOMASINA))
    assert {"single", "no_kids", "young", "renter"} <= young
    assert not young & {"partner", "kids", "owner"}


def test_an_advanced_client_is_wary_at_first() -> None:
    at = moment("Hi Darnell.", difficulty="advanced")
    assert {"wary", "advanced"} <= conditions(replace(at))


def test_a_question_no_word_list_knows_is_answered() -> None:
    answer = last("Hi Darnell.", "Which of your bills would be the last one you'd ever let slide?")
    assert not re.search(r"have to think|look it up|couldn't (?:say|tell you)|off the top of my head", answer), answer
