"""The texts and phrase tables beside the code, read once."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from rplay.agents import tables


@cache
def table(name: str) -> dict[str, Any]:
    """The TOML file of this name; shared, so not to be changed."""
    return tables.read(Path(__file__).parent / "texts", name)


@cache
def patterns(name: str, section: str) -> dict[str, re.Pattern[str]]:
    """Each list of expressions in this section as one pattern."""
    return {key: any_of(entries) for key, entries in table(name)[section].items()}


def any_of(expressions: Iterable[str]) -> re.Pattern[str]:
    return tables.any_of(expressions, re.IGNORECASE)
