"""Rules for valid user data, used by forms, imports and commands alike."""

import re
import unicodedata

from rplay.db.users import ROLES
from rplay.values import account_of, is_visible

INVALID_EMAIL = "Invalid email format"
INVALID_ROLE = f"Invalid role. Must be one of: {', '.join(ROLES)}"
SUPER_ADMINS_ONLY = "Only a super admin can manage admin accounts"
LAST_SUPER_ADMIN = "The last super admin cannot become anything else"
TAKEN = "Email already registered"

MAX_EMAIL = 320  # 64 + @ + 255; no mail server accepts longer ones
MAX_NAME = 200
# Mail programs split an address at these characters, and would send to another address contained in it.
_SPLITS = r"\s@<>(),;:\"\[\]\\"
_LOCAL = rf"[^{_SPLITS}“”„‟«»‹›‘‚‛]+"
# Mail servers treat an ideographic full stop as a dot. Dots and quotes at the end are left over from a sentence.
_LABEL = rf"[^{_SPLITS}“”„‟«»‹›‘’‚‛'`´.。]+"
_EMAIL = re.compile(rf"{_LOCAL}@({_LABEL}(?:\.{_LABEL})+)")
_FORMER_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


def email_of(text: str) -> str | None:
    """Return the address trimmed and in lower case; None if it is invalid."""
    if len(text) > MAX_EMAIL:
        return None
    email = account_of(text)
    match = _EMAIL.fullmatch(email)
    if match is None or not all(map(is_visible, email)):
        return None
    # Full-width letters and the like are another spelling of the same domain.
    return email if unicodedata.is_normalized("NFKC", match[1]) else None


def former_email_of(text: str) -> str | None:
    """Return the address if earlier versions accepted it. Such addresses are in the database and stay until they
    are changed.
    """
    email = text.strip().lower()
    return email if len(email) <= MAX_EMAIL and _FORMER_EMAIL.fullmatch(email) else None


def full_name(name: str | None, first: str | None, last: str | None) -> str | None:
    """Return the name from one field, or else combined from its parts; None if a part is missing."""
    name, first, last = ((part or "").strip() for part in (name, first, last))
    return name or (f"{first} {last}" if first and last else None)
