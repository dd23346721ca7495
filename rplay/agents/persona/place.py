"""Where the client lives and grew up."""

import re
from dataclasses import dataclass

from rplay.agents.persona.dice import Dice
from rplay.agents.persona.given import Given
from rplay.agents.persona.tables import table, words


@dataclass(frozen=True)
class Place:
    city: str
    state: str
    street: str
    level: float  # price of a house here, as a multiple of the country's median
    hometown: str
    home_state: str

    @property
    def stayed(self) -> bool:
        return self.hometown == self.city


def place_of(given: Given, dice: Dice) -> Place:
    places = table("places")["places"]
    city, state, level = dice.one("place", places)
    told = re.match(r"([A-Z][\w .'-]+?)(?:, ?([A-Z][\w .]+))?$", given.more.get("place", ""))
    if told:
        city, state, level = told[1], told[2] or "", 1.0
    hometown, home_state, _ = (city, state, level) if dice.chance("stayed", 40) else dice.one("hometown", places)
    return Place(city, state, dice.one("street", words("places", "streets")), level, hometown, home_state)
