"""Detects whether the client's line is a doubt about what the advisor proposed."""

from functools import lru_cache

from rplay.agents.rehearsal.assessment.moves import Moves
from rplay.agents.rehearsal.assessment.talk import Turn
from rplay.agents.rehearsal.tables import patterns
from rplay.agents.rehearsal.text import plain


def objects(line: str) -> bool:
    return says(line, "objection")


@lru_cache(maxsize=4096)
def says(line: str | None, kind: str) -> bool:
    """Return whether the client's line is of this kind, such as an objection, relief, a hardship or a confirmation."""
    return bool(line) and bool(patterns("moves", "client")[kind].search(plain(line or "")))


def proposes(moves: Moves) -> bool:
    """Return whether the advisor offers a solution, with or without the word `recommend`."""
    told = [sentence for sentence in moves.sentences if not sentence.asks]
    marks = frozenset().union(*(sentence.marks for sentence in told))
    return (
        "recommend" in marks
        or ("product" in marks and len(marks & {"options", "tradeoff", "explain"}) >= 2)
        or ("recommend" in moves.marks and moves.does("product"))
    )


def doubts_after(turn: Turn) -> bool:
    """Return whether the client's answer to this line is an objection, or a reserved reaction to a proposal."""
    if not turn.reply:
        return False
    reserved = says(turn.reply, "doubt") and not says(turn.reply, "relief")
    return objects(turn.reply) or (proposes(turn.moves) and reserved)
