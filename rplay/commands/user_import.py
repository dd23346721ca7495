"""`rplay users import`: imports a list of any length in batches, each of which is stored completely or not at all.

The list is read twice: once to check that it is readable, and once to create the accounts. Only a few batches are in
memory at a time (JSON is loaded as a whole). Passwords are hashed by one thread per core, which takes nearly all of the
time.
"""

import csv
import io
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, BinaryIO, Self

import click
import gevent

from rplay.commands.base import Failed, tell
from rplay.commands.invitations import Invitations
from rplay.commands.output import show, show_json, words
from rplay.db import password_resets, users
from rplay.db.users import NewUser, Renewed
from rplay.people import enrolment, roster
from rplay.people.enrolment import Batch, Person
from rplay.people.roster import COLUMNS, Row
from rplay.values import is_missing

BATCH = 20  # rows in a batch: 0.7 s of hashing at cost 10 on two cores
SHOWN_ROWS = 10  # refused rows that are shown if no file was given for them
ADDED = ["line", "reason"]  # columns that a file of refused rows has before the columns of the list

Rows = Callable[[], Iterator[Row]]


@contextmanager
def source(path: str, invites: bool) -> Iterator[Rows]:
    """Yield a function that returns the rows of this file from the start at each call. With `invites` the rows need
    no password.
    """
    with _opened(path) as file:
        if _is_json(file):
            file.seek(0)
            people = roster.from_json(file.read(), sys.maxsize)
            yield lambda: iter(people)
        else:
            yield lambda: _csv_rows(file, invites)


def _is_json(file: BinaryIO) -> bool:
    """Return True if the file's text begins like JSON, in any encoding."""
    start = file.read(1024).lstrip(b"\xef\xbb\xbf\xfe\xff\0 \t\r\n")
    return start.startswith((b"[", b"{"))


def _opened(path: str) -> BinaryIO:
    """Open a file that can be read twice. The contents of a pipe are read into memory."""
    if path == "-":
        return io.BytesIO(sys.stdin.buffer.read())
    file = Path(path).open("rb")  # noqa: SIM115 (whoever asks closes it)
    return file if file.seekable() else io.BytesIO(file.read())


def _csv_rows(file: BinaryIO, invites: bool) -> Iterator[Row]:
    with roster.text_of(file) as text:
        yield from roster.csv_rows(text, invites)


class Refused:
    """The refused rows: written to a file as they occur, or the first of them shown at the end."""

    def __init__(self, path: str | None, source: str, as_json: bool) -> None:
        if path and Path(path).exists() and source != "-" and Path(path).samefile(source):
            raise click.UsageError("--errors names the list itself, which would be overwritten.")
        self.count = 0
        self.listed: list[dict[str, Any]] = []
        self._path = path
        self._file: IO[str] | None = None
        self._most = sys.maxsize if as_json else SHOWN_ROWS

    def __enter__(self) -> Self:
        if self._path:
            self._file = _for_own_eyes(self._path)
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _traceback: TracebackType | None) -> None:
        if self._file:
            self._file.close()

    def add(self, row: Row, reason: str) -> None:
        self.count += 1
        if self._file:
            self._write(self._file, row, reason)
        if len(self.listed) < self._most:
            email = row.values.get("email") if isinstance(row.values, dict) else None
            self.listed.append({"line": row.number, "email": words(email), "reason": reason})

    def _write(self, file: IO[str], row: Row, reason: str) -> None:
        """Write a row as it stands in the list, so that it can be corrected and imported again. The added columns
        are ignored by an import.
        """
        # the list is itself a corrected file of refused rows
        begins = len(ADDED) if list(row.header.names[: len(ADDED)]) == ADDED else 0
        writer = csv.writer(file, delimiter=row.header.delimiter)
        if self.count == 1:
            writer.writerow([*ADDED, *row.header.names[begins:]])
        writer.writerow([row.number, reason, *_fields(row)[begins:]])

    def tell(self) -> None:
        """Print where the refused rows are, or the first of them."""
        if self._path and self.count:
            tell(f"The {self.count:,} refused rows are in {self._path}.")
            return
        for one in self.listed[:SHOWN_ROWS]:
            tell(f"line {one['line']}: {one['email'] or 'no address'}: {one['reason']}")
        if self.count > SHOWN_ROWS:
            tell("There are more: --errors FILE takes them all.")


