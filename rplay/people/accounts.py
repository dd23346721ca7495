"""Accounts, for both API and console: registration, sign-in and choosing passwords."""

import time
from functools import lru_cache

from rplay import db, security
from rplay.config import Settings
from rplay.db import Connection, password_resets, sessions, users
from rplay.db.sessions import SignedIn
from rplay.db.users import Account, User
from rplay.mail.outbox import Outbox
from rplay.values import account_of

MINUTE = 60.0  # seconds


def start_session(account: Account, days: int, tx: Connection | None = None) -> str | None:
    """Create a session and return its token, which is not stored. None if the account is gone or its password has
    changed.
    """
    token = security.new_token()
    return token if sessions.create(security.token_hash(token), account, days, tx=tx) else None


def register(
    name: str, email: str, password: str, job_role: str | None, settings: Settings, outbox: Outbox, link: str
) -> tuple[User, str] | None:
    """Create a learner with a session and queue a welcome mail with this link. Return user and token; None if the
    address is taken.
    """
    hashed = security.hash_password(password, settings.bcrypt_cost)
    with db.transaction() as tx:
        user = users.create(name, email, hashed, "learner", job_role, tx=tx)
        if user is None:
            return None
        token = start_session(Account(**user.public(), password=hashed), settings.session_days, tx)
        assert token is not None  # the account was created in this transaction
        outbox.put("welcome", user.id, link, tx)
    outbox.wake()
    return user, token


def sign_in(email: str, password: str, settings: Settings) -> tuple[User, str] | None:
    """Return the user and the token of a new session; None if the address or the password is wrong.

    This takes about the same time whether or not the account exists.
    """
    for _ in range(2):  # the password may change while it is being checked
        account = _with_password(email, password, settings.bcrypt_cost)
        if account is None:
            return None
        if token := start_session(account, settings.session_days):
            _renew_hash(account, password, settings.bcrypt_cost)
            return account.user(), token
    return None


def _with_password(email: str, password: str, cost: int) -> Account | None:
    account = users.by_email(email, account_of(email))
    unknown = _usual_cost(db.pool(), int(time.monotonic() // MINUTE)) or cost
    matches = security.password_matches(password, account.password if account else None, unknown)
    return account if matches else None


def _renew_hash(account: Account, password: str, cost: int) -> None:
    if security.cost_of(account.password) != cost:
        users.replace_password(account.id, account.password, security.hash_password(password, cost))


@lru_cache(maxsize=1)
def _usual_cost(pool: object, minute: int) -> int | None:  # noqa: ARG001
    """Return the bcrypt cost of most stored hashes, looked up once a minute as it takes 10 ms with 10,000 accounts.

    Checking an unknown account must take as long as checking a known one, even after BCRYPT_COST was changed.
    """
    return users.commonest_cost()


def has_password(user: SignedIn, password: str, cost: int) -> str | None:
    """Return the hash of the user's password if `password` is correct, else None."""
    former = users.password_of(user.id)
    return former if security.password_matches(password, former, cost) else None


def replace_password(user: SignedIn, former: str, hashed: str, tx: Connection) -> bool:
    """Change the user's password and end their other sessions. Return False if `former` is no longer the stored
    hash.
    """
    if not users.replace_password(user.id, former, hashed, tx=tx):
        return False
    sessions.end_all(user.id, keep=user.session_id, tx=tx)
    password_resets.revoke(user.id, tx)
    return True


def forgot(email: str, outbox: Outbox, page: str) -> None:
    """Queue a mail with a link to this page to choose a password, if the account exists and got no such mail in the
    last five minutes.
    """
    account = users.by_email(email, account_of(email))
    if account is not None:
        outbox.put_reset(account.id, page)
        outbox.wake()


def choose_password(token: str, password: str, cost: int) -> bool:
    """Set a password with the token from a mail, and end all sessions. Return False if the token is unknown or
    expired.
    """
    hashed = security.hash_password(password, cost)
    with db.transaction() as tx:
        user_id = password_resets.use(security.token_hash(token), tx)
        if user_id is None:
            return False
        users.set_password(user_id, hashed, tx=tx)
        sessions.end_all(user_id, tx=tx)
    return True
