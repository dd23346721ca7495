"""A roster: people to import, read from CSV or JSON into rows. What stands in a row, `rplay.enrolment` looks at.

Whatever cannot be read is a BadRequest, whatever holds too many people a TooLarge; both say what to do.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import TextIO

import gevent
import orjson

from rplay.errors import BadRequest, TooLarge

COLUMNS = ("firstName", "lastName", "name", "email", "password", "role", "jobRole")
NOBODY = "No users provided or invalid format"

_KNOWN = {column.lower(): column for column in COLUMNS}
_PAUSE = 200  # records after which whoever else waits for the processor has a turn


def from_csv(source: str | bytes, limit: int) -> list[dict[str, str]]:
    text = _decoded(source) if isinstance(source, bytes) else source.removeprefix("\ufeff")
    rows: list[dict[str, str]] = []
    for _, row in csv_rows(io.StringIO(text, newline="")):
        rows.append(row)
        _bound(rows, limit)
    if not rows:
        raise BadRequest(NOBODY)
    return rows


def csv_rows(file: TextIO) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row as it comes, with the line it begins on; the file was opened with newline="".

    The first line names the columns, in any order and case; columns we do not know are passed over.
    """
    records = _records(file)
    line, header = next(records, (1, []))
    columns = _columns(line, header)
    for line, record in records:
        if len(record) != len(header):
            raise _bad_csv(f"line {line} has {len(record)} fields where the first line has {len(header)}")
        yield line, {column: record[index] for index, column in columns.items()}


def from_json(source: object, limit: int) -> Sequence[object]:
    """An array, or the text of one."""
    rows = _parsed(source) if isinstance(source, (str, bytes)) else source
    if not isinstance(rows, list) or not rows:
        raise BadRequest(NOBODY)
    _bound(rows, limit)
    return rows


def _records(file: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Every record that holds something, with the line it begins on."""
    reader = csv.reader(file, strict=True)
    begins = 1
    try:
        for number, record in enumerate(reader, start=1):
            if any(field.strip() for field in record):
                yield begins, record
            begins = reader.line_num + 1
            if number % _PAUSE == 0:
                gevent.sleep(0)
    except csv.Error:
        raise _bad_csv(
            f"the entry that begins on line {begins} cannot be read."
            " Look for a quote that is never closed or stands inside a field"
        ) from None


def _columns(line: int, header: list[str]) -> dict[int, str]:
    """Our columns by where they stand."""
    cells = [cell.strip().lower() for cell in header]
    columns = {index: _KNOWN[cell] for index, cell in enumerate(cells) if cell in _KNOWN}
    found = set(columns.values())
    if len(found) < len(columns):
        raise _bad_csv(f"line {line} names a column twice")
    if header and not ({"email", "password"} <= found and ("name" in found or {"firstName", "lastName"} <= found)):
        raise _bad_csv(f"line {line} must name the columns firstName, lastName, email, password, separated by commas")
    return columns


def _decoded(source: bytes) -> str:
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise not_utf8(source.count(b"\n", 0, error.start) + 1) from None


def not_utf8(line: int) -> BadRequest:
    return _bad_csv(f"line {line} is not UTF-8. Save the file as CSV UTF-8")


def _parsed(source: str | bytes) -> object:
    bare = source.removeprefix(b"\xef\xbb\xbf") if isinstance(source, bytes) else source.removeprefix("\ufeff")
    try:
        parsed: object = orjson.loads(bare)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"Invalid JSON: it cannot be read at line {error.lineno}, character {error.colno}") from None
    return parsed


def _bound(rows: Sequence[object], limit: int) -> None:
    if len(rows) > limit:
        raise TooLarge(f"One import may hold at most {limit} people. Split it into several")


def _bad_csv(reason: str) -> BadRequest:
    return BadRequest(f"Invalid CSV: {reason}")
