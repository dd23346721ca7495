"""Random numbers that all servers on one database have in common."""

import secrets

from rplay import db


def get(name: str) -> bytes:
    """32 random bytes: made the first time, the same ever after."""
    made: bytes = db.value(
        """
        INSERT INTO server_secrets (name, value) VALUES (%(name)s, %(value)s)
            ON CONFLICT (name) DO UPDATE SET name = excluded.name
        RETURNING value
        """,
        name=name,
        value=secrets.token_bytes(32),
    )
    return made
