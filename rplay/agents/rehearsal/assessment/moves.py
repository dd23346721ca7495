"""What the advisor does in one line: asks, listens, explains, presses."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rplay.agents.rehearsal.reading import forms
from rplay.agents.rehearsal.reading.text import clauses
from rplay.agents.rehearsal.tables import any_of, patterns, table
from rplay.agents.rehearsal.text import plain, sentences, words

# Faults that a "not" reverses: "I can't guarantee anything" presses nobody.
_NEGATABLE = frozenset({"guarantee", "pressure"})
# Only this many characters of a sentence are matched: some expressions look ahead, so their time grows with the square
# of the length.
_LONGEST = 500
# _SAID_AT_ONCE: unpunctuated speech up to this many words is one sentence. _SHORTEST: a statement is split off only
# after this many words.
_SAID_AT_ONCE, _SHORTEST = 4, 5
_MARKS = re.compile(r"[.?!,;:](?!\d)")  # punctuation, except inside a figure


def _set(line: str) -> frozenset[str]:
    return frozenset(line.split())


# _BEGIN starts a statement, _ASK a question. After a word of _LEAD nothing new begins.
_BEGIN = _set("i'd i'll i'm i've you'll that's it's there's here's let's we'll we'd they'd")
_LEAD = _set(
    "and if that what when so but which who how where because than as or think know say sure while before"
    " then until maybe for to of with is was the a like though since why tell see after"
)
_ASK = _set("what how when where who why which what's how's who's")
_TURNED = _set("do does did are were would")
_HELP = _set("do does did is are was were would will can could should have has had")
_AFTER_ASK = _HELP | _set("much many long old about else kind made if happens happened")
_WHOM = _set("you they he she we i there your it anyone anybody anything this")
_THE = _set("the that these those my his her our their")
# _JOINTS and _GO_ON: words that join a new clause, and words that continue one. _WHO: subjects of a new statement.
# After a word of _HOLDS_ON none of them begins one.
_JOINTS, _GO_ON = _set("or but so"), _set("much many far long that as if not even else")
_WHO, _WHO_OR_WHOM = _set("i we they he she"), _set("you it there")
_DOES = _HELP | _set(
    "may might should won't don't doesn't didn't can't couldn't isn't wasn't pay pays cost costs take"
    " takes get gets give gives keep keeps lose loses leave leaves need want own owe put go goes mean"
    " means come comes start starts fell falls works grows covers ends"
)
_HOLDS_ON = _LEAD | _set(
    "need hope guess feel wish mean sure glad only all whatever whenever wherever whom everything"
    " anything nothing something thing things way time times year years money amount than about by from at"
    " in on into over do does did are were was is have has had can could will would should may might must"
    " don't didn't isn't that's does make makes let give gave against because though although until unless"
    " while gives tell told ask asked show helps help or but so"
)
_COUNTED, _DONE = (
    _set("one two three four first second third"),
    _set(
        "keep sell stay hand wait leave put buy pay switch join rent do go take start clear skip split turn"
        " use give set move add hold ask work consult spend is are the a you we"
    ),
)
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
    """What was read from one line of the advisor."""

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
        """Return the first sentence with one of these marks, word for word; the last sentence if only the whole line
        has it."""
        shown = (sentence.text for sentence in self.sentences if not sentence.marks.isdisjoint(marks))
        return next(shown, self.sentences[-1].text if self.does(*marks) else None)


@lru_cache(maxsize=1024)
def read(line: str) -> Moves:
    said = tuple(_sentence(piece, heard=heard) for piece, heard in _pieces(line))
    marks = frozenset().union(*(sentence.marks for sentence in said))
    marks |= {"options"} if patterns("moves", "marks")["options"].search(plain(line)[: 2 * _LONGEST]) else set()
    marks |= {"check"} if _ends_with_short_question(said) else set()
    unexplained = () if "explain" in marks else tuple(dict.fromkeys(_JARGON.findall(plain(line))))
    if unexplained:
        marks |= {"jargon"}
    return Moves(line, said, marks, unexplained, len(words(line)))


def only_heard(moves: Moves) -> bool:
    """Return whether the line is transcribed speech without punctuation."""
    return moves.length > _SAID_AT_ONCE and not _MARKS.search(moves.text)


def _pieces(line: str) -> Iterator[tuple[str, bool]]:
    """Yield the sentences, each with whether it comes from unpunctuated speech.

    Such speech is split where a new statement or question begins.
    """
    for one in sentences(line):
        if len(one.split()) <= _SAID_AT_ONCE or _MARKS.search(one):
            yield one, False
        else:
            yield from ((piece, True) for clause in clauses(one) for piece in _statements(clause))


def _statements(clause: str) -> Iterator[str]:
    spoken = clause.split()
    start = 0
    for at in range(1, len(spoken)):
        if _new_question(spoken, at) or (at - start >= _SHORTEST and _new_statement(spoken, at)):
            yield " ".join(spoken[start:at])
            start = at
    yield " ".join(spoken[start:])


def _new_question(spoken: Sequence[str], at: int) -> bool:
    word, before, after = spoken[at], spoken[at - 1], spoken[at + 1] if at + 1 < len(spoken) else ""
    if word in _ASK and after in _TURNED and " ".join(spoken[at + 2 : at + 3]) in _WHOM | _THE:
        return True  # this word order occurs only in a question
    if word in _ASK:
        return (after in _AFTER_ASK or "'" in word) and before not in _LEAD
    if at > 1 and spoken[at - 2] in _ASK:
        return False  # the asking word goes on, as in `how bad is it`
    return word in _HELP and after in _WHOM and before not in _ASK | _AFTER_ASK and before not in _WHOM


def _new_statement(spoken: Sequence[str], at: int) -> bool:
    word, before, after = spoken[at], spoken[at - 1], spoken[at + 1] if at + 1 < len(spoken) else ""
    if word in _JOINTS:
        return after not in _GO_ON and len(spoken) - at > _SAID_AT_ONCE
    if word in _COUNTED:
        return after in _DONE and before not in _HOLDS_ON
    return (word in _BEGIN and before not in _LEAD) or (
        before not in _HOLDS_ON and (word in _WHO or (word in _WHO_OR_WHOM and after in _DOES))
    )


def _ends_with_short_question(said: tuple[Sentence, ...]) -> bool:
    """Return whether a short question ends the line, such as `Anything out of place?`, which asks for a reaction to the
    rest."""
    told = sum(len(words(sentence.text)) for sentence in said if not sentence.asks)
    return bool(said) and said[-1].asks and not said[-1].open and len(words(said[-1].text)) <= 7 and told >= 16


def _sentence(piece: str, *, heard: bool = False) -> Sentence:
    text = plain(piece)[:_LONGEST]
    marks = {mark for mark, pattern in patterns("moves", "marks").items() if pattern.search(text)}
    marks |= {fault for fault, pattern in patterns("moves", "faults").items() if _at_fault(fault, pattern, text)}
    marks |= {mark for mark, pattern in patterns("moves", "role").items() if pattern.search(text)}
    asks = is_question(text) or (heard and forms.asks(piece))
    return Sentence(piece, frozenset(marks), asks, asks and is_open(text))


def _at_fault(fault: str, pattern: re.Pattern[str], text: str) -> bool:
    hits = list(pattern.finditer(text))
    if fault in _NEGATABLE:
        hits = [hit for hit in hits if not _form("negation").search(text[: hit.start()])]
    return bool(hits)


def is_question(text: str) -> bool:
    body = _form("filler").sub("", text.rstrip("\"') "))
    if not body.endswith("?") and _form("exclaims").search(body):
        return False
    return body.endswith("?") or bool(_form("asks").search(body)) or bool(_form("wishes").search(body))


def is_open(text: str) -> bool:
    body = _form("filler").sub("", text)
    return bool(_form("open").search(body)) and not _form("narrow").search(body)
