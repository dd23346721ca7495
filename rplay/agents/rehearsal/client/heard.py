"""What an advisor's line says beside its questions about the client's life, found by its words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.tables import pattern, table
from rplay.agents.rehearsal.client.words import bare
from rplay.agents.rehearsal.reading import forms
from rplay.agents.rehearsal.reading.types import Sentence

_FOR_NO_FACT = frozenset({"opinion", "permission", "check"})


@dataclass(frozen=True, slots=True)
class Heard:
    """A statement of `texts/heard.toml` with the sentence it stands in; `groups` are the words it names."""

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
    """What the line says, in the order of the table."""
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


def wants_no_fact(sentence: Sentence) -> bool:
    """Whether a question is one for leave, opinion or understanding, and not about the client's life; what has not
    the form of a question asks nothing where it is known what else it does."""
    if sentence.asks in _FOR_NO_FACT:
        return True
    told = "?" not in sentence.text and not forms.asks(sentence.text)
    told = told and (not forms.tagged(sentence.text) or bare(sentence.text).endswith(" no"))
    return any(told or one.entry.get("asks") for one in _in(sentence)) or (told and names_feeling(sentence.text))


def names_feeling(text: str) -> bool:
    return any(pattern(one["match"]).search(bare(text)) for one in table("feelings")["feelings"].values())


def asks_of_life(moment: Moment, planned: bool = False) -> bool:
    """Whether the line asks something that only the client's life, story or imagination can answer.

    `planned`: it names a time to meet, and what it asks beside that is whether the time fits.
    """
    return any(not (wants_no_fact(one) or (planned and _of_time(one))) for one in moment.turn.asked)


_TIMES = frozenset({"meeting", "work", "self", "decision", "lately"})


def _of_time(sentence: Sentence) -> bool:
    return sentence.target is None or sentence.target.kind in _TIMES
