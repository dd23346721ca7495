"""Counts words and fillers in speech."""

import re

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_FILLER = re.compile(
    r"\b(?:u+h+|u+m+|e+r+m*|h+m+|mm+|ah+)\b"
    r"|(?:^|[,.!?…])\s*(?:like|you know|i mean|sort of|kind of|basically)(?=\s*,)",
    re.IGNORECASE,
)


def words(text: str) -> int:
    return len(_WORD.findall(text))


def fillers(text: str) -> int:
    """Count sounds such as "um", and phrases such as "you know" between commas."""
    return len(_FILLER.findall(text))
