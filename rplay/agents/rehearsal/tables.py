"""The texts and phrase tables beside the code, read once."""

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
def patterns(name: str, section: str) -> dict[str, re.Pattern[str]]:
    """Each list of expressions in this section as one pattern."""
    return {key: any_of(entries) for key, entries in table(name)[section].items()}


def any_of(expressions: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{expression})" for expression in expressions), re.IGNORECASE)
