"""Reads TOML files of texts and patterns. The `tables` module of each package adds its folder and a cache."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def read(folder: Path, name: str) -> dict[str, Any]:
    with (folder / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def any_of(expressions: Iterable[str], flags: int = 0) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{expression})" for expression in expressions), flags)
