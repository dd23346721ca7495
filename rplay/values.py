"""What may be said of any value that comes from outside, whatever it is for."""

import re
from typing import Any

LONG_CHARACTERS = 1000  # characters that are looked at one by one; no address has as many

# What shows nothing, though Python counts it as printable: fillers, joiners and variation selectors.
_BLANK = re.compile(
    r"[\s\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


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


def is_visible(character: str) -> bool:
    """Whether one sees it: no blank, control or formatting character."""
    return character.isprintable() and not _BLANK.match(character)


def trimmed(text: str) -> str:
    """The text without blanks and invisible characters at its ends."""
    start = next((index for index, character in enumerate(text) if is_visible(character)), len(text))
    after = next((index for index, character in enumerate(reversed(text)) if is_visible(character)), 0)
    return text[start : len(text) - after]


def account_of(address: str) -> str:
    """The e-mail address as accounts are looked up and counted by it: one way for both, or a spelling that finds an
    account without being counted for it (VİCTİM@ for victim@) could be guessed at without end."""
    return (trimmed(address) if len(address) <= LONG_CHARACTERS else address.strip()).lower()


def storable(text: str) -> str:
    """The text, with U+FFFD where PostgreSQL could not keep a character."""
    return text if is_storable(text) else _UNSTORABLE.sub("\ufffd", text)


MASK = "********"
_ADDRESS = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<rest>\S*)", re.IGNORECASE)


def masked_address(text: str) -> str:
    """An address without what may be a secret: its query, and who signs in; of a database's the password only."""
    return _ADDRESS.sub(lambda found: f"{found['scheme']}://{_masked(found['scheme'], found['rest'])}", text)


def _masked(scheme: str, rest: str) -> str:
    """To the last @, as a password may hold anything when nobody has escaped it."""
    user, at, place = rest.rpartition("@")
    name, colon, _ = user.partition(":")
    hidden = MASK
    if scheme.lower().startswith("postgres") and re.fullmatch(r"[\w.-]+", name):
        hidden = f"{name}{colon}{MASK * bool(colon)}"
    shown, query, _ = place.replace("#", "?").partition("?")
    return f"{hidden * bool(at)}{at}{shown}{query}{MASK * bool(query)}"
