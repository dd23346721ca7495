"""The OpenAI key that calls are made with."""

from pydantic import SecretStr


class Key:
    """The key an admin stored through the API, else the configured one. In memory only, never on disk or shown."""

    def __init__(self, configured: SecretStr | None) -> None:
        self._configured = configured.get_secret_value() if configured else None
        self._stored: str | None = None

    def get(self) -> str | None:
        return self._stored or self._configured

    def store(self, key: str) -> None:
        self._stored = key

    def __repr__(self) -> str:
        return f"Key({'set' if self.get() else 'not set'})"
