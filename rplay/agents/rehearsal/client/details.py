"""Made-up figures that fit a client; the same number always gives the same figures."""

import re
from collections.abc import Sequence

from rplay.agents.persona.life import Life
from rplay.agents.rehearsal.client.clause import Asked

_YEARS = ("four years", "five or six years", "seven or eight years", "nine years", "ten years or so", "a dozen years")
_MONTHS = ("two or three months", "half a year", "a few months", "the better part of a year")
_WEEKS = ("two weeks", "three weeks", "four or five weeks", "six or seven weeks", "a good two months")
_MINUTES = ("twenty minutes", "half an hour", "a quarter of an hour", "forty minutes")
_HOURS = ("two hours", "an hour or so", "three hours", "half an hour")
_SOME_TIME_AGO = ("last fall", "sometime in the spring", "about a year ago", "a couple of years ago", "three years ago")
_NOW_AND_THEN = ("once a month", "every couple of months", "every other week", "two or three times a year")
_TWICE = ("twice", "two or three times", "three times", "four or five times")
_NUMBERS = ("two", "three", "two or three", "four", "three or four")


def details(number: int, life: Life, question: Asked) -> dict[str, str]:
    """Return figures that fit this life. `number` is derived from the question."""

    def one(of: Sequence[str]) -> str:
        return of[number // 7 % len(of)]

    few = one(_NUMBERS)
    years = _YEARS[: 3 if life.age < 35 else 6]
    return {
        "years": one(years), "months": one(_MONTHS), "weeks": one(_WEEKS), "minutes": one(_MINUTES),
        "hours": one(_HOURS), "some_time_ago": one(_SOME_TIME_AGO), "now_and_then": one(_NOW_AND_THEN),
        "twice_or_so": one(_TWICE), "a_few": f"{few} {_plain_noun(question.of)}".strip(), "a_few_hours": f"{few} hours",
        "cost": cost_of(number, life),
    }  # fmt: skip


def _plain_noun(noun: str) -> str:
    """Return the noun without a determiner in front of it, so that it can follow a number."""
    return re.sub(r"^(?:of (?:the|those|these|your|my) |other |more )", "", noun)


def cost_of(number: int, life: Life) -> str:
    """Return what a larger expense costs somebody with this income."""
    income = next((one.value for subject in life.of_kind("income") if (one := subject.figures.get("what"))), 50_000.0)
    sum_ = min(max(income, 20_000.0), 250_000.0) * (2 + number // 11 % 5) / 100
    return f"${round(sum_, -2):,.0f}"
