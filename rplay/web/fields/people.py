"""Field types of users: addresses, passwords, roles."""

from typing import Annotated

from pydantic import AfterValidator, Field

from rplay.db.users import ROLES
from rplay.people.rules import INVALID_EMAIL, INVALID_ROLE, email_of, former_email_of
from rplay.security import MAX_PASSWORD_BYTES, password_problem
from rplay.web import bounds
from rplay.web.body import Title, WholeText, problem


def _email(text: str) -> str:
    email = email_of(text)
    if email is None:
        raise problem(INVALID_EMAIL)
    return email


def _email_or_former(text: str) -> str:
    email = email_of(text) or former_email_of(text)
    if email is None:
        raise problem(INVALID_EMAIL)
    return text


def _policy(password: str) -> str:
    broken = password_problem(password)
    if broken:
        raise problem(broken)
    return password


def _role(role: str) -> str:
    if role not in ROLES:
        raise problem(INVALID_ROLE)
    return role


Email = Annotated[Title, AfterValidator(_email)]
# The address is kept as it was sent. An account may keep an address in an outdated form, but not change to one.
EmailOrFormer = Annotated[Title, AfterValidator(_email_or_former)]
# Sign-in and password reset do not reveal bounds: an address that is too long simply matches no account.
AnyEmail = Annotated[WholeText, AfterValidator(lambda text: text if len(text) <= bounds.ADDRESS else "")]
ForgottenEmail = Annotated[AnyEmail, AfterValidator(lambda text: text and _email(text))]
# bcrypt reads only 72 bytes, so cutting the rest off changes nothing.
Password = Annotated[WholeText, AfterValidator(lambda text: text[: bounds.SECRET])]
# The password policy refuses long passwords with its own text.
NewPassword = Annotated[WholeText, Field(json_schema_extra={"maxLength": MAX_PASSWORD_BYTES}), AfterValidator(_policy)]
Role = Annotated[Title, AfterValidator(_role)]
