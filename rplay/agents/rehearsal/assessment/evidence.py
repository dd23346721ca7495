"""Collects what the advisor did in a talk, as evidence with quotes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rplay.agents.broken_rules import proves
from rplay.agents.rehearsal.assessment.exchanges import quality, went_well
from rplay.agents.rehearsal.assessment.moves import read
from rplay.agents.rehearsal.assessment.record import Record
from rplay.agents.rehearsal.assessment.resistance import take_resistance
from rplay.agents.rehearsal.assessment.signs import DOUBTFUL, FAULTS, Sign, counts, signs_of
from rplay.agents.rehearsal.assessment.talk import MOST, Talk, talk_of
from rplay.agents.rehearsal.assessment.tampering import without_tampering
from rplay.agents.rehearsal.reading.compliance import LIKELY, breaches, hints, seems
from rplay.agents.rehearsal.reading.language import language
from rplay.agents.rehearsal.text import words
from rplay.agents.types import Message
from rplay.agents.wording import spoken

# An answer that tells something counts as this many topics.
_A_TOPIC = 0.7
# _TOLD: a client's line with this many words tells something. _ENOUGH: it takes this many such lines to judge whether
# the advisor listens. _TAKEN_UP: an advisor who listens takes up at least this share of them.
_TOLD, _ENOUGH, _TAKEN_UP = 5, 6, 0.2
# If the exchanges have this quality, the advisor is not deaf, whatever words the lines take up.
_AT_LEAST = 0.5
# Faults that are recognised by words or by the form of sentences.
_BY_WORDS = DOUBTFUL | {"dismiss", "bias", "jargon", "brushes", "popular", "interrogates"}


@dataclass(frozen=True)
class Evidence:
    """What a talk shows. `lines` holds the number of each of the advisor's lines in the talk."""

    talk: Talk
    lines: tuple[int, ...]
    record: Record


@dataclass(frozen=True)
class Broken:
    """A line of the advisor that breaks a rule, and the words that prove it."""

    line: str
    quote: str

    @property
    def kinds(self) -> list[str]:
        """ "breach" and the other faults of the line."""
        return ["breach", *(fault for fault in FAULTS if read(self.line).does(fault))]


def gather(messages: Sequence[Message], *, whole: bool = True) -> Evidence:
    """Return what a talk shows without lines that are not meant for the client; unless these are left out `whole`,
    without the sentences of them that show it."""
    record = Record()
    said = spoken(messages)
    kept, tampered = without_tampering(said, whole=whole)
    record.said, record.seems_broken = _seem_broken(kept)
    kept, broken = without_breaches(kept)
    talk = talk_of(kept)
    for _ in tampered:
        record.add("tampering", None)
    for one in broken:
        for kind in one.kinds:
            record.add(kind, one.quote)
    for at in range(len(talk.turns)):
        take(talk, at, record)
    _whole_talk(record, talk)
    return Evidence(talk, tuple(_numbers(talk, said)), record)


def _seem_broken(messages: Sequence[Message]) -> tuple[int, float]:
    """Return how many lines the advisor said, and how many of them seem to break a rule."""
    said = [message["content"] for message in messages if message["role"] == "user"]
    return len(said), sum(map(seems, said))


def _numbers(talk: Talk, said: Sequence[Message]) -> Iterator[int]:
    """Yield the number of each of the advisor's lines among all messages, from 1. Lines that were left out are
    skipped."""
    at = max(0, len(said) - MOST)
    for turn in talk.turns:
        first = turn.moves.sentences[0].text if turn.moves.sentences else ""
        while at < len(said) and not (said[at]["role"] == "user" and first in said[at]["content"]):
            at += 1
        at += 1
        yield min(at, len(said))


def take(talk: Talk, at: int, record: Record) -> list[str]:
    """Record what one line shows, and return the kinds of it."""
    turn = talk.turns[at]
    if not counts(turn):
        found: list[Sign] = [("repeats", turn.moves.text, 1.0)] if turn.again else []
    else:
        record.turns += 1
        record.advisor_words += turn.moves.length
        found = list(signs_of(talk, at, record))
    if went_well(turn):
        # The exchange went well, so words that are usually a fault were none here.
        found = [one for one in found if one[0] not in _BY_WORDS]
    for kind, quote, worth in found:
        record.add(kind, quote, worth, at=at)
    return [kind for kind, _, _ in found]


def _whole_talk(record: Record, talk: Talk) -> None:
    """Record what only the talk as a whole shows."""
    record.client_words = sum(len(words(turn.reply or "")) for turn in talk.turns)
    # the number of topics by name, or the answers that told something which no list of topics foresees
    record.counts["breadth"] = max(len(record.topics), _A_TOPIC * record.counts.get("learns", 0))
    if (
        record.turns >= 3
        and record.client_words * 3 >= record.advisor_words
        and record.advisor_words <= 60 * record.turns
    ):
        record.counts["balance"] = 1
    if record.total(("fits", "loose")) and not record.counts.get("premature"):
        record.counts["order"] = 1
    if not is_foreign_talk(talk):
        record.quality = quality(talk.turns)
    if _is_deaf(talk) and (record.quality or 0) < _AT_LEAST:
        record.counts["deaf"] = 1
    take_resistance(record, talk)


def is_foreign_talk(talk: Talk) -> bool:
    spoken = [language(turn.moves.text) for turn in talk.turns]
    return sum(one != "en" for one in spoken) * 2 > len(spoken)


def _is_deaf(talk: Talk) -> bool:
    """Return whether the advisor hardly ever takes up what the client has just told.

    In 41 good talks at least 0.23 of the lines took something up, also in speech without punctuation; scripts that
    ignore the client reached 0.17 at most.
    """
    told = [turn for turn in talk.turns if len(words(turn.before)) >= _TOLD]
    taken_up = sum(turn.listens or turn.follows_up for turn in told)
    return len(told) >= _ENOUGH and taken_up < _TAKEN_UP * len(told)


def without_breaches(messages: Sequence[Message]) -> tuple[list[Message], list[Broken]]:
    """Return the talk without lines that break or may break a rule, and the lines that certainly break one.

    The client's answer to such a line is left out too, so that nothing else in the line earns credit, nor a breach
    that is hardly heard.
    """
    kept: list[Message] = []
    broken: list[Broken] = []
    skipping = False
    for at, message in enumerate(messages):
        if message["role"] == "user":
            found = [one for one in breaches(message["content"]) if one.confidence >= LIKELY]
            reply = messages[at + 1]["content"] if at + 1 < len(messages) else ""
            before = messages[at - 1]["content"] if at else ""
            proved = (one for one in found if proves(one, before, message["content"], reply))
            broken += [Broken(message["content"], one.quote) for one in proved][:1]
            skipping = bool(found) or hints(message["content"])
        if not skipping:
            kept.append(message)
        skipping = skipping and message["role"] == "user"
    return kept, broken
