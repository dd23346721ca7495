"""What a line of the advisor shows. Behaviour counts, not words.

A question counts when the client answered it, a reflection when it takes up what the client said, a recommendation
when it rests on what was asked before.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from rplay.agents.providers.local.doubts import objects, proposes, says
from rplay.agents.providers.local.language import reading
from rplay.agents.providers.local.moves import Moves
from rplay.agents.providers.local.objections import care_in
from rplay.agents.providers.local.rapport import ignores_worry, worried
from rplay.agents.providers.local.record import Record
from rplay.agents.providers.local.tables import patterns
from rplay.agents.providers.local.talk import Talk, Turn
from rplay.agents.providers.local.text import content, plain, words
from rplay.agents.providers.local.topics import asked

_FAULTS = ("pressure", "guarantee", "dismiss", "bias", "insult", "jargon")
_LONG_SPEECH = 120
_LONG_ANSWER = 14
# Kind of behaviour, the sentence that shows it, and how much it counts.
Sign = tuple[str, str | None, float]


def counts(turn: Turn) -> bool:
    return turn.moves.length >= 3 and not turn.again and not turn.stuffed and reading(turn.moves.text) == "ok"


def signs_of(talk: Talk, at: int, record: Record) -> Iterator[Sign]:
    turn = talk.turns[at]
    following = talk.turns[at + 1] if at + 1 < len(talk.turns) else None
    yield from _asking(turn, following, record)
    yield from _listening(turn)
    yield from _proposing(turn, record)
    yield from _leading(turn, at)
    yield from _failing(turn)


def _asking(turn: Turn, following: Turn | None, record: Record) -> Iterator[Sign]:
    moves = turn.moves
    answered = bool(turn.reply) and len(words(turn.reply or "")) >= 4
    if not moves.questions or not answered:
        return
    record.topics.update(asked(moves), _told(turn.reply or ""))
    built_on = following is not None and (following.listens or following.follows_up)
    if moves.opens or len(words(turn.reply or "")) >= _LONG_ANSWER:
        # What got a long answer was an open question, however it was put.
        quote = next((sentence.text for sentence in moves.sentences if sentence.open), moves.questions[-1].text)
        if quote in record.quotes.get("open", []):
            return  # The same question again brings nothing new.
        yield "open", quote, 1.0 if built_on else 0.6
        if patterns("moves", "forms")["motive"].search(plain(quote)):
            yield "motive", quote, 1.0
    else:
        yield "closed", moves.questions[0].text, 1.0
    if turn.follows_up:
        yield "follow_up", moves.questions[-1].text, 1.0
    if len(moves.questions) > 3:
        yield "interrogates", moves.questions[0].text, 1.0


@lru_cache(maxsize=1024)
def _told(reply: str) -> frozenset[str]:
    """Topics on which the client's answer gives something away."""
    text = plain(reply)
    return frozenset(topic for topic, pattern in patterns("moves", "tells").items() if pattern.search(text))


def _listening(turn: Turn) -> Iterator[Sign]:
    moves = turn.moves
    hurt = worried(turn.before) or says(turn.before, "objection") or says(turn.before, "hardship")
    fitting = bool(turn.before) and (hurt or turn.listens)
    confirmed = says(turn.reply, "confirms") and moves.length >= 8
    if turn.listens or confirmed:
        yield "listens", _best_echo(turn), 1.0
    if moves.does("empathy"):
        yield ("empathy" if fitting else "politeness"), moves.quote("empathy"), 1.0
    elif turn.listens and hurt and not moves.sentences[0].asks and not moves.does(*_FAULTS):
        yield "empathy", moves.sentences[0].text, 0.6
    spelled_out = moves.does("summary") or (confirmed and moves.length >= 15)
    if (len(turn.echoes) >= 3 and spelled_out) or turn.sums_up:
        yield "summary", moves.quote("summary") or _best_echo(turn), 1.0
    if moves.does("explain") and not moves.jargon and 14 <= moves.length <= _LONG_SPEECH:
        yield "explains", moves.quote("explain"), 1.0
    if asks_for_doubts(moves):
        yield "invites", moves.questions[0].text, 1.0
    for mark in ("check", "permission", "autonomy", "humility", "avoid_assumption"):
        if moves.does(mark) and turn.before:
            yield mark, moves.quote(mark), 1.0


def asks_for_doubts(moves: Moves) -> bool:
    return "concerns" in asked(moves) or bool(
        re.search(r"\b(?:questions|holding you back|reservations|what would (?:keep|stop))\b.*\?", plain(moves.text))
    )


def _best_echo(turn: Turn) -> str:
    """The sentence that takes up most of what the client said."""
    return max(turn.moves.sentences, key=lambda sentence: len(content(sentence.text) & turn.heard)).text


def _proposing(turn: Turn, record: Record) -> Iterator[Sign]:
    moves = turn.moves
    if not proposes(moves):
        return
    quote = moves.quote("recommend", "options", "product")
    echoes = len(turn.echoes) + moves.does("tie", "reflect")
    # After so much listening a proposal rests on it, whatever its words are.
    explored = len(record.topics) >= 5 and record.total(("open",)) >= 2.5 and record.total(("listens",)) >= 2
    grounded = len(record.topics) >= 3 and ((bool(turn.echoes) and echoes >= 2) or explored)
    if len(record.topics) < 3:
        yield "premature", quote, 1.0
    else:
        yield ("fits" if grounded else "loose"), quote, 1.0
    if grounded and moves.does("tie"):
        yield "reasoned", moves.quote("tie"), 1.0
    if moves.does("options"):
        yield "options", moves.quote("options"), 1.0
    if moves.does("check") or moves.opens:
        yield "check_after", moves.quote("check") or moves.questions[-1].text, 1.0


def _leading(turn: Turn, at: int) -> Iterator[Sign]:
    moves = turn.moves
    if at < 2 and moves.does("intro", "greeting"):
        yield "opening", moves.quote("intro", "greeting"), 1.0
    if at < 3 and moves.does("agenda"):
        yield "agenda", moves.quote("agenda"), 1.0
    if moves.does("tradeoff"):
        yield "tradeoff", moves.quote("tradeoff"), 1.0
    if moves.does("time"):
        yield "time", moves.quote("time"), 1.0
    if at >= 3:
        if moves.does("next_step"):
            yield "next_step", moves.quote("next_step"), 1.0
            if moves.does("dated"):
                yield "dated", moves.quote("dated"), 1.0
        if moves.does("goodbye") or (moves.does("next_step") and moves.does("dated")):
            yield "closing", moves.quote("goodbye", "dated"), 1.0


def _failing(turn: Turn) -> Iterator[Sign]:
    for fault in _FAULTS:
        if turn.moves.does(fault) and not (fault == "jargon" and _knows_the_terms(turn)):
            yield fault, _worst(turn.moves, fault), 1.0
    if turn.moves.length > _LONG_SPEECH:
        yield "monologue", turn.moves.sentences[0].text, 1.0
    if ignores_worry(turn) or (objects(turn.before) and not care_in(turn)):
        yield "ignores", turn.moves.sentences[0].text, 1.0


def _worst(moves: Moves, fault: str) -> str:
    """The sentence at fault."""
    terms = moves.jargon if fault == "jargon" else ()
    with_term = (one.text for one in moves.sentences if any(term in plain(one.text) for term in terms))
    return next(with_term, moves.quote(fault) or moves.sentences[0].text)


def _knows_the_terms(turn: Turn) -> bool:
    """The client has used these terms before."""
    return all(content(term) <= turn.heard for term in turn.moves.jargon)
