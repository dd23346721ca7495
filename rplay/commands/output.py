"""Prints results: a table on a terminal, tab-separated fields for other programs, or JSON."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rplay.commands.base import is_harmless, printable

Row = Mapping[str, Any]


def show(rows: Iterable[Row], columns: Mapping[str, str], as_json: bool) -> None:
    """Print results to stdout. `columns` maps the shown keys to their headings; JSON contains all keys."""
    if as_json:
        show_json([dict(row) for row in rows])
        return
    console = Console(highlight=False)
    lines = [[words(row.get(name)) for name in columns] for row in rows]
    if console.is_terminal:
        console.print(_table(list(columns.values()), lines))
    else:
        for line in lines:
            click.echo("\t".join(line))


def show_json(thing: Any) -> None:
    from rplay.runtime.json import dumps

    click.echo(harmless_json(json.dumps(json.loads(dumps(thing)), indent=2, ensure_ascii=False)))


def harmless_json(text: str) -> str:
    """Escape characters in JSON text that could control a terminal. JSON itself requires escapes only up to U+001F."""
    return text if text.isprintable() else "".join(map(_harmless_in_json, text))


def _harmless_in_json(letter: str) -> str:
    return letter if is_harmless(letter) or letter == "\n" else json.dumps(letter)[1:-1]


def words(value: Any) -> str:
    """Return a value as one line, without characters that could control a terminal: names are arbitrary user input."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return printable("" if value is None else str(value))


STYLES = {"ok": "green", "warning": "yellow", "failed": "red", "serious": "red", "pending": "yellow", "off": "dim"}


def _table(headings: Sequence[str], lines: Sequence[Sequence[str]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", show_header=any(headings))
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for line in lines:
        table.add_row(*(Text(cell, STYLES.get(cell, "")) for cell in line))
    return table
