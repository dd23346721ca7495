"""What an advisor did in a talk, as evidence with quotes.

Behaviour counts, not words: a question counts when the client answered it, a reflection when it takes up what the
client said, a recommendation when it rests on what was asked before.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rplay.agents.providers.local.language import reading
from rplay.agents.providers.local.moves import Moves, read
from rplay.agents.providers.local.objections import care_in
from rplay.agents.providers.local.rapport import ignores_worry, worried
from rplay.agents.providers.local.tables import patterns
from rplay.agents.providers.local.talk import MOST, Talk, Turn, talk_of
from rplay.agents.providers.local.text import content, plain, sentences, words
from rplay.agents.providers.local.topics import asked
from rplay.agents.types import Message

_FAULTS = ("pressure", "guarantee", "dismiss", "bias", "insult", "jargon")
_LONG_SPEECH = 120
_LONG_ANSWER = 14
# Kind of behaviour, the sentence that shows it, and how much it counts.
Sign = tuple[str, str | None, float]


@dataclass
class Record:
    """Counts of each kind of behaviour with the sentences that show it; `turns` are those that count."""

    turns: int = 0
    counts: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    quotes: dict[str, list[str]] = field(default_factory=dict)
    topics: set[str] = field(default_factory=set)
    objections: int = 0
    advisor_words: int = 0

    def add(self, kind: str, quote: str | None, worth: float = 1.0) -> None:
        self.counts[kind] += worth
        if quote and quote not in self.quotes.setdefault(kind, []):
            self.quotes[kind].append(quote)

    def total(self, kinds: Sequence[str]) -> float:
        return sum(self.counts.get(kind, 0.0) for kind in kinds)


def gather(messages: Sequence[Message]) -> Record:
    """The evidence of a whole talk."""
    record = Record()
    kept, tampered = without_tampering(messages)
    talk = talk_of(kept)
    for _ in tampered:
        record.add("tampering", None)
    for at in range(len(talk.turns)):
        take(talk, at, record)
    _whole_talk(record, talk)
    return record


def take(talk: Talk, at: int, record: Record) -> list[str]:
    """Adds what one line shows; gives the kinds."""
    turn = talk.turns[at]
    if not _counts(turn):
        found: list[Sign] = [("repeats", turn.moves.text, 1.0)] if turn.again else []
    else:
        record.turns += 1
        record.advisor_words += turn.moves.length
        found = list(_signs(talk, at, record))
    for kind, quote, worth in found:
        record.add(kind, quote, worth)
    return [kind for kind, _, _ in found]


def _whole_talk(record: Record, talk: Talk) -> None:
    """What can be said of the talk as a whole only."""
    client_words = sum(len(words(line)) for line in talk.client)
    record.counts["breadth"] = len(record.topics)
    if record.turns >= 3 and client_words * 2.2 >= record.advisor_words and record.advisor_words <= 60 * record.turns:
        record.counts["balance"] = 1
    if record.total(("fits", "loose")) and not record.counts.get("premature"):
        record.counts["order"] = 1
    _doubts_and_answers(record, talk)


def without_tampering(messages: Sequence[Message]) -> tuple[list[Message], list[str]]:
    """The talk without the sentences that speak to the reviewer or to a machine, and those of the advisor."""
    kept: list[Message] = []
    tampered: list[str] = []
    skipping = False
    for message in messages[-MOST:]:
        text = str(message.get("content") or "")
        clean = [piece for piece in sentences(text) if not read(piece).does("to_reviewer", "attack")]
        if message["role"] == "user":
            tampered += [piece for piece in sentences(text) if piece not in clean]
            skipping = bool(text.strip()) and not clean
        # What the client says to a line that is no part of the talk is none either.
        if clean and not (skipping and message["role"] == "assistant"):
            kept.append({"role": message["role"], "content": "\n".join(clean)})
    return kept, tampered


def objects(line: str) -> bool:
    return _says(line, "objection")


def _says(line: str | None, kind: str) -> bool:
    """Whether the client's line is of this kind: an objection, relief, a hardship, a confirmation."""
    return bool(line) and bool(patterns("moves", "client")[kind].search(plain(line or "")))


def _counts(turn: Turn) -> bool:
    return turn.moves.length >= 3 and not turn.again and not turn.stuffed and reading(turn.moves.text) == "ok"


def _signs(talk: Talk, at: int, record: Record) -> Iterator[Sign]:
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


def _told(reply: str) -> set[str]:
    """Topics on which the client's answer gives something away."""
    text = plain(reply)
    return {topic for topic, pattern in patterns("moves", "tells").items() if pattern.search(text)}


def proposes(moves: Moves) -> bool:
    """Offers a solution, with or without the word `recommend`."""
    told = [sentence for sentence in moves.sentences if not sentence.asks]
    marks = frozenset().union(*(sentence.marks for sentence in told))
    return (
        "recommend" in marks
        or ("product" in marks and len(marks & {"options", "tradeoff", "explain"}) >= 2)
        or ("recommend" in moves.marks and moves.does("product"))
    )


def _listening(turn: Turn) -> Iterator[Sign]:
    moves = turn.moves
    hurt = worried(turn.before) or _says(turn.before, "objection") or _says(turn.before, "hardship")
    fitting = bool(turn.before) and (hurt or turn.listens)
    confirmed = _says(turn.reply, "confirms") and moves.length >= 8
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
            yield fault, turn.moves.quote(fault) or turn.moves.sentences[0].text, 1.0
    if turn.moves.length > _LONG_SPEECH:
        yield "monologue", turn.moves.sentences[0].text, 1.0
    if ignores_worry(turn) or (objects(turn.before) and not care_in(turn)):
        yield "ignores", turn.moves.sentences[0].text, 1.0


def _knows_the_terms(turn: Turn) -> bool:
    """The client has used these terms before."""
    return all(content(term) <= turn.heard for term in turn.moves.jargon)


_CARE = {"acknowledges": 0.28, "asks": 0.28, "answers": 0.28, "checks": 0.1, "resolved": 0.16, "pressed": 0.0}


def _doubts_and_answers(record: Record, talk: Talk) -> None:
    """How well doubts were dealt with on the whole, 0 to 1, and how many there were."""
    doubts = [at for at, turn in enumerate(talk.turns) if _doubts(turn)]
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
    if not at or not _doubts(talk.turns[at - 1]):
        return []
    turn = talk.turns[at]
    kinds = sorted(care_in(turn))
    return [*kinds, "resolved"] if kinds and _says(turn.reply, "relief") else kinds


def _doubts(turn: Turn) -> bool:
    """The client objects in its answer to this line, or meets a proposal with reserve."""
    if not turn.reply:
        return False
    reserved = _says(turn.reply, "doubt") and not _says(turn.reply, "relief")
    return objects(turn.reply) or (proposes(turn.moves) and reserved)


def _care_for(talk: Talk, at: int) -> frozenset[str]:
    """What was done about the doubt in the client's answer to this line, in the next two lines."""
    care: set[str] = set()
    for turn in talk.turns[at + 1 : at + 3]:
        if turn.moves.does("pressure", "dismiss", "insult", "guarantee"):
            return frozenset({"pressed"})
        care |= care_in(turn)
        if care and _says(turn.reply, "relief"):
            care.add("resolved")
        if _doubts(turn):
            break
    return frozenset(care)
