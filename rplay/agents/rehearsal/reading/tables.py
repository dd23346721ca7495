"""The TOML files of this package."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@cache
def table(name: str) -> Mapping[str, Any]:
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def patterns(name: str, section: str) -> Mapping[str, re.Pattern[str]]:
    """Expressions of a section, each made of a list of alternatives."""
    return {key: any_of(tuple(lines)) for key, lines in table(name)[section].items()}


def any_of(expressions: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in expressions))
