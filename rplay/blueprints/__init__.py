"""The API's views: one file per resource, each with its blueprint `bp`."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from flask import Blueprint


def every() -> Iterator[Blueprint]:
    """Yield the blueprint of each module in this package that has one."""
    for found in iter_modules(__path__):
        blueprint = getattr(import_module(f"{__name__}.{found.name}"), "bp", None)
        if blueprint is not None:
            yield blueprint
