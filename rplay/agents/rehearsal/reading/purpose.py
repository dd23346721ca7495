"""Decides what a question is for: a fact of the life, an opinion, the advisor, permission …"""

from rplay.agents import meaning
from rplay.agents.rehearsal.reading.about import Index
from rplay.agents.rehearsal.reading.people import Person
from rplay.agents.rehearsal.reading.targets import Found
from rplay.agents.rehearsal.reading.text import bare, sentences, words
from rplay.agents.rehearsal.reading.types import Act, Asks

# a target is accepted from this score on: 84 % of these are right on talks not used for training, nine of ten on new
# lines
SURE = 0.35
TOLD = 0.45  # a sentence of the story counts as the answer to a question from this similarity on
_OF_MEETING = frozenset({"next", "time", "contact", "expect", "docs"})


def purpose(clause: str, act: Act, found: Found, person: Person | None, known: Index) -> Asks:
    if act == "permission":
        return "permission"
    if act in ("check", "summarise"):
        return "opinion" if found.other == "opinion" else "check"
    if found.follow:
        return "follow"
    if found.target and _meets(found):
        return "advisor"
    if found.score >= SURE:
        return "life"
    if found.other != "detail":
        return found.other
    return "story" if person or _in_story(clause, known) else "detail"


def _meets(found: Found) -> bool:
    return found.target is not None and found.target.kind == "meeting" and found.target.aspect in _OF_MEETING


def _in_story(clause: str, known: Index) -> bool:
    if not (meaning.on() and known.story):
        return False
    mine = {word for word in words(clause) if len(word) > 4}
    return any(
        mine & set(words(one)) and float(meaning.vector(bare(clause)) @ meaning.vector(bare(one))) > TOLD
        for one in sentences(known.story)
    )
