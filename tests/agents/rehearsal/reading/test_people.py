"""Whom a clause is about."""

import pytest

from rplay.agents.rehearsal.reading import read
from rplay.agents.rehearsal.reading.people import named, people
from tests.agents.rehearsal.reading.life import DARNELL
from tests.agents.rehearsal.reading.test_read import after

STORY = (
    "Married to Keisha (34, dental hygienist), two children: Maya (7) and Jonah (4). His aunt Birgit died in February "
    "and left him the account. A coworker of 42 died last fall. Feels guilty toward his old agent. "
    "His brother Tom runs the other store."
)


def person(line: str, *before: str) -> str | None:
    return read(line, after(*before), DARNELL, STORY).sentences[-1].person


class TestPeople:
    def test_are_those_of_the_profile_with_what_they_are_to_the_client(self):
        assert {one.name for one in people(STORY, "Darnell Brooks")} == {
            "Keisha", "Maya", "Jonah", "aunt Birgit", "coworker", "agent", "brother Tom",
        }  # fmt: skip

    def test_the_client_is_none_of_them(self):
        assert not people("Darnell (43) lives alone.", "Darnell Brooks")

    @pytest.mark.parametrize(
        ("line", "name"),
        [
            ("Were you close to your aunt?", "aunt Birgit"),
            ("what was birgit's apartment like", "aunt Birgit"),
            ("Has your brother said anything about it?", "brother Tom"),
            ("Does Tom's store do better than yours?", "brother Tom"),
            ("did the coworker have kids", "coworker"),
        ],
    )
    def test_are_known_by_name_or_relation(self, line, name):
        found = named(line, people(STORY, "Darnell Brooks"))
        assert found
        assert found.name == name

    def test_she_is_whom_was_spoken_of_last(self):
        assert person("Was she ill for long?", "Who left you the account?", "My aunt Birgit did.") == "aunt Birgit"
        assert person("What does she do?", "Are you married?", "Yes, to Keisha.") == "Keisha"

    def test_she_is_rather_somebody_known_to_be_one(self):
        before = ("What about Keisha?", "She's asleep. A coworker called.")
        assert person("What does she do?", *before) == "Keisha"

    def test_he_is_not_she(self):
        before = ("Tell me about Tom.", "My aunt Birgit always liked him best.")
        assert person("And what does he think of it?", *before) == "brother Tom"

    def test_a_wife_is_the_partner_by_whatever_name(self):
        assert person("And your wife works where?") == "Keisha"
        assert person("And what does she want?", "What does your wife do?", "She cleans teeth.") == "Keisha"

    def test_a_question_about_somebody_whom_the_life_does_not_know_is_one_of_the_story(self):
        said = read("Were you close to your aunt?", [], DARNELL, STORY).sentences[0]
        assert said.asks == "story"


class TestPurpose:
    @pytest.mark.parametrize(
        ("line", "asks"),
        [
            ("How old are you?", "life"),
            ("Can I ask you something personal?", "permission"),
            ("Does that make sense?", "check"),
            ("What do you think?", "opinion"),
            ("What was my name again?", "advisor"),
            ("And what happened then?", "follow"),
        ],
    )
    def test_is_told(self, line, asks):
        assert read(line, after("How's work?", "They sold the garage."), DARNELL, STORY).sentences[0].asks == asks

    @pytest.mark.parametrize(
        ("line", "follow"),
        [
            ("And what happened then?", "then"),
            ("Why is that?", "why"),
            ("How did that feel?", "feel"),
            ("what makes you say that", "why"),
            ("Tell me more.", "more"),
            ("when was that", "when"),
        ],
    )
    def test_a_follow_up_says_how_it_takes_up_the_last_words(self, line, follow):
        said = read(line, after("How's work?", "They sold the garage."), DARNELL, STORY).sentences[0]
        assert (said.asks, said.follow) == ("follow", follow)

    def test_a_statement_asks_nothing(self):
        assert read("I help families with insurance.", [], DARNELL, STORY).sentences[0].asks is None
