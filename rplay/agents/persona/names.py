"""Names that people of one family may have."""

from collections.abc import Collection
from functools import cache
from typing import Literal

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
    """Last and first names with the tradition they are found in, last names first."""
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
    """What the name tells; None where it is borne by anybody."""
    kinds = [kind for kind in ("f", "m") if any(first_name in listed(one, kind) for one in table("names"))]
    return ("f" if kinds == ["f"] else "m") if len(kinds) == 1 else None


def first_name(dice: Dice, key: str, sex: Sex, tradition: str, taken: Collection[str]) -> str:
    """Of the family's tradition, or one that is common in the country."""
    chosen = tradition if dice.chance(f"{key} tradition", 55) else COMMON
    free = [name for name in listed(chosen, sex) if name not in taken]
    return dice.one(f"{key} name", free or listed(COMMON, sex))
