"""Tokens of mails to choose a password: one at a time, one use, an hour or, in an invitation, seven days.

The database keeps their hash.

The user's row is locked before their tokens, here and wherever a password is changed: nobody waits in a circle.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from rplay import db
from rplay.db import Connection
from rplay.db.users import COLUMNS, NO_PASSWORD, User

OF_A_RESET = timedelta(hours=1)
OF_AN_INVITATION = timedelta(days=7)


def create(user_id: UUID, token_hash: str, lives: timedelta = OF_A_RESET) -> bool:
    """A new token, after which older ones no longer work; False when there is one of less than five minutes ago.

    That one stands: or anybody could kill, again and again, the link that somebody was just sent.
    """
    with db.transaction() as tx:
        # Of those who ask at once each sees the token of the one before.
        if db.value("SELECT id FROM users WHERE id = %(id)s FOR NO KEY UPDATE", tx=tx, id=user_id) is None:
            return False
        if _is_fresh(user_id, tx):
            return False
        revoke(user_id, tx)
        db.execute(
            """
            INSERT INTO password_resets (token_hash, user_id, expires_at)
            VALUES (%(token_hash)s, %(user_id)s, now() + %(lives)s)
            """,
            tx=tx,
            token_hash=token_hash,
            user_id=user_id,
            lives=lives,
        )
        return True


def uninvited(emails: Iterable[str]) -> list[User]:
    """Who of these lower-case addresses has no password yet, and no token to choose one."""
    return db.all_of(
        User,
        f"""
        SELECT {COLUMNS}
          FROM users
         WHERE lower(email) = ANY(%(emails)s) AND password = %(no_password)s
           AND NOT EXISTS (SELECT 1 FROM password_resets WHERE user_id = users.id AND expires_at > now())
      ORDER BY email
        """,
        emails=list(emails),
        no_password=NO_PASSWORD,
    )


def _is_fresh(user_id: UUID, tx: Connection) -> bool:
    sql = """
        SELECT EXISTS (SELECT 1 FROM password_resets
                        WHERE user_id = %(user_id)s AND created_at > now() - interval '5 minutes')
        """
    return db.value(sql, tx=tx, user_id=user_id) is True


def use(token_hash: str, tx: Connection) -> UUID | None:
    """Takes all tokens of the user away and says whose they were; None when this one is unknown, used or too old."""
    db.execute(
        """
        SELECT 1
          FROM users
         WHERE id = (SELECT user_id FROM password_resets WHERE token_hash = %(token_hash)s)
           FOR NO KEY UPDATE
        """,
        tx=tx,
        token_hash=token_hash,
    )
    user_id: UUID | None = db.value(
        "DELETE FROM password_resets WHERE token_hash = %(token_hash)s AND expires_at > now() RETURNING user_id",
        tx=tx,
        token_hash=token_hash,
    )
    if user_id:
        revoke(user_id, tx)
    return user_id


def revoke(user_id: UUID, tx: Connection) -> None:
    """The user's tokens no longer work."""
    db.execute("DELETE FROM password_resets WHERE user_id = %(user_id)s", tx=tx, user_id=user_id)
