"""Tables for other programs: CSV that a spreadsheet opens, and takes no field of for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response


def answer(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """To be saved under this name."""
    made = Response(written(columns, rows), content_type="text/csv; charset=utf-8")
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return made


def written(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """With a byte order mark, by which Excel knows UTF-8."""
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
