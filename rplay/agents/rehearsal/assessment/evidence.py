"""What an advisor did in a talk, as evidence with quotes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rplay.agents.broken_rules import proves
from rplay.agents.rehearsal.assessment.exchanges import quality, went_well
from rplay.agents.rehearsal.assessment.language import is_foreign
from rplay.agents.rehearsal.assessment.moves import read
from rplay.agents.rehearsal.assessment.record import Record
from rplay.agents.rehearsal.assessment.resistance import take_resistance
from rplay.agents.rehearsal.assessment.signs import DOUBTFUL, FAULTS, Sign, counts, signs_of
from rplay.agents.rehearsal.assessment.talk import MOST, Talk, talk_of
from rplay.agents.rehearsal.reading.compliance import LIKELY, breaches
from rplay.agents.rehearsal.reading.language import language
from rplay.agents.rehearsal.text import sentences, words
from rplay.agents.types import Message
from rplay.agents.wording import spoken

# What one telling answer is worth, counted in topics.
_A_TOPIC = 0.7
# Words of a line of the client's that tells something; how many such lines show whether the advisor hears them, and
# the least share of them that is taken up.
_TOLD, _ENOUGH, _TAKEN_UP = 5, 6, 0.2
# Exchanges worth so much on the whole are none with somebody who is deaf, whatever words are taken up.
_AT_LEAST = 0.5
# Faults that are known by words or forms of sentences.
_BY_WORDS = DOUBTFUL | {"dismiss", "bias", "jargon", "brushes", "popular", "interrogates"}


@dataclass(frozen=True)
class Evidence:
    """Of a whole talk: its lines, the number of each line of the advisor in it, and what they show."""

    talk: Talk
    lines: tuple[int, ...]
    record: Record


@dataclass(frozen=True)
class Broken:
    """A line of the advisor that breaks a rule, and its words that prove it."""

    line: str
    quote: str

    @property
    def kinds(self) -> list[str]:
        """What it is, besides."""
        return ["breach", *(fault for fault in FAULTS if read(self.line).does(fault))]


def gather(messages: Sequence[Message]) -> Evidence:
    record = Record()
    said = spoken(messages)
    kept, tampered = without_tampering(said)
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


def _numbers(talk: Talk, said: Sequence[Message]) -> Iterator[int]:
    """The number of each of the advisor's lines among all that was said, from 1; lines left out are passed over."""
    at = max(0, len(said) - MOST)
    for turn in talk.turns:
        first = turn.moves.sentences[0].text if turn.moves.sentences else ""
        while at < len(said) and not (said[at]["role"] == "user" and first in said[at]["content"]):
            at += 1
        at += 1
        yield min(at, len(said))


def take(talk: Talk, at: int, record: Record) -> list[str]:
    """Adds what one line shows; gives the kinds."""
    turn = talk.turns[at]
    if not counts(turn):
        found: list[Sign] = [("repeats", turn.moves.text, 1.0)] if turn.again else []
    else:
        record.turns += 1
        record.advisor_words += turn.moves.length
        found = list(signs_of(talk, at, record))
    if went_well(turn):
        # Whether words like these were wrong just here, what came before and after them shows better than a list does.
        found = [one for one in found if one[0] not in _BY_WORDS]
    for kind, quote, worth in found:
        record.add(kind, quote, worth, at=at)
    return [kind for kind, _, _ in found]


def _whole_talk(record: Record, talk: Talk) -> None:
    """What can be said of the talk as a whole only."""
    client_words = sum(len(words(turn.reply or "")) for turn in talk.turns)
    # Topics by name, or as much told on being asked that no list of topics foresees.
    record.counts["breadth"] = max(len(record.topics), _A_TOPIC * record.counts.get("learns", 0))
    if record.turns >= 3 and client_words * 3 >= record.advisor_words and record.advisor_words <= 60 * record.turns:
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
    """Hardly ever takes up what the client has just told. In 41 good talks the least was 0.23 of the lines, also of
    speech without marks; scripts that fit nothing the client says had 0.17 at most."""
    told = [turn for turn in talk.turns if len(words(turn.before)) >= _TOLD]
    taken_up = sum(turn.listens or turn.follows_up for turn in told)
    return len(told) >= _ENOUGH and taken_up < _TAKEN_UP * len(told)


def without_breaches(messages: Sequence[Message]) -> tuple[list[Message], list[Broken]]:
    """The talk without the lines that break a rule of the trade, or seem to, each with the client's answer to it, and
    those that break one beyond doubt: whatever else such a line does, it is no merit."""
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
            skipping = bool(found)
        if not skipping:
            kept.append(message)
        skipping = skipping and message["role"] == "user"
    return kept, broken


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
        # What the client says to a line that is no part of the talk is none either, nor is another language.
        foreign = message["role"] == "assistant" and (skipping or is_foreign(text))
        if clean and not foreign:
            kept.append({"role": message["role"], "content": "\n".join(clean)})
    return kept, tampered
