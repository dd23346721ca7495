"""Random secrets that all servers on one database share."""

import secrets

from rplay import db


def get(name: str) -> bytes:
    """Return 32 random bytes. They are created at the first call and stay the same afterwards."""
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
