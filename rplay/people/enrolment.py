"""Enrolment: accounts for the people of a roster. Good rows become accounts even when others are refused."""

import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import gevent
from gevent.threadpool import ThreadPool

from rplay import security
from rplay.db import users
from rplay.db.users import ROLES, NewUser
from rplay.people.roster import COLUMNS, Row
from rplay.people.rules import (
    INVALID_EMAIL,
    INVALID_ROLE,
    MAX_EMAIL,
    MAX_NAME,
    SUPER_ADMINS_ONLY,
    TAKEN,
    email_of,
    full_name,
)
from rplay.values import is_missing, is_storable, trimmed

MISSING = "Missing required fields"
BLANKS = "Password must not begin or end with a blank"
TWICE = "Email stands further up in the list"

_BATCH = 50  # accounts created by one statement
_HASHES = max(2, (os.cpu_count() or 2) // 2)  # at once, so that people who log in meanwhile find a free processor


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a good row has them; `password` as it was sent, None for whom is to choose one."""

    row: Row
    name: str
    email: str
    password: str | None
    role: str
    job_role: str | None

    def account(self, password: str) -> NewUser:
        """The account to make, with the hash of the password."""
        return NewUser(self.name, self.email, password, self.role, self.job_role)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows: how many, which of them are refused and why, who gets an account, and who has one."""

    rows: int
    refused: list[tuple[Row, str]]
    free: list[Person]
    known: list[Person]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """How many rows became accounts, how many did not, and why, in the order of the rows."""

    success: int
    failed: int
    errors: list[str]


Create = Callable[[Sequence[NewUser]], set[str]]


Refusal = tuple[Row, str]


def enrol(
    rows: Sequence[Row], cost: int, off_limits: Collection[str] = (), create: Create = users.create_many
) -> Enrolled:
    """Creates an account for every good row; the others in words."""
    problems = enrolled(rows, cost, off_limits, create)
    errors = [f"User {called(row.values)}: {problem}" for row, problem in problems]
    return Enrolled(len(rows) - len(problems), len(problems), errors)


def enrolled(
    rows: Sequence[Row],
    cost: int,
    off_limits: Collection[str],
    create: Create,
    invites: bool = False,
    said: Callable[[int], None] = lambda _: None,
) -> list[Refusal]:
    """Creates an account for every good row, and gives the others with the reason; `cost` is bcrypt's, `off_limits` the
    roles the importer may not give.

    `create` is asked for some accounts at a time, and says whose it made; by then the importer may not do so any more.
    `said` hears how many rows are done.

    Takes as long as the hashes do: 35 ms a row at cost 10 on two cores. Who is invited has none.
    """
    problems: list[Refusal] = []
    done = 0
    for batch, accounts in hashed(batches(rows, _BATCH, off_limits, invites), cost, _HASHES):
        created = create(accounts) if accounts else set()
        problems += [(row, TAKEN if problem == TWICE else problem) for row, problem in batch.refused]
        problems += [(one.row, TAKEN) for one in (*batch.free, *batch.known) if one.email not in created]
        done += batch.rows
        said(done)
    return sorted(problems, key=_line)


def tried(rows: Sequence[Row], off_limits: Collection[str], invites: bool = False) -> list[Refusal]:
    """The rows that would not become accounts as things are, with the reason."""
    problems: list[Refusal] = []
    for batch in batches(rows, _BATCH, off_limits, invites):
        problems += [*batch.refused, *((one.row, TAKEN) for one in batch.known)]
    return sorted(problems, key=_line)


def _line(refusal: Refusal) -> int:
    return refusal[0].number


def batches(rows: Iterable[Row], size: int, off_limits: Collection[str] = (), invites: bool = False) -> Iterator[Batch]:
    """The rows, looked at, so many at a time. Who is invited gets an account without a password."""
    seen: set[str] = set()
    remaining = iter(rows)
    while some := list(islice(remaining, size)):
        yield _batch(some, seen, off_limits, invites)
        gevent.sleep(0)  # whoever else waits for the processor has a turn


def _batch(rows: list[Row], seen: set[str], off_limits: Collection[str], invites: bool) -> Batch:
    people: list[Person] = []
    refused: list[tuple[Row, str]] = []
    for row in rows:
        person = person_of(row, off_limits, invites)
        if isinstance(person, Person) and person.email in seen:
            person = TWICE
        if isinstance(person, Person):
            people.append(person)
            seen.add(person.email)
        else:
            refused.append((row, person))
    taken = users.taken(person.email for person in people)
    free = [person for person in people if person.email not in taken]
    return Batch(len(rows), refused, free, [person for person in people if person.email in taken])


def hashed(batches: Iterator[Batch], cost: int, threads: int) -> Iterator[tuple[Batch, list[NewUser]]]:
    """Each batch with the accounts to make of it; the hashes of the next ones are made meanwhile.

    gevent's threads are real ones, whoever has patched what.
    """
    stopped = False

    def accounts(batch: Batch) -> list[NewUser]:
        return [person.account(_hash(person.password, cost)) for person in batch.free if not stopped]

    pool = ThreadPool(threads)
    waiting: deque[tuple[Batch, Any]] = deque()
    try:
        for batch in batches:
            waiting.append((batch, pool.spawn(accounts, batch)))  # waits until a thread is free
            if len(waiting) > threads:
                batch, made = waiting.popleft()
                yield batch, made.get()
        while waiting:
            batch, made = waiting.popleft()
            yield batch, made.get()
    finally:
        stopped = True
        pool.kill()


def _hash(password: str | None, cost: int) -> str:
    return users.NO_PASSWORD if password is None else security.bcrypt_hash(password, cost)


def person_of(row: Row, off_limits: Collection[str] = (), invites: bool = False) -> Person | str:
    """The person of this row; or what is wrong with it."""
    if row.problem:
        return row.problem
    sent = row.values if isinstance(row.values, dict) else {}
    given = {column: sent[column] for column in COLUMNS if not is_missing(sent.get(column))}
    if invites:
        given["password"] = None
    if not ({"email", "password"} <= given.keys() and ("name" in given or {"firstName", "lastName"} <= given.keys())):
        return MISSING
    unfit = next((column for column, value in given.items() if not _fits(column, value)), None)
    if unfit:
        return f"Invalid value for {unfit}"
    return _accepted(row, given, off_limits)


def _fits(column: str, value: object) -> bool:
    """Passwords and addresses have texts of their own for one that is too long."""
    if column == "password" and value is None:
        return True
    return is_storable(value) and (column in ("password", "email") or len(str(value)) <= MAX_NAME)


def _accepted(row: Row, given: dict[str, Any], off_limits: Collection[str]) -> Person | str:
    email = email_of(given["email"])
    if email is None or len(email) > MAX_NAME:
        return INVALID_EMAIL
    role = given.get("role", "learner").strip().lower()
    if role not in ROLES:
        return INVALID_ROLE
    problem = _password_problem(given["password"])
    if problem:
        return problem
    if role in off_limits:
        return SUPER_ADMINS_ONLY
    name = str(full_name(given.get("name"), given.get("firstName"), given.get("lastName")))
    if len(name) > MAX_NAME:
        return "Invalid value for lastName"
    return Person(row, name, email, given["password"], role, given.get("jobRole"))


def _password_problem(password: str | None) -> str | None:
    """A blank at an end came into the list unseen: nobody who is told the password would type it."""
    if password is None:
        return None
    return BLANKS if trimmed(password) != password else security.password_problem(password)


def called(values: object) -> str:
    """The address as it stands in the row, so that one finds it there."""
    email = values.get("email") if isinstance(values, dict) else None
    return str(email).strip()[:MAX_EMAIL] if is_storable(email) and not is_missing(email) else "unknown"
