"""Splits a sentence of the client's into clauses that each have a subject, so that a clause can be said alone."""

import re
from collections.abc import Iterator
from functools import lru_cache

from rplay.agents.persona.grammar import sentence
from rplay.agents.persona.verbs import class_of, finite

_JOINT = re.compile(r"; |, (?:and|but|so) |, (?=which |who )|, and since then | and | but ")
_BESIDE = re.compile(r"^(?P<np>[^,]+), (?P<rel>(?:who|which) [^,]+), (?P<main>(?!and|but|or)\w.*)$")


@lru_cache(maxsize=1024)
def clauses(text: str) -> tuple[str, ...]:
    return tuple(_standing_alone(text)) or (text,)


def _standing_alone(text: str) -> Iterator[str]:
    if hit := _BESIDE.match(text):
        yield from _standing_alone(f"{hit['np']} {hit['main']}")
        yield sentence(_standing(hit["rel"], "", hit["np"]))
        return
    pieces = _JOINT.split(text)
    joints = _JOINT.findall(text)
    subject = _subject(pieces[0])
    stands = [pieces[0]]
    for joint, piece in zip(joints, pieces[1:], strict=True):
        whole = any(
            _does(word) or "'" in word for word in stands[-1].split()
        )  # a noun phrase is no clause: `my laptop` in `my laptop and bike were stolen`
        if whole and (clause := _standing(piece.strip(" ,.;"), subject, stands[-1])):
            stands.append(clause)
            subject = _subject(clause) or subject
        else:
            stands[-1] += joint + piece
    yield from map(sentence, stands if len(stands) > 1 else [text])


def _subject(piece: str) -> str:
    """Return the subject, as in `The insurer` of `The insurer paid for the machines`; empty if it is longer than a
    name."""
    if _BEHIND.match(piece):
        main = re.findall(r"\b(?:I|[Ww]e)(?=[ '])", piece)
        return main[-1] if len(main) > (piece.split(" ")[1] in ("I", "we")) else ""
    words = re.sub(r"^(?:In \w+|Last \w+|Since then),? ", "", piece).split()
    for at, word in enumerate(words[:5]):
        if at and _does(word):
            return " ".join(words[:at])
    if words and (short := re.match(r"(I|We)'(?:m|ve|d|ll|re)$", words[0])):
        return short[1]
    return ""


_BEHIND = re.compile(r"(?:After|Before|When|While|Until|Because|Once|If|As|Since) (?!then)")


def _does(word: str) -> bool:
    low = word.lower()
    return bool(finite(low)) or low in class_of("auxiliaries") or low in ("have", "am", "are", "own", "quit")


def _standing(piece: str, subject: str, before: str) -> str:
    """Return the piece as a clause with a subject of its own; empty if none can be found."""
    first, _, rest = piece.partition(" ")
    if first in ("who", "which"):
        head = before.split(" ")[-1].strip(",.")
        does = rest.split(" ", 1)[0]
        who = head if head[:1].isupper() else ("It" if first == "which" else "")
        return f"{who} {rest}" if who and _does(does) else ""
    if re.search(r"\b(?:who|which)\b", before) and _does(first):
        return ""  # the verb goes with the person after `who`, not with the sentence's subject
    if _does(first) and subject:
        return f"{subject} {piece}"
    if first in class_of("adverbs") and subject and _does(rest.split(" ", 1)[0]):
        return f"{subject} {piece}"
    return piece if _subject(piece) or first[:1].isupper() or first in ("it", "he", "she", "nobody", "my") else ""
