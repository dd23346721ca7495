"""Repairs contradictions in a profile that a model wrote.

The age is kept; work, family and wishes are changed to fit it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from rplay.agents.persona.dice import Dice, digest
from rplay.agents.persona.family import Family, family_of
from rplay.agents.persona.given import Given, read
from rplay.agents.persona.grammar import count, listed, upper_first
from rplay.agents.persona.place import place_of
from rplay.agents.persona.work import status_of

_LEVELS = ((45_000, "low"), (120_000, "middle"), (float("inf"), "high"))
_NAMES = {"married": "Married", "divorced": "Divorced", "widowed": "Widowed"}


def repaired(profile: Mapping[str, Any]) -> dict[str, Any]:
    """Return the profile without contradictions, in the shape of the contract. Texts without a contradiction stay
    unchanged."""
    given = read(profile)
    age = given.age or 40
    occupation = str(profile.get("occupation", ""))
    retired = status_of(occupation, age) == "retired"
    if re.search(r"(?i)(?<!-)\bretired\b", occupation) and not retired:
        occupation = upper_first(re.sub(r"(?i)\b(?:early )?retired\b[ ,]*", "", occupation).strip()) or "Office manager"
    family, status = _family(given, age, profile)
    # Uses the words of the profile itself, so that no text about children is dropped if the family mentions children.
    childless = (
        not re.search(r"(?i)child(?!less)|kid|son\b|daughter|expecting", family) or _NONE.search(family) is not None
    )
    fits = _Fits(retired, childless and "expecting" not in family.lower(), age)
    lists = {key: fits.texts(profile.get(key)) for key in ("goals", "concerns", "hiddenObjections")}
    return {
        **profile,
        "occupation": occupation,
        "family": family,
        "familyStatus": status,
        "incomeLevel": income_level(given.income),
        **lists,
    }


_NONE = re.compile(r"(?i)\b(?:no|without) (?:children|kids)|childless|child-free")


def income_level(income: float | None) -> str:
    return next(level for until, level in _LEVELS if (income or 60_000) < until)


# -- family ------------------------------------------------------------------------------------------------------------


def _family(given: Given, age: int, profile: Mapping[str, Any]) -> tuple[str, str]:
    """Return the family in words that fit the age, and its status in the words that the web page knows."""
    dice = Dice(digest(given.name, age))
    family = family_of(given, age, place_of(given, dice), dice)
    told = str(profile.get("family", ""))
    text = told if _possible(told, family, age) else _in_words(family)
    return text, family_status(family)


def family_status(family: Family) -> str:
    """Return `Married with 2 children` or `Single, No Children`. Unmarried couples count as single here; the family
    text names them."""
    name = _NAMES.get(family.status, "Single")
    many = len(family.children)
    return f"{name} with {many} {'child' if many == 1 else 'children'}" if many else f"{name}, No Children"


def _possible(told: str, family: Family, age: int) -> bool:
    low = told.lower()
    if re.search(r"\bwidow", low) and family.status != "widowed" and not family.remarried:
        return False
    if re.search(r"\bdivorc", low) and family.status == "single":
        return False
    grown = re.search(
        r"grown|adult (?:child|son|daughter|kid)|(?:child(?:ren)?|kids?|sons?|daughters?) in college|grandchild", low
    )
    if grown and not family.grown:
        return False
    ages = [
        int(one)
        for one in re.findall(r"\b(\d{1,2})\b(?!\s*(?:grand|child|kid|son|daughter|grown|adult|young|small|teen))", low)
    ]
    return all(age - one >= 16 for one in ages if one > 3)


def _in_words(family: Family) -> str:
    name = _NAMES.get(family.status, "Living with a partner" if family.partner else "Single")
    if not family.children:
        return f"{name}, no children"
    ages = listed(str(max(1, child.age)) for child in family.children)
    noun = "child" if len(family.children) == 1 else "children"
    return f"{name} with {count(len(family.children))} {noun}, age{'s' if len(family.children) > 1 else ''} {ages}"


# -- texts -------------------------------------------------------------------------------------------------------------


class _Fits:
    """Decides which goals, worries and objections can be true of a person."""

    def __init__(self, retired: bool, childless: bool, age: int) -> None:
        self.retired, self.childless, self.age = retired, childless, age

    def texts(self, given: Any) -> list[str]:
        """Return the texts that can be true, reworded where that is enough; the first one if none would be left."""
        texts = [str(one) for one in given] if isinstance(given, list) else []
        kept = [text for text in map(self._reworded, texts) if not self._impossible(text)]
        return kept or texts[:1]

    def _reworded(self, text: str) -> str:
        if self.retired:
            text = re.sub(
                r"(?i)\b(?:through|from|at) (?:my |his |her |the |their )?(?:work|employer|job)\b", "from before", text
            )
            text = re.sub(r"(?i)^(?:my|the) employer (?:already )?", "My old plan ", text)
        hit = re.search(r"(?i)(retir\w*(?: \w+){0,3}? (?:at|by|before)(?: age)? )(\d\d)\b(?! years)", text)
        if hit and int(hit[2]) <= self.age:
            text = text.replace(hit[0], f"{hit[1]}{self.age + 2}")
        return text

    def _impossible(self, text: str) -> bool:
        low = text.lower()
        if self.retired and re.search(
            r"\b(?:my paycheck|promotion|early retirement|retire (?:at|by|early|before|comfortably|in))", low
        ):
            return True
        return self.childless and bool(re.search(r"\b(?:children's|kids'|my kids|the kids|college fund for)\b", low))


def fitting(given: Given, age: int, childless: bool) -> Given:
    """Return the profile without the goals, worries and objections that cannot be true of this person."""
    fits = _Fits(status_of(given.occupation, age) == "retired", childless, age)

    def kept(texts: Iterable[str]) -> tuple[str, ...]:
        return tuple(fits.texts(list(texts)))

    return replace(given, goals=kept(given.goals), concerns=kept(given.concerns), objections=kept(given.objections))
