"""What a review looks for in one line of the advisor, given the messages before it.

Each detector works on its own and from the words alone, so that it also holds for talks in another trade.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import log1p
from typing import Literal

from rplay.agents import meaning
from rplay.agents.rehearsal.reading import acts, forms, labelled
from rplay.agents.rehearsal.reading.tables import patterns
from rplay.agents.rehearsal.reading.text import bare, clauses, sentences, words
from rplay.agents.types import Message

Depth = Literal["simple", "complex"]
# How similar a statement and the client's words must be; 0.75 means nearly the same words.
TAKES_UP, TAKES_UP_PLAINLY, SAME_WORDS = 0.3, 0.45, 0.65
EXPLORED = 3  # advice is well founded after this many questions that the client answered
_HEARD = 3  # this many of the client's last lines are compared
_STORY = 30  # a client's line with this many words counts as a story
_COMMON = frozenset({
    "that", "this", "with", "have", "your", "what", "just", "like", "about", "they", "there", "from", "when", "would",
    "really", "know", "think", "because", "some", "them", "then", "well", "yeah", "right", "okay", "want", "will",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Questions:
    open: int = 0
    closed: int = 0


def questions(line: str) -> Questions:
    asked = [clause for whole in sentences(line) for clause in _marked(whole) if forms.asks(clause)]
    opened = sum(map(forms.is_open, asked))
    return Questions(opened, len(asked) - opened)


def reflection(line: str, before: Sequence[Message]) -> Depth | None:
    """Return whether a line reflects the client's words ("simple") or what they left unsaid ("complex"); None if
    neither."""
    theirs = _said("assistant", before)
    if not meaning.on() or not theirs:
        return ruled_reflection(line, before)
    told = numbers(line, before)
    deep = labelled.model().does("complex", line, theirs[-1], told)
    return "complex" if deep else "simple" if labelled.model().does("reflection", line, theirs[-1], told) else None


def unsolicited_advice(line: str, before: Sequence[Message]) -> bool:
    theirs = _said("assistant", before)
    if not meaning.on() or not theirs:
        return ruled_advice(line, before)
    asked = any(_has("client", "asks_advice", piece) for piece in sentences(theirs[-1])[-1:])
    return not asked and labelled.model().does("advice", line, theirs[-1], numbers(line, before))


def ruled_reflection(line: str, before: Sequence[Message]) -> Depth | None:
    heard = [text for text in _said("assistant", before)[-_HEARD:] if len(words(text)) > 2]
    found = [depth for piece in sentences(line) if (depth := _reflects(piece, heard))]
    return None if not found else "complex" if "complex" in found else "simple"


def ruled_advice(line: str, before: Sequence[Message]) -> bool:
    if not any(_advises(piece) for piece in sentences(line)):
        return False
    theirs = _said("assistant", before)
    return explored(before) < EXPLORED and not (theirs and _has("client", "asks_advice", theirs[-1]))


def numbers(line: str, before: Sequence[Message]) -> tuple[float, ...]:
    """Return the results of the rules, and measures of the line's structure, as input for the learned model."""
    depth, asked, theirs = ruled_reflection(line, before), questions(line), _said("assistant", before)
    advises = any(_advises(piece) for piece in sentences(line))
    wanted = bool(theirs) and _has("client", "asks_advice", theirs[-1])
    return (
        float(bool(depth)), float(depth == "complex"), float(asked.open > 0), float(asked.closed > 0),
        float(ruled_advice(line, before)), float(asked.open), float(asked.closed), min(len(theirs), 6) / 3,
        log1p(len(line.split())), labelled.shared(line, theirs[-1] if theirs else ""),
        float(advises), float(wanted), min(explored(before), 6) / 3,
    )  # fmt: skip


def explored(before: Sequence[Message]) -> int:
    """Return the number of the advisor's questions after which the client told something."""
    return sum(
        one["role"] == "user" and other["role"] == "assistant" and len(words(other["content"])) > 2
        and questions(one["content"]) != Questions()
        for one, other in pairwise(before)
    )  # fmt: skip


def interrupts(line: str, before: Sequence[Message]) -> bool:
    """Return whether a line ignores the story that the client is telling."""
    theirs = _said("assistant", before)
    if not theirs or not (len(words(theirs[-1])) >= _STORY or theirs[-1].rstrip().endswith(("...", "-", "—", "…"))):
        return False
    first = sentences(line)[:1]
    if not first or _has("client", "asks_advice", theirs[-1]) or theirs[-1].rstrip().endswith("?"):
        return False
    heeds = acts.ruled(first[0]) & {
        "empathise",
        "acknowledge",
        "reflect",
        "thank",
        "normalise",
        "summarise",
        "apologise",
    }
    return not heeds and alike(line, [theirs[-1]]) < TAKES_UP


