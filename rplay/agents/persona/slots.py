"""All slot values of a person: the words that fill the slots of sentence patterns."""

from typing import Any

from rplay.agents.persona.living_slots import (
    cover_slots,
    home_slots,
    income_slots,
    retirement_slots,
    spending_slots,
    sums_slots,
    work_slots,
)
from rplay.agents.persona.mind_slots import mind_slots, small_slots
from rplay.agents.persona.people_slots import family_slots, relatives_slots, self_slots
from rplay.agents.persona.person import Person


def slots_of(who: Person) -> dict[str, str]:
    found: dict[str, Any] = {}
    for part in (
        self_slots,
        work_slots,
        income_slots,
        family_slots,
        relatives_slots,
        home_slots,
        spending_slots,
        cover_slots,
        retirement_slots,
        mind_slots,
        small_slots,
        sums_slots,
    ):
        found |= part(who, found)
    return {
        key: value if isinstance(value, str) else str(value) for key, value in found.items() if value not in (None, "")
    }
