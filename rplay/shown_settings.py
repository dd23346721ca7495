"""The settings as they may be shown: their values and sources, with secrets masked."""

import os
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from rplay.config import ENV_FILE, Settings, chosen_model, model_file, read_env
from rplay.values import MASK, masked_address


@dataclass(frozen=True)
class Setting:
    name: str
    value: Any
    source: str  # environment, .env, a file, or default


def described(settings: Settings) -> list[Setting]:
    return [
        Setting(name.upper(), _shown(getattr(settings, name)), _source(name.upper())) for name in Settings.model_fields
    ]


def _shown(value: Any) -> Any:
    """Return a value as it would be typed, with secrets masked."""
    if isinstance(value, SecretStr):
        return _masked(value.get_secret_value())
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "-".join(f"{part:g}" for part in value)
    if isinstance(value, dict):
        return ",".join(f"{name}={own}" for name, own in value.items())
    if isinstance(value, list):
        return ",".join(masked_address(str(part)) for part in value)
    return None if value is None else masked_address(str(value))


def _masked(secret: str) -> str:
    """Mask a secret: of an address only the parts that may be secret, anything else completely."""
    return masked_address(secret) if "://" in secret else MASK


def _source(name: str) -> str:
    everything = {**read_env(ENV_FILE), **os.environ}
    chosen = (str(model_file(everything)), chosen_model(everything))
    for place, values in (("environment", os.environ), (str(ENV_FILE), read_env(ENV_FILE)), chosen):
        if values.get(f"{name}_FILE"):
            return f"file {values[f'{name}_FILE']}"
        if (values.get(name) or "").strip():
            return place
    return "default"