def answers_objection(line: str, before: Sequence[Message]) -> bool | None:
    """Return whether the line takes up the doubt that the client just raised; None if the client raised none."""
    theirs = _said("assistant", before)
    doubts = [piece for piece in sentences(theirs[-1]) if _has("client", "objection", piece)] if theirs else []
    if not doubts:
        return None
    if acts.ruled(line) & {"dismiss", "press", "insult"}:
        return False
    return bool(acts.ruled(line) & {"handle_objection", "disclose"}) or alike(line, doubts) >= TAKES_UP


def explanation(line: str) -> Literal["plain", "jargon"] | None:
    """Return how a line explains: "plain" if a layman can follow, "jargon" if it uses terms of the trade; None if it
    does not explain."""
    told = [piece for piece in sentences(line) if not forms.asks(piece)]
    terms = {term for piece in told for term in _found("advisor", "jargon", piece)}
    likened = any(_has("advisor", "likens", piece) for piece in told)
    if terms and not (likened and len(terms) < 3):
        return "jargon"
    explains = any(acts.ruled(piece) & {"explain", "compare"} for piece in told)
    return "plain" if likened or explains else None


def empathy(line: str, before: Sequence[Message]) -> bool | None:
    """Return whether the line responds to the feeling that the client just told; None if the client told none."""
    theirs = _said("assistant", before)
    if not theirs or not _has("client", "feeling", theirs[-1]):
        return None
    ruled = frozenset(act for piece in sentences(line) for act in acts.ruled(piece))
    return bool(ruled & {"empathise", "normalise"}) or reflection(line, before) is not None


def alike(line: str, others: Sequence[str]) -> float:
    """Return how similar the line is to the nearest sentence of the others, by meaning and by shared words."""
    theirs = [part for text in others for part in sentences(text) if len(words(part)) > 2] or list(others)
    mine = _weighty(line)
    shared = max(
        (len(mine & _weighty(part)) / max(1, min(len(mine), len(_weighty(part)))) for part in theirs), default=0.0
    )
    if not meaning.on():
        return 0.8 * shared
    near = max((float(meaning.vector(bare(line)) @ meaning.vector(bare(part))) for part in theirs), default=0.0)
    return max(near, 0.5 * near + 0.4 * shared)


# Helpers of the detectors


def _reflects(piece: str, heard: Sequence[str]) -> Depth | None:
    text = bare(piece)
    if len(text.split()) < 4 or _inverted(piece) or not heard:
        return None
    stem, voice = _has("advisor", "stem", piece), _has("advisor", "spoken_for", piece)
    if not (stem or voice or re.search(r"\b(?:you|your|you're|you've|she|he|they)\b", text)):
        return None
    near = alike(piece, heard)
    if _advises(piece) or (_has("advisor", "informs", piece) and near < SAME_WORDS and not stem):
        return None
    if near < (TAKES_UP if stem else TAKES_UP_PLAINLY):
        return None
    return "simple" if near >= SAME_WORDS else "complex"


def _inverted(piece: str) -> bool:
    """Return whether the piece has the word order of a question, instead of being a statement with a question mark."""
    return forms.asks(piece.rstrip("?! "))


def _advises(piece: str) -> bool:
    return _has("advisor", "advises", piece) or bool(acts.ruled(piece) & {"propose", "press"})


@lru_cache(maxsize=2048)
def _weighty(text: str) -> frozenset[str]:
    return frozenset(word[:6] for word in words(text) if len(word) > 3 and word not in _COMMON)


def _marked(whole: str) -> list[str]:
    pieces = clauses(whole)
    return [*pieces[:-1], pieces[-1] + "?"] if pieces and whole.rstrip("\"') ").endswith("?") else pieces


def _said(role: Literal["user", "assistant"], before: Sequence[Message]) -> list[str]:
    return [message["content"] for message in before if message["role"] == role]


def _has(who: str, sign: str, text: str) -> bool:
    return bool(patterns("signs", who)[sign].search(bare(text)))


def _found(who: str, sign: str, text: str) -> list[str]:
    return [hit[0] for hit in patterns("signs", who)[sign].finditer(bare(text))]
