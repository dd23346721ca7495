"""Recognises by its words what an advisor's line says besides questions about the client's life."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rplay.agents.rehearsal.client.echo import offers
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.tables import pattern, table
from rplay.agents.rehearsal.client.turns import offers_two
from rplay.agents.rehearsal.client.words import bare
from rplay.agents.rehearsal.reading import acts, forms
from rplay.agents.rehearsal.reading.types import Sentence

_FOR_NO_FACT = frozenset({"opinion", "permission", "check"})


@dataclass(frozen=True, slots=True)
class Heard:
    """An entry of `texts/heard.toml` that a sentence of the line matches. `groups` are the named parts of the match."""

    name: str
    sentence: Sentence
    groups: Mapping[str, str]

    @property
    def entry(self) -> Mapping[str, Any]:
        return entry(self.name)


def entry(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = table("heard")[name]
    return found


def heard(moment: Moment) -> Sequence[Heard]:
    """Return the entries that the line matches, in the order of the table."""
    return _heard(moment.reading.sentences)


@lru_cache(maxsize=1024)
def _heard(sentences: Sequence[Sentence]) -> Sequence[Heard]:
    order = list(table("heard"))
    found = [one for sentence in sentences for one in _in(sentence)]
    return tuple(sorted(found, key=lambda one: order.index(one.name)))


def _in(sentence: Sentence) -> Iterator[Heard]:
    text = bare(sentence.text)
    marked = f"{text}?" if sentence.text.rstrip("\"')* ").endswith("?") else text
    for name, known in table("heard").items():
        if hit := pattern(known["match"]).search(text) or pattern(known["match"]).search(marked):
            groups = {key: value for key, value in hit.groupdict().items() if value}
            yield Heard(name, sentence, groups)


def says(moment: Moment, *statements: str) -> bool:
    return any(one.name in statements for one in heard(moment))


def wants_no_fact(sentence: Sentence) -> bool:
    """Return whether a sentence asks for permission, opinion or understanding, and not about the client's life.

    A sentence without the form of a question asks nothing if it clearly does something else.
    """
    if sentence.asks in _FOR_NO_FACT:
        return True
    if sentence.asks == "follow" or _surely_of_life(sentence):
        return False
    lets = bare(sentence.text).startswith("let me ")
    flat = sentence.asks in ("detail", "life") and offers_two(sentence.text)
    told = "?" not in sentence.text and (lets or not forms.asks(sentence.text)) and not flat
    told = told and (not forms.tagged(sentence.text) or bare(sentence.text).endswith(" no"))
    if told and (
        names_feeling(sentence.text) or (acts.ruled(sentence.text) & _TELLS and len(sentence.text.split()) > 5)
    ):
        return True
    if told and (_PRICE.search(bare(sentence.text)) or offers(sentence.text)):
        return True
    return _puts_up(bare(sentence.text)) or any(told or one.entry.get("asks") for one in _in(sentence))


def _surely_of_life(sentence: Sentence) -> bool:
    """Return whether a question is certainly about the life: `How much risk are you comfortable with?` asks for no
    opinion."""
    kind = sentence.target.kind if sentence.target else "meeting"
    return sentence.asks == "life" and sentence.score >= _SURE and kind not in _TALKED_OF and not offers(sentence.text)


_SURE = 0.55
_TALKED_OF = frozenset({"meeting", "decision", "if", "self"})
_PRICE = re.compile(r"\b(?:would be|comes? to|costs?|it'd be|that's|is|at|run you)\b.{0,25}\b(?:a|per) month\b")
_TELLS = frozenset({"disclose", "propose", "explain", "reassure", "normalise", "empathise", "next_step", "compare"})
_OFFERS = re.compile(
    r"^(?:so |and |okay |maybe |or |well )*(?:what if we|how about|what about (?:we|\w+ing)|why don't we|"
    r"could we|can we|"
    r"should we|shall we|suppose we|how would you feel about)\b"
)


def _puts_up(text: str) -> bool:
    """Return whether a question suggests something to do, or offers a choice of two."""
    return bool(_OFFERS.match(text)) or (" or " in text and bool(pattern(table("offers")["wants_choice"]).search(text)))


def names_feeling(text: str) -> bool:
    return any(pattern(one["match"]).search(bare(text)) for one in table("feelings")["feelings"].values())


def asks_of_life(moment: Moment, planned: bool = False, timed: bool = False) -> bool:
    """Return whether the line asks something that only the client's life, story or imagination can answer.

    With `planned`, questions about the meeting do not count, because the line plans what comes next. With `timed`,
    questions about time do not count, because the line proposes a time and asks whether it fits.
    """
    return any(
        not (wants_no_fact(one) or (planned and _of_meeting(one)) or (timed and _of_time(one)))
        for one in moment.turn.asked
    )


_TIMES = frozenset({"meeting", "work", "self", "decision", "lately"})


def _of_time(sentence: Sentence) -> bool:
    return sentence.target is None or sentence.target.kind in _TIMES


def _of_meeting(sentence: Sentence) -> bool:
    return (
        sentence.target is not None
        and sentence.target.kind == "meeting"
        and sentence.target.aspect in ("next", "contact")
    )
