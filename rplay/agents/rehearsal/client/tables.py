"""The texts beside the code, read once."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from rplay.agents.tables import read


@cache
def table(name: str) -> dict[str, Any]:
    """The TOML file of this name; shared, so not to be changed."""
    return read(Path(__file__).parent / "texts", name)


@cache
def pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE)


@cache
def any_of(name: str, section: str, key: str) -> re.Pattern[str]:
    """Expressions of a table, one a line, as one."""
    return pattern("|".join(str(table(name)[section][key]).strip().splitlines()))
