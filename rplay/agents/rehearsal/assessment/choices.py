"""The options that a line offers to the client, with what they cost and where they fall short."""

from dataclasses import dataclass
from functools import lru_cache

from rplay.agents.rehearsal.assessment.moves import Moves
from rplay.agents.rehearsal.assessment.talk import Turn
from rplay.agents.rehearsal.tables import patterns
from rplay.agents.rehearsal.text import content, plain

_SHORTEST = 16
# An offer is tied to this client if it takes up this many of the client's words.
_TIED = 3


@dataclass(frozen=True)
class Offer:
    ways: int
    prices: int
    drawbacks: int
    tied: bool
    calculated: bool


def offer_in(turn: Turn) -> Offer | None:
    """Return how many options, prices and drawbacks this line names; None if it names fewer than two."""
    ways, prices, drawbacks = _laid_out(turn.moves)
    if turn.moves.length < _SHORTEST or ways + bool(prices) + bool(drawbacks) < 2:
        return None
    told = content(" ".join(_statements(turn.moves)))
    figures = {word for word in told if word[0].isdigit()}
    own = figures & turn.heard
    return Offer(ways, prices, drawbacks, len(told & turn.heard) + len(own) >= _TIED, bool(own) and len(figures) >= 2)


@lru_cache(maxsize=1024)
def _laid_out(moves: Moves) -> tuple[int, int, int]:
    told = _statements(moves)
    kinds = patterns("moves", "choices")
    whole = plain(". ".join(told))  # joined by full stops, because transcribed speech has no punctuation
    # The words `or` and `several` imply at least two options.
    ways = 2 * any(kinds[kind].search(whole) for kind in ("several", "either"))
    ways += len({hit.group().strip() for hit in kinds["ways"].finditer(whole)})
    prices = sum(
        any(char.isdigit() for char in one.text) for one in moves.sentences if not one.asks and "dated" not in one.marks
    )
    return ways, prices, sum(bool(kinds["drawback"].search(plain(one))) for one in told)


def _statements(moves: Moves) -> list[str]:
    return [one.text for one in moves.sentences if not one.asks]


def gives_figures(text: str) -> bool:
    return any(char.isdigit() for char in text) or bool(patterns("moves", "choices")["number"].search(plain(text)))
