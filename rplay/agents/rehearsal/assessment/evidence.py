"""What an advisor did in a talk, as evidence with quotes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rplay.agents.assessment.checks import harms
from rplay.agents.rehearsal.assessment.language import is_foreign
from rplay.agents.rehearsal.assessment.moves import read
from rplay.agents.rehearsal.assessment.record import Record
from rplay.agents.rehearsal.assessment.resistance import take_resistance
from rplay.agents.rehearsal.assessment.signs import Sign, counts, signs_of
from rplay.agents.rehearsal.assessment.talk import MOST, Talk, breaks_rule, talk_of
from rplay.agents.rehearsal.text import sentences, words
from rplay.agents.types import Message
from rplay.agents.wording import spoken

# What one telling answer is worth, counted in topics.
_A_TOPIC = 0.7
# Words of a line of the client's that tells something; how many such lines show whether the advisor hears them, and
# the least share of them that is taken up.
_TOLD, _ENOUGH, _TAKEN_UP = 5, 6, 0.2


@dataclass(frozen=True)
class Evidence:
    """Of a whole talk: its lines, the number of each line of the advisor in it, and what they show."""

    talk: Talk
    lines: tuple[int, ...]
    record: Record


def gather(messages: Sequence[Message]) -> Evidence:
    record = Record()
    said = spoken(messages)
    kept, tampered = without_tampering(said)
    talk = talk_of(kept)
    for _ in tampered:
        record.add("tampering", None)
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
    if broken := breaks_rule(turn):
        # What else a line does that breaks a rule is no merit.
        found = [one for one in found if one[0] in harms()] + [("breach", broken, 1.0)]
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
    if _is_deaf(talk):
        record.counts["deaf"] = 1
    take_resistance(record, talk)


def _is_deaf(talk: Talk) -> bool:
    """Hardly ever takes up what the client has just told. In 41 good talks the least was 0.23 of the lines, also of
    speech without marks; scripts that fit nothing the client says had 0.17 at most."""
    told = [turn for turn in talk.turns if len(words(turn.before)) >= _TOLD]
    taken_up = sum(turn.listens or turn.follows_up for turn in told)
    return len(told) >= _ENOUGH and taken_up < _TAKEN_UP * len(told)


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
