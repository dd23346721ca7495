"""The signs of behaviour in a line of the advisor. Behaviour counts, not words.

A question counts if the client answered it, a reflection if it takes up what the client said, a recommendation if it is
based on what was asked before.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from rplay.agents.rehearsal.assessment.choices import Offer, offer_in
from rplay.agents.rehearsal.assessment.doubts import objects, proposes, says
from rplay.agents.rehearsal.assessment.language import reading
from rplay.agents.rehearsal.assessment.moves import Moves, only_heard
from rplay.agents.rehearsal.assessment.objections import care_in
from rplay.agents.rehearsal.assessment.rapport import ignores_worry, worried
from rplay.agents.rehearsal.assessment.record import Record
from rplay.agents.rehearsal.assessment.resistance import (
    brushes_off,
    clings,
    eased,
    evades_price,
    is_stock,
    overruns,
    resists,
    resists_after,
    shows,
)
from rplay.agents.rehearsal.assessment.talk import Talk, Turn
from rplay.agents.rehearsal.assessment.topics import asked
from rplay.agents.rehearsal.tables import patterns
from rplay.agents.rehearsal.text import content, plain, words

FAULTS = ("pressure", "guarantee", "dismiss", "bias", "insult", "jargon")
# Signs that were wrong at least once in 41 good talks: they count a little and never accuse the advisor.
DOUBTFUL = frozenset({
    "premature", "stock", "ignores", "loose", "corrected", "evades", "clings", "assumes", "pressure", "monologue",
    "guarantee",
})  # fmt: skip
# The share of a doubtful sign that counts if the client takes no offence.
_UNMINDED = 0.6
# these faults are recognised by the length or form of a line, not by its words
_COUNTED = frozenset({"monologue", "stock"})
_TENTATIVE = ("avoid_assumption", "check", "summary", "humility", "reflect")
_LONG_SPEECH = 120
_LONG_ANSWER = 14
# An answer with this many new important words tells something.
_NEWS = 3
# A sentence with a day in it and no more words than this confirms the day.
_JUST_A_DAY = 4
# The worth of sympathy in words that fit anything, without a question about the client's words.
_HOLLOW = 0.4
# The kind of behaviour, the sentence that shows it, and how much it counts.
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
    minded = resists_after(turn) and not says(turn.reply, "relief")
    for kind, quote, worth in _failing(turn):
        yield kind, quote, worth if minded or kind not in DOUBTFUL - _COUNTED else worth * _UNMINDED


def _asking(turn: Turn, following: Turn | None, record: Record) -> Iterator[Sign]:
    moves = turn.moves
    answered = bool(turn.reply) and len(words(turn.reply or "")) >= 4
    if not moves.questions and only_heard(moves) and answered:
        yield from _asked_by_voice(turn)
    if not moves.questions or not answered:
        return
    topics = asked(moves), _told(turn.reply or "")
    if not record.topics.issuperset({one for each in topics for one in each}):
        yield "breadth", moves.questions[-1].text, 0.0
    record.topics.update(*topics)
    built_on = following is not None and (following.listens or following.follows_up)
    if moves.opens or len(words(turn.reply or "")) >= _LONG_ANSWER:
        # A question with a long answer counts as open, whatever its form.
        quote = next((sentence.text for sentence in moves.sentences if sentence.open), moves.questions[-1].text)
        if quote in record.quotes.get("open", []):
            return  # Asking the same question again counts for nothing.
        yield "open", quote, 1.0 if built_on else 0.6
        if patterns("moves", "forms")["motive"].search(plain(quote)):
            yield "motive", quote, 1.0
    else:
        yield "closed", moves.questions[0].text, 1.0
    if _tells_news(turn) and not resists(turn.reply or ""):
        yield "learns", moves.questions[-1].text, 1.0
    if turn.follows_up:
        yield "follow_up", moves.questions[-1].text, 1.0
    if len(moves.questions) > 3:
        yield "interrogates", moves.questions[0].text, 1.0


def _asked_by_voice(turn: Turn) -> Iterator[Sign]:
    """Yield the signs of a transcribed question, such as `and the practice loan`, which only its answer reveals."""
    if resists(turn.reply or "") or not _tells_news(turn):
        return
    quote, long = turn.moves.sentences[-1].text, len(words(turn.reply or "")) >= _LONG_ANSWER
    yield ("open" if long else "closed"), quote, 0.6
    yield "learns", quote, 1.0
    if turn.listens:
        yield "follow_up", quote, 1.0


def _tells_news(turn: Turn) -> bool:
    return len(content(turn.reply or "") - turn.heard - content(turn.moves.text)) >= _NEWS


@lru_cache(maxsize=1024)
def _told(reply: str) -> frozenset[str]:
    """Return the topics about which the client's answer tells something."""
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
        quote = moves.quote("empathy") or ""
        meant = bool(content(quote) & turn.just) or (turn.listens and moves.opens)
        yield ("empathy" if fitting else "politeness"), quote, 1.0 if meant else _HOLLOW
    elif turn.listens and hurt and not moves.sentences[0].asks and not moves.does(*FAULTS):
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
    return max(turn.moves.sentences, key=lambda sentence: len(content(sentence.text) & turn.heard)).text


