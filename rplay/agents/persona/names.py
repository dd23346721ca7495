"""First and last names that fit together in one family."""

from collections.abc import Collection
from functools import cache
from typing import Literal
from unicodedata import combining, normalize

from rplay.agents.persona.dice import Dice
from rplay.agents.persona.tables import table

Sex = Literal["f", "m"]
COMMON = "common"


@cache
def listed(tradition: str, kind: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in table("names")[tradition][kind].split(","))


TRADITIONS = tuple(table("names"))


@cache
def _traditions() -> dict[str, str]:
    """Return each known name with its naming tradition. A last name counts before the same first name."""
    found: dict[str, str] = {}
    for kind in ("last", "f", "m"):
        for tradition in table("names"):
            for name in listed(tradition, kind):
                found.setdefault(name.lower(), tradition)
    return found


def tradition_of(name: str) -> str:
    words = [word.lower() for word in name.replace(",", " ").split()]
    return next((_traditions()[word] for word in reversed(words) if word in _traditions()), COMMON)


def sex_of(first_name: str) -> Sex | None:
    """Return the sex that the name tells; None if it is unknown or used by both."""
    return _sexes().get(first_name) or _sexes().get(_plain(first_name))


def _plain(name: str) -> str:
    """Return the name without accents: `Matías` is borne by the same people as `Matias`."""
    return "".join(sign for sign in normalize("NFD", name) if not combining(sign))


@cache
def _sexes() -> dict[str, Sex]:
    sexes: tuple[Sex, Sex] = ("f", "m")
    told: dict[str, Sex] = {name: sex for sex in sexes for name in str(table("sexes")[sex]).split()}
    for sex in sexes:
        told |= {name: sex for one in TRADITIONS for name in listed(one, sex) if name not in told}
    return told


def first_name(dice: Dice, key: str, sex: Sex, tradition: str, taken: Collection[str]) -> str:
    """Return a free first name, from the family's tradition or among the country's most common ones."""
    chosen = tradition if dice.chance(f"{key} tradition", 55) else COMMON
    free = [name for name in listed(chosen, sex) if name not in taken]
    return dice.one(f"{key} name", free or listed(COMMON, sex))
