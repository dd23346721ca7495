"""Tokens of mails to choose a password: one at a time, one use, an hour or, in an invitation, seven days.

The database keeps their hash.

The user's row is locked before their tokens, here and wherever a password is changed: nobody waits in a circle.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from rplay import db
from rplay.db import Connection, mail_outbox
from rplay.db.users import COLUMNS, NO_PASSWORD, User

OF_A_RESET = timedelta(hours=1)
OF_AN_INVITATION = timedelta(days=7)


def create(user_id: UUID, token_hash: str, lives: timedelta = OF_A_RESET) -> bool:
    """A new token, after which older ones no longer work; False when there is one of less than five minutes ago.

    That one stands: or anybody could kill, again and again, the link that somebody was just sent.
    """
    with db.transaction() as tx:
        if not _may_have_another(user_id, tx):
            return False
        revoke(user_id, tx)
        _insert(user_id, token_hash, lives, tx)
        return True


def ask(user_id: UUID, link: str) -> bool:
    """Hands in a mail with this link, to which its token is added when it is sent; False under the same conditions."""
    with db.transaction() as tx:
        if not _may_have_another(user_id, tx):
            return False
        revoke(user_id, tx)
        mail_outbox.put(mail_outbox.RESET, user_id, link, None, mail_outbox.RESET_KEPT, tx)
        return True


def add_for(mail_id: UUID, user_id: UUID, token_hash: str, lives: timedelta = OF_A_RESET) -> bool:
    """A token for a mail that was handed in, beside those of its earlier tries; False when nobody waits for it now."""
    with db.transaction() as tx:
        db.execute("SELECT 1 FROM users WHERE id = %(id)s FOR NO KEY UPDATE", tx=tx, id=user_id)
        if db.value("SELECT 1 FROM mail_outbox WHERE id = %(id)s", tx=tx, id=mail_id) is None:
            return False  # the password was changed meanwhile, or the account is gone
        _insert(user_id, token_hash, lives, tx)
        return True


def _may_have_another(user_id: UUID, tx: Connection) -> bool:
    """Locks the account: of those who ask at once each sees the token of the one before."""
    if db.value("SELECT id FROM users WHERE id = %(id)s FOR NO KEY UPDATE", tx=tx, id=user_id) is None:
        return False
    return not (_is_fresh(user_id, tx) or mail_outbox.has_fresh_reset(user_id, tx))


def _insert(user_id: UUID, token_hash: str, lives: timedelta, tx: Connection) -> None:
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
    """The user's tokens no longer work, and a mail that would bring another is not sent."""
    mail_outbox.drop_resets(user_id, tx)
    db.execute("DELETE FROM password_resets WHERE user_id = %(user_id)s", tx=tx, user_id=user_id)
