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
    if told := told_place(given):
        city, state, level = *told, 1.0
    hometown, home_state, _ = (city, state, level) if dice.chance("stayed", 40) else dice.one("hometown", places)
    if born := _BORN.search(given.background):
        hometown, home_state = born[1], born[2] or ""
    return Place(city, state, dice.one("street", words("places", "streets")), level, hometown, home_state)


_STATES = "|".join(words("places", "states"))
_NAME = r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2}"
_HERE = rf"({_NAME})(?:, ({_STATES}))?"
_BORN = re.compile(
    rf"(?:(?:^|[.;,] |\band |\b[Ss]?[Hh]e |(?<!who )was )(?:[A-Z][\w-]+ )?(?:[Gg]rew up|[Bb]orn|[Cc]ame|was born)"
    rf" (?:in|near|outside|from) ){_HERE}"
)
# Where the texts tell the place of the client's home or work, the surest first.
_AT_WORK = re.compile(
    rf"(?:, |\b(?:in|near|outside|of) )({_NAME}), ({_STATES})\b|\b(?:in|near|outside) {_HERE}"
    rf"|, (?!.*\b(?:School|Elementary|Academy|College|University|Hospital|Inc|LLC|County|Department)\b)({_NAME})$"
)
_AT_HOME = re.compile(
    rf"(?i:\b(?:home|house|condo|townhouse|apartment|duplex|cabin)) (?:in|near|outside|on(?= \w+ Island)) {_HERE}"
)
_HOUSEHOLD = re.compile(rf"\b(?:[Ll]ives?|[Ss]hares?|[Rr]ents?)\b[^;.]*? (?:in|near|outside) {_HERE}")
_STORY = re.compile(
    rf"(?:\b(?:lives?|lived|settled|moved|stationed|posted|company|business|shop|van|school|hospital|plant|farm"
    rf"|first beds)\b"
    rf" (?:here )?(?:in|to|near|outside) |\blives? (?:in|above|behind) (?:the|an?) (?:\w+ )?(?:parsonage"
    rf"|rectory|rental|house"
    rf"|apartment|shop|store) (?:in|near|outside) ){_HERE}"
)
_OTHERS = re.compile(
    r"\b(?:parents|mother|father|brother|sister|daughter|son|rental|cousins?|aunt|uncle)\b", re.IGNORECASE
)


def told_place(given: Given) -> tuple[str, str] | None:
    """Return the city and the state in which the client lives; None if the profile tells no place."""
    if own := re.match(r"([A-Z][\w .'-]+?)(?:, ?([A-Z][\w .]+))?$", given.more.get("place", "")):
        return own[1], own[2] or ""
    if hit := _AT_WORK.search(given.occupation):
        return hit[1] or hit[3] or hit[5], hit[2] or hit[4] or ""
    homes = (one.text for one in given.assets or () if not _OTHERS.search(one.text))
    pieces = (piece for piece in re.split(r"; ", given.family) if not _OTHERS.search(piece.partition(" with ")[0]))
    found = (
        *(_AT_HOME.search(text) for text in homes),
        *(_HOUSEHOLD.search(piece) for piece in pieces),
        *(_STORY.search(text) for text in re.split(r"(?<=[.;]) ", given.background)),
    )
    hit = next(filter(None, found), None)
    return (hit[1], hit[2] or "") if hit and hit[1] not in _STATES.split("|") else None
