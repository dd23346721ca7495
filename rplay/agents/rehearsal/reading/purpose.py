"""What a question is for."""

import re

from rplay.agents import meaning
from rplay.agents.rehearsal.reading.about import Index
from rplay.agents.rehearsal.reading.forms import body
from rplay.agents.rehearsal.reading.people import Person
from rplay.agents.rehearsal.reading.targets import Found
from rplay.agents.rehearsal.reading.text import bare, sentences, words
from rplay.agents.rehearsal.reading.types import Act, Asks

SURE = 0.79  # below it half of the targets are wrong
TOLD = 0.45  # how near a question comes to the sentence of the story that answers it
_OPINION = re.compile(
    r"\b(?:what|how) (?:do|would|did|does) (?:you|that|this|it) (?:think|sound|strike|feel|sit|land|look)\b(?! like)|"
    r"\bwould (?:you|that) be (?:open|willing|interested|helpful|useful|fair|too much)\b|\bwhat would it take\b|"
    r"\bdoes (?:that|this|it) (?:sound|work|seem|feel|appeal)\b|\bis that (?:fair|something)\b"
)
_OF_ADVISOR = re.compile(
    r"\b(?:about|from|for|of|with) me\b|\bmy (?:name|fee|fees|firm|company|office|job|side)\b|"
    r"\b(?:what|how) (?:can|could|should|did|do|am|was) i\b|\b(?:did|was|am|have) i\b|"
    r"\bwe (?:cover|talk|spend|start|go)\b"
)
_OF_MEETING = frozenset({"next", "time", "contact", "expect", "docs"})


def purpose(clause: str, act: Act, found: Found, person: Person | None, known: Index) -> Asks:
    text = body(clause)
    if act == "permission":
        return "permission"
    if act in ("check", "summarise") or found.target is None:
        if _OPINION.search(text):
            return "opinion"
        if act in ("check", "summarise"):
            return "check"
    if found.follow:
        return "follow"
    if _OF_ADVISOR.search(text) or (found.target and _meets(found)):
        return "advisor"
    if found.score >= SURE and not (person and known.strange(person)):
        return "life"
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
