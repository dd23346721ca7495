"""Field types of people: addresses, passwords, roles."""

from typing import Annotated

from pydantic import AfterValidator

from rplay.db.users import ROLES
from rplay.people import INVALID_EMAIL, INVALID_ROLE, email_of
from rplay.security import password_problem
from rplay.web.body import Text, problem


def _email(text: str) -> str:
    email = email_of(text)
    if email is None:
        raise problem(INVALID_EMAIL)
    return email


def _policy(password: str) -> str:
    broken = password_problem(password)
    if broken:
        raise problem(broken)
    return password


def _role(role: str) -> str:
    if role not in ROLES:
        raise problem(INVALID_ROLE)
    return role


Email = Annotated[Text, AfterValidator(_email)]
NewPassword = Annotated[Text, AfterValidator(_policy)]
Role = Annotated[Text, AfterValidator(_role)]
