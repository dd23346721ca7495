"""Finds the ends of sentences in a text that is still being written."""

import re

CLAUSE_CHARACTERS = 40  # length from which the first piece may end at a clause, as somebody is waiting for it
LONGEST = 300  # characters of one piece at most

_END = re.compile(
    r"""
    (?P<pause>…|\.{2,})
    |(?P<mark>[.!?]+)(?P<closed>["'”’»)\]*_]*)(?=\s)
    |[。！？]+["”’»」』）]*
    |(?P<line>\n+)
    """,
    re.VERBOSE,
)
_CLAUSE = re.compile(r"[,;:—–][\"'”’»)]*(?=\s)")
_LAST_WORD = re.compile(r"[\w.]+\Z")
_LIST_NUMBER = re.compile(r"(?:\A|\n)\s*\d{1,3}\Z")
# Words before a full stop. It ends no sentence after a word of _NEVER or an initial, none after _BEFORE_NUMBERS if a
# digit follows, and one after _BEFORE_NAMES only if a capital letter follows.
_NEVER = re.compile(r"mr|mrs|ms|mx|dr|prof|st|sr|jr|rev|gen|sen|rep|vs|e\.g|i\.e|cf|approx|incl")
_INITIAL = re.compile(r"[A-HJ-Z]")
_BEFORE_NUMBERS = re.compile(r"nos?|fig|vol|pp|art|sec|par|ch|ca")
_BEFORE_NAMES = re.compile(
    r"etc|[ap]\.m|u\.s|u\.k|u\.s\.a|inc|ltd|co|corp|ph\.d|m\.d|est|dept|ave|blvd|rd"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun"
)


class Sentences:
    """Cuts a text that arrives in pieces into sentences. Joined together, the sentences are the text."""

    def __init__(self) -> None:
        self._held = ""
        self._first = True

    def write(self, piece: str) -> list[str]:
        """Add a piece of text and return the sentences that are complete now."""
        self._held += piece
        return list(iter(self._next, ""))

    def rest(self) -> str:
        """Return the remaining text after the last piece."""
        held, self._held = self._held, ""
        return held

    def _next(self) -> str:
        end = _end_of(self._held) or self._clause() or _bound(self._held)
        sentence, self._held = self._held[:end], self._held[end:]
        self._first = self._first and not sentence
        return sentence

    def _clause(self) -> int:
        if not self._first or len(self._held) < CLAUSE_CHARACTERS:
            return 0
        found = _CLAUSE.search(self._held, CLAUSE_CHARACTERS - 1)
        return found.end() if found else 0


def _end_of(text: str) -> int:
    """Return where the first sentence ends; 0 if it has not ended, or if the next word is needed to decide."""
    for found in _END.finditer(text):
        following = text[found.end() :].lstrip()[:1]
        if found["line"]:
            ends = bool(re.search(r"\w", text[: found.start()]))
        elif found["pause"] or text.count("*", 0, found.end()) % 2:  # the mark is in the middle of a stage direction
            ends = False
        else:
            ends = not found["mark"] or _is_end(text[: found.start()], found["mark"], found["closed"], following)
        if ends:
            return found.end()
    return 0


def _is_end(before: str, mark: str, closed: str, following: str) -> bool:
    if mark == "." and not closed and (word := _LAST_WORD.search(before)):
        last = word[0].lower()
        if _NEVER.fullmatch(last) or _INITIAL.fullmatch(word[0]) or _LIST_NUMBER.search(before):
            return False
        if _BEFORE_NUMBERS.fullmatch(last):
            return bool(following) and not following.isdigit()
        if _BEFORE_NAMES.fullmatch(last):
            return following.isupper()
    return not closed or (bool(following) and not following.islower())


def _bound(text: str) -> int:
    """Return where to cut a text that is too long: at a clause, or else at a blank, or else anywhere. 0 if it is
    not too long.
    """
    if len(text) <= LONGEST:
        return 0
    clauses = [found.end() for found in _CLAUSE.finditer(text, 0, LONGEST)]
    return clauses[-1] if clauses else text.rfind(" ", 1, LONGEST) + 1 or LONGEST
