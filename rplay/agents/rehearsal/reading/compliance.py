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
from math import exp

from rplay.agents import meaning
from rplay.agents.rehearsal.reading.meant import FAMILIES, MOST_WORDS, Meant, meant
from rplay.agents.rehearsal.reading.tables import table
from rplay.agents.rehearsal.reading.text import bare, sentences
from rplay.agents.rehearsal.reading.types import Breach
from rplay.agents.tables import any_of

SURE = 0.7
BY_WORDS, BY_MEANING, LIKELY, DOUBTFUL = 0.9, 0.85, 0.6, 0.5
# Strengths of what a line means (meant.py). One of HINTS earns nothing in a review. What words prove needs AGREES and a
# related rule by meaning; in a sentence of so few words as BLUNT only that the line hints at some rule. A PLAIN promise
# in one sentence the model hardly hears, however clear the words are. A line too short to be read by meaning words
# prove alone. Of 7,481 lines, each told by a tower that knows nothing of its author, words add 110 breaches to 1,333
# that are told by meaning, 83 of them in such short lines, and accuse one of 4,301 honest ones; before, with 2.0, -3.0
# and -1.5, they added 127 and accused ten.
PROVED, SEEMS, HINTS, AGREES, HARDLY = 5.0, 2.5, 1.0, 3.0, -3.0
HOWEVER = 7.0  # from which a line breaks a rule whatever innocent words it has
PLAIN = frozenset({"guaranteed-returns", "no-risk"})
BLUNT, PROMISE = range(4, 10), 15  # words
_OTHERS = re.compile(
    r"\bgive me an? (?:\d|10|ten)\b|"  # a score
    r"\b(?:he|she|they|the last (?:guy|agent|one)|(?:your|the) (?:last|old|former|previous|other) (?:agent|advisor|guy"
    r"|broker)|some (?:agents|advisors|people|companies|brokers)|somebody|someone|anybody|anyone|whoever|others|nobody)"
    r" (?:\w+ ){0,2}(?:said|told|promised|guaranteed|claimed|says?|tells?|promises?|offered|asked|pressured|pushed"
    r"|wanted|should ever|can promise|ever (?:ask|promise|tell|push)\w*)\b"
    r"|\bif (?:anybody|anyone|somebody|someone)\b|\bsome (?:agents|advisors|brokers|companies)\b"
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


def hints(line: str) -> bool:
    """Return whether a line may break some rule, so that it proves nothing good of the advisor either."""
    found = meant(line)
    return found is not None and found.strength >= HINTS


def seems(line: str) -> float:
    """Return how much a line seems to break some rule, from 0 to 1; 0.5 where it just hints at one."""
    found = meant(line)
    return 1 / (1 + exp(HINTS - found.strength)) if found else 0.0


def _by_meaning(line: str) -> Iterator[Breach]:
    found = meant(line)
    if not found or found.strength < SEEMS:
        return
    sure = BY_MEANING if found.strength >= PROVED else LIKELY
    yield Breach(found.rule, found.quote, DOUBTFUL if _is_innocent(found) else sure)


def _is_innocent(found: Meant) -> bool:
    """Return whether a line says by its words that it keeps the rule it seems to break: `this stays between us, well,
    it's recorded by the firm`. A plain promise has no such words."""
    rule = None if found.rule in PLAIN or found.strength >= HOWEVER else rules().get(found.rule)
    return rule is not None and bool(rule.unless.search(bare(found.quote)))


def _by_words(line: str) -> Iterator[Breach]:
    single = sentences(line)
    for piece in (*single, *(f"{one} {other}" for one, other in pairwise(single))):
        text = bare(piece)
        for id_, rule in rules().items() if len(text.split()) <= MOST_WORDS and not _OTHERS.search(text) else ():
            said = rule.sure.search(text) and (rule.require is None or rule.require.search(text))
            if said and not rule.unless.search(text):
                yield Breach(id_, piece, _agreed(id_, text, line))


def _agreed(id_: str, text: str, line: str) -> float:
    """Return the confidence of a breach that the words of a sentence prove: where the line means nothing near that
    breach they err."""
    found, many = meant(line), len(text.split())
    if found and id_ in PLAIN and found.strength >= HARDLY and _PROMISED.search(text):
        return BY_WORDS  # too little is meant to tell which rule
    if not meaning.on() or (found is None and many in BLUNT):
        return BY_WORDS
    if found is None:
        return DOUBTFUL
    near = any({id_, found.rule} <= set(family) for family in FAMILIES)
    agrees = found.strength >= _agrees(id_, many)
    sure = (near and agrees) or (many in BLUNT and found.strength >= HINTS)
    return BY_WORDS if sure else DOUBTFUL


# A promise so plain that what else the line says takes nothing from it.
_PROMISED = re.compile(
    r"\b(?:i|we) (?:can |do |will |'ll )?(?:personally )?(?:guarantee|promise|swear)(?: you)?(?: that)?"
    r" (?:you|we|nobody|no one) (?:won't|will not|can't|cannot|never|will never|will) (?:ever |never )?lose\b"
)


def _agrees(id_: str, many: int) -> float:
    if id_ not in PLAIN:
        return AGREES
    return HARDLY if many <= PROMISE else HINTS
