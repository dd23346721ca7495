"""The texts beside the code, read once."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """The TOML file of this name; shared, so not to be changed."""
    return tomllib.loads(files(__package__).joinpath("texts", f"{name}.toml").read_text(encoding="utf-8"))


@cache
def words(name: str, key: str) -> tuple[str, ...]:
    """A comma-separated list of words out of a file."""
    return tuple(word.strip() for word in str(table(name)[key]).replace("\n", " ").split(",") if word.strip())


@cache
def pattern(name: str, section: str, key: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{table(name)[section][key]})", re.IGNORECASE)
