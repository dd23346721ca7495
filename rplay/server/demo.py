"""Accounts for a first look. They are created on the embedded database, in development, if there are no users."""

from enum import Enum

from rplay import db, security
from rplay.config import Settings
from rplay.db import users

ACCOUNTS = (
    ("Demo Admin", "admin@example.com", "Admin1234", "super_admin"),
    ("Demo Learner", "demo@example.com", "Demo1234", "learner"),
)


class Accounts(Enum):
    """The state of the demo accounts when the server starts."""

    MADE = "made just now"
    KNOWN = "there since an earlier start"
    ABSENT = "not there"


def accounts(url: str, settings: Settings) -> Accounts:
    """Create the demo accounts if there are no users and this is not production. This is for the embedded database
    only.
    """
    db.connect(url, size=1)
    try:
        if not settings.production and users.is_empty():
            _make(settings.bcrypt_cost)
            return Accounts.MADE
        return Accounts.KNOWN if any(users.by_email(email, email) for _, email, _, _ in ACCOUNTS) else Accounts.ABSENT
    finally:
        db.close()


def usable(url: str) -> list[str]:
    """Return the demo accounts' e-mail addresses that still have the published passwords."""
    db.connect(url, size=1)
    try:
        return with_published_passwords()
    finally:
        db.close()


def with_published_passwords() -> list[str]:
    known = [(users.by_email(email, email), password) for _, email, password, _ in ACCOUNTS]
    return [
        account.email
        for account, password in known
        if account and security.password_matches(password, account.password, security.CHEAPEST)
    ]


def _make(cost: int) -> None:
    with db.transaction() as tx:
        for name, email, password, role in ACCOUNTS:
            users.create(name, email, security.hash_password(password, cost), role, None, tx=tx)
