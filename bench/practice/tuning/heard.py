"""A line as the reading takes it apart (rplay/agents/rehearsal/reading/meant.py), with marks and without, and among
others that are said around it."""

import random
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bench.practice.readings import spoken
from rplay.agents.rehearsal.reading.cuts import spoken_pieces
from rplay.agents.rehearsal.reading.text import bare, sentences

LONGEST = 60  # words


def parts(line: str) -> list[str]:
    """The sentences of a line, those that follow one another, and all of them, with marks and as a machine hears them:
    one is often an innocent half of what two say."""
    cut = (sentences(line), spoken_pieces(spoken(line)))
    found = [text for single in cut for text in (*_each_and_both([*map(bare, single)]), bare(line))]
    return [one for one in dict.fromkeys(found) if one and len(one.split()) <= LONGEST]


def _each_and_both(single: Sequence[str]) -> Iterator[str]:
    yield from single
    yield from (f"{one} {other}" for one, other in pairwise(single))


def among(line: str, others: Sequence[str], chance: random.Random) -> str:
    """The line with a sentence of another before it, after it, or both: nobody says only what breaks a rule."""
    before, after = (bare(one) for one in chance.sample(others, 2))
    where = chance.randrange(3)
    return " ".join([*([before] if where != 1 else []), bare(line), *([after] if where else [])])
