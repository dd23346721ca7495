"""CSV for spreadsheets, with cells that could be taken for formulas escaped."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response


def answer(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Return CSV as a download with this file name."""
    made = Response(written(columns, rows), content_type="text/csv; charset=utf-8")
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return made


def written(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return CSV with a byte order mark, from which Excel recognises UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_safe(value) for value in row] for row in rows)
    return ("\ufeff" + text.getvalue()).encode()


def _safe(value: object) -> object:
    if value is None:
        return ""
    is_formula = isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{value}" if is_formula else value
