"""What may be said of any value that comes from outside, whatever it is for."""

import re
from typing import Any


def is_missing(value: Any) -> bool:
    """Absent, null or blank text; 0 and false are values."""
    return value is None or (isinstance(value, str) and not value.strip())


_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def is_storable(value: Any) -> bool:
    """A text that PostgreSQL can keep: without NUL, and without half of a surrogate pair, which UTF-8 has none of."""
    if not isinstance(value, str) or "\0" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def account_of(address: str) -> str:
    """The e-mail address as accounts are looked up and counted by it: one way for both, or a spelling that finds an
    account without being counted for it (VİCTİM@ for victim@) could be guessed at without end."""
    return address.strip().lower()


def storable(text: str) -> str:
    """The text, with U+FFFD where PostgreSQL could not keep a character."""
    return text if is_storable(text) else _UNSTORABLE.sub("\ufffd", text)
