"""The client's doubts about what is proposed, and how the advisor dealt with them."""

from functools import lru_cache

from rplay.agents.providers.local.moves import Moves
from rplay.agents.providers.local.objections import care_in
from rplay.agents.providers.local.record import Record
from rplay.agents.providers.local.tables import patterns
from rplay.agents.providers.local.talk import Talk, Turn
from rplay.agents.providers.local.text import plain

# What each way of caring for a doubt is worth, 1 being all that can be done.
_CARE = {"acknowledges": 0.28, "asks": 0.28, "answers": 0.28, "checks": 0.1, "resolved": 0.16, "pressed": 0.0}


def objects(line: str) -> bool:
    return says(line, "objection")


@lru_cache(maxsize=4096)
def says(line: str | None, kind: str) -> bool:
    """Whether the client's line is of this kind: an objection, relief, a hardship, a confirmation."""
    return bool(line) and bool(patterns("moves", "client")[kind].search(plain(line or "")))


def proposes(moves: Moves) -> bool:
    """Offers a solution, with or without the word `recommend`."""
    told = [sentence for sentence in moves.sentences if not sentence.asks]
    marks = frozenset().union(*(sentence.marks for sentence in told))
    return (
        "recommend" in marks
        or ("product" in marks and len(marks & {"options", "tradeoff", "explain"}) >= 2)
        or ("recommend" in moves.marks and moves.does("product"))
    )


def take_doubts(record: Record, talk: Talk) -> None:
    """How well doubts were dealt with on the whole, 0 to 1, and how many there were."""
    doubts = [at for at, turn in enumerate(talk.turns) if doubts_after(turn)]
    care = [_care_for(talk, at) for at in doubts]
    record.objections = len(doubts)
    record.counts["handled"] = sum(min(1.0, sum(_CARE[kind] for kind in kinds)) for kinds in care) / max(1, len(care))
    answers = [
        talk.turns[at + 1].moves
        for at, kinds in zip(doubts, care, strict=True)
        if len(kinds) > 1 and "pressed" not in kinds
    ]
    record.quotes["handled"] = [max(moves.sentences, key=lambda one: one.open).text for moves in answers]


def care_for_doubt(talk: Talk, at: int) -> list[str]:
    """Ways in which this line answers a doubt that the client has voiced just before."""
    if not at or not doubts_after(talk.turns[at - 1]):
        return []
    turn = talk.turns[at]
    kinds = sorted(care_in(turn))
    return [*kinds, "resolved"] if kinds and says(turn.reply, "relief") else kinds


def doubts_after(turn: Turn) -> bool:
    """The client objects in its answer to this line, or meets a proposal with reserve."""
    if not turn.reply:
        return False
    reserved = says(turn.reply, "doubt") and not says(turn.reply, "relief")
    return objects(turn.reply) or (proposes(turn.moves) and reserved)


def _care_for(talk: Talk, at: int) -> frozenset[str]:
    """What was done about the doubt in the client's answer to this line, in the next two lines."""
    care: set[str] = set()
    for turn in talk.turns[at + 1 : at + 3]:
        if turn.moves.does("pressure", "dismiss", "insult", "guarantee"):
            return frozenset({"pressed"})
        care |= care_in(turn)
        if care and says(turn.reply, "relief"):
            care.add("resolved")
        if doubts_after(turn):
            break
    return frozenset(care)
