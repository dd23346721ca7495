"""The TOML files in `texts/`, each read once."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from rplay.agents import tables


@cache
def table(name: str) -> dict[str, Any]:
    """Return the contents of a TOML file. Callers share it, so they must not change it."""
    return tables.read(Path(__file__).parent / "texts", name)


@cache
def patterns(name: str, section: str) -> dict[str, re.Pattern[str]]:
    """Return one pattern for each list of expressions in a section, by the list's key."""
    return {key: any_of(entries) for key, entries in table(name)[section].items()}


def any_of(expressions: Iterable[str]) -> re.Pattern[str]:
    return tables.any_of(expressions, re.IGNORECASE)
