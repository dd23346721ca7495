"""What an advisor does with one line: asks, listens, explains, presses."""

import re
from dataclasses import dataclass
from functools import lru_cache

from rplay.agents.rehearsal.tables import any_of, patterns, table
from rplay.agents.rehearsal.text import plain, sentences, words

# Faults whose words turn into their opposite behind a "not": nobody is pressed by "I can't guarantee anything".
_NEGATABLE = frozenset({"guarantee", "pressure"})
# What is matched of one sentence: some expressions look ahead, so that their time grows with the square of its length.
_LONGEST = 500
_JARGON = any_of([rf"\b{term}\b" for term in table("moves")["jargon"]["terms"]])


def _form(kind: str) -> re.Pattern[str]:
    return patterns("moves", "forms")[kind]


@dataclass(frozen=True)
class Sentence:
    text: str
    marks: frozenset[str]
    asks: bool = False
    open: bool = False


@dataclass(frozen=True)
class Moves:
    """One advisor line as read."""

    text: str
    sentences: tuple[Sentence, ...]
    marks: frozenset[str]
    jargon: tuple[str, ...]
    length: int

    @property
    def questions(self) -> tuple[Sentence, ...]:
        return tuple(sentence for sentence in self.sentences if sentence.asks)

    @property
    def opens(self) -> bool:
        return any(sentence.open for sentence in self.sentences)

    def does(self, *marks: str) -> bool:
        return not self.marks.isdisjoint(marks)

    def quote(self, *marks: str) -> str | None:
        """The first sentence that carries one of these marks, word for word; the last when only the whole line does."""
        shown = (sentence.text for sentence in self.sentences if not sentence.marks.isdisjoint(marks))
        return next(shown, self.sentences[-1].text if self.does(*marks) else None)


@lru_cache(maxsize=1024)
def read(line: str) -> Moves:
    said = tuple(_sentence(piece) for piece in sentences(line))
    marks = frozenset().union(*(sentence.marks for sentence in said))
    marks |= {"options"} if patterns("moves", "marks")["options"].search(plain(line)[: 2 * _LONGEST]) else set()
    marks |= {"check"} if _ends_with_short_question(said) else set()
    unexplained = () if "explain" in marks else tuple(dict.fromkeys(_JARGON.findall(plain(line))))
    if unexplained:
        marks |= {"jargon"}
    return Moves(line, said, marks, unexplained, len(words(line)))


def _ends_with_short_question(said: tuple[Sentence, ...]) -> bool:
    """`Anything out of place?` after something longer asks for a reaction to it, whatever its words are."""
    told = sum(len(words(sentence.text)) for sentence in said if not sentence.asks)
    return bool(said) and said[-1].asks and not said[-1].open and len(words(said[-1].text)) <= 7 and told >= 16


def _sentence(piece: str) -> Sentence:
    text = plain(piece)[:_LONGEST]
    marks = {mark for mark, pattern in patterns("moves", "marks").items() if pattern.search(text)}
    marks |= {fault for fault, pattern in patterns("moves", "faults").items() if _at_fault(fault, pattern, text)}
    marks |= {mark for mark, pattern in patterns("moves", "role").items() if pattern.search(text)}
    asks = is_question(text)
    return Sentence(piece, frozenset(marks), asks, asks and is_open(text))


def _at_fault(fault: str, pattern: re.Pattern[str], text: str) -> bool:
    hits = list(pattern.finditer(text))
    if fault in _NEGATABLE:
        hits = [hit for hit in hits if not _form("negation").search(text[: hit.start()])]
    return bool(hits)


def is_question(text: str) -> bool:
    """Of plain text: asked with or without a question mark."""
    body = _form("filler").sub("", text.rstrip("\"') "))
    if not body.endswith("?") and _form("exclaims").search(body):
        return False
    return body.endswith("?") or bool(_form("asks").search(body)) or bool(_form("wishes").search(body))


def is_open(text: str) -> bool:
    body = _form("filler").sub("", text)
    return bool(_form("open").search(body)) and not _form("narrow").search(body)
