"""What makes somebody's data acceptable, whoever brings it: a form, an import or an operator."""

import re

from rplay.db.users import ROLES
from rplay.values import account_of

INVALID_EMAIL = "Invalid email format"
INVALID_ROLE = f"Invalid role. Must be one of: {', '.join(ROLES)}"
SUPER_ADMINS_ONLY = "Only a super admin can manage admin accounts"
TAKEN = "Email already registered"

MAX_EMAIL = 320  # 64 + @ + 255; longer ones no mail server takes
MAX_NAME = 200
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


def email_of(text: str) -> str | None:
    """The address trimmed and in lower case; None when it is none."""
    email = account_of(text)
    return email if len(email) <= MAX_EMAIL and _EMAIL.fullmatch(email) else None


def full_name(name: str | None, first: str | None, last: str | None) -> str | None:
    """The name given as one field, or else put together out of its parts; None when a part is missing."""
    name, first, last = ((part or "").strip() for part in (name, first, last))
    return name or (f"{first} {last}" if first and last else None)
