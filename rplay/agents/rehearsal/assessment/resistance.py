"""Judges how the advisor meets a client's resistance: by the advisor's next lines, and by how the client takes them."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from rplay.agents.rehearsal.assessment.choices import gives_figures, offer_in
from rplay.agents.rehearsal.assessment.doubts import doubts_after, says
from rplay.agents.rehearsal.assessment.moves import Moves
from rplay.agents.rehearsal.assessment.record import Record
from rplay.agents.rehearsal.assessment.talk import Talk, Turn
from rplay.agents.rehearsal.reading.detectors import TAKES_UP, alike
from rplay.agents.rehearsal.tables import patterns
from rplay.agents.rehearsal.text import content, plain, words

# The worth of each way to meet a doubt. 1 is the most that can be reached.
_WORTH = {"acknowledges": 0.25, "explores": 0.28, "answers": 0.27, "frees": 0.15, "eases": 0.3}
# The most words with which to answer somebody in a hurry.
_HURRIED = 45
# The most that sympathy and questions are worth if no answer of substance follows.
_UNANSWERED = 0.45
# The share of the worth that remains if the client leaves as doubtful as before.
_PARTED = 0.6
_CURT = 10
_VAGUE = re.compile(r"\bit (?:all |really )?depends\b(?! on)|\bat some point\b|\bi think so\b|\bsomething like that\b")
_WRONGS = ("pressure", "dismiss", "insult", "guarantee", "bias")


def take_resistance(record: Record, talk: Talk) -> None:
    """Record how well doubts were met on the whole, from 0 to 1, and how many there were."""
    met: list[Mapping[str, float]] = []
    for at, turn in enumerate(talk.turns[:-1]):
        if not resists_after(turn):
            continue
        kinds = _met_in_two_lines(talk, at + 1)
        quote = max(talk.turns[at + 1].moves.sentences, key=lambda one: one.open).text
        for kind in kinds:
            record.add(f"doubt_{kind}", quote, 0, at=at + 1)
        met.append(_worths(kinds))
    record.objections = len(met)
    left = (_PARTED if _parts_unconvinced(talk) else 1) / max(1, len(met))
    for kind in _WORTH:
        record.counts[f"doubt_{kind}"] = left * sum(one.get(kind, 0) for one in met)


def _parts_unconvinced(talk: Talk) -> bool:
    # Only replies to the advisor count, not messages that the client adds afterwards.
    answers = [turn.reply for turn in talk.turns if turn.reply]
    last = answers[-1] if answers else ""
    curt = len(words(last)) <= _CURT and (resists(last) or says(last, "refuses"))
    return (curt or says(last, "leaves")) and not says(last, "relief")


def _met_in_two_lines(talk: Talk, at: int) -> frozenset[str]:
    """Return how this line and, after a question, the next one meet a doubt: it may be explored first and answered
    next."""
    kinds = ways_of_meeting(talk, at)
    goes_on = "explores" in kinds and at + 1 < len(talk.turns)
    return kinds | (ways_of_meeting(talk, at + 1) if goes_on else frozenset())


def _worths(kinds: frozenset[str]) -> dict[str, float]:
    """Return the factor by which each way counts. All ways together are worth no more than the maximum."""
    most = 1.0 if "answers" in kinds else _UNANSWERED
    together = sum(_WORTH[kind] for kind in kinds)
    return dict.fromkeys(kinds, min(1.0, most / together) if together else 0.0)


def resists_after(turn: Turn) -> bool:
    refused = says(turn.reply, "refuses") and not turn.moves.questions
    return refused or resists(turn.reply or "") or doubts_after(turn)


@lru_cache(maxsize=2048)
def resists(line: str) -> bool:
    return says(line, "objection") or says(line, "resists")


def ways_of_meeting(talk: Talk, at: int) -> frozenset[str]:
    """Return how this line meets the doubt voiced just before it; nothing if the line does more harm than good."""
    turn = talk.turns[at]
    wrong = turn.moves.does(*_WRONGS) or brushes_off(turn) or evades_price(turn)
    # The client's reaction decides whether words that are usually a fault were one here.
    if turn.again or turn.stuffed or (wrong and not eased(turn)):
        return frozenset()
    kinds = frozenset(_kinds(turn))
    if kinds and eased(turn):
        kinds |= {"eases"}
    return kinds


def _kinds(turn: Turn) -> Iterator[str]:
    moves, offer = turn.moves, offer_in(turn)
    taken_up = bool(content(moves.text) & turn.just) and not turn.parrots
    if (moves.does("empathy", "concede", "reflect") and not is_stock(turn)) or (
        taken_up and not moves.sentences[0].asks
    ):
        yield "acknowledges"
    if moves.questions and (moves.opens or taken_up) and not turn.parrots and len(words(turn.reply or "")) >= 3:
        yield "explores"
    concrete = (
        moves.does("explain", "tradeoff", "humility", "options")
        or offer
        or gives_figures(moves.text)
        or any(
            patterns("moves", "choices")["drawback"].search(plain(one.text)) for one in moves.sentences if not one.asks
        )
    )
    if (
        concrete
        and moves.length >= 12
        and not _VAGUE.search(plain(moves.text))
        and (taken_up or len(turn.echoes) >= 2 or _is_about(turn))
    ):
        yield "answers"
    if moves.does("autonomy", "humility"):
        yield "frees"


def _is_about(turn: Turn) -> bool:
    """Return whether the line is about the client's last words by its meaning, whatever its own words are."""
    told = " ".join(one.text for one in turn.moves.sentences if not one.asks)
    return bool(turn.before) and alike(told, [turn.before]) >= TAKES_UP


def eased(turn: Turn) -> bool:
    """Return whether the client goes along, with relief or by telling more when asked, instead of holding back
    again."""
    reply = turn.reply or ""
    if resists_after(turn) and not says(reply, "relief"):
        return False
    opens_up = bool(turn.moves.questions) and len(words(reply)) >= 5 and not says(reply, "refuses")
    return (says(reply, "relief") or says(reply, "confirms") or opens_up) and not says(reply, "leaves")


def is_stock(turn: Turn) -> bool:
    """Return whether the line is a stock phrase that fits any client, and takes up nothing that this client said."""
    return bool(turn.before) and not turn.listens and shows(turn, "stock")


def shows(turn: Turn, manner: str) -> bool:
    return bool(patterns("moves", "answers")[manner].search(plain(turn.moves.text)))


def brushes_off(turn: Turn) -> bool:
    """Return whether the line contradicts the client at once, or agrees and takes that back in the same breath."""
    first = _first_words(turn.moves)
    manners = patterns("moves", "answers")
    return bool(turn.before) and any(manners[kind].search(first) for kind in ("contradicts", "yes_but"))


def _first_words(moves: Moves) -> str:
    return plain(" ".join(one.text for one in moves.sentences[:2]))


def evades_price(turn: Turn) -> bool:
    """Return whether the client asked for a price or a yield, and the line names no figure."""
    return says(turn.before, "asks_price") and not gives_figures(turn.moves.text) and not turn.moves.does("humility")


def overruns(turn: Turn) -> bool:
    """Return whether the line is long although the client has just said that there is little time."""
    return says(turn.before, "in_a_hurry") and turn.moves.length > _HURRIED and not shows(turn, "paces")


def clings(turn: Turn) -> bool:
    """Return whether the line goes on with the subject after the client has said that time is up."""
    return says(turn.before, "leaves") and (bool(turn.moves.questions) or turn.moves.length > 16)
