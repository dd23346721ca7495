"""Which rules of the trade a line breaks: by words that prove it, or by nearness to examples and words that agree.

An accusation that its line does not prove is worse than a miss. So a rule's own exceptions, what others are reported to
have said, and innocent examples that lie nearer all take a breach back. Confidence: 0.7 and more is sure: no line of
700 in good talks was accused. 0.6 is likely: 1 of 100 innocent lines is, for a client to ask back and too much
for a review to accuse. 0.5 is words that prove it in a sentence that means something else.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from rplay.agents import meaning
from rplay.agents.rehearsal.reading.acts import supposes
from rplay.agents.rehearsal.reading.forms import body
from rplay.agents.rehearsal.reading.similarity import nearness
from rplay.agents.rehearsal.reading.tables import table
from rplay.agents.rehearsal.reading.text import bare, sentences
from rplay.agents.rehearsal.reading.types import Breach
from rplay.agents.tables import any_of

SURE = 0.7
BY_WORDS, BY_BOTH, BY_MEANING, LIKELY, DOUBTFUL = 0.9, 0.95, 0.75, 0.6, 0.5
# How near an example has to be, and by how much nearer than any innocent one.
SAME, NEAR, CLOSE, LIKE, MEANT, AHEAD, BEHIND, CUED = 1.05, 0.8, 0.74, 0.64, 0.28, 0.08, 0.05, 0.45
_MOST_WORDS = 60
# Breaches that are asked for; of any other kind a question that only resembles one proves nothing.
_ASKED = frozenset({"client-loan", "pressure", "blank-forms", "unauthorized", "money-to-advisor"})
_OTHERS = re.compile(
    r"\b(?:he|she|they|the last (?:guy|agent|one)|(?:your|the) (?:last|old|former|previous|other) (?:agent|advisor|guy"
    r"|broker)|some (?:agents|advisors|people|companies|brokers)|somebody|someone|anybody|anyone|whoever|others|nobody)"
    r" (?:\w+ ){0,2}(?:said|told|promised|guaranteed|claimed|says?|tells?|promises?|offered|asked|pressured|pushed"
    r"|wanted|should ever|can promise|ever (?:ask|promise|tell|push)\w*)\b"
    r"|\b(?:never|don't|do not) (?:let|trust|believe|give) (?:anyone|anybody|somebody|someone|whoever|a person)\b"
    r"|\bi(?:'m| am) not (?:allowed|going) to\b|\bit(?:'s| is) (?:illegal|not allowed|against the (?:law|rules))\b"
    r"|\b(?:that|which)(?:'s| is| would be) (?:illegal|fraud)\b"
)


@dataclass(frozen=True)
class Rule:
    sure: re.Pattern[str]
    about: re.Pattern[str]
    unless: re.Pattern[str]
    require: re.Pattern[str] | None
    cues: tuple[re.Pattern[str], ...]


@cache
def rules() -> Mapping[str, Rule]:
    return {
        id_: Rule(
            any_of(tuple(rule["sure"])),
            re.compile(rule["about"]),
            re.compile(rule["unless"]),
            re.compile(rule["require"]) if "require" in rule else None,
            tuple(re.compile(one) for one in rule["cues"]),
        )
        for id_, rule in table("breaches").items()
    }


@lru_cache(maxsize=4096)
def breaches(line: str) -> tuple[Breach, ...]:
    """The surest of each kind, the surest first."""
    best: dict[str, Breach] = {}
    for found in _all(line):
        known = best.get(found.id)
        # Two sentences together prove only what neither proves alone, so that the quote is no longer than it need be.
        if known is None or known.confidence < min(found.confidence, SURE):
            best[found.id] = found
    return tuple(sorted(best.values(), key=lambda one: -one.confidence))


def _all(line: str) -> Iterator[Breach]:
    single = sentences(line)
    for piece in single:
        yield from _of(piece)
    for one, other in pairwise(single):
        both = f"{one} {other}"
        if len(both.split()) <= _MOST_WORDS:
            yield from _of(both, pair=True)


def _of(piece: str, *, pair: bool = False) -> Iterator[Breach]:
    text = bare(piece)
    if _OTHERS.search(text):
        return
    if (pair or text.count(" ") < 3) and not any(rule.sure.search(text) for rule in rules().values()):
        return  # a few words, and two sentences together, are only taken by what they say outright
    near, asked = _near(body(piece)), piece.rstrip("\"')* ").endswith("?")
    for id_, rule in rules().items():
        confidence = _confidence(id_, rule, text, near, pair=pair)
        if confidence in (BY_MEANING, LIKELY) and asked and id_ not in _ASKED:
            confidence = DOUBTFUL
        if confidence == LIKELY and supposes(piece):
            continue
        if confidence:
            yield Breach(id_, piece, confidence)


def _confidence(id_: str, rule: Rule, text: str, near: Mapping[str, float], *, pair: bool) -> float | None:
    score, innocent = near.get(id_, 0.0), near.get("innocent", 0.0)
    ahead = score - innocent >= AHEAD
    if score >= SAME and ahead:
        return BY_MEANING
    if rule.unless.search(text):
        return None
    if rule.sure.search(text) and (rule.require is None or rule.require.search(text)):
        return BY_BOTH if ahead and score >= LIKE else BY_WORDS if _fits(score, innocent) else DOUBTFUL
    if pair:
        return None
    others = max(one for other, one in near.items() if other not in ("innocent", id_))
    return _resembling(
        score,
        score - innocent,
        score - others,
        cued=all(cue.search(text) for cue in rule.cues),
        about=bool(rule.about.search(text)),
    )


def _resembling(score: float, ahead: float, before: float, *, cued: bool, about: bool) -> float | None:
    """Of a sentence that no words prove: `ahead` of innocent examples, `before` those of other breaches."""
    if about and score >= _least(NEAR) and ahead >= AHEAD and before >= 0:
        return BY_MEANING
    if score >= _least(CLOSE) and ahead >= AHEAD and before >= 0:
        return LIKELY
    if cued and score >= _least(CUED) and ahead >= -0.08 and before >= -0.12:
        return LIKELY
    return None


def _fits(score: float, innocent: float) -> bool:
    """Whether words that prove a breach stand in a sentence that means something like it."""
    return not meaning.on() or (score >= MEANT and score >= innocent - BEHIND)


def _near(text: str) -> Mapping[str, float]:
    return {label[0]: score for label, score in nearness("breaches", text).items()}


def _least(score: float) -> float:
    return score if meaning.on() else 0.8 * score
