"""The OpenAI key with which calls are made."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import cast

import structlog
from cryptography.fernet import Fernet, InvalidToken
from pydantic import SecretStr

from rplay.runtime.redis import Shared

log = structlog.get_logger()

NAME = "rplay:openai-key"


class Vault:
    """The stored key in Redis, encrypted, as Redis may write it to a disk."""

    def __init__(self, shared: Shared, secret: Callable[[], bytes]) -> None:
        self._shared = shared
        self._secret = secret
        self._sealed: bytes | None = None
        self._key: str | None = None

    def put(self, key: str) -> None:
        sealed = self._fernet().encrypt(key.encode())
        with self._shared.answering() as redis:
            redis.set(NAME, sealed)
        self._sealed, self._key = sealed, key

    def get(self) -> str | None:
        """Return the key that any of the servers stored last."""
        with self._shared.answering() as redis:
            sealed = cast(bytes | None, redis.get(NAME))
            if sealed is None and self._sealed is not None:  # Redis was restarted and lost the key
                redis.set(NAME, self._sealed, nx=True)
                return self._key
        if sealed is not None and sealed != self._sealed:
            self._key = self._opened(sealed)
            self._sealed = sealed
        return self._key

    def _opened(self, sealed: bytes) -> str | None:
        try:
            return self._fernet().decrypt(sealed).decode()
        except InvalidToken:
            log.warning("stored_key_unreadable", reason="it was sealed by a server on another database")
            return None

    def _fernet(self) -> Fernet:
        return Fernet(urlsafe_b64encode(self._secret()))


class Key:
    """The key that an admin stored through the API, or else the configured one. It is kept in memory only and never
    shown.

    With a vault all servers share the stored key, within a second.
    """

    def __init__(self, configured: SecretStr | None, vault: Vault | None = None) -> None:
        self._configured = configured.get_secret_value() if configured else None
        self._vault = vault
        self._stored: str | None = None

    def get(self) -> str | None:
        return self._stored or self._configured

    def store(self, key: str) -> None:
        """Store a key. Raise SharedAway, and store nothing, if the other servers cannot be informed."""
        if self._vault:
            self._vault.put(key)
        self._stored = key

    def forget(self) -> None:
        """Remove the stored key. It is replaced by an empty one: if it were deleted in the vault, a server that
        knows the former key would put it back.
        """
        self.store("")

    def refresh(self) -> None:
        """Load a key that another server stored."""
        if self._vault:
            self._stored = self._vault.get()

    def __repr__(self) -> str:
        return f"Key({'set' if self.get() else 'not set'})"
