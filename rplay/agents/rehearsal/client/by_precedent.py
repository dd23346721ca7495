"""Answers by precedent: what was said to the nearest thing that other advisors say (rehearsal/precedents).

It is for what the profile and the life know nothing of, and better than a made-up detail in the form of the question.
"""

import re
from collections.abc import Iterator, Mapping
from math import exp, log

from rplay.agents import meaning
from rplay.agents.rehearsal.client.conditions import children_of, conditions, partner_of
from rplay.agents.rehearsal.client.fitting import has_form
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.of_life import again
from rplay.agents.rehearsal.client.story import content
from rplay.agents.rehearsal.client.words import bare, sentences
from rplay.agents.rehearsal.precedents import Near, Precedent, nearest

_LONGEST = 40  # words: a longer line is too much for one precedent


def by_precedent(moment: Moment, asked: str, least: float) -> list[str]:
    """Return the answer of the likeliest precedent that holds for this client; an empty list if none is as likely to
    fit as `least`."""
    if len(bare(asked).split()) > _LONGEST or moment.turn.spoken not in ("", "en"):
        return []
    holds = frozenset(_holding(moment))
    near = (one for one in nearest(bare(asked)) if one.precedent.needs <= holds and _counts_alike(asked, one.wording))
    found = [(likely(asked, one), one.precedent) for one in near]
    share, best = max(found, key=lambda one: one[0], default=(0.0, None))
    if best is None or share < max(least, _BESIDE_OWN if _is_told_of(moment, asked) else 0):
        return []
    return [_said(moment, best, asked)]


_BESIDE_OWN = 0.8  # how likely an answer must fit where the profile tells of what is asked
_OF_IT, _SHARED = 0.38, 2  # how near a text of the profile is then, and how many of its words the question has


def _is_told_of(moment: Moment, asked: str) -> bool:
    words, of = content(asked), meaning.vector(bare(asked))
    near = (one.text for one in moment.statements if len(words & content(one.text)) >= _SHARED)
    return any(float(of @ meaning.vector(bare(text))) >= _OF_IT for text in near)


# The logarithm of the odds that an answer fits: fitted to 922 that people looked at, of which 45 % did. Of those that
# are told at 0.5 or more, 36 %, 73 % fit (five-fold, by talks).
_BY_MEANING, _BY_DIRECTION, _BY_LENGTH, _BY_WORDS, _BY_FORM, _LESS = 2.1, 5.4, 0.8, 1.0, 0.6, 7.45


def likely(asked: str, found: Near) -> float:
    """Return how likely an answer to the wording is one to what is asked."""
    words, others = content(asked), content(found.wording)
    shared = len(words & others) / max(1, len(words | others))
    odds = _BY_MEANING * found.meaning + _BY_DIRECTION * found.direction + _BY_LENGTH * log(len(bare(asked).split()))
    return 1 / (1 + exp(_LESS - odds - _BY_WORDS * shared - _BY_FORM * asks_alike(asked, found.wording)))


def _said(moment: Moment, precedent: Precedent, asked: str) -> str:
    """Return one of the answers, the same one again if it was given before."""
    slots = {"partner": partner_of(moment.life), "child": _child(moment)}
    ways = [way.format(**slots) for way in precedent.says]
    if told := next((way for way in ways if not moment.voice.is_new(way)), ""):
        return again(moment, max(sentences(told), key=len))
    return moment.voice.one([way for way in ways if has_form(asked, [way])] or ways, precedent.asks[0])


def _child(moment: Moment) -> str:
    children = [one.name for one in children_of(moment.life)]
    return next((one for one in children if one in moment.reading.text), children[0] if children else "")


# What must hold

_CONDITIONS: Mapping[str, str] = {
    "partner": "partner", "kids": "children", "parents": "parents", "employed": "work", "own": "work",
    "retired": "retired", "owner": "home", "renter": "rent", "debt": "debt",
}  # fmt: skip
_TOLD: Mapping[str, re.Pattern[str]] = {
    "business": re.compile(r"\b(?:owns?|owner|business|shop|farm|practice|company|self-employed|freelance|firm)\b"),
    "loss": re.compile(
        r"\b(?:claim|accident|storm|stole\w*|theft|fire|flood|burst|damage\w*|hail|crash\w*|broke|lost|fell|hurt|scam"
        r"|insurer|injur\w+|leak\w*|burn\w*)\b"
    ),
    "death": re.compile(r"\b(?:widow\w*|died|dies|death|late|passed|funeral|inherit\w*|lost (?:his|her|my|a))\b"),
    "illness": re.compile(
        r"\b(?:ill\w*|sick|cancer|diabet\w+|heart|stroke|stent|surgery|operation|treated|pressure|knees?|back|diagnos\w+"
        r"|hospital|blood|asthma|depress\w+|dementia|hip|disab\w+)\b"
    ),
    "advisor": re.compile(r"\b(?:advis[oe]r|broker|agent|planner|banker|salesman)\b"),
    "policy": re.compile(r"\b(?:polic\w+|insur\w+|cover\w*|premiums?|annuit\w+)\b"),
}


NEEDS = frozenset({*_CONDITIONS.values(), *_TOLD})  # what a precedent may need


def _holding(moment: Moment) -> Iterator[str]:
    yield from (_CONDITIONS[name] for name in conditions(moment) if name in _CONDITIONS)
    known = bare(" ".join((*moment.own_texts, *(one for turn in moment.turns for one in turn.answer))))
    yield from (name for name, told in _TOLD.items() if told.search(known))


# Whether two wordings ask for the same

_WHAT_FOR = re.compile(r"\b(?:what|where|when|who|whose|why|how (?:much|many|long|often|old|far)|how|which)\b")
_OF_WHOM = re.compile(
    r"\b(?:do|does|did|are|is|was|were|have|has|had|can|could|would|will|should) (?P<who>you|u|he|she|they|it|that|we|i"
    r"|anyone|anybody|somebody|someone|everybody|nobody|there)\b"
)
_SAME: Mapping[str, str] = {
    "u": "you", "she": "he", "that": "it", "anybody": "anyone", "somebody": "anyone", "someone": "anyone",
}  # fmt: skip


def asks_alike(asked: str, wording: str) -> bool:
    """Return whether both ask for the same kind of thing of the same person: `did anyone tell you` is not `did you tell
    anyone`, however near they are."""
    return _agree(_first(_WHAT_FOR, asked), _first(_WHAT_FOR, wording)) and _agree(_whom(asked), _whom(wording))


_COUNTS = re.compile(r"\bhow (?:much|many|old)\b")


def _counts_alike(asked: str, wording: str) -> bool:
    """Return whether neither or both ask for a number."""
    return bool(_COUNTS.search(bare(asked))) == bool(_COUNTS.search(bare(wording)))


def _agree(one: str, other: str) -> bool:
    return not one or not other or one == other


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(bare(text))
    return found[0] if found else ""


def _whom(text: str) -> str:
    found = _OF_WHOM.search(bare(text))
    return _SAME.get(found["who"], found["who"]) if found else ""
