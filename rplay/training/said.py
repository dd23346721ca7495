"""Finds which of a scenario's points the advisor said, line by line.

It compares words, not meanings, so that a trainer who writes a phrase knows what it matches, and a learner what was
looked for.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from rplay.agents.types import Message
from rplay.agents.wording import spoken
from rplay.training.scenario import Content, Point

BETWEEN = 3  # words that may stand between two words of a phrase
DENIED_WITHIN = 4  # words before a phrase within which a denial negates it
LINE = 10_000  # characters of a line that are read
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*\*?")
_SENTENCE = re.compile(r"[.!?;\n]+(?:\s|$)")
_DENIALS = frozenset({
    "no", "not", "never", "nobody", "none", "nothing", "without", "cannot", "hardly", "neither", "nor",
    "nicht", "kein", "keine", "keinen", "keiner", "nie", "niemals", "ohne",
})  # fmt: skip


def measured(content: Content, messages: Sequence[Message]) -> dict[str, Any]:
    """Return the points for the review: each must-say with its first line or null, and each must-not that was said
    with its line.
    """
    lines = [(number, one["content"]) for number, one in enumerate(spoken(messages), 1) if one["role"] == "user"]
    return {
        "mustSay": [{"text": one.text, **_found(one, lines, deniable=False)} for one in content.must_say],
        "mustNotSay": [
            {"text": one.text, "severity": one.severity, **found}
            for one in content.must_not_say
            if (found := _found(one, lines, deniable=True))["line"] is not None
        ],
    }


def _found(point: Point, lines: Sequence[tuple[int, str]], *, deniable: bool) -> dict[str, Any]:
    for number, line in lines:
        for sentence in _SENTENCE.split(line[:LINE]):
            if any(says(sentence, phrase, deniable=deniable) for phrase in point.phrases):
                return {"line": number, "quote": sentence.strip()[:300]}
    return {"line": None, "quote": ""}


def says(sentence: str, phrase: str, *, deniable: bool = False) -> bool:
    """Return True if the phrase's words occur in this order; with `deniable` only if they are not negated."""
    words, wanted = _words(sentence), _words(phrase)
    return any(not (deniable and _is_denied(words, start, wanted)) for start in _starts(words, wanted))


def _starts(words: Sequence[str], wanted: Sequence[str]) -> Iterator[int]:
    """Yield the positions at which the phrase begins."""
    if not wanted:
        return
    for start, word in enumerate(words):
        if _fits(word, wanted[0]) and _goes_on(words, start, wanted[1:]):
            yield start


def _goes_on(words: Sequence[str], at: int, wanted: Sequence[str]) -> bool:
    """Return True if the rest of the phrase follows. All possible positions of a word are kept, as the next word
    may be in reach only of a later one.
    """
    reach = {at}
    for one in wanted:
        reach = {
            place
            for place in range(min(reach) + 1, min(len(words), max(reach) + BETWEEN + 2))
            if _fits(words[place], one) and any(before < place <= before + BETWEEN + 1 for before in reach)
        }
        if not reach:
            return False
    return True


def _fits(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


def _is_denied(words: Sequence[str], start: int, wanted: Sequence[str]) -> bool:
    """Return True if a denial stands before the phrase. A phrase that contains one itself ("no risk") is taken
    literally.
    """
    if any(map(_denies, wanted)):
        return False
    return any(map(_denies, words[max(0, start - DENIED_WITHIN) : start]))


def _denies(word: str) -> bool:
    return word in _DENIALS or word.endswith("n't")


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.lower().replace("’", "'")))
