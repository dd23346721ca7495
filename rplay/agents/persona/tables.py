"""The TOML files in `texts/`, each read once."""

from functools import cache
from pathlib import Path
from typing import Any

from rplay.agents.tables import read


@cache
def table(name: str) -> dict[str, Any]:
    """Return the contents of a TOML file. Callers share it, so they must not change it."""
    return read(Path(__file__).parent / "texts", name)


@cache
def words(name: str, key: str) -> tuple[str, ...]:
    """Return a comma-separated list of a file as a tuple of words."""
    return tuple(word.strip() for word in str(table(name)[key]).replace("\n", " ").split(",") if word.strip())
