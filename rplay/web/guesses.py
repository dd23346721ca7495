"""Guessing one account's password from many addresses, which no limit of an address sees.

Where an account had its share of failed logins, only addresses at which it has signed in before may go on: whoever
guesses cannot lock its owner out.
"""

from uuid import UUID

from rplay.db import sign_ins
from rplay.errors import TooMany
from rplay.values import account_of
from rplay.web.limits import address, check, note


def refuse(email: str) -> None:
    """TooMany for a stranger to an account at which too many logins failed; the same where there is no such account."""
    try:
        check("login_failed")
    except TooMany:
        if not sign_ins.known(account_of(email), address()):
            raise


def failed() -> None:
    note("login_failed")


def succeeded(user_id: UUID) -> None:
    sign_ins.remember(user_id, address())
