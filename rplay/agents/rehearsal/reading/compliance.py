"""Finds the rules of the trade that a line breaks: by its meaning, as the encoder learned it (docs/encoder.md), and by
words.

A wrong accusation is worse than a missed breach. A confidence of 0.7 or more is certain. 0.6 is likely: enough for the
client to ask back, but not for a review to accuse. 0.5 means that the words prove a breach but the sentence means
something else. `python -m bench.practice.breaking` measures both on lines that were not used for training.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from math import log

from rplay.agents import meaning
from rplay.agents.rehearsal.reading.meant import MOST_WORDS, meant
from rplay.agents.rehearsal.reading.tables import table
from rplay.agents.rehearsal.reading.text import bare, sentences
from rplay.agents.rehearsal.reading.types import Breach
from rplay.agents.tables import any_of

SURE = 0.7
BY_WORDS, BY_BOTH, BY_MEANING, LIKELY, DOUBTFUL = 0.9, 0.95, 0.85, 0.6, 0.5
# Strengths of what a line means (meant.py): of 820 lines of honest advisors one or two are above PROVED and 8 above
# SEEMS, of 72 breaches by strangers about 60 and 67 (`python -m bench.practice.breaking`).
PROVED, SEEMS = 1.6, 0.8
# Log odds of one sentence: enough if words prove the same rule, and enough if they prove another one.
AGREES, SURELY_ONE = 4.0, 6.0
_OTHERS = re.compile(
    r"\b(?:he|she|they|the last (?:guy|agent|one)|(?:your|the) (?:last|old|former|previous|other) (?:agent|advisor|guy"
    r"|broker)|some (?:agents|advisors|people|companies|brokers)|somebody|someone|anybody|anyone|whoever|others|nobody)"
    r" (?:\w+ ){0,2}(?:said|told|promised|guaranteed|claimed|says?|tells?|promises?|offered|asked|pressured|pushed"
    r"|wanted|should ever|can promise|ever (?:ask|promise|tell|push)\w*)\b"
    r"|\bif (?:anybody|anyone|somebody|someone)\b"
    r"|\b(?:never|don't|do not) (?:let|trust|believe|give) (?:anyone|anybody|somebody|someone|whoever|a person)\b"
    r"|\bthere(?:'s| is| are)? ?(?:isn't|aren't|is no|are no|no) (?:an? )?(?:investment|fund|stock|product)s?\b"
    r"|\bi(?:'m| am) not (?:allowed|going) to\b|\bit(?:'s| is) (?:illegal|not allowed|against the (?:law|rules))\b"
    r"|\bi (?:won't|will not|can't|cannot|wouldn't) (?:say|promise|claim|pretend)\b"
    r"|\b(?:that|which)(?:'s| is| would be) (?:illegal|fraud)\b"
)


@dataclass(frozen=True)
class Rule:
    sure: re.Pattern[str]
    unless: re.Pattern[str]
    require: re.Pattern[str] | None


@cache
def rules() -> Mapping[str, Rule]:
    return {
        id_: Rule(
            any_of(tuple(rule["sure"])),
            re.compile(rule["unless"]),
            re.compile(rule["require"]) if "require" in rule else None,
        )
        for id_, rule in table("breaches").items()
    }


@lru_cache(maxsize=4096)
def breaches(line: str) -> tuple[Breach, ...]:
    """The surest of each kind, the surest first."""
    best: dict[str, Breach] = {}
    for found in (*_by_words(line), *_by_meaning(line)):
        known = best.get(found.id)
        # Two sentences together prove only what neither proves alone, so that the quote is no longer than it need be.
        if known is None or known.confidence < min(found.confidence, SURE):
            best[found.id] = found
    return tuple(sorted(best.values(), key=lambda one: -one.confidence))


def _by_meaning(line: str) -> Iterator[Breach]:
    found = meant(line)
    if found and found.strength >= SEEMS:
        yield Breach(found.rule, found.quote, BY_MEANING if found.strength >= PROVED else LIKELY)


def _by_words(line: str) -> Iterator[Breach]:
    single = sentences(line)
    for piece in (*single, *(f"{one} {other}" for one, other in pairwise(single))):
        text = bare(piece)
        for id_, rule in rules().items() if len(text.split()) <= MOST_WORDS and not _OTHERS.search(text) else ():
            said = rule.sure.search(text) and (rule.require is None or rule.require.search(text))
            if said and not rule.unless.search(text):
                yield Breach(id_, piece, _agreed(id_, text))


def _agreed(id_: str, text: str) -> float:
    """Return the confidence of a breach that words prove, given the meaning of the same sentence.

    If the meaning names the same rule, even weakly, the words decide. The model often finds too little in blunt lines
    such as "I guarantee you ten percent".
    """
    if not meaning.on():
        return BY_WORDS
    rule, odds = _told(text)
    if rule == id_:
        return BY_BOTH if odds >= AGREES else BY_WORDS
    return BY_WORDS if odds >= SURELY_ONE else DOUBTFUL


def _told(text: str) -> tuple[str, float]:
    """Return the likeliest rule that the text may break, and the log odds that it breaks any rule."""
    shares = dict(meaning.broken(text))
    none = shares.pop("none")
    return max(shares, key=lambda rule: shares[rule]), log(max(1 - none, 1e-9) / max(none, 1e-9))
