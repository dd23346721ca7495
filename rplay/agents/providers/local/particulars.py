"""Answers to questions for something particular that no profile holds, and to those that nothing else fits."""

import re
from functools import cache

from rplay.agents.rehearsal.coach.situation import Situation
from rplay.agents.rehearsal.tables import table
from rplay.agents.rehearsal.text import plain

_KIDS = re.compile(r"\b(?:child(?:ren)?|kids?|sons?|daughters?|twins|toddler|baby)\b", re.IGNORECASE)
_NO_KIDS = re.compile(r"\b(?:no|without|childless)\b ?(?:children|kids)?", re.IGNORECASE)
_PARTNER = re.compile(r"\b(?:married|remarried|partner|engaged|wife|husband|spouse|living with)\b", re.IGNORECASE)
_ALONE = re.compile(r"\b(?:single|divorced|widow\w*|separated|unmarried|never married|lives alone)\b", re.IGNORECASE)


@cache
def _asks(kind: str) -> list[re.Pattern[str]]:
    return [re.compile(entry["ask"]) for entry in table("questions")[kind]]


def particular(situation: Situation) -> str | None:
    """The answer to the first question of this kind; none when the line asks for other topics too."""
    for at, entry in enumerate(table("questions")["question"]):
        over = set(entry["over"].split())
        if set(situation.asked) <= over and _is_asked(situation, "question", at) and _holds(situation, entry.get("if")):
            private = {"family"} if "if" in entry else set(situation.asked)
            if not entry.get("open") and any(map(situation.withheld, private)):
                return None
            return situation.safe(situation.pick.one(f"question.{at}", entry["say"], **situation.names)) or None
    return None


def by_form(situation: Situation) -> str | None:
    """A way out that fits the form of the question: a number, a date, a person, yes or no."""
    for at, entry in enumerate(table("questions")["form"]):
        if _is_asked(situation, "form", at):
            return situation.pick.one(f"form.{at}", entry["say"])
    return None


def _is_asked(situation: Situation, kind: str, at: int) -> bool:
    return any(_asks(kind)[at].search(plain(question.text)) for question in situation.moves.questions)


def _holds(situation: Situation, condition: str | None) -> bool:
    """Whether the household is of this kind; one that the profile is silent on is of none."""
    family = " ".join((situation.facts.of("family").value, *situation.facts.of("family").raw))
    if not condition or not family.strip():
        return not condition
    kids = bool(_KIDS.search(family)) and not _NO_KIDS.search(family)
    partner = bool(_PARTNER.search(family)) and not _ALONE.search(family)
    return {"kids": kids, "no_kids": not kids, "partner": partner, "no_partner": not partner}[condition]
