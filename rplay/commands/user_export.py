"""`rplay users export`: everybody, row by row, into a file that is whole or not there."""

import csv
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from rplay.commands.base import printable, tell
from rplay.commands.output import harmless_json
from rplay.db import users
from rplay.db.users import User
from rplay.runtime.json import dumps, timestamp

COLUMNS = ("id", "email", "name", "role", "jobRole", "createdAt")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would work out


def written(path: str, kind: str, role: str | None) -> None:
    # Closed while the database is still there, should whoever reads the output have enough before its end.
    with whole(path) as file, closing(users.each(role)) as people:
        count = (_as_json if kind == "json" else _as_csv)(people, file)
    tell(f"{count:,} accounts")


@contextmanager
def whole(path: str) -> Iterator[IO[str]]:
    """A text file that appears when all of it is written, for nobody else's eyes; - is the standard output."""
    if path == "-":
        yield sys.stdout
        return
    target = Path(path)
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            yield file
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink()
        raise


def _as_csv(people: Iterator[User], file: IO[str]) -> int:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for count, one in enumerate(people, start=1):  # noqa: B007
        writer.writerow([_harmless(value) for value in _fields(one)])
    return count


def _as_json(people: Iterator[User], file: IO[str]) -> int:
    """An array, an object a line."""
    count = 0
    file.write("[")
    for count, one in enumerate(people, start=1):
        object_ = dumps(dict(zip(COLUMNS, _fields(one), strict=True))).decode()
        file.write(f"{',' if count > 1 else ''}\n{harmless_json(object_)}")
    file.write("\n]\n")
    return count


def _fields(one: User) -> list[str | None]:
    return [str(one.id), one.email, one.name, one.role, one.job_role, timestamp(one.created_at)]


def _harmless(value: str | None) -> str | None:
    """Neither a formula in a spreadsheet nor an order to a terminal."""
    return value and printable(f"'{value}" if value.startswith(FORMULA) else value)
