"""Tokens for choosing a password, sent by mail. A user has one at a time, it works once, for an hour, or for seven
days in an invitation.

The database keeps only their hashes. The user's row is locked before their tokens, here and wherever a password is
changed, to avoid deadlocks.
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
    """Create a token and revoke older ones. Return False if there is one from the last five minutes.

    That token stays valid. Otherwise anybody could keep invalidating the link that a user has just been sent.
    """
    with db.transaction() as tx:
        if not _may_have_another(user_id, tx):
            return False
        revoke(user_id, tx)
        _insert(user_id, token_hash, lives, tx)
        return True


def ask(user_id: UUID, link: str) -> bool:
    """Queue a reset mail with this link; the token is created when the mail is sent. Return False if `create` would."""
    with db.transaction() as tx:
        if not _may_have_another(user_id, tx):
            return False
        revoke(user_id, tx)
        mail_outbox.put(mail_outbox.RESET, user_id, link, None, mail_outbox.RESET_KEPT, tx)
        return True


def add_for(mail_id: UUID, user_id: UUID, token_hash: str, lives: timedelta = OF_A_RESET) -> bool:
    """Add a token for a queued mail, beside those of earlier attempts to send it. Return False if the mail was
    withdrawn.
    """
    with db.transaction() as tx:
        db.execute("SELECT 1 FROM users WHERE id = %(id)s FOR NO KEY UPDATE", tx=tx, id=user_id)
        if db.value("SELECT 1 FROM mail_outbox WHERE id = %(id)s", tx=tx, id=mail_id) is None:
            return False  # the password was changed meanwhile, or the account is gone
        _insert(user_id, token_hash, lives, tx)
        return True


def _may_have_another(user_id: UUID, tx: Connection) -> bool:
    """Return True if the account may get a new token.

    The account is locked, so that of several simultaneous requests each sees the token of the one before.
    """
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
    """Return the users with these lower-case addresses who have neither a password nor a token to choose one."""
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
    """Delete all tokens of the user who has this one, and return the user's id. Return None if the token is unknown,
    used or expired.
    """
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
    """Invalidate the user's tokens, and remove queued mails that would bring another one."""
    mail_outbox.drop_resets(user_id, tx)
    db.execute("DELETE FROM password_resets WHERE user_id = %(user_id)s", tx=tx, user_id=user_id)
