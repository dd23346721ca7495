"""Checks and conversions for values from outside, whatever they are used for."""

import re
from typing import Any

LONG_CHARACTERS = 1000  # characters that are examined one by one; no address is that long

# Characters that are invisible although Python counts them as printable: fillers, joiners and variation selectors.
_BLANK = re.compile(
    r"[\s\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def is_missing(value: Any) -> bool:
    """Return True for None and blank text. 0 and False are values."""
    return value is None or (isinstance(value, str) and not value.strip())


_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def is_storable(value: Any) -> bool:
    """Return True if PostgreSQL can store the text: it has no NUL and no half of a surrogate pair, which UTF-8
    cannot encode.
    """
    if not isinstance(value, str) or "\0" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_visible(character: str) -> bool:
    """Return True if the character can be seen: it is not a blank, control or formatting character."""
    return character.isprintable() and not _BLANK.match(character)


def trimmed(text: str) -> str:
    """Return the text without blanks and invisible characters at its ends."""
    start = next((index for index, character in enumerate(text) if is_visible(character)), len(text))
    after = next((index for index, character in enumerate(reversed(text)) if is_visible(character)), 0)
    return text[start : len(text) - after]


def account_of(address: str) -> str:
    """Return the form of an e-mail address by which accounts are both looked up and rate-limited.

    If the two differed, a spelling that finds an account without being counted for it (VİCTİM@ for victim@) would allow
    unlimited guessing.
    """
    return (trimmed(address) if len(address) <= LONG_CHARACTERS else address.strip()).lower()


def storable(text: str) -> str:
    """Return the text with U+FFFD in place of characters that PostgreSQL cannot store."""
    return text if is_storable(text) else _UNSTORABLE.sub("\ufffd", text)


MASK = "********"
_ADDRESS = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<rest>\S*)", re.IGNORECASE)


def masked_address(text: str) -> str:
    """Mask what may be secret in an address: the query and the credentials; of a database's credentials only the
    password.
    """
    return _ADDRESS.sub(lambda found: f"{found['scheme']}://{_masked(found['scheme'], found['rest'])}", text)


def _masked(scheme: str, rest: str) -> str:
    """Mask up to the last @, as an unescaped password may contain any character."""
    user, at, place = rest.rpartition("@")
    name, colon, _ = user.partition(":")
    hidden = MASK
    if scheme.lower().startswith("postgres") and re.fullmatch(r"[\w.-]+", name):
        hidden = f"{name}{colon}{MASK * bool(colon)}"
    shown, query, _ = place.replace("#", "?").partition("?")
    return f"{hidden * bool(at)}{at}{shown}{query}{MASK * bool(query)}"
