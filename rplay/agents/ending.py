"""How a client says that the talk is over: by a last line `[[END: why]]`, which nobody is shown.

`[[END: advisor: why]]` says that it was the advisor who took leave; without a name it was the client.
"""

import re
from dataclasses import dataclass
from typing import Literal

By = Literal["client", "advisor"]

_MARK = re.compile(
    r"\s*\[\[\s*END\b\s*:?\s*(?:(?P<by>client|advisor)\s*:\s*)?(?P<why>[^\]]*?)\s*\]\]\s*", re.IGNORECASE
)
_HELD = re.compile(r"(?:\s*\[\[.*|\s*\[|\s*\n\s*)\Z", re.DOTALL)  # may become a mark with the next piece
_LONGEST = 200
# Of a client who ended the talk without a word.
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
    """The words to be shown, and how the talk ended if it did."""
    found = _MARK.search(text)
    if not found:
        return text.strip(), None
    return _MARK.sub("\n", text).strip() or FAREWELL, _ended(found)


def _ended(found: re.Match[str]) -> Ended:
    by: By = "advisor" if (found["by"] or "").lower() == "advisor" else "client"
    return Ended(by, " ".join(found["why"].split())[:_LONGEST])


class Unmarked:
    """Takes the mark out of words that come in pieces; what may be its beginning waits for the rest."""

    def __init__(self) -> None:
        self.ended: Ended | None = None
        self._held = ""
        self._silent = True

    def shown(self, piece: str) -> str:
        """What of this piece, and of those held before it, can be shown now."""
        text = self._held + piece
        if found := _MARK.search(text):
            self.ended = _ended(found)
            text = _MARK.sub("\n", text)
        at = _HELD.search(text)
        cut = at.start() if at else len(text)
        self._held = text[cut:]
        return self._noted(text[:cut])

    def rest(self) -> str:
        """What is still held once nothing more comes."""
        text = self._held.rstrip() if self.ended else self._held
        return self._noted(text or (FAREWELL if self.ended and self._silent else ""))

    def _noted(self, text: str) -> str:
        self._silent = self._silent and not text.strip()
        return text
