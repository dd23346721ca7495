"""Lists of people to import, read from CSV or JSON into rows. `rplay.people.enrolment` validates the rows.

An unreadable list raises BadRequest, too many people raise TooLarge; both texts say what to do.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO, TextIO

import gevent
import orjson

from rplay.errors import BadRequest, TooLarge
from rplay.values import is_visible

COLUMNS = ("firstName", "lastName", "name", "email", "password", "role", "jobRole")
NOBODY = "No users provided or invalid format"
TOO_MANY = "Too many fields"

_KNOWN = {column.lower(): column for column in COLUMNS}
_ALIASES = {
    "fullname": "name",
    "givenname": "firstName",
    "surname": "lastName",
    "familyname": "lastName",
    "emailaddress": "email",
    "mail": "email",
    "jobtitle": "jobRole",
}
_DELIMITERS = ",;\t"  # spreadsheets in countries that write 0,5 separate cells by semicolons
# matches a first line like `sep=;`, which only Excel uses
_SAID_DELIMITER = re.compile(r'"?sep=([,;|:\t])"?[\s,;]*', re.IGNORECASE)
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_SOMETHING = re.compile(r'[^\s,;"]')
_PAUSE_RECORDS = 200  # records after which other greenlets get a turn
_LONGEST_HEADER = 10_000  # characters of the header that are used to find the delimiter


@dataclass(frozen=True, slots=True)
class Header:
    """The column names of a list, and its delimiter."""

    names: Sequence[str] = COLUMNS
    delimiter: str = ","


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list. `number` is the line on which it begins, or in JSON its position.

    `fields` are its raw cells, `values` the same by our column names; `problem` says why the row cannot be read.
    """

    number: int
    values: object
    header: Header = Header()
    fields: Sequence[str] = ()
    problem: str | None = None


# Our column names by column index, replacing what the header line says.
Places = dict[int, str]


def from_csv(source: str | bytes, limit: int, mapping: Places | None = None, invites: bool = False) -> list[Row]:
    if isinstance(source, bytes):
        with text_of(io.BytesIO(source)) as file:
            return _people(file, limit, mapping, invites)
    return _people(io.StringIO(source.lstrip("\ufeff"), newline=""), limit, mapping, invites)


def header_of(source: bytes) -> tuple[Header, Places]:
    """Return the header of a CSV file, and which of its columns we recognise."""
    with text_of(io.BytesIO(source)) as file:
        header, _, _ = _header(file)
    return header, _ours(list(header.names))


def _people(file: TextIO, limit: int, mapping: Places | None, invites: bool) -> list[Row]:
    rows: list[Row] = []
    for row in csv_rows(file, invites, mapping):
        rows.append(row)
        _bound(rows, limit)
    if not rows:
        raise BadRequest(NOBODY)
    return rows


def from_json(source: object, limit: int) -> list[Row]:
    """Return the rows of a JSON array or of the text of one."""
    people = _parsed(source) if isinstance(source, (str, bytes)) else source
    if not isinstance(people, list) or not people:
        raise BadRequest(NOBODY)
    _bound(people, limit)
    return [Row(number, person) for number, person in enumerate(people, start=1)]


@contextmanager
def text_of(file: BinaryIO) -> Iterator[TextIO]:
    """Yield the file as text from its beginning: UTF-8, or UTF-16 with a byte order mark, as in Excel's "Unicode
    text".
    """
    file.seek(0)
    start = file.read(64)
    if b"\0" in start[:2]:
        raise _not_utf8(1)  # UTF-16 without a byte order mark
    length, encoding = _mark(start)
    file.seek(length)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        yield text
    except UnicodeDecodeError:
        raise _not_utf8(_first_bad_line(file, length, encoding)) from None
    finally:
        text.detach()


def _mark(start: bytes) -> tuple[int, str]:
    """Return the length of the byte order marks (some programs write two) and the encoding they indicate."""
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return len(start) - len(start.removeprefix(mark).removeprefix(mark)), encoding
    return 0, "utf-8"


def _first_bad_line(file: BinaryIO, start: int, encoding: str) -> int:
    file.seek(start)
    source = file.read()
    try:
        source.decode(encoding)
    except UnicodeDecodeError as error:
        return source[: error.start].decode(encoding).count("\n") + 1
    return 1


def csv_rows(file: TextIO, invites: bool = False, mapping: Places | None = None) -> Iterator[Row]:
    """Yield each row of a CSV file that was opened with newline="". With `invites` no password is needed.

    The first line names the columns, in any order and case; unknown columns are ignored.
    """
    header, line, records = _header(file)
    if not header.names:
        return
    columns = _checked(line, _ours(list(header.names)) if mapping is None else mapping, invites)
    for line, record in records:
        yield _row(line, record, header, columns)


