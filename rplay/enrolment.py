"""Enrolment: accounts for the people of a roster. Good rows become accounts even when others are refused."""

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import gevent
from gevent.pool import Pool

from rplay import security
from rplay.db import users
from rplay.db.users import ROLES, NewUser
from rplay.people import INVALID_EMAIL, INVALID_ROLE, MAX_EMAIL, MAX_NAME, SUPER_ADMINS_ONLY, TAKEN, email_of, full_name
from rplay.roster import COLUMNS
from rplay.values import is_missing, is_storable

MISSING = "Missing required fields"

_PAUSE = 200  # rows after which whoever else waits for the processor has a turn
_BATCH = 50  # accounts created by one statement
_HASHES = max(2, (os.cpu_count() or 2) // 2)  # at once, so that people who log in meanwhile find a free thread


@dataclass(frozen=True, slots=True)
class Enrolled:
    """How many rows became accounts, how many did not, and why, in the order of the rows."""

    success: int
    failed: int
    errors: list[str]


Create = Callable[[Sequence[NewUser]], set[str]]


def enrol(
    rows: Sequence[object], cost: int, off_limits: Collection[str] = (), create: Create = users.create_many
) -> Enrolled:
    """Creates an account for every good row; `cost` is bcrypt's, `off_limits` the roles the importer may not give.

    `create` is asked for some accounts at a time, and says whose it made; by then the importer may not do so any more.

    Takes as long as the hashes do: 35 ms a row at cost 10 on two cores.
    """
    people, problems = _checked(rows, off_limits)
    taken = users.taken(person.email for person in people.values())
    problems |= {number: TAKEN for number, person in people.items() if person.email in taken}
    free = [(number, person) for number, person in people.items() if person.email not in taken]
    for start in range(0, len(free), _BATCH):
        batch = free[start : start + _BATCH]
        created = create(_hashed([person for _, person in batch], cost))
        problems |= {number: TAKEN for number, person in batch if person.email not in created}
    errors = [f"User {_called(rows[number])}: {problems[number]}" for number in sorted(problems)]
    return Enrolled(len(rows) - len(problems), len(problems), errors)


def _checked(rows: Sequence[object], off_limits: Collection[str]) -> tuple[dict[int, NewUser], dict[int, str]]:
    """The people whose rows are good, and what is wrong with the others, both by the number of the row."""
    people: dict[int, NewUser] = {}
    problems: dict[int, str] = {}
    seen: set[str] = set()
    for number, row in enumerate(rows):
        person = person_of(row, off_limits)
        if isinstance(person, NewUser) and person.email in seen:
            person = TAKEN
        if isinstance(person, NewUser):
            people[number] = person
            seen.add(person.email)
        else:
            problems[number] = person
        if number % _PAUSE == 0:
            gevent.sleep(0)
    return people, problems


def person_of(row: object, off_limits: Collection[str] = ()) -> NewUser | str:
    """The person of this row, with the password still as it was sent; or what is wrong with the row."""
    sent = row if isinstance(row, dict) else {}
    given = {column: sent[column] for column in COLUMNS if not is_missing(sent.get(column))}
    if not ({"email", "password"} <= given.keys() and ("name" in given or {"firstName", "lastName"} <= given.keys())):
        return MISSING
    unfit = next((column for column, value in given.items() if not _fits(column, value)), None)
    if unfit:
        return f"Invalid value for {unfit}"
    return _accepted(given, off_limits)


def _fits(column: str, value: object) -> bool:
    """Passwords and addresses have texts of their own for one that is too long."""
    return is_storable(value) and (column in ("password", "email") or len(str(value)) <= MAX_NAME)


def _accepted(given: dict[str, str], off_limits: Collection[str]) -> NewUser | str:
    email = email_of(given["email"])
    if email is None or len(email) > MAX_NAME:
        return INVALID_EMAIL
    role = given.get("role", "learner").strip().lower()
    if role not in ROLES:
        return INVALID_ROLE
    problem = security.password_problem(given["password"])
    if problem:
        return problem
    if role in off_limits:
        return SUPER_ADMINS_ONLY
    name = str(full_name(given.get("name"), given.get("firstName"), given.get("lastName")))
    if len(name) > MAX_NAME:
        return "Invalid value for lastName"
    return NewUser(name, email, given["password"], role, given.get("jobRole"))


def _hashed(people: list[NewUser], cost: int) -> list[NewUser]:
    hashes = Pool(_HASHES).map(lambda person: security.hash_password(person.password, cost), people)
    return [replace(person, password=hashed) for person, hashed in zip(people, hashes, strict=True)]


def _called(row: object) -> str:
    """The address as it stands in the row, so that one finds it there."""
    email = row.get("email") if isinstance(row, dict) else None
    return str(email).strip()[:MAX_EMAIL] if is_storable(email) and not is_missing(email) else "unknown"
