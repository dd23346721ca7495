"""Finds what a clause asks about.

It weighs similarity to examples, words that point to a kind or an aspect, the client's own subjects, and what was said
before.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import cast

from rplay.agents.persona.life import ASPECTS, Kind, Subject
from rplay.agents.rehearsal.reading.about import About, Index
from rplay.agents.rehearsal.reading.forms import body
from rplay.agents.rehearsal.reading.learned import Signs, likely, shares
from rplay.agents.rehearsal.reading.similarity import nearness
from rplay.agents.rehearsal.reading.tables import patterns
from rplay.agents.rehearsal.reading.text import bare
from rplay.agents.rehearsal.reading.types import Asks, FollowUp, Target

LEAST = 0.25  # a target with a lower probability is only a guess and is dropped
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
    """What a question asks about. `score` is the probability that `target` is right; `other` is the purpose of a
    question that is not about the life."""

    target: Target | None
    score: float
    follows: bool = False
    follow: FollowUp | None = None
    other: Asks = "detail"
    other_score: float = 0.0


NOTHING = Found(None, 0.0)


def find(clause: str, about: About, index: Index, supposed: Target | None = None) -> Found:
    """Return what a question asks about. `supposed` is a supposition just before it, as in `say you died tomorrow`."""
    text = body(clause)
    if follow := _follow_up(text, about) or _follow_up(bare(clause), about):
        return follow
    if _ABOUT_ADVISOR.search(text):
        return Found(None, 0.0, other="advisor", other_score=1.0)
    if supposing := supposition(clause, index):
        return Found(supposing, 0.9)
    if supposed and re.search(r"\b(?:would|do|does|did|then|who|what|how|where|'d)\b", text):
        return Found(supposed, 0.8)
    return _weighed(text, bare(clause), about, index)


# `What was my name again?` is a question about the advisor.
_ABOUT_ADVISOR = re.compile(
    r"^what (?:was|is|'s) my\b|\b(?:did|do|was|am|have) i (?:do|say|tell|told|mention\w*|said)\b"
)


# Follow-up questions


_FOLLOWED: Mapping[FollowUp, tuple[str, ...]] = {
    "more": (), "why": ("why", "happened"), "since": ("since", "when"), "when": ("when", "since"),
    "where": ("where", "lender", "what"), "who": ("who", "what"), "which": ("example", "what"),
    "then": ("then", "happened", "done", "plan"), "feel": ("feel", "view", "sleep"),
    "how_much": ("cost", "what"),
}  # fmt: skip


def _follow_up(text: str, about: About) -> Found | None:
    """Return the target of a question that refers to the last topic without naming it; None for other questions."""
    kind = next((key for key in _FOLLOWED if patterns("cues", "follows")[key].search(text)), None)
    if kind is None:
        return None
    last, wanted = about.last, _FOLLOWED[kind]
    aspect = next((one for one in wanted if one in ASPECTS[last.kind]), None if wanted else last.aspect) if last else ""
    target = Target(last.kind, aspect, last.subject) if last and aspect else None
    return Found(target, 0.5 if target else 0.0, follows=True, other="follow", other_score=0.9, follow=kind)


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
    """Return what the clause supposes; None if it supposes nothing."""
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


# Weighing the candidates


OTHERS: tuple[Asks, ...] = ("detail", "opinion", "check", "permission", "advisor", "follow")
# A candidate: an aspect of a life, or another purpose of a question.
Candidate = tuple[str, ...]


def _weighed(text: str, full: str, about: About, index: Index) -> Found:
    share = shares(candidates(text, full, about, index), "questions")
    kind, aspect = max((one for one in share if len(one) == 2), key=lambda one: share[one])
    (other,) = max((one for one in share if len(one) == 1), key=lambda one: share[one])
    named = index.named(full)
    topic = _topic(text, about, _cues("kinds", full), named)
    target = Target(cast(Kind, kind), aspect, _which(cast(Kind, kind), full, named, topic, index))
    known = target if share[kind, aspect] >= LEAST else None
    follow = _way_of(text) if other == "follow" and share[other,] > share[kind, aspect] else None
    return Found(known, share[kind, aspect], topic is not None, follow, cast(Asks, other), share[other,])


_WAYS: Mapping[FollowUp, re.Pattern[str]] = {
    "why": re.compile(r"\b(?:why|how come|how so|reason|behind|what makes|what made|what for)\b"),
    "since": re.compile(r"\b(?:since when|how long (?!ago))"),
    "when": re.compile(r"\b(?:when|how long ago|what year)\b"),
    "where": re.compile(r"\bwhere\b"),
    "feel": re.compile(r"\b(?:feel|felt|like for you|take (?:that|it)|hit you|went through you)\b"),
    "how_much": re.compile(r"\bhow (?:much|many)\b"),
    "then": re.compile(r"\b(?:then|next|after|happened|go|end up|turn out|came of)\b"),
    "who": re.compile(r"\bwho\w*\b"),
    "which": re.compile(r"\b(?:which|what kind|what sort|like what|such as|example|instance)\b"),
}


def _way_of(text: str) -> FollowUp:
    """Return how a question follows up on the client's last words; "more" if its words do not say."""
    return next((way for way, pattern in _WAYS.items() if pattern.search(text)), "more")