def _header(file: TextIO) -> tuple[Header, int, Iterator[tuple[int, list[str]]]]:
    """Return the columns named by the first non-empty line, that line's number, and the records below it."""
    skipped, first = _first_line(file)
    hint = _SAID_DELIMITER.fullmatch(first)
    delimiter = hint[1] if hint else _delimiter_of(first)
    records = _records(file if hint else chain([first], file), delimiter, skipped + 1 if hint else skipped)
    line, names = next(records, (1, []))
    return Header(names, delimiter), line, records


def _first_line(file: TextIO) -> tuple[int, str]:
    """Return how many empty lines come first, and the first non-empty line."""
    for skipped, line in enumerate(file):
        if _SOMETHING.search(line):
            return skipped, line
    return 0, ""


def _delimiter_of(line: str) -> str:
    """Return the delimiter with which the line names most of our columns."""

    def columns(delimiter: str) -> int:
        cells = next(csv.reader([line[:_LONGEST_HEADER]], delimiter=delimiter), [])
        return len(_ours(cells))

    return max(_DELIMITERS, key=columns)


def _records(lines: Iterator[str] | TextIO, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Yield every non-empty record with the line on which it begins."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    begins = skipped + 1
    try:
        for number, record in enumerate(reader, start=1):
            if any(field.strip() for field in record):
                yield begins, record
            begins = skipped + reader.line_num + 1
            if number % _PAUSE_RECORDS == 0:
                gevent.sleep(0)
    except csv.Error:
        raise _bad_csv(
            f"the entry that begins on line {begins} cannot be read."
            " Look for a quote that is never closed or stands inside a field"
        ) from None


def _row(line: int, record: list[str], header: Header, columns: Places) -> Row:
    """Return a row with its values by our columns. Spreadsheets omit empty cells at the end, or append empty ones."""
    values = {column: record[index] if index < len(record) else "" for index, column in columns.items()}
    surplus = any(field.strip() for field in record[len(header.names) :])
    return Row(line, values, header, record, TOO_MANY if surplus else None)


def _checked(line: int, columns: Places, invites: bool) -> Places:
    """Return the columns if all required ones are there and none occurs twice, else raise BadRequest."""
    found = set(columns.values())
    if len(found) < len(columns):
        raise _bad_csv(f"line {line} names a column twice")
    missing = _missing(found, invites)
    if missing:
        wanted = "firstName, lastName, email" if invites else "firstName, lastName, email, password"
        lack = f"it has no {' and no '.join(missing)}" if found else "separate them by commas, semicolons or tabs"
        raise _bad_csv(f"line {line} must name the columns {wanted}: {lack}")
    return columns


def _ours(names: list[str]) -> Places:
    """Return our columns by index. An alias of a column counts only if the column itself is not named."""
    plain = [_plain(name) for name in names]
    named = {index: _KNOWN[name] for index, name in enumerate(plain) if name in _KNOWN}
    others = {index: _ALIASES[name] for index, name in enumerate(plain) if name in _ALIASES}
    return named | {index: column for index, column in others.items() if column not in named.values()}


def _plain(name: str) -> str:
    """Normalise a column name: `First_Name`, `first name` and `firstName` become the same."""
    return "".join(letter for letter in name if is_visible(letter) and letter not in "_-").lower()


def _missing(found: set[str], invites: bool) -> list[str]:
    needed = [] if "name" in found else ["firstName", "lastName"]
    needed += ["email"] if invites else ["email", "password"]
    return [column for column in needed if column not in found]


def _not_utf8(line: int) -> BadRequest:
    return _bad_csv(f"line {line} is not UTF-8. Save the file as CSV UTF-8")


def _parsed(source: str | bytes) -> object:
    try:
        parsed: object = orjson.loads(_bare(source))
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"Invalid JSON: it cannot be read at line {error.lineno}, character {error.colno}") from None
    return parsed


def _bare(source: str | bytes) -> str | bytes:
    """Return the source without byte order marks, in an encoding that the JSON parser accepts."""
    if isinstance(source, str):
        return source.lstrip("\ufeff")
    length, encoding = _mark(source[:64])
    bare = source[length:]
    try:
        return bare if encoding == "utf-8" else bare.decode(encoding)
    except UnicodeDecodeError:
        raise BadRequest("Invalid JSON: it is not UTF-8 text") from None


def _bound(rows: Sequence[object], limit: int) -> None:
    if len(rows) > limit:
        raise TooLarge(f"One import may hold at most {limit} people. Split it into several")


def _bad_csv(reason: str) -> BadRequest:
    return BadRequest(f"Invalid CSV: {reason}")
