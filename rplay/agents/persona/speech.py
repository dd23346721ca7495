"""Draws and combines the words that fill slots."""

from collections.abc import Mapping
from typing import Any

from rplay.agents.persona.family import Child
from rplay.agents.persona.grammar import count
from rplay.agents.persona.person import Person
from rplay.agents.persona.tables import table
from rplay.agents.persona.writer import chosen, filled, standing_in

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip


def duration(months: float) -> str:
    """Return a duration as people say it, such as `about four months`."""
    if months < 0.7:
        return "not even a month"
    if months < 1.6:
        return "about a month"
    if months < 22:
        return f"about {count(round(months))} months"
    return f"about {count(round(months / 12))} years" if months < 1200 else "as long as it takes"


def pronouns(sex: str, prefix: str = "") -> dict[str, str]:
    they, them, their = ("she", "her", "her") if sex == "f" else ("he", "him", "his")
    return {f"{prefix}they": they, f"{prefix}them": them, f"{prefix}their": their}


def pick(who: Person, name: str, key: str, draw: str = "") -> str:
    drawn = draw or f"{name} {key}"
    text = chosen(str(who.dice.one(drawn, table(name)["lists"][key])), drawn, who.dice)
    return standing_in(text, who.stand_ins)


def within(text: str, found: Mapping[str, Any]) -> str:
    """Return the text with its slots filled. A slot's value may contain slots itself."""
    return filled(text, {key: str(value) for key, value in found.items()}) if "{" in text else text


def age_of(child: Child) -> str:
    return "not one yet" if child.age == 0 else str(child.age)


def words_of(sex: str) -> tuple[str, ...]:
    return tuple(str(table("names")["common"][sex]).split(", "))


def stranger(key: str, sex: str, who: Person, found: Mapping[str, Any]) -> str:
    """Return a first name that nobody in the family has."""
    family = " ".join(str(found.get(one, "")) for one in ("name", "kids", "partner", "former", "siblings_say"))
    return who.dice.one(key, [name for name in words_of(sex) if name not in family])
