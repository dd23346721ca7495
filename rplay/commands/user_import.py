"""`rplay users import`: a list of any length, in batches that are there or not there when something interrupts.

The list is read twice: once to see that all of it can be read, and once to make the accounts. Only a few batches are in
memory at a time (JSON is there as a whole). Hashes are made by one thread a core, which is nearly all that it takes.
"""

import csv
import io
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import IO, Any, BinaryIO, Self

import click
from gevent.threadpool import ThreadPool

from rplay import roster, security
from rplay.commands.base import Failed, tell
from rplay.commands.output import show, show_json, words
from rplay.db import users
from rplay.db.users import NewUser, Renewed
from rplay.enrolment import person_of
from rplay.values import is_missing

BATCH = 20  # rows: 0.7 s of hashes at cost 10 on two cores
SHOWN = 10  # refused rows that are shown where no file takes them
TWICE = "Email stands further up in the list"

Rows = Callable[[], Iterator[tuple[int, object]]]  # each row with its line or, in JSON, its number


@contextmanager
def source(path: str) -> Iterator[Rows]:
    """What gives the rows of this file, from the first on each time it is called."""
    with _opened(path) as file:
        start = file.read(1024).removeprefix(b"\xef\xbb\xbf").lstrip()
        file.seek(0)
        if start.startswith((b"[", b"{")):
            listed = roster.from_json(file.read(), sys.maxsize)
            yield lambda: iter(enumerate(listed, start=1))
        else:
            yield lambda: _csv_rows(file)


def _opened(path: str) -> BinaryIO:
    """A file that can be read twice; a pipe can't."""
    if path == "-":
        return io.BytesIO(sys.stdin.buffer.read())
    file = Path(path).open("rb")  # noqa: SIM115 (whoever asks closes it)
    return file if file.seekable() else io.BytesIO(file.read())


def _csv_rows(file: BinaryIO) -> Iterator[tuple[int, object]]:
    file.seek(0)
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    try:
        yield from roster.csv_rows(text)
    except UnicodeDecodeError:
        raise roster.not_utf8(_first_bad_line(file)) from None
    finally:
        text.detach()


def _first_bad_line(file: BinaryIO) -> int:
    file.seek(0)
    for number, line in enumerate(file, start=1):
        try:
            line.decode()
        except UnicodeDecodeError:
            return number
    return 1


class Refused:
    """The rows that are refused: into a file as they come, or the first of them shown at the end."""

    def __init__(self, path: str | None, source: str) -> None:
        if path and Path(path).exists() and source != "-" and Path(path).samefile(source):
            raise click.UsageError("--errors names the list itself, which would be overwritten.")
        self.count = 0
        self._path = path
        self._file: IO[str] | None = None
        self._shown: list[tuple[int, str, str]] = []

    def __enter__(self) -> Self:
        if self._path:
            self._file = Path(self._path).open("w", encoding="utf-8", newline="", buffering=1)
            csv.writer(self._file).writerow(["line", "email", "reason"])
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _traceback: TracebackType | None) -> None:
        if self._file:
            self._file.close()

    def add(self, line: int, row: object, reason: str) -> None:
        self.count += 1
        email = words(row.get("email") if isinstance(row, dict) else None)
        if self._file:
            csv.writer(self._file).writerow([line, email, reason])
        elif len(self._shown) < SHOWN:
            self._shown.append((line, email, reason))

    def tell(self) -> None:
        """Where they are, or what they are."""
        for line, email, reason in self._shown:
            tell(f"line {line}: {email or 'no address'}: {reason}")
        if self.count > len(self._shown):
            more = f"The {self.count:,} refused rows are in {self._path}" if self._path else "There are more"
            tell(f"{more}." if self._path else f"{more}: --errors FILE takes them all.")


@dataclass
class Batch:
    """Some rows: how many, who of them gets an account, and who has one."""

    rows: int = 0
    free: list[NewUser] = field(default_factory=list)
    known: list[Renewed] = field(default_factory=list)


@dataclass
class Summary:
    created: int = 0
    updated: int = 0
    skipped: int = 0
    refused: int = 0


