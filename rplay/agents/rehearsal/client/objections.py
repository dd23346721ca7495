"""The client's doubts: when they are raised, and how they are settled."""

import re
from collections.abc import Sequence

from rplay.agents.persona.life import Objection
from rplay.agents.rehearsal.client.memory import objection_of
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.words import bare, sentences
from rplay.agents.rehearsal.reading.types import Act
from rplay.agents.types import Difficulty

_QUIET: dict[Difficulty, int] = {"beginner": 6, "intermediate": 4, "advanced": 3}  # turns between two doubts
_CALLS: frozenset[Act] = frozenset({"propose", "press", "next_step", "compare"})
_ADDRESSES: frozenset[Act] = frozenset({"handle_objection", "answer", "disclose", "reassure", "compare", "explain"})
_SMALL = frozenset({
    "a", "an", "the", "and", "or", "but", "that", "this", "it", "is", "are", "was", "of", "to", "in", "on", "for",
    "with", "about", "their", "they", "he", "she", "client", "advisor", "what", "how", "would", "will", "be",
    "been", "have", "has", "had", "not", "no", "so", "if", "as", "at", "by", "from", "who", "which", "can",
    "could", "said", "says", "saying", "being", "them",
})  # fmt: skip


def waiting(moment: Moment) -> Objection | None:
    """Return the doubt raised in the client's latest line; None if there is none."""
    latest = [id_ for id_, turn in moment.memory.raised.items() if turn == moment.number - 1]
    return objection_of(moment.life, latest[-1]) if latest else None


def handled(moment: Moment) -> list[str]:
    """Return the client's reaction to an answer to their doubt; an empty list if there was no doubt, or no answer."""
    doubt = waiting(moment)
    if doubt is None or not (moment.turn.acts & _ADDRESSES or touches(moment.reading.text, doubt)):
        return []
    if settles(moment, doubt):
        return [moment.say("objection.settled")]
    why = moment.new_of(doubt.deeper)
    return [moment.led(moment.say("objection.deeper"), why) if why else moment.say("objection.deeper")]


def settles(moment: Moment, doubt: Objection) -> bool:
    """Return whether the advisor's line settles the doubt. Clients who are hard to convince need more of it."""
    hits = overlap(moment.reading.text, doubt.settled_by)
    needed = {"beginner": 1, "intermediate": 2, "advanced": 2}[moment.difficulty]
    answered = bool(moment.turn.acts & {"handle_objection", "disclose", "answer"})
    return hits + answered >= needed and moment.state.trust >= 35


def touches(text: str, doubt: Objection) -> bool:
    return overlap(text, doubt.text) >= 2


def overlap(text: str, other: str) -> int:
    return len(_stems(text) & _stems(other))


def _stems(text: str) -> frozenset[str]:
    return frozenset(re.sub(r"(?:ing|ed|es|s|ly)$", "", word) for word in bare(text).split() if word not in _SMALL)


def raised(moment: Moment, said: Sequence[str]) -> list[str]:
    """Return a doubt that fits now, with a lead-in; an empty list if none fits or it is too soon after the last one."""
    doubt = _next(moment)
    if doubt is None or not _is_time(moment) or sum(len(sentences(one)) for one in said) > 2:
        return []
    moment.voice.note(doubt.text)
    hard = moment.life.style.blunt > 55 or moment.state.cool
    return [f"{moment.say('objection.lead_hard' if hard else 'objection.lead_soft')} {doubt.text}".strip()]


def _next(moment: Moment) -> Objection | None:
    open_ = [
        one
        for one in moment.life.objections
        if one.id not in moment.memory.raised and moment.voice.is_new(one.text) and _may_be_said(moment, one)
    ]
    fitting = [one for one in open_ if overlap(moment.reading.text, one.text + " " + one.settled_by) >= 2]
    return next(iter(fitting or open_), None)


def _may_be_said(moment: Moment, doubt: Objection) -> bool:
    subject = moment.life.subject(doubt.about) if doubt.about else None
    return not doubt.hidden and (subject is None or subject.reserve < 2 or moment.unlocked(subject))


def _is_time(moment: Moment) -> bool:
    """Return whether it is time for a doubt: after a proposal, for an advanced client also after an explanation."""
    last = max(moment.memory.raised.values(), default=-3)
    calls = _CALLS | ({"explain", "disclose"} if moment.difficulty == "advanced" else frozenset())
    return bool(moment.turn.acts & calls) and moment.number > 2 and moment.number - last >= _QUIET[moment.difficulty]


def hidden_doubt(moment: Moment) -> list[str]:
    """Return the hidden reason for the client's hesitation, told to an advisor who has earned it."""
    for doubt in moment.life.objections:
        subject = moment.life.subject(doubt.about) if doubt.about else None
        earned = moment.state.trust >= 55 or (subject is not None and moment.unlocked(subject))
        if doubt.hidden and earned and moment.voice.is_new(doubt.text):
            moment.voice.note(doubt.text)
            return [moment.say("withhold.open_up"), doubt.text]
    return []
