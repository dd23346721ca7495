"""What a clause asks about: nearness to examples, words that point to a kind or an aspect, the client's own subjects,
and what was said before, weighed together."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from rplay.agents import meaning
from rplay.agents.persona.life import ASPECTS, Kind, Subject
from rplay.agents.rehearsal.reading.about import About, Index
from rplay.agents.rehearsal.reading.forms import body
from rplay.agents.rehearsal.reading.similarity import nearness
from rplay.agents.rehearsal.reading.tables import patterns
from rplay.agents.rehearsal.reading.text import bare
from rplay.agents.rehearsal.reading.types import FollowUp, Target

# How much each sign counts beside the nearness to an example, which is about 1.2 for the very words and 0.4 for chance.
KIND, OTHER_KIND, NAMED, ASPECT, TOPIC, TOPIC_ASPECT = 0.14, 0.1, 0.15, 0.15, 0.3, 0.05
LEAST = 0.42  # below this nothing was understood
_MANY: frozenset[Kind] = frozenset({"asset", "debt", "goal", "worry", "child", "cover", "advisor", "lately"})
_POINTS_BACK = re.compile(
    r"\b(?:it|its|it's|that|that's|this|those|these|them|they|there|one|ones|then|so)\b|^(?:the|and the|which) "
)
_IT_FIRST = re.compile(
    r"^(?:do|does|did|is|was|are|were|will|would|has|have|can|could) (?:it|that|this|they|those|these)\b"
)
_PERSON = re.compile(r"\b(?:she|he|her|him|his|she's|he's|hers)\b")
_PLURAL = re.compile(
    r"\b(?:debts|loans|cards|accounts|assets|investments|goals|worries|concerns|savings and|any|all|else|other|others|"
    r"each|every|everything|altogether|in total|list)\b"
)


@dataclass(frozen=True)
class Found:
    target: Target | None
    score: float
    follows: bool = False
    follow: FollowUp | None = None


NOTHING = Found(None, 0.0)


def find(clause: str, about: About, index: Index, supposed: Target | None = None) -> Found:
    """What a question is about; `supposed` is what was supposed just before it: `say you died tomorrow`."""
    text = body(clause)
    if follow := _follow_up(text, about):
        return follow
    if _ABOUT_ADVISOR.search(text):
        return NOTHING
    if supposing := supposition(clause, index):
        return Found(supposing, 0.9)
    if supposed and re.search(r"\b(?:would|do|does|did|then|who|what|how|where|'d)\b", text):
        return Found(supposed, 0.8)
    return _weighed(text, bare(clause), about, index)


# `What was my name again?` asks about the advisor.
_ABOUT_ADVISOR = re.compile(
    r"^what (?:was|is|'s) my\b|\b(?:did|do|was|am|have) i (?:do|say|tell|told|mention\w*|said)\b"
)


# Follow-ups


_FOLLOWED: Mapping[FollowUp, tuple[str, ...]] = {
    "more": (), "why": ("why", "happened"), "since": ("since", "when"), "when": ("when", "since"),
    "where": ("where", "lender", "what"), "who": ("who", "what"), "which": ("example", "what"),
    "then": ("then", "happened", "done", "plan"), "feel": ("feel", "view", "sleep"),
    "how_much": ("cost", "what"),
}  # fmt: skip


def _follow_up(text: str, about: About) -> Found | None:
    """Words that take up the last thing said and name nothing themselves."""
    kind = next((key for key in _FOLLOWED if patterns("cues", "follows")[key].search(text)), None)
    if kind is None:
        return None
    last, wanted = about.last, _FOLLOWED[kind]
    aspect = next((one for one in wanted if one in ASPECTS[last.kind]), None if wanted else last.aspect) if last else ""
    target = Target(last.kind, aspect, last.subject) if last and aspect else None
    return Found(target, 0.85 if target else 0.0, follows=True, follow=kind)


# Suppositions


_NO_SUPPOSITION = re.compile(
    r"\bif (?:you(?: don't)? (?:mind|want|like|could|prefer|have (?:any|questions)|can|think|look|will|ask)|"
    r"i|we|that's|not|so|it's (?:okay|all right)|you're (?:comfortable|okay|willing)|anything (?:that|else)|"
    r"you (?:read|remember|had to (?:rank|choose)))\b"
)


@lru_cache(maxsize=4096)
def _supposed_aspect(text: str, partner: str) -> str | None:
    found = patterns("cues", "ifs")
    for aspect in ASPECTS["if"]:
        if found[aspect].search(text):
            return aspect
    if partner and re.search(
        rf"\b(?:happen\w* to|without|lost) {partner}\b|\b{partner} (?:died|dies|passed|dropped)\b", text
    ):
        return "death_partner"
    return None


def supposition(clause: str, index: Index) -> Target | None:
    """What is supposed, of a clause that supposes something."""
    text = bare(clause)
    if not patterns("cues", "ifs")["supposes"].search(text) or _NO_SUPPOSITION.search(text):
        return None
    aspect = _supposed_aspect(text, index.partner)
    if aspect is None:
        near = {label: score for label, score in nearness("targets", clause).items() if label[0] == "if"}
        best = max(near, key=lambda label: near[label])
        everything = nearness("targets", clause)
        if near[best] < 0.75 or near[best] < max(everything.values()) - 0.05:
            return None
        aspect = best[1]
    return Target("if", aspect)


# Weighing


def _weighed(text: str, full: str, about: About, index: Index) -> Found:
    named = index.named(full)
    kinds = _cues("kinds", full)
    aspects = _cues("aspects", text)
    topic = _topic(text, about, kinds, named)
    near = nearness("targets", index.general(text))
    doubt = _doubt(max(near.values()))
    scores = {
        label: score + doubt * _signs(cast(Kind, label[0]), label[1], kinds, aspects, named, topic)
        for label, score in near.items()
    }
    best = max(scores, key=lambda label: scores[label])
    if scores[best] < _least():
        return _at_least(kinds, aspects, named, topic)
    kind = cast(Kind, best[0])
    return Found(
        Target(kind, best[1], _which(kind, full, named, topic, index)), min(1.0, scores[best]), topic is not None
    )


def _doubt(nearest: float) -> float:
    """How much signs count: little beside an example that says the very words, more where none is near."""
    return min(1.5, max(0.3, 1.8 - 1.4 * nearest))


def _least() -> float:
    return LEAST if meaning.on() else 0.45


def _signs(
    kind: Kind,
    aspect: str,
    kinds: frozenset[str],
    aspects: frozenset[str],
    named: list[tuple[Subject, float]],
    topic: Target | None,
) -> float:
    score = 0.0
    if kinds:
        score += KIND if kind in kinds else -OTHER_KIND
    score += next((NAMED * min(weight, 1.5) for subject, weight in named if subject.kind == kind), 0.0)
    if aspect in aspects:
        score += ASPECT
    if topic:
        score += TOPIC * (kind == topic.kind) + TOPIC_ASPECT * (aspect == topic.aspect and kind == topic.kind)
    return score


@lru_cache(maxsize=8192)
def _cues(section: str, text: str) -> frozenset[str]:
    return frozenset(key for key, pattern in patterns("cues", section).items() if pattern.search(text))


def _topic(text: str, about: About, kinds: frozenset[str], named: list[tuple[Subject, float]]) -> Target | None:
    """What a clause without a subject of its own goes on about."""
    if named and named[0][1] >= 1:
        return None
    if _PERSON.search(text) and (person := about.person()):
        return person
    back = _POINTS_BACK.search(text) or len(text.split()) <= 4
    if not about.last or not back:
        return None
    if _IT_FIRST.search(text):
        return about.last
    if kinds:
        return about.last if about.last.kind in kinds else None
    return about.last


def _at_least(
    kinds: frozenset[str], aspects: frozenset[str], named: list[tuple[Subject, float]], topic: Target | None
) -> Found:
    """What words alone say where no example is near: the subject named, or what was talked about."""
    if named and named[0][1] >= 1:
        subject = named[0][0]
        return Found(Target(subject.kind, _aspect(subject.kind, aspects), subject.id), 0.5)
    if topic and aspects:
        return Found(Target(topic.kind, _aspect(topic.kind, aspects), topic.subject), 0.5, follows=True)
    if len(kinds) == 1:
        kind = cast(Kind, next(iter(kinds)))
        return Found(Target(kind, _aspect(kind, aspects)), 0.45)
    return NOTHING


def _aspect(kind: Kind, aspects: Iterable[str]) -> str:
    return next((one for one in ASPECTS[kind] if one in aspects), ASPECTS[kind][0])


def _which(kind: Kind, full: str, named: list[tuple[Subject, float]], topic: Target | None, index: Index) -> str | None:
    """Which of several subjects of a kind; None for all of them, or where it stays open."""
    mine = [(subject, weight) for subject, weight in named if subject.kind == kind]
    if mine and (len(mine) == 1 or mine[0][1] > mine[1][1] or mine[0][1] >= 1):
        return mine[0][0].id
    if topic and topic.kind == kind and topic.subject:
        return topic.subject
    having = index.of_kind(kind)
    if len(having) == 1 and not (kind in _MANY and _PLURAL.search(full)):
        return having[0].id
    return None
