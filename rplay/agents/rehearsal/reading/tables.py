"""The TOML files of this package."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from rplay.agents.tables import any_of, read

FOLDER = Path(__file__).parent


@cache
def table(name: str) -> dict[str, Any]:
    """The TOML file of this name; shared, so not to be changed."""
    return read(FOLDER, name)


@cache
def patterns(name: str, section: str) -> dict[str, re.Pattern[str]]:
    """Each list of expressions in this section as one pattern."""
    return {key: any_of(expressions) for key, expressions in table(name)[section].items()}
