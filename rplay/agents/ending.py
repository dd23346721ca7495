"""How a client ends the talk: with a last line `[[END: why]]`, which is never shown.

`[[END: advisor: why]]` says that the advisor said goodbye; without a name the client ended the talk.
"""

import re
from dataclasses import dataclass
from typing import Literal

By = Literal["client", "advisor"]

_MARK = re.compile(
    r"\s*\[\[\s*END\b\s*:?\s*(?:(?P<by>client|advisor)\s*:\s*)?(?P<why>[^\]]*?)\s*\]\]\s*", re.IGNORECASE
)
_HELD = re.compile(r"(?:\s*\[\[.*|\s*\[|\s*\n\s*)\Z", re.DOTALL)  # text that may become a mark with the next piece
_LONGEST = 200
# Shown when the client ends the talk without saying anything.
FAREWELL = "I think we should leave it here for today."


@dataclass(frozen=True, slots=True)
class Ended:
    by: By
    why: str

    def as_object(self) -> dict[str, str]:
        return {"by": self.by, "why": self.why}


def with_mark(text: str, ended: Ended | None) -> str:
    return f"{text}\n[[END: {ended.by}: {ended.why}]]" if ended else text


def without_mark(text: str) -> tuple[str, Ended | None]:
    """Return the words to show, and how the talk ended; None if it goes on."""
    found = _MARK.search(text)
    if not found:
        return text.strip(), None
    return _MARK.sub("\n", text).strip() or FAREWELL, _ended(found)


def _ended(found: re.Match[str]) -> Ended:
    by: By = "advisor" if (found["by"] or "").lower() == "advisor" else "client"
    return Ended(by, " ".join(found["why"].split())[:_LONGEST])


class Unmarked:
    """Removes the mark from words that come in pieces. Text that may begin a mark is kept until the next piece
    decides."""

    def __init__(self) -> None:
        self.ended: Ended | None = None
        self._held = ""
        self._silent = True

    def shown(self, piece: str) -> str:
        """Return what can be shown now, of this piece and of the text kept before it."""
        text = self._held + piece
        if found := _MARK.search(text):
            self.ended = _ended(found)
            text = _MARK.sub("\n", text)
        at = _HELD.search(text)
        cut = at.start() if at else len(text)
        self._held = text[cut:]
        return self._noted(text[:cut])

    def rest(self) -> str:
        """Return the text that is still kept, once no more pieces come."""
        text = self._held.rstrip() if self.ended else self._held
        return self._noted(text or (FAREWELL if self.ended and self._silent else ""))

    def _noted(self, text: str) -> str:
        self._silent = self._silent and not text.strip()
        return text
