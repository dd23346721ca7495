"""The texts beside the code, read once."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


@cache
def table(name: str) -> Mapping[str, Any]:
    with (Path(__file__).parent / "texts" / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE)
