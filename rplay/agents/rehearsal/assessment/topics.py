"""The topics that a line asks the client about."""

import re
from functools import cache, lru_cache
from itertools import permutations

from rplay.agents.rehearsal.assessment.moves import Moves
from rplay.agents.rehearsal.tables import any_of, table
from rplay.agents.rehearsal.text import plain

# The client answers at most this many topics of one line.
MOST = 6
_AND = re.compile(r",|;|&|\b(?:and|or|also|plus|as well as)\b")


@cache
def _expressions() -> dict[str, re.Pattern[str]]:
    asks = {topic: entry["ask"] for topic, entry in table("facts").items()}
    return {topic: any_of(entries) for topic, entries in (asks | table("topics")["broad"]).items()}


@cache
def _beats() -> frozenset[tuple[str, str]]:
    """Pairs of topics of which the first is meant if a question names both: `What worries you about retirement?` asks
    for worries."""
    return frozenset((strong, weak) for strong, weaker in table("topics")["beats"].items() for weak in weaker.split())


def asked(moves: Moves) -> tuple[str, ...]:
    """Return the topics of the questions, in the order they come up. Statements with the same words do not count."""
    found: dict[str, None] = {}
    for sentence in moves.sentences:
        announces = "agenda" in sentence.marks and not sentence.text.endswith("?")
        if (sentence.asks and not announces) or moves.length <= 3:
            found.update(dict.fromkeys(_in(plain(sentence.text))))
    return tuple(found)[:MOST]


@lru_cache(maxsize=1024)
def _in(text: str) -> tuple[str, ...]:
    hits = {topic: hit.start() for topic, pattern in _expressions().items() if (hit := pattern.search(text))}
    weaker = {
        weak
        for strong, weak in permutations(hits, 2)
        if (strong, weak) in _beats() and not _apart(text, hits[strong], hits[weak])
    }
    return tuple(sorted(hits.keys() - weaker, key=lambda topic: hits[topic]))


def _apart(text: str, one: int, other: int) -> bool:
    """Return whether two topics are separate items of a list, not one said about the other."""
    return bool(_AND.search(text[min(one, other) : max(one, other)]))
