"""Users and values that an operator names on the command line; passwords are read from a file or prompt instead."""

import sys
from typing import TYPE_CHECKING, TextIO
from uuid import UUID

import click

from rplay.commands.base import Failed, tell

if TYPE_CHECKING:
    from rplay.db.users import User

# a copy of rplay.db.users.ROLES, as importing that takes long
ROLES = ("super_admin", "company_admin", "trainer", "learner")
PASSWORD_CHARACTERS = 4096  # characters of a password file that are read

role_type = click.Choice(ROLES)
password_file = click.option(
    "--password-file",
    type=click.File(encoding="utf-8"),
    metavar="FILE",
    help="File with the password on one line; - is the standard input.  [default: ask for it]",
)


def person(who: str) -> "User":
    """Return the user with this address or id. Raise Failed if there is none."""
    from rplay.db import users
    from rplay.values import account_of

    account = users.by_id(UUID(who)) if _is_id(who) else users.by_email(text(who, "WHO"), account_of(who))
    if account is None:
        raise Failed(f"Nobody has the address or id {who}: `rplay users list` shows who there is.")
    return account


def text(value: str, name: str) -> str:
    """Return the value if it can be stored, else raise a usage error. A terminal may send bytes that are not UTF-8."""
    from rplay.values import is_missing, is_storable

    if is_missing(value) or not is_storable(value):
        raise click.UsageError(f"{name} is empty or not UTF-8 text.")
    return value


def password(file: TextIO | None) -> str:
    """Return a new password that meets the rules, from the file or else from a prompt."""
    if file is None:
        return _asked()
    given = _read(file)
    if problem := _problem(given):
        raise Failed(f"{problem}.")
    return given


def _problem(given: str) -> str | None:
    from rplay.security import password_problem

    return "Password must be one line of text" if "\n" in given or "\0" in given else password_problem(given)


def _read(file: TextIO) -> str:
    return file.read(PASSWORD_CHARACTERS).removesuffix("\n").removesuffix("\r")


def _asked() -> str:
    """Prompt until the password is acceptable and was typed twice."""
    if not sys.stdin.isatty():
        raise click.UsageError("There is no terminal to ask for the password on: give --password-file FILE, or -.")
    while True:
        given: str = click.prompt("Password", hide_input=True, err=True)
        if problem := _problem(given):
            tell(f"{problem}.")
        elif click.prompt("The same again", hide_input=True, err=True) != given:
            tell("The two are not the same.")
        else:
            return given


def _is_id(who: str) -> bool:
    try:
        UUID(who)
    except ValueError:
        return False
    return True


def sure(question: str, yes: bool) -> None:
    """Ask for confirmation and raise Failed without it. If there is no terminal, --yes is required."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("There is no terminal to ask on: add --yes if you are sure.")
    if not click.confirm(question, err=True):
        raise Failed("Nothing was changed.")
