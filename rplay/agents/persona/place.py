"""Where the client lives and grew up."""

import re
from collections.abc import Iterator
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
# A sentence about the client's own doings, and the place in it. Where the client grew up, studied or was once is none.
_DOES = (
    r"(?:has|have|had|shares|is|was|are|lives?|works?|worked|drives|drove|carried|fixed|taught|led|ran|runs|opened|owns|built"
    r"|sold|sells|served|came|moved|settled|started|finished|rents|practices|does|coached|cooked|delivered|cut|farms"
    r"|fished|flies|flew|dispatched|kept|made|put|took|grew|born|trained|raised|practiced|studied)"
)
_TOWN = re.compile(
    rf"\b(?:in|near|outside|around|through|out of|city of|suburb of|(?:moved|came|went) (?:from \S+ |back |here )?to)"
    rf" {_HERE}"
    r"(?! (?:County|University|College|School|High|Hospital|Elementary|Street|Avenue))"
)
_NOT_THERE = re.compile(
    r"(?i)\b(?:grew up|born|raised|came from|moved from (?!\S+ to)|studied|trained|college|university|school in|degree"
    r"|posted|deployed|visit\w*|trip|vacation|inherit\w*|summers?|honeymoon|relatives|left)\b"
)
_BESIDE = re.compile(
    r" (?:with|for|from) (?:an?|one|two|his|her|their) (?:\w+ )?(?:cousins?|uncle|aunt|brother|sister"
    r"|father|mother|friends?"
    r"|roommates?|son|daughter|parents)\b| (?:until|when|before|while) .*"
)
_NO_TOWN = frozenset(words("places", "no_towns"))
_NOT_HOME = re.compile(r"(?i)\b(?:beach|lake|vacation|summer|second|winter|family) (?:home|house|cabin|condo)\b")


def _of_story(given: Given) -> Iterator[re.Match[str]]:
    """Yield the places where the background tells that the client works or lives."""
    name = rf"{re.escape(given.first_name)}(?: [A-Z]\w+)?"
    own = re.compile(
        rf"(?:(?:He|She|They|{name})(?: and \w+)? )?(?:still |also |now )?(?i:{_DOES})\b|\w+[ -]generation\b"
    )
    for sentence in filter(own.match, re.split(r"(?<=[.;]) ", given.background)):
        for clause in _CLAUSES.split(sentence):
            plain = _BESIDE.sub("", clause)
            if (hit := _TOWN.search(plain)) and not _NOT_THERE.search(plain) and not _OTHERS.search(plain):
                yield _TOWN.search(sentence, sentence.index(clause)) or hit


_CLAUSES = re.compile(r",? (?:and|then) (?=(?:has|have|is|was|now|moved|came|runs|works|lives|opened|worked)\b)|, ")


def _is_town(name: str) -> bool:
    return name.split()[0] not in _NO_TOWN and name not in ("Air Force", "Coast Guard", "Marine Corps")


_OTHERS = re.compile(
    r"\b(?:parents|mother|father|brother|sister|daughter|son|rental|cousins?|aunt|uncle)\b", re.IGNORECASE
)


def told_place(given: Given) -> tuple[str, str] | None:
    """Return the city and the state in which the client lives; None if the profile tells no place."""
    if own := re.match(r"([A-Z][\w .'-]+?)(?:, ?([A-Z][\w .]+))?$", given.more.get("place", "")):
        return own[1], own[2] or ""
    for hit in _AT_WORK.finditer(given.occupation):
        if _is_town(town := hit[1] or hit[3] or hit[5]):
            return town, hit[2] or hit[4] or ""
    homes = (one.text for one in given.assets or () if not (_OTHERS.search(one.text) or _NOT_HOME.search(one.text)))
    pieces = (piece for piece in re.split(r"; ", given.family) if not _OTHERS.search(piece.partition(" with ")[0]))
    found = (
        *(_AT_HOME.search(text) for text in homes),
        *(_HOUSEHOLD.search(piece) for piece in pieces),
        *_of_story(given),
        *(_STORY.search(text) for text in re.split(r"(?<=[.;]) ", given.background) if not _of_another(text, given)),
    )
    known = (hit for hit in found if hit and _is_town(hit[1]) and hit[1] not in _STATES.split("|"))
    return next(((hit[1], hit[2] or "") for hit in known), None)


def _of_another(text: str, given: Given) -> bool:
    """Return whether somebody else does what the sentence tells: `Dwight moved to Baton Rouge`."""
    subject = re.match(r"([A-Z]\w+) (?:moved|lives|settled|went)\b", text)
    if _OTHERS.search(text.partition(" live")[0].partition(" moved")[0]):
        return True
    return subject is not None and subject[1] not in ("He", "She", "They", given.first_name)
