"""Finds the rules of the trade that a line breaks: by its meaning, as the encoder learned it (docs/encoder.md), and by
words.

A wrong accusation is worse than a missed breach. A confidence of 0.7 or more is certain. 0.6 is likely: enough for the
client to ask back, but not for a review to accuse. 0.5 means that the words prove a breach but the sentence means
something else. `python -m bench.practice.breaking` measures both on lines that were not used for training.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from math import log

from rplay.agents import meaning
from rplay.agents.rehearsal.reading.tables import table
from rplay.agents.rehearsal.reading.text import bare, sentences
from rplay.agents.rehearsal.reading.types import Breach
from rplay.agents.tables import any_of

SURE = 0.7
BY_WORDS, BY_BOTH, BY_MEANING, LIKELY, DOUBTFUL = 0.9, 0.95, 0.85, 0.6, 0.5
# Log odds of a breach against none. Of 544 lines of honest advisors 1 is above PROVED and 4 are above SEEMS; of 48
# breaches written by strangers 29 and 39 (`python -m bench.practice.breaking`).
PROVED, SEEMS = 6.0, 4.7
# the likeliest rule needs this share of the probability of all rules; below it something is wrong, but it is unclear
# what
_NAMED = 0.45
AGREES = 4.0  # with these log odds or more the meaning confirms a breach that words prove
_MOST_WORDS, _FEWEST_WORDS = 60, 4
_OTHERS = re.compile(
    r"\b(?:he|she|they|the last (?:guy|agent|one)|(?:your|the) (?:last|old|former|previous|other) (?:agent|advisor|guy"
    r"|broker)|some (?:agents|advisors|people|companies|brokers)|somebody|someone|anybody|anyone|whoever|others|nobody)"
    r" (?:\w+ ){0,2}(?:said|told|promised|guaranteed|claimed|says?|tells?|promises?|offered|asked|pressured|pushed"
    r"|wanted|should ever|can promise|ever (?:ask|promise|tell|push)\w*)\b"
    r"|\bif (?:anybody|anyone|somebody|someone)\b"
    r"|\b(?:never|don't|do not) (?:let|trust|believe|give) (?:anyone|anybody|somebody|someone|whoever|a person)\b"
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
    """Return the most certain breach of each rule, the most certain first."""
    best: dict[str, Breach] = {}
    for found in _all(line):
        known = best.get(found.id)
        # Two sentences together count only if neither proves the breach alone, so that the quote stays short.
        if known is None or known.confidence < min(found.confidence, SURE):
            best[found.id] = found
    return tuple(sorted(best.values(), key=lambda one: -one.confidence))


def _all(line: str) -> Iterator[Breach]:
    single = sentences(line)
    for piece in single:
        yield from _of(piece)
    both = [f"{one} {other}" for one, other in pairwise(single)]
    for piece in both:
        yield from _by_words(piece)
    if both and len(line.split()) <= _MOST_WORDS and meaning.on():
        yield from (replace(one, quote=_likeliest(single, one.id)) for one in _by_meaning(line))


def _likeliest(pieces: Sequence[str], rule: str) -> str:
    """Return the sentence that contributes most to the breach of the whole line."""
    return max(pieces, key=lambda piece: meaning.broken(bare(piece))[rule])


def _of(piece: str) -> Iterator[Breach]:
    yield from _by_words(piece)
    if meaning.on() and bare(piece).count(" ") >= _FEWEST_WORDS - 1:
        yield from _by_meaning(piece)


def _by_meaning(piece: str) -> Iterator[Breach]:
    text = bare(piece)
    rule, odds = _told(text)
    if odds >= SEEMS:
        named = odds >= PROVED and meaning.broken(text)[rule] >= _NAMED
        yield Breach(rule, piece, BY_MEANING if named else LIKELY)


def _told(text: str) -> tuple[str, float]:
    """Return the likeliest rule that the text may break, and the log odds that it breaks any rule."""
    shares = dict(meaning.broken(text))
    none = shares.pop("none")
    return max(shares, key=lambda rule: shares[rule]), log(max(1 - none, 1e-9) / max(none, 1e-9))


def _by_words(piece: str) -> Iterator[Breach]:
    text = bare(piece)
    for id_, rule in rules().items() if len(text.split()) <= _MOST_WORDS and not _OTHERS.search(text) else ():
        said = rule.sure.search(text) and (rule.require is None or rule.require.search(text))
        if said and not rule.unless.search(text):
            yield Breach(id_, piece, _agreed(id_, text))


def _agreed(id_: str, text: str) -> float:
    """Return the confidence of a breach that words prove, given the meaning of the whole text.

    If the meaning names the same rule, even weakly, the words decide. The model often finds too little in blunt lines
    such as "I guarantee you ten percent".
    """
    if not meaning.on():
        return BY_WORDS
    rule, odds = _told(text)
    if rule == id_:
        return BY_BOTH if odds >= AGREES else BY_WORDS
    return BY_WORDS if odds >= PROVED else DOUBTFUL
