"""Field types of people: addresses, passwords, roles."""

import re
from typing import Annotated

from pydantic import AfterValidator

from rplay.db.users import ROLES
from rplay.security import password_problem
from rplay.web.body import Text, problem

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
MAX_EMAIL = 320  # 64 + @ + 255; longer ones no mail server takes


def email_format(text: str) -> str:
    """Trimmed and in lower case."""
    email = text.strip().lower()
    if len(email) > MAX_EMAIL or not _EMAIL.fullmatch(email):
        raise problem("Invalid email format")
    return email


def _policy(password: str) -> str:
    broken = password_problem(password)
    if broken:
        raise problem(broken)
    return password


def _role(role: str) -> str:
    if role not in ROLES:
        raise problem(f"Invalid role. Must be one of: {', '.join(ROLES)}")
    return role


Email = Annotated[Text, AfterValidator(email_format)]
NewPassword = Annotated[Text, AfterValidator(_policy)]
Role = Annotated[Text, AfterValidator(_role)]