def _for_own_eyes(path: str) -> IO[str]:
    """Open a file that only its owner can read, as it contains passwords. A byte order mark lets Excel recognise
    UTF-8.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.fchmod(descriptor, 0o600)  # an existing file may have had other permissions
    return os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="", buffering=1)


def _fields(row: Row) -> list[str]:
    """Return the row's values by column."""
    if row.fields or not isinstance(row.values, dict):
        return list(row.fields)
    values = (row.values.get(column) for column in COLUMNS)
    return ["" if value is None else str(value) for value in values]


@dataclass
class Summary:
    created: int = 0
    updated: int = 0
    skipped: int = 0
    refused: int = 0
    invited: int = 0

    def counts(self, invites: bool) -> dict[str, int]:
        return {what: count for what, count in asdict(self).items() if invites or what != "invited"}


class Import:
    """One import of a list. `summary` counts what was stored so far."""

    def __init__(
        self,
        rows: Rows,
        refused: Refused,
        cost: int,
        *,
        update: bool,
        dry_run: bool,
        invites: bool = False,
        invitations: Invitations | None = None,
    ) -> None:
        self.summary = Summary()
        self.invites = invites
        self._invitations = invitations
        self.dry_run = dry_run
        self.refused = refused
        self._rows = rows
        self._cost = cost
        self._update = update

    def run(self) -> None:
        total = sum(1 for _ in self._rows())
        if total == 0:
            raise Failed("The list holds nobody.")
        with _progress(total) as advance:
            for batch, accounts in self._batches():
                self._store(batch, accounts)
                advance(batch.rows)
        self.summary.refused = self.refused.count

    def _batches(self) -> Iterator[tuple[Batch, list[NewUser]]]:
        batches = enrolment.batches(self._rows(), BATCH, invites=self.invites)
        if self.dry_run:
            return ((batch, []) for batch in batches)
        gevent.get_hub().NOT_ERROR += (KeyboardInterrupt,)  # otherwise gevent's hub prints the exception
        return enrolment.hashed(batches, self._cost, os.cpu_count() or 2)

    def standing(self) -> str:
        """Return what an interrupted import has done so far."""
        if self.dry_run or not (self.summary.created or self.summary.updated):
            return "Nothing was changed."
        return (
            f"{self.summary.created:,} accounts were made and {self.summary.updated:,} updated. "
            "Run the same command again for the others."
        )

    def _store(self, batch: Batch, accounts: list[NewUser]) -> None:
        """Store a batch: one statement for new accounts and one for existing ones. Accounts that others created
        meanwhile count as existing.
        """
        for row, reason in batch.refused:
            self.refused.add(row, reason)
        known = batch.known
        if self.dry_run:
            self.summary.created += len(batch.free)
        else:
            created = users.create_many(accounts)
            self.summary.created += len(created)
            known = known + [person for person in batch.free if person.email not in created]
        self._look_after(known)
        if self._invitations:
            self._invite(self._invitations, [*batch.free, *batch.known])
        elif self.invites:
            self.summary.invited += len(batch.free)

    def _invite(self, invitations: Invitations, people: list[Person]) -> None:
        """Invite these people, including those whom an earlier run could not invite: they have an account, but
        neither a password nor a link.
        """
        rows = {person.email: person.row for person in people}
        for user in password_resets.uninvited(rows):
            reason = invitations.send(user)
            if reason:
                self.refused.add(rows[user.email.lower()], reason)
            else:
                self.summary.invited += 1

    def _look_after(self, known: list[Person]) -> None:
        if not self._update:
            self.summary.skipped += len(known)
        elif self.dry_run:
            self.summary.updated += len(known)
        else:
            self.summary.updated += users.renew_many(list(map(_renewed, known)))


def _renewed(person: Person) -> Renewed:
    """Return the update of an existing account. The role is kept if the row names none."""
    values = person.row.values
    gives_role = isinstance(values, dict) and not is_missing(values.get("role"))
    return Renewed(person.email, person.name, person.role if gives_role else None, person.job_role)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    """Show a progress bar if stderr is a terminal."""
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
    counts = work.summary.counts(work.invites)
    if as_json:
        show_json({**counts, "dryRun": work.dry_run, "refusals": work.refused.listed})
    else:
        show(
            [{"what": what, "count": f"{count:,}"} for what, count in counts.items()], {"what": "", "count": ""}, False
        )
    if work.dry_run:
        tell("This was a dry run: nothing was changed.")
