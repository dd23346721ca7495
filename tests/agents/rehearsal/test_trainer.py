"""Thirty talks of a demanding trainer: ten scripts at three difficulties, each with a client made for it."""

import re
from itertools import pairwise

import pytest

from agents.rehearsal.rehearsing import OUT_OF_ROLE, last, rehearse, scene
from agents.rehearsal.trainer_talks import TALKS
from rplay.agents.rehearsal.assessment.moves import read
from rplay.agents.rehearsal.assessment.topics import asked
from rplay.agents.rehearsal.generator.profiles import generate
from rplay.agents.rehearsal.tables import table
from rplay.agents.rehearsal.text import plain, sentences
from rplay.agents.types import ProfileWish

LEVELS = ("beginner", "intermediate", "advanced")
EVERY = [(number, level) for number in range(len(TALKS)) for level in LEVELS]
# Topics whose numbers are hidden from intermediate on, by the keys of the profile.
MONEY = {"income": {"income", "finances"}, "assets": {"assets", "finances"}, "debts": {"debts", "finances"}}


def talk(number, level):
    """The profile, the advisor's lines and the client's."""
    industry, seed, lines = TALKS[number]
    profile = generate(ProfileWish(industry=industry, difficulty=level), seed)
    of = scene(profile, level, industry=industry, personality=profile["personality"])
    return profile, lines, rehearse(lines, of)


def shrugs():
    forms = [way for entry in table("questions")["form"] for way in entry["say"]]
    return [plain(way) for way in (*forms, *table("client")["answer"]["unknown_open"])]


@pytest.mark.parametrize(("number", "level"), EVERY)
def test_keeps_its_role_and_its_manners(number, level):
    _, _, said = talk(number, level)
    assert all(line.strip() and len(line) <= 700 and len(sentences(line)) <= 4 for line in said)
    assert not [line for line in said if OUT_OF_ROLE.search(line)]
    assert not [one for one, other in pairwise(said) if one == other]
    assert not [line for line in said if re.search(r"[{}]|\bNone\b|\bi\b|\b(\w+) \1\b|though[.,] .*, though", line)]


@pytest.mark.parametrize(("number", "level"), [one for one in EVERY if one[1] != "beginner"])
def test_tells_no_number_before_it_was_asked(number, level):
    profile, lines, said = talk(number, level)
    for key, topics in MONEY.items():
        first = next((at for at, line in enumerate(lines) if topics & set(asked(read(line)))), len(lines))
        numbers = re.findall(r"\d[\d,]{3,}", str(profile[key]))
        early = " ".join(said[: first + 1])
        assert not [number for number in numbers if number in early], key


@pytest.mark.parametrize("level", LEVELS)
def test_seldom_shrugs(level):
    """Of all questions, one in ten at most gets an answer that would fit any other."""
    questions = shrugged = 0
    ways = shrugs()
    for number in range(len(TALKS)):
        _, lines, said = talk(number, level)
        for line, answer in zip(lines, said[1:], strict=True):
            questions += bool(read(line).questions)
            shrugged += any(way in plain(answer) for way in ways)
    assert questions > 100
    assert shrugged <= questions / 10


SINGLE = {"family": "Single, no children", "familyStatus": "Single"}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Do you have a mortgage?", "mortgage"),
        ("Do you have a student loan?", "student loans"),
        ("whats ur name", "Linda Park"),
        ("do u have any savings", "120,000"),
        ("Do you smoke?", "No"),
        ("What would make this meeting useful to you?", "answers|second meeting|explain"),
        ("Would you rather have it cheaper or longer?", "first|both"),
        ("When can we meet again?", "week"),
        ("What's 2+2?", "insurance|finances"),
    ],
)
def test_answers_what_was_asked(question, words):
    assert re.search(words, last([question]))


@pytest.mark.parametrize(
    "question", ["What does your wife think?", "And your husband, what does he do?", "How old are your children?"]
)
def test_has_nobody_whom_the_profile_does_not_know(question):
    said = last([question], scene({"name": "Joe Roe", **SINGLE}))
    assert re.search(r"nobody|no one|alone|on my own|any children", said)


def test_owes_nothing_of_a_kind_it_does_not_have():
    said = last(["Do you have a car loan?"])
    assert "no car loan" in said.lower()
    assert "$210,000" not in said


def test_accepts_an_apology_and_mourns_with_the_advisor():
    said = rehearse(["You are an idiot.", "I'm sorry, that was wrong.", "My sister died last year."])
    assert re.search(r"all right|no harm|saying so|see how it goes|take that", said[2], re.IGNORECASE)
    assert "sorry" in said[3]


def test_asks_for_more_with_how_much():
    assert "$120,000" in last(["Do you have savings?", "How much?"])


def test_does_not_object_to_being_left_free():
    of = scene(difficulty="advanced")
    said = rehearse(["Hello Linda.", *["Take your time, it's your decision and there's no rush."] * 6], of)
    assert not [line for line in said if re.search(r"my problem with that|frank|stuck", line)]


def test_says_an_objection_once_in_a_line():
    of = scene(difficulty="intermediate")
    said = rehearse(
        [
            "What worries you?",
            "What else worries you?",
            "I'd suggest a policy.",
            *["What else makes you hesitate?"] * 5,
        ],
        of,
    )
    for line in said:
        told = sentences(line)
        assert len(set(told)) == len(told), line