def _proposing(turn: Turn, record: Record) -> Iterator[Sign]:
    moves, offer = turn.moves, offer_in(turn)
    laid_out = offer is not None and (offer.ways >= 2 or (offer.ways > 0 and offer.tied))
    # A suggestion how to use the time is no proposal.
    frames = not moves.does("product") and (
        record.turns == 1 or (record.turns == 2 and (moves.does("agenda") or shows(turn, "frame")))
    )
    explored = len(record.topics) >= 3 or record.total(("open", "closed")) >= 3
    if frames or not (proposes(moves) or (laid_out and explored)):
        return
    quote = moves.quote("recommend", "options", "product") or moves.sentences[0].text
    if not explored:
        yield "premature", quote, 1.0
    else:
        yield ("fits" if _grounded(turn, record) else "loose"), quote, 1.0
    if moves.does("tie") and _grounded(turn, record):
        yield "reasoned", moves.quote("tie"), 1.0
    if moves.does("options") or (offer and offer.ways >= 2):
        yield "options", quote, 1.0
    if (moves.does("check") or moves.opens) and eased(turn):
        yield "check_after", moves.quote("check") or moves.questions[-1].text, 1.0
    if offer:
        yield from _weighing(offer, quote)


def _grounded(turn: Turn, record: Record) -> bool:
    offer = offer_in(turn)
    echoes = len(turn.echoes) + turn.moves.does("tie", "reflect")
    # A proposal after this much listening counts as based on it, whatever its words are.
    explored = len(record.topics) >= 5 and record.total(("open",)) >= 2.5 and record.total(("listens",)) >= 2
    return bool(offer and offer.tied) or (bool(turn.echoes) and echoes >= 2) or explored


def _weighing(offer: Offer, quote: str) -> Iterator[Sign]:
    """Yield signs of how well the client can compare what is offered."""
    if offer.prices and offer.drawbacks:
        yield "weighs", quote, 1.0 if offer.ways else 0.5
    if offer.calculated:
        yield "calculates", quote, 1.0


