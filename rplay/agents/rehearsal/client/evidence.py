"""Finds the text of the profile that is nearest to a question. It takes precedence over made-up answers and over any
no."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rplay.agents import meaning
from rplay.agents.persona import phrasing
from rplay.agents.persona.first_person import Speaker, first_person
from rplay.agents.persona.grammar import lower_first, sentence
from rplay.agents.rehearsal.client.household import meant
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.tables import pattern, table
from rplay.agents.rehearsal.client.telling import content
from rplay.agents.rehearsal.client.voice import digest
from rplay.agents.rehearsal.client.words import bare
from rplay.agents.rehearsal.reading.types import Sentence

# Similarity from which a text counts as an answer. Among the denials in two sets of talks, 9 of 14 false ones lie above
# it, and 3 of 22 true ones.
AGAINST = 0.39
_TOLD = 0.5  # a text that was told before must be this near to be told again
INSTEAD = 0.5  # a text must be this near to replace something made up
_WHOLE = 0.25  # the same, for a text that contains every specific word of the question
_WORDS = 0.34  # share of the question's specific words that the text must contain, if the model of meaning is not used
_THIN = 2  # a question with fewer specific words is read together with the line before it


@dataclass(frozen=True, slots=True)
class Evidence:
    text: str
    near: float
    hidden: bool = False
    told: bool = False
    fact: bool = True  # False for a wish or a worry


def nearest(moment: Moment, question: str, *, owned: bool = False) -> Evidence | None:
    """Return the profile's text that is nearest to the question. With `owned`, texts about assets and debts
    count too."""
    if not content(question):
        return None
    asked = bare(_with_what_led(moment, question))
    past = bool(_PAST.search(bare(question)))
    held = ((text, hidden, True) for text, hidden in _held(moment) if content(question) & content(text))
    found = (
        Evidence(text, _closeness(asked, text) + _weight(fact, past), hidden, _is_told(moment, text), fact)
        for text, hidden, fact in (*_texts(moment), *(held if owned else ()))
    )
    return max(found, key=lambda one: one.near, default=None)


def of_topic(moment: Moment, question: str, *, firm: bool = False) -> Evidence | None:
    """Return what the client's texts tell of the thing that the question asks for, whatever its words; None if they
    tell nothing of it. With `firm` only of things of which nothing may be made up."""
    asked = bare(question)
    about = [one for one in table("told")["topic"]
             if pattern(one["asks"]).search(asked) and (one.get("firm") or not firm)]  # fmt: skip
    of_others = _OF_OTHERS.search(asked) and not any(one.get("of_them") for one in about)
    if not about or of_others or _REASON.search(asked):
        return None
    whom = [bare(one.name.split()[-1]) for one in meant(moment, asked) if bare(one.name.split()[-1]) in asked.split()]
    wishes = {one.text for one in moment.statements if one.source == "goal"}
    found = [
        Evidence(text, _closeness(asked, text) + (0.0 if fact else _WISHES), hidden, _is_told(moment, text), fact)
        for text, hidden, fact in (*_texts(moment, doubts=True), *_of_the_form(moment))
        if text not in wishes
        and all(name in bare(text) for name in whom)
        and any(_tells(one, text) for one in about)
        and not (hidden and _UNSPOKEN.search(text))
    ]
    found = [one for one in found if one.fact or _PASSED.search(one.text)]
    if _ANEW.search(asked):
        found = [one for one in found if not one.told]
    # What is kept back answers only what nothing open answers, or what asks for doubts.
    open_ = [] if _DOUBTS.search(asked) else [one for one in found if not one.hidden]
    return max(open_ or found, key=_worth, default=None)


def _worth(one: Evidence) -> float:
    """Return how much is said for telling a text: near it is, new, and more than a few words."""
    return one.near - (_AGAIN_LESS if one.told else 0) + min(len(one.text.split()), _WHOLE_STORY) / 250


def _tells(topic: Mapping[str, Any], text: str) -> bool:
    of_somebody = _OF_SOMEBODY.match(text) and not topic.get("others")
    return bool(pattern(topic["tells"]).search(bare(text))) and not of_somebody


# How much less near a wish counts than a fact, and what was told than what was not.
_WISHES, _AGAIN_LESS, _WHOLE_STORY = -0.1, 0.15, 15
# A worry that tells what has happened, not what might.
_PASSED = re.compile(r"(?<!being )\b(?:went|rose|nipped|bit|paid|raised|denied|doubled)\b")
# Asks for a reason, which a text about the same thing seldom is.
_REASON = re.compile(r"\b(?:(?:got|brings?|brought|makes?|made|led|took) you|why|how come|thinking about|think of)\b")
_ANEW = re.compile(r"\b(?:other|another|else|besides|more|apart)\b")
_OF_OTHERS = re.compile(
    r"\b(?:does|did|has|is|was|are) (?:he|she|they(?! (?:rais|increas|hik|pay|paid|cover|drop|cancel))"
    r"|your (?!insur|polic|rate|premium|rent|agent|advis)\w+)\b"
)
_UNSPOKEN = re.compile(r"\b(?:don't|do not|won't) (?:want to )?(?:mention|talk about|speak of|say)\b")
_OF_SOMEBODY = re.compile(
    r"(?:An? |The |My |Our )?(?:\w+ )?(?:coworker|colleague|friend|neighbor|cousin|buddy|roommate)\b", re.IGNORECASE
)


def _of_the_form(moment: Moment) -> Iterator[tuple[str, bool, bool]]:
    """Yield what the form tells of work, life insurance and pension, of which no sum is made up."""
    if re.search(r"\b(?:part-time|and|assistant)\b", moment.occupation):
        yield moment.occupation, False, True
    for one in moment.life.of_kind("cover"):
        yield from ((text, False, True) for text in one.says.get("life", ())[:1] if "$" in text)
    for one in moment.life.of_kind("retirement"):
        yield from ((text, False, True) for text in one.says.get("pension", ())[:1] if "$" in text)


_PAST = re.compile(r"\b(?:ever|did|was|were|have you|has (?:that|it|anything)|happened|before|once)\b")


def _weight(fact: bool, past: bool) -> float:
    """Return a bonus or malus: facts answer questions about the past, wishes and worries do not."""
    return (0.05 if past else 0.0) if fact else (-0.12 if past else -0.03)


def _with_what_led(moment: Moment, question: str) -> str:
    """Return the question together with the advisor's line before it if it has hardly a word of its own: `has that ever
    happened?`."""
    if len(content(question)) >= _THIN or not moment.number or not _BACK.search(bare(question)):
        return question
    return f"{moment.turns[-2].reading.text} {question}"


_BACK = re.compile(r"\b(?:that|it|this|those|them|they|then|there|him|her|he|she|afterwards|once)\b")


def _closeness(asked: str, text: str) -> float:
    if meaning.on():
        return float(meaning.vector(asked) @ meaning.vector(bare(text)))
    mine = content(asked)
    return len(mine & content(text)) / max(len(mine), 1) if mine else 0.0


def _texts(moment: Moment, *, doubts: bool = False) -> Iterator[tuple[str, bool, bool]]:
    """Yield the texts that the client could tell, whether each is guarded, and whether it is a fact."""
    yield from ((one.text, one.guarded, one.source not in ("goal", "worry")) for one in moment.statements)
    if moment.given:
        speaker = moment.given.speaker
        yield from ((text, False, True) for text in _of_family(moment.given.family, speaker))
        if doubts or _DOUBTS.search(bare(moment.reading.text)):
            yield from ((phrasing.doubt(text, speaker), True, True) for text in moment.given.objections)


# What asks for a doubt; a hidden one is let out to nothing else.
_DOUBTS = re.compile(
    r"\b(?:concern\w*|worr\w+|doubts?|hesita\w+|hold\w* (?:you )?back|afraid|fear|(?:bad|good) experience|burned|trust"
    r"|(?:not|wouldn't|don't|never) want|bothers?|against|reservations?|uneasy|awkward|(?:haven't|didn't|not) (?:said"
    r"|told|tell\w*)|stop\w*|uncomfortable|catch|suspicious|convinced)\b"
)


def _of_family(family: str, speaker: Speaker) -> Iterator[str]:
    """Yield parts about children and others that can stand alone: `three grown children, none in the business`."""
    for piece in family.split("; "):
        if re.search(r", (?:none|both|all|neither)\b", piece) and not re.match(
            r"(?i)married|widow|divorc|single|lives", piece
        ):
            yield sentence(first_person(piece, speaker))


def _held(moment: Moment) -> Iterator[tuple[str, bool]]:
    for one in moment.life.subjects:
        if one.kind in ("asset", "debt") and one.figures and one.id not in ("assets", "debts"):
            yield from ((said, not moment.tells(one)) for said in one.says.get("what", ())[:1])


def _is_told(moment: Moment, text: str) -> bool:
    return not moment.voice.is_new(text) or bare(text) in moment.memory.said


_DENIES = re.compile(
    r"^(?:no\b|nothing\b(?! (?:good|grand|special|big|much|fancy))|never\b|nobody\b|none\b|not (?:that|really"
    r"|so|yet|at)\b|just me\b|there (?:isn't|aren't|is nobody|is no one|is nothing)\b"
    r"|there's (?:nobody|no one|nothing)\b|not anything\b"
    r"|i(?:'ve| have)? (?:never|don't have|didn't have)\b|only me\b)(?! (?:thank|thing))"
    r"|^(?:they|he|she|it|we|i|nobody) (?:did|do|does|was|were|has|have|is|are|had)n't no$",
    re.IGNORECASE,
)


def denies(said: Sequence[str]) -> bool:
    """Return whether an answer says that something does not exist or never happened."""
    return any(_DENIES.match(bare(one)) for one in said[:2])


def against(moment: Moment, asked: Sentence, *, facts: bool = False) -> list[str]:
    """Return what the client says in place of a no that the profile contradicts; an empty list if nothing contradicts
    it."""
    if known := of_topic(moment, asked.text):
        return _said(moment, known)
    known = nearest(moment, asked.text, owned=True)
    if _owes_nothing(moment, asked.text) or known is None or (facts and not known.fact):
        return []
    if known.near < ((_TOLD if known.told else AGAINST) if meaning.on() else _WORDS):
        return []
    return _said(moment, known)


def rather(moment: Moment, asked: Sentence) -> list[str]:
    """Return a text of the profile to tell, or to keep back, in place of a fact of the life that may not be the one
    asked for."""
    known = nearest(moment, asked.text)
    if known is None or known.told or not known.fact or known.near < INSTEAD or not meaning.on():
        return []
    shared = content(asked.text) & content(known.text)
    return _said(moment, known) if len(shared) > (1 if known.hidden and known.near < _SURELY else 0) else []


_SURELY = 0.6  # a hidden text must be this near to be what was asked for


_DEBTS = re.compile(r"\b(?:debts?|loans?|owe|cards?|mortgage)\b")


def _owes_nothing(moment: Moment, question: str) -> bool:
    """Return whether a no is the truth, because the profile says that there are no debts."""
    return bool(_DEBTS.search(bare(question))) and moment.given is not None and moment.given.debts == ()


def instead(moment: Moment, asked: Sentence) -> list[str]:
    """Return a text of the profile to tell in place of something made up; an empty list if none is near enough."""
    known = of_topic(moment, asked.text, firm=True)
    if known and not known.told:
        return _said(moment, known)
    known = nearest(moment, asked.text)
    if known is None or known.hidden or known.told or not known.fact or not meaning.on():
        return []
    if known.near < (_WHOLE if content(asked.text) <= content(known.text) else INSTEAD):
        return []
    if not content(asked.text) & content(known.text):
        return []
    return _said(moment, known)


def _said(moment: Moment, known: Evidence) -> list[str]:
    if known.hidden and not moment.opens_up:
        return [held] if (held := moment.say("withhold.hidden")) else []
    if known.told:
        return [f"{_AGAIN[digest(moment.life.name, known.text) % len(_AGAIN)]} {lower_first(known.text)}"]
    moment.voice.note(known.text)
    return [moment.say("withhold.open_up"), known.text] if known.hidden else [known.text]


def told_of(moment: Moment, text: str) -> list[str]:
    """Return what the client's texts tell of the thing that the question asks for; an empty list if nothing new."""
    known = of_topic(moment, text)
    if known is None or known.told:
        return []
    if known.hidden:
        return [moment.say("withhold.open_up"), known.text] if moment.opens_up else [moment.say("withhold.hidden")]
    return [known.text]


_AGAIN = ("There's what I told you:", "Only what I said:", "As I said,")
