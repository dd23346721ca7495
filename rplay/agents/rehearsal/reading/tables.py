"""Reads the TOML files of this package."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from rplay.agents.tables import any_of, read

FOLDER = Path(__file__).parent


@cache
def table(name: str) -> dict[str, Any]:
    """Return the contents of a TOML file. Callers share it, so they must not change it."""
    return read(FOLDER, name)


@cache
def patterns(name: str, section: str) -> dict[str, re.Pattern[str]]:
    """Return one pattern for each list of expressions in a section, by the list's key."""
    return {key: any_of(expressions) for key, expressions in table(name)[section].items()}