class Import:
    """One run over a list. `summary` counts what is in the database by now."""

    def __init__(self, rows: Rows, cost: int, update: bool, dry_run: bool, refused: Refused) -> None:
        self.summary = Summary()
        self.dry_run = dry_run
        self.refused = refused
        self._rows = rows
        self._cost = cost
        self._update = update
        self._stopped = False

    def run(self) -> None:
        total = sum(1 for _ in self._rows())
        if total == 0:
            raise Failed("The list holds nobody.")
        with _progress(total) as advance:
            for batch in self._batches() if self.dry_run else self._hashed():
                self._store(batch)
                advance(batch.rows)
        self.summary.refused = self.refused.count

    def standing(self) -> str:
        """What an import that did not come to its end has done."""
        if self.dry_run or not (self.summary.created or self.summary.updated):
            return "Nothing was changed."
        return (
            f"{self.summary.created:,} accounts were made and {self.summary.updated:,} updated. "
            "Run the same command again for the others."
        )

    def _batches(self) -> Iterator[Batch]:
        batch: list[tuple[object, NewUser]] = []
        seen: set[str] = set()
        rows = 0
        for line, row in self._rows():
            rows += 1
            person = person_of(row)
            if isinstance(person, NewUser) and person.email in seen:
                person = TWICE
            if isinstance(person, NewUser):
                seen.add(person.email)
                batch.append((row, person))
            else:
                self.refused.add(line, row, person)
            if rows == BATCH:
                yield _sorted(batch, rows)
                batch, rows = [], 0
        if rows:
            yield _sorted(batch, rows)

    def _hashed(self) -> Iterator[Batch]:
        """The batches with hashes in place of passwords. gevent's threads are real ones, whoever has patched what."""
        cores = os.cpu_count() or 2
        pool = ThreadPool(cores)
        pool.hub.NOT_ERROR += (KeyboardInterrupt,)  # else the hub writes its name on the screen
        waiting: deque[Any] = deque()
        try:
            for batch in self._batches():
                waiting.append(pool.spawn(self._hash, batch))  # waits until a thread is free
                if len(waiting) > cores:
                    yield waiting.popleft().get()
            while waiting:
                yield waiting.popleft().get()
        finally:
            self._stopped = True
            pool.kill()

    def _hash(self, batch: Batch) -> Batch:
        free = []
        for person in batch.free:
            if self._stopped:
                break
            free.append(replace(person, password=security.bcrypt_hash(person.password, self._cost)))
        return replace(batch, free=free)

    def _store(self, batch: Batch) -> None:
        """One statement for the new ones and one for the others. Who came in between is one of the others."""
        known = batch.known
        if self.dry_run:
            self.summary.created += len(batch.free)
        else:
            created = users.create_many(batch.free)
            self.summary.created += len(created)
            known = known + [_renewed(person) for person in batch.free if person.email not in created]
        if self._update:
            self.summary.updated += len(known) if self.dry_run else users.renew_many(known)
        else:
            self.summary.skipped += len(known)


def _sorted(people: list[tuple[object, NewUser]], rows: int) -> Batch:
    """By who has an account."""
    taken = users.taken(person.email for _, person in people)
    free = [person for _, person in people if person.email not in taken]
    return Batch(rows, free, [_renewed(person, row) for row, person in people if person.email in taken])


def _renewed(person: NewUser, row: object = None) -> Renewed:
    """Only a role that the row gives may change somebody's."""
    gives_role = isinstance(row, dict) and not is_missing(row.get("role"))
    return Renewed(person.email, person.name, person.role if gives_role else None, person.job_role)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    """A bar that grows, where somebody watches."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Importing", total=total)
        yield lambda rows: bar.advance(task, rows)


def report(work: Import, as_json: bool) -> None:
    work.refused.tell()
    counts = asdict(work.summary)
    if as_json:
        show_json({**counts, "dryRun": work.dry_run})
    else:
        show(
            [{"what": what, "count": f"{count:,}"} for what, count in counts.items()], {"what": "", "count": ""}, False
        )
    if work.dry_run:
        tell("This was a dry run: nothing was changed.")
