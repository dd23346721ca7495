"""Checks whether the advisor really said what a model quotes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rplay.agents.types import Message
from rplay.agents.wording import newest, spoken

ELSEWHERE = 4  # a quote of at least this many words also counts if it stands in another line than the model said
_LABEL = re.compile(r"^\s*(?:\[\d+\]\s*)?(?:advisor\s*:)?\s*", re.IGNORECASE)
_SAME = str.maketrans({"“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "＜": "‹", "﹤": "‹", "<": "‹"})


@dataclass(frozen=True)
class Quote:
    """`line` is the number of the message in the talk, from 1."""

    line: int
    quote: str

    def as_object(self) -> dict[str, Any]:
        return {"line": self.line, "quote": self.quote}


@dataclass(frozen=True)
class Said:
    """The part of a talk that a model was shown."""

    messages: Sequence[Message]

    @cached_property
    def lines(self) -> Mapping[int, str]:
        """The advisor's lines by number, normalised for comparing."""
        kept = newest(self.messages)
        first = len(spoken(self.messages)) - len(kept) + 1
        return {at: _plain(one["content"]) for at, one in enumerate(kept, first) if one["role"] == "user"}

    def holds(self, quotes: Iterable[str]) -> list[str]:
        """Return the quotes that occur in some line of the advisor's, without quotation marks around them."""
        found = [(quote, _plain(quote)) for quote in map(_bare, quotes) if quote]
        return [quote for quote, plain in found if any(plain in line for line in self.lines.values())]

    def proved(self, line: object, quote: object) -> Quote | None:
        """Return the quote with the line in which it really occurs; None if the advisor did not say it."""
        text = _bare(quote) if isinstance(quote, str) else ""
        plain = _plain(text)
        if not plain:
            return None
        if isinstance(line, int) and plain in self.lines.get(line, ""):
            return Quote(line, text)
        found = (at for at, said in self.lines.items() if len(plain.split()) >= ELSEWHERE and plain in said)
        return next((Quote(at, text) for at in found), None)


def _bare(quote: str) -> str:
    return _LABEL.sub("", quote).strip().strip("\"'“”‘’„").strip()


def _plain(words: str) -> str:
    """Return the text for comparing: whitespace, case and kinds of quotation marks do not count."""
    return " ".join(words.translate(_SAME).split()).casefold()
