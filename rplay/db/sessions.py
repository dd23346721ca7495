"""Sign-in sessions: the client gets the token, the database keeps its hash.

Rows of the old backend hold the token itself (`hashed` is false) and stay valid. Only these rows match an unhashed
value.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from rplay import db
from rplay.db import Connection
from rplay.db.users import Account


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that has not expired, and its user."""

    session_id: UUID
    expires_at: datetime
    id: UUID
    email: str
    name: str
    role: str
    job_role: str | None
    created_at: datetime


_SIGNED_IN = """
        SELECT s.id AS session_id, s.expires_at,
               u.id, u.email, u.name, u.role, u.job_role, u.created_at
          FROM sessions s
          JOIN users u ON u.id = CASE WHEN s.user_id ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
                                      THEN s.user_id::uuid END
         WHERE s.expires_at > now() AT TIME ZONE 'UTC'"""
_THIS_TOKEN = "((token = %(hash)s AND hashed) OR (token = %(token)s AND NOT hashed))"  # noqa: S105


def by_token(token: str, token_hash: str) -> SignedIn | None:
    """Return the valid session with this token and its user, in one round trip."""
    return db.one(SignedIn, f"{_SIGNED_IN} AND {_THIS_TOKEN}", hash=token_hash, token=token)


def by_id(session_id: UUID, tx: Connection | None = None) -> SignedIn | None:
    """Return the session as it is now; None if it has ended or its user is gone."""
    return db.one(SignedIn, f"{_SIGNED_IN} AND s.id = %(session_id)s", tx=tx, session_id=session_id)


def living(session_ids: list[UUID]) -> list[SignedIn]:
    """Return those of these sessions that are still valid, with their users."""
    return db.all_of(SignedIn, f"{_SIGNED_IN} AND s.id = ANY(%(ids)s)", ids=session_ids)


@dataclass(frozen=True, slots=True)
class Session:
    """A session as an operator sees it, never with its token. `legacy` is True for one of the old backend."""

    id: UUID
    user_email: str
    user_name: str
    created_at: datetime | None
    expires_at: datetime
    legacy: bool

    def public(self) -> dict[str, Any]:
        return asdict(self)


def live(user_id: UUID | None = None) -> list[Session]:
    """Return the valid sessions of one user or of all, newest first."""
    return db.all_of(
        Session,
        """
        SELECT s.id, u.email AS user_email, u.name AS user_name, s.created_at, s.expires_at, NOT s.hashed AS legacy
          FROM sessions s
          JOIN users u ON u.id::text = lower(s.user_id)
         WHERE s.expires_at > now() AT TIME ZONE 'UTC'
           AND (%(user_id)s::uuid IS NULL OR u.id = %(user_id)s)
      ORDER BY s.created_at DESC
        """,
        user_id=user_id,
    )


def create(token_hash: str, account: Account, days: int, tx: Connection | None = None) -> bool:
    """Create a session with the hash of its token. Return False if the account is gone or its password has changed
    meanwhile.

    A concurrent change of the password waits for this statement, and then ends the new session with the others.
    """
    made = db.execute(
        """
        INSERT INTO sessions (token, hashed, user_id, user_email, user_name, user_role, expires_at)
        SELECT %(hash)s, true, %(user_id)s::text, %(email)s, %(name)s, %(role)s,
               now() AT TIME ZONE 'UTC' + make_interval(days => %(days)s)
          FROM users
         WHERE id = %(user_id)s AND password = %(password)s
           FOR SHARE
        """,
        tx=tx,
        hash=token_hash,
        user_id=account.id,
        email=account.email,
        name=account.name,
        role=account.role,
        days=days,
        password=account.password,
    )
    return made == 1


def refresh(token: str, token_hash: str, new_hash: str, days: int) -> datetime | None:
    """Replace the session's token and extend the session; return the new end, or None if the old token is no longer
    valid.

    Of several simultaneous calls only one succeeds. Otherwise the others would be answered with tokens that are already
    replaced.
    """
    expires_at: datetime | None = db.value(
        f"""
        UPDATE sessions
           SET token = %(new)s, hashed = true,
               expires_at = now() AT TIME ZONE 'UTC' + make_interval(days => %(days)s)
         WHERE {_THIS_TOKEN} AND expires_at > now() AT TIME ZONE 'UTC'
     RETURNING expires_at
        """,
        new=new_hash,
        days=days,
        hash=token_hash,
        token=token,
    )
    return expires_at


def end(session_id: UUID) -> None:
    db.execute("DELETE FROM sessions WHERE id = %(session_id)s", session_id=session_id)


def end_all(user_id: UUID, keep: UUID | None = None, tx: Connection | None = None) -> int:
    """End the user's sessions, except `keep`. Return how many were ended."""
    return db.execute(
        "DELETE FROM sessions WHERE user_id = %(user_id)s::text AND id IS DISTINCT FROM %(keep)s::uuid",
        tx=tx,
        user_id=user_id,
        keep=keep,
    )


def end_everyones() -> int:
    """End the sessions of all users. Return how many there were."""
    return db.execute("DELETE FROM sessions")