def candidates(text: str, full: str, about: About, index: Index) -> dict[Candidate, Signs]:
    """Return the features of each candidate, whose weights are learned (`weights.toml`)."""
    general = index.general(text)
    near, learned = nearness("targets", general), likely("questions", bare(general))
    seen = _Seen.of(text, full, about, index, max(near.values()))
    found = {label: seen.signs(label, score, learned.get(".".join(label), 0.0)) for label, score in near.items()}
    return found | {(other,): seen.signs_of_other(other, learned.get(other, 0.0)) for other in OTHERS}


@dataclass(frozen=True)
class _Seen:
    """The features of a question that are the same for all candidates."""

    text: str
    kinds: frozenset[str]
    aspects: frozenset[str]
    named: Mapping[Kind, float]
    topic: Target | None
    nearest: float
    strange: bool
    told: float

    @classmethod
    def of(cls, text: str, full: str, about: About, index: Index, nearest: float) -> "_Seen":
        named = index.named(full)
        kinds = _cues("kinds", full)
        person = index.person(full, about.people)
        weights = {subject.kind: min(weight, 1.5) for subject, weight in reversed(named)}
        return cls(
            text, kinds, _cues("aspects", text), weights, _topic(text, about, kinds, named), nearest,
            bool(person and index.strange(person)), index.in_story(full),
        )  # fmt: skip

    def signs(self, label: Candidate, near: float, learned: float) -> Signs:
        kind, aspect = label
        found = {
            "near": near, "nearest": near - self.nearest, "learned": _log(learned),
            "named": self.named.get(cast(Kind, kind), 0.0), "strange": float(self.strange), "told": self.told,
        }  # fmt: skip
        if self.kinds:
            found["kind" if kind in self.kinds else "other_kind"] = 1.0
        if self.aspects:
            found["aspect" if aspect in self.aspects else "other_aspect"] = 1.0
        if self.topic:
            same = kind == self.topic.kind
            found["topic" if same else "other_topic"] = 1.0
            found["topic_aspect"] = float(same and aspect == self.topic.aspect)
        return found

    def signs_of_other(self, other: Asks, learned: float) -> Signs:
        found = {other: 1.0, "learned_other": _log(learned), "far": 1 - self.nearest}
        if rule := patterns("cues", "purposes").get(other):
            found[f"{other}_words"] = float(bool(rule.search(self.text)))
        return found


def _log(share: float) -> float:
    """Return the logarithm of a share. All shares below 0.001 count the same."""
    return log(max(share, 0.001))


@lru_cache(maxsize=8192)
def _cues(section: str, text: str) -> frozenset[str]:
    return frozenset(key for key, pattern in patterns("cues", section).items() if pattern.search(text))


def _topic(text: str, about: About, kinds: frozenset[str], named: list[tuple[Subject, float]]) -> Target | None:
    """Return the topic that a clause continues if it names no subject itself."""
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


def _which(kind: Kind, full: str, named: list[tuple[Subject, float]], topic: Target | None, index: Index) -> str | None:
    """Return the id of the subject that is meant among several of a kind; None if it is all of them or unclear."""
    mine = [(subject, weight) for subject, weight in named if subject.kind == kind]
    if mine and (len(mine) == 1 or mine[0][1] > mine[1][1] or mine[0][1] >= 1):
        return mine[0][0].id
    if topic and topic.kind == kind and topic.subject:
        return topic.subject
    having = index.of_kind(kind)
    if len(having) == 1 and not (kind in _MANY and _PLURAL.search(full)):
        return having[0].id
    return None
