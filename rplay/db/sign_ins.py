"""Network addresses from which users have signed in, each kept for a month."""

from uuid import UUID

from rplay import db

KEPT_DAYS = 30


def remember(user_id: UUID, address: str) -> None:
    """Record that the user signed in from this address now. Nothing is stored for a user who is just being erased."""
    db.execute(
        """
        INSERT INTO sign_ins (user_id, address)
        SELECT id, %(address)s FROM users WHERE id = %(user_id)s FOR KEY SHARE
        ON CONFLICT (user_id, address) DO UPDATE SET at = now()
        """,
        user_id=user_id,
        address=address,
    )


def known(account: str, address: str) -> bool:
    """Return True if the account has signed in from this address before. `account` is the e-mail address as rate
    limits count it.
    """
    return bool(
        db.value(
            f"""
            SELECT true
              FROM sign_ins s
              JOIN users u ON u.id = s.user_id
             WHERE lower(u.email) = lower(%(account)s) AND s.address = %(address)s
               AND s.at > now() - interval '{KEPT_DAYS} days'
             LIMIT 1
            """,
            account=account,
            address=address,
        )
    )
