"""Tokens of reset mails: one use, one hour; the database keeps their hash."""

from uuid import UUID

from rplay import db
from rplay.db import Connection


def create(user_id: UUID, token_hash: str) -> None:
    """A new token; the user's older ones no longer work."""
    with db.transaction() as tx:
        revoke(user_id, tx)
        db.execute(
            """
            INSERT INTO password_resets (token_hash, user_id, expires_at)
            VALUES (%(token_hash)s, %(user_id)s, now() + interval '1 hour')
            """,
            tx=tx,
            token_hash=token_hash,
            user_id=user_id,
        )


def use(token_hash: str, tx: Connection) -> UUID | None:
    """Takes the token away and says whose it was; None when it is unknown, used or too old."""
    user_id: UUID | None = db.value(
        "DELETE FROM password_resets WHERE token_hash = %(token_hash)s AND expires_at > now() RETURNING user_id",
        tx=tx,
        token_hash=token_hash,
    )
    return user_id


def revoke(user_id: UUID, tx: Connection) -> None:
    """The user's tokens no longer work."""
    db.execute("DELETE FROM password_resets WHERE user_id = %(user_id)s", tx=tx, user_id=user_id)