def _leading(turn: Turn, at: int) -> Iterator[Sign]:
    moves = turn.moves
    if at < 2 and moves.does("intro", "greeting"):
        yield "opening", moves.quote("intro", "greeting"), 1.0
    if at < 3 and (moves.does("agenda") or shows(turn, "frame")):
        yield "agenda", moves.quote("agenda") or moves.sentences[0].text, 1.0
    if at < 2 and moves.opens and (moves.does("agenda") or shows(turn, "frame")):
        yield "asks_aim", moves.questions[-1].text, 1.0
    if at >= 2 and shows(turn, "paces"):
        yield "paces", moves.sentences[0].text, 1.0
    if moves.does("tradeoff"):
        yield "tradeoff", moves.quote("tradeoff"), 1.0
    if moves.does("time"):
        yield "time", moves.quote("time"), 1.0
    # A next step counts as agreed if the client does not resist, or names a day or an hour.
    if at >= 3 and (not resists_after(turn) or _names_a_time(turn)):
        step = moves.quote("next_step") or _arranged(moves) or _appointed(turn)
        if step:
            yield "next_step", step, 1.0
            if moves.does("dated"):
                yield "dated", moves.quote("dated"), 1.0
        if moves.does("goodbye") or (step and moves.does("dated")):
            yield "closing", moves.quote("goodbye", "dated"), 1.0


def _arranged(moves: Moves) -> str | None:
    """Return a sentence that names a day for somebody; None if there is none."""
    somebody = re.compile(r"\b(?:i|you|we|she|he|they|both of us)\b")
    dated = (one.text for one in moves.sentences if not one.asks and "dated" in one.marks)
    return next((text for text in dated if somebody.search(plain(text)) or len(words(text)) <= _JUST_A_DAY), None)


def _appointed(turn: Turn) -> str | None:
    """Return the question that proposes a day, to which the client agrees; None if there is none."""
    asked = (one.text for one in turn.moves.questions if not one.open and "dated" in one.marks)
    return next(asked, None) if _names_a_time(turn) or says(turn.reply, "relief") else None


def _names_a_time(turn: Turn) -> bool:
    return says(turn.reply, "names_a_time")


def _failing(turn: Turn) -> Iterator[Sign]:
    for fault in FAULTS:
        if turn.moves.does(fault) and not _excused(turn, fault):
            yield fault, _worst(turn.moves, fault), 1.0
    if resists(turn.before) and brushes_off(turn):
        yield "brushes", turn.moves.sentences[0].text, 1.0
    if evades_price(turn):
        yield "evades", turn.moves.sentences[0].text, 1.0
    if clings(turn) or overruns(turn):
        yield "clings", turn.moves.sentences[0].text, 1.0
    if is_stock(turn):
        yield "stock", turn.moves.sentences[0].text, 1.0
    for fault in ("popular", "assumes"):
        if quote := _said(turn, fault):
            yield fault, quote, 1.0
    if says(turn.reply, "corrects") and not turn.moves.does(*_TENTATIVE) and not _asks_what(turn.moves):
        yield "corrected", turn.moves.sentences[-1].text, 1.0
    if turn.moves.length > _LONG_SPEECH:
        yield "monologue", turn.moves.sentences[0].text, 1.0
    if ignores_worry(turn) or (objects(turn.before) and not care_in(turn)):
        yield "ignores", turn.moves.sentences[0].text, 1.0


def _asks_what(moves: Moves) -> bool:
    return any(re.search(r"\b(?:what|how|when|where|who|which|why)\b", plain(one.text)) for one in moves.questions)


def _excused(turn: Turn, fault: str) -> bool:
    """Return whether the fault is excused: a term that the client also uses, or `no risk` next to the risks of other
    options."""
    offer = offer_in(turn) if fault == "guarantee" else None
    return (fault == "jargon" and _knows_the_terms(turn)) or bool(offer and offer.ways and offer.drawbacks >= 2)


def _said(turn: Turn, manner: str) -> str | None:
    """Return the sentence with this manner; None if there is none."""
    found = (one.text for one in turn.moves.sentences if patterns("moves", "answers")[manner].search(plain(one.text)))
    return next(found, None)


def _worst(moves: Moves, fault: str) -> str:
    terms = moves.jargon if fault == "jargon" else ()
    with_term = (one.text for one in moves.sentences if any(term in plain(one.text) for term in terms))
    return next(with_term, moves.quote(fault) or moves.sentences[0].text)


def _knows_the_terms(turn: Turn) -> bool:
    return all(content(term) <= turn.heard for term in turn.moves.jargon)
