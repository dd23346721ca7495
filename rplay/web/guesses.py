"""Protects an account against password guessing from many addresses, which per-address limits do not see.

After too many failed logins to an account, only addresses from which it has signed in before may try again. So whoever
guesses cannot lock the owner out.
"""

from uuid import UUID

from rplay.db import sign_ins
from rplay.errors import TooMany
from rplay.values import account_of
from rplay.web.limits import address, check, note


def refuse(email: str) -> None:
    """Raise TooMany for an unknown address if too many logins to this account failed. An account that does not exist
    is treated the same.
    """
    try:
        check("login_failed")
    except TooMany:
        if not sign_ins.known(account_of(email), address()):
            raise


def failed() -> None:
    note("login_failed")


def succeeded(user_id: UUID) -> None:
    sign_ins.remember(user_id, address())
