"""The texts beside the code, read once."""

from functools import cache
from pathlib import Path
from typing import Any

from rplay.agents.tables import read


@cache
def table(name: str) -> dict[str, Any]:
    """The TOML file of this name; shared, so not to be changed."""
    return read(Path(__file__).parent / "texts", name)


@cache
def words(name: str, key: str) -> tuple[str, ...]:
    """A comma-separated list of words out of a file."""
    return tuple(word.strip() for word in str(table(name)[key]).replace("\n", " ").split(",") if word.strip())
