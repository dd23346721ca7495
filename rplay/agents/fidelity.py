"""How true a client stayed to its life in a talk, counted by code: the same for models and for the rehearsal.

It counts only what can be proved, so low numbers do not prove that a talk was good. Each line of the advisor takes
about 10 ms of processor, so run this in a thread.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rplay.agents.persona.life import Life, Subject
from rplay.agents.rehearsal.reading import read
from rplay.agents.rehearsal.reading.amounts import amounts
from rplay.agents.rehearsal.text import plain, sentences
from rplay.agents.types import Message
from rplay.agents.wording import spoken

LEAST = 100  # in dollars: smaller sums are small talk and do not count
SHORT = 12  # the most words of a turn that may count as blank
LONG = 4  # the fewest words of a sentence that counts as repeated
_AGE = re.compile(r"\bI(?:['’]m| am) (\d\d)(?=[,.!?;]|$| years old| and\b)")
_PARTNER = re.compile(r"\b[Mm]y (?:wife|husband|partner),? (?:is called |is named )?([A-Z][a-z]+)\b")
_KIDS = re.compile(r"\b(?:have|['’]ve got|got) (one|two|three|four|five|\d) (?:kids?|children)\b")
_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}


@dataclass(frozen=True, slots=True)
class Fidelity:
    """Counts over `turns` turns of the client.

    `early`: facts told before the advisor asked for them or unlocked them. `contradictions`: ages, sums, years, names
    and counts that differ from the life. `blanks`: turns that say nothing. `repeats`: turns with a sentence that was
    said before.
    """

    turns: int = 0
    early: int = 0
    contradictions: int = 0
    blanks: int = 0
    repeats: int = 0


def measured(life: Life, messages: Sequence[Message]) -> Fidelity:
    said = spoken(messages)
    turns = [at for at, one in enumerate(said) if one["role"] == "assistant"]
    return Fidelity(
        turns=len(turns),
        early=sum(1 for _ in _early(life, said)),
        contradictions=sum(_contradictions(life, said, at) for at in turns),
        blanks=sum(_blank(life, said[at]["content"]) for at in turns),
        repeats=_repeats([said[at]["content"] for at in turns]),
    )


def _early(life: Life, said: Sequence[Message]) -> Iterator[Subject]:
    """Yield each subject that the client should have kept back but told before the advisor named it or asked
    about it."""
    kept = [one for one in life.subjects if one.reserve]
    asked: set[str] = set()
    heard = ""
    for at, message in enumerate(said):
        if message["role"] == "user":
            asked |= {target.kind for target in read(message["content"], said[:at], life).asks}
            heard += " " + plain(message["content"])
        elif message["role"] == "assistant":
            told = [one for one in kept if _tells(one, message["content"])]
            yield from (one for one in told if one.reserve == 2 or one.kind not in asked if not _named(one, heard))
            kept = [one for one in kept if one not in told]


def _tells(subject: Subject, line: str) -> bool:
    """Return whether this line tells the subject: one of its sentences if it is hidden, else its sum."""
    if subject.reserve == 2:
        return any(plain(text) in plain(line) for texts in subject.says.values() for text in texts)
    figure = subject.figures.get("what")
    if figure is None or figure.value < LEAST:
        return False
    return figure.value in {one.value for one in amounts(line)}


def kept_back(life: Life, messages: Sequence[Message]) -> list[Subject]:
    """Return the hidden subjects that the client did not tell in this talk, neither in the life's words nor by name."""
    told = [one["content"] for one in spoken(messages) if one["role"] == "assistant"]
    heard = plain(" ".join(told))
    hidden = (one for one in life.subjects if one.reserve == 2)
    return [one for one in hidden if not _named(one, heard) and not any(_tells(one, line) for line in told)]


def _contradictions(life: Life, said: Sequence[Message], at: int) -> int:
    line = said[at]["content"]
    wrong = sum(int(age) != life.age for age in _AGE.findall(line))
    wrong += sum(name not in _everything(life) for name in _PARTNER.findall(line))
    children = next((one.figures["what"].value for one in life.of_kind("children") if "what" in one.figures), None)
    counted = [_COUNTS.get(count) or int(count) for count in _KIDS.findall(line)]
    wrong += sum(children is not None and count != children for count in counted)
    return wrong + _unknown_sums(life, said, at)


def _unknown_sums(life: Life, said: Sequence[Message], at: int) -> int:
    """Return how many sums and years the client told of subjects with figures that occur nowhere else in the life or
    the talk."""
    known = {one.value for one in amounts(_everything(life))}
    known |= {figure.value for subject in life.subjects for figure in subject.figures.values()}
    known |= {one.value for before in said[:at] for one in amounts(before["content"])}
    return sum(
        one.value not in known
        for piece in sentences(said[at]["content"])
        if any(subject.figures and _named(subject, plain(piece)) for subject in life.subjects)
        for one in amounts(piece)
        if one.unit in ("dollars", "dollars a month", "dollars a year", "year") and one.value >= LEAST
    )


def _everything(life: Life) -> str:
    return " ".join(text for subject in life.subjects for texts in subject.says.values() for text in texts)


def _named(subject: Subject, text: str) -> bool:
    return any(re.search(rf"\b{re.escape(word)}\b", text) for word in subject.words)


def _blank(life: Life, line: str) -> bool:
    """Return whether the line is short and has no question, no figure and nothing particular to this client."""
    text = plain(line)
    if "?" in line or len(text.split()) > SHORT or re.search(r"\d", line):
        return False
    return life.first_name not in line and not any(_named(subject, text) for subject in life.subjects)


def _repeats(lines: Sequence[str]) -> int:
    heard: set[str] = set()
    again = 0
    for line in lines:
        said = {plain(one) for one in sentences(line) if len(one.split()) >= LONG}
        again += bool(said & heard)
        heard |= said
    return again
