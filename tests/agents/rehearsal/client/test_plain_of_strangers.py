"""What every advisor asks is told as the profile has it, in either wording. A fourth of the strangers stands for all."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from agents.rehearsal.rehearsing import GREETING, next_line, scene

EVERY: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "persona" / "strangers.json").read_text(encoding="utf-8")
)
PEOPLE = {one["profile"]["name"]: one["profile"] for one in EVERY}
SOME = list(PEOPLE)[::4]


def told(name: str, *asked: str) -> list[str]:
    """Return the answers to each question alone."""
    of = scene(PEOPLE[name])
    return [next_line(of, [GREETING, {"role": "user", "content": question}]) for question in asked]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", SOME)
def test_the_age_is_told(name: str) -> None:
    assert all(str(PEOPLE[name]["age"]) in said for said in told(name, "How old are you?", "May I ask your age?"))


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", SOME)
def test_every_rate_is_told(name: str) -> None:
    rates = [float(hit[1]) for text in PEOPLE[name]["debts"] if (hit := re.search(r"([\d.]+)%", text))]
    for said in told(name, "What rates are you paying on your debts?"):
        assert all(f"{rate:g}" in said for rate in rates)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", SOME)
def test_who_owns_a_house_does_not_rent(name: str) -> None:
    if any(re.match(r"(?:House|Condo|Row house)\b", one) for one in PEOPLE[name]["assets"]):
        for said in told(name, "Do you own or rent your home?", "Do you own your place?"):
            assert not re.search(r"\brent", said, re.IGNORECASE)


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    ("name", "asked", "words"),
    [
        ("Yolanda Prewitt", "Are your parents still alive?", "Odell"),
        ("Yolanda Prewitt", "Where do you live?", "Macon"),
        ("Yolanda Prewitt", "What was your job before?", "five"),
        ("Yolanda Prewitt", "Who decides about money at home?", "Me"),
        ("Gregory Hanlon", "Do you have any life insurance?", "$1,000,000"),
        ("Gregory Hanlon", "Do you have grandchildren?", "Not yet"),
        ("Constance Albright", "Any grandkids?", "two grandchildren"),
        ("Harold Nakagawa", "Do you have a pension?", "$6,100"),
        ("Harold Nakagawa", "Does your husband or wife work?", "school librarian"),
        ("Kaylee Dorsey", "How much is your rent?", "$650"),
        ("Gloria Espinoza", "What do you spend in a month?", "$"),
        ("Gregory Hanlon", "Who makes the money decisions in your house?", "Denise"),
        ("Lucille Thibodeaux", "How many children do you have?", "Six"),
        ("Teresa Blackwood", "What life insurance do you have?", "$500,000"),
    ],
)
def test_what_is_asked_is_told(name: str, asked: str, words: str) -> None:
    assert words in told(name, asked)[0]


@pytest.mark.parametrize(
    ("more", "asked", "words"),
    [
        ({"assets": ["Van: $31,000"], "debts": ["Van loan: $12,000 at 7%"]}, "Is the van yours or leased?", "mine"),
        ({"assets": [], "debts": ["Van lease: $420 a month"]}, "Is the van yours or leased?", "Leased"),
        ({"background": "She smokes half a pack a day."}, "Do you smoke or vape?", "half a pack"),
        ({"income": "$61,000"}, "And they pay you what for that?", "$61,000"),
        ({"assets": ["Work barge: $52,000"]}, "Value of the barge?", "$52,000"),
    ],
)
def test_what_stands_on_the_form_is_told(more: dict[str, Any], asked: str, words: str) -> None:
    of = scene({**PEOPLE["Nora Fitzgibbon"], **more})
    assert words in next_line(of, [GREETING, {"role": "user", "content": asked}])
