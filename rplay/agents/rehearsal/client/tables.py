"""The TOML files in `texts/`, each read once."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from rplay.agents.tables import read


@cache
def table(name: str) -> dict[str, Any]:
    """Return the contents of a TOML file. Callers share it, so they must not change it."""
    return read(Path(__file__).parent / "texts", name)


@cache
def pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE)


@cache
def any_of(name: str, section: str, key: str) -> re.Pattern[str]:
    """Return the expressions of a table, which stand one on a line, as one pattern."""
    return pattern("|".join(str(table(name)[section][key]).strip().splitlines()))
