"""Texts about a client as the client says them. Each of the texts beside this file was read by a person."""

from pathlib import Path

import pytest

from rplay.agents.persona.first_person import Speaker, first_person, fragment, sex_told, story

WHO = {
    "Ellen": Speaker("Ellen Marsh", "f"),
    "Tom": Speaker("Tom Becker", "m"),
    "Dana": Speaker("Dana Ruiz-Keller", "f"),
    "Sam": Speaker("Sam Whitlock", "m"),
    "Robin": Speaker("Robin Vale"),
}
READ = Path(__file__).with_name("told_in_the_first_person.txt").read_text(encoding="utf-8").split("\n\n")


@pytest.mark.parametrize("entry", READ)
def test_a_text_is_told_by_whom_it_is_about(entry: str) -> None:
    about, said = entry.strip().split("\n")
    who, text = about.split(" | ")
    assert " ".join(story(text, WHO[who])) == said


def test_who_was_named_in_one_sentence_is_known_in_the_next() -> None:
    text = "Her aunt Birgit died in February. Ellen was her caregiver for two years. She has never had an advisor."
    assert story(text, WHO["Ellen"])[1:] == ["I was her caregiver for two years.", "I've never had an advisor."]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Rents rising faster than his savings", "Rents rising faster than my savings"),
        ("Missing the next run-up", "Missing the next run-up"),
        ("Believes every claim gets you punished", "I believe every claim gets you punished"),
        ("In the district for 24 years", "I'm in the district for 24 years"),
        ("In 2008 he moved his 401(k) to cash", "In 2008 I moved my 401(k) to cash"),
    ],
)
def test_what_lacks_a_subject_is_about_the_client_unless_it_is_a_noun(text: str, said: str) -> None:
    assert fragment(text, WHO["Tom"]) == said


def test_what_the_client_says_already_stays() -> None:
    assert first_person("I'm afraid of losing my job.", WHO["Tom"]) == "I'm afraid of losing my job."


@pytest.mark.parametrize(
    ("family", "background", "sex"),
    [
        ("Single mother of two", "", "f"),
        ("Widower", "Alex lost his wife.", "m"),
        ("Married to Gerard", "Gerard handled it all and told her nothing. She regrets it.", "f"),
        ("Single", "", ""),
    ],
)
def test_the_texts_tell_the_clients_sex(family: str, background: str, sex: str) -> None:
    assert sex_told("Alexis-Lee Vale", family, background) == sex
