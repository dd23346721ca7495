"""`rplay users export`: writes all users, row by row, into a file that appears only when it is complete."""

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
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # beginnings of cells that a spreadsheet would evaluate as formulas


def written(path: str, kind: str, role: str | None) -> None:
    # The generator is closed while the database connection is still open, in case the reader of the output stops early.
    with whole(path) as file, closing(users.each(role)) as people:
        count = (_as_json if kind == "json" else _as_csv)(people, file)
    tell(f"{count:,} accounts")


@contextmanager
def whole(path: str) -> Iterator[IO[str]]:
    """Yield a private text file that appears under its name only when it is complete; - is stdout."""
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
    """Write a JSON array with one object per line. Return the number of users."""
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
    """Escape values that a spreadsheet would take for a formula or that could control a terminal."""
    return value and printable(f"'{value}" if value.startswith(FORMULA) else value)
