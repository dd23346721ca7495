"""Creates accounts for a list of people. Valid rows become accounts even if others are refused."""

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

_BATCH = 50  # accounts that one statement creates
# threads that hash at once, so that users who log in meanwhile find a free CPU
_HASHES = max(2, (os.cpu_count() or 2) // 2)


@dataclass(frozen=True, slots=True)
class Person:
    """A person from a valid row. `password` is the plain text, None if they are to choose one."""

    row: Row
    name: str
    email: str
    password: str | None
    role: str
    job_role: str | None

    def account(self, password: str) -> NewUser:
        """Return the account to create, given the hash of the password."""
        return NewUser(self.name, self.email, password, self.role, self.job_role)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some checked rows: how many, which are refused and why, who gets an account, and who already has one."""

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
    """Create an account for every valid row, and describe what is wrong with the others."""
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
    """Create an account for every valid row, and return the others with reasons.

    `cost` is bcrypt's; `off_limits` are the roles that the importer may not give. `create` is called with some accounts
    at a time and returns the addresses it created; it may raise if the importer has lost their rights meanwhile. `said`
    is called with the number of rows that are done. With `invites` rows need no password.

    Most of the time is spent on hashing: 35 ms a row at cost 10 on two cores, nothing for invitations.
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
    """Return the rows that would be refused now, with reasons."""
    problems: list[Refusal] = []
    for batch in batches(rows, _BATCH, off_limits, invites):
        problems += [*batch.refused, *((one.row, TAKEN) for one in batch.known)]
    return sorted(problems, key=_line)


def _line(refusal: Refusal) -> int:
    return refusal[0].number


def batches(rows: Iterable[Row], size: int, off_limits: Collection[str] = (), invites: bool = False) -> Iterator[Batch]:
    """Yield the checked rows in batches of `size`. With `invites` accounts get no password."""
    seen: set[str] = set()
    remaining = iter(rows)
    while some := list(islice(remaining, size)):
        yield _batch(some, seen, off_limits, invites)
        gevent.sleep(0)  # let other greenlets run


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
    """Yield each batch with the accounts to create. The hashes of the next batches are computed meanwhile.

    gevent's thread pool uses real threads, whether or not anything is patched.
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
    """Return the person in this row, or a text that says what is wrong with it."""
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
    """Return True if the value can be stored. Lengths of passwords and addresses are checked elsewhere, with texts
    of their own.
    """
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
    """Refuse a password with a blank at an end, which got into the list unnoticed: a person who is told the
    password would not type it.
    """
    if password is None:
        return None
    return BLANKS if trimmed(password) != password else security.password_problem(password)


def called(values: object) -> str:
    """Return the address as written in the row, so that it can be found there."""
    email = values.get("email") if isinstance(values, dict) else None
    return str(email).strip()[:MAX_EMAIL] if is_storable(email) and not is_missing(email) else "unknown"
