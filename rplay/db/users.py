"""The users of the product."""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import class_row

from rplay import db
from rplay.db import Connection
from rplay.errors import Duplicate

NO_PASSWORD = "!"  # noqa: S105 (in place of a hash: nobody signs in to the account before it has a password)
ROLES = ("super_admin", "company_admin", "trainer", "learner")
ADMINS = frozenset({"super_admin", "company_admin"})


@dataclass(frozen=True, slots=True)
class User:
    """A user as clients see one, with its keys in this order and never with a password."""

    id: UUID
    email: str
    name: str
    role: str
    job_role: str | None
    created_at: datetime

    def public(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Account(User):
    """A user with the hash of their password."""

    password: str

    def user(self) -> User:
        return User(self.id, self.email, self.name, self.role, self.job_role, self.created_at)


@dataclass(frozen=True, slots=True)
class ChangedUser(User):
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user to be created. `password` is the hash."""

    name: str
    email: str
    password: str
    role: str
    job_role: str | None


COLUMNS = "id, email, name, role, job_role, created_at"
# Columns as a list shows them, cut to length: old rows may hold names of a megabyte.
_LISTED = "id, left(email, 320) AS email, left(name, 200) AS name, role, left(job_role, 200) AS job_role, created_at"
_ORDER = "role, name, created_at"
_WANTED = """(%(role)s::text IS NULL OR role = %(role)s)
           AND (%(search)s::text IS NULL
                OR strpos(lower(email), lower(%(search)s)) > 0
                OR strpos(lower(name), lower(%(search)s)) > 0)"""


def by_email(email: str, account: str) -> Account | None:
    """Return the account with this address, ignoring case.

    `account` is the address as rate limits count it (`values.account_of`). Its lower case differs from PostgreSQL's,
    which takes İ for i. Old databases may hold an address in several spellings, of which the exact one wins, and
    addresses with invisible characters at their ends.
    """
    typed = email.strip()
    return db.one(
        Account,
        f"""
        SELECT {COLUMNS}, password
          FROM users
         WHERE lower(email) = ANY(%(folded)s) OR email = %(typed)s
      ORDER BY email = %(typed)s DESC, lower(email) = lower(%(typed)s) DESC, created_at
         LIMIT 1
        """,
        typed=typed,
        folded=[typed.lower(), account],
    )


def by_id(user_id: UUID) -> User | None:
    return db.one(User, f"SELECT {COLUMNS} FROM users WHERE id = %(user_id)s", user_id=user_id)


def locked(user_ids: Iterable[UUID], tx: Connection) -> dict[UUID, User]:
    """Return those of these users who exist, by id, and lock them until the transaction ends.

    They are locked in a fixed order, or two admins who change each other would deadlock.
    """
    found = db.all_of(
        User,
        f"SELECT {COLUMNS} FROM users WHERE id = ANY(%(user_ids)s) ORDER BY id FOR UPDATE",
        tx=tx,
        user_ids=list(user_ids),
    )
    return {person.id: person for person in found}


def keep_language(user_id: UUID, language: str) -> None:
    """Store the language in which the user reads the console, for mails that are not sent at the user's own request."""
    db.execute(
        "UPDATE users SET language = %(language)s WHERE id = %(user_id)s AND language IS DISTINCT FROM %(language)s",
        user_id=user_id,
        language=language,
    )


def keep(user_id: UUID | None, tx: Connection) -> None:
    """Keep others from erasing the account until the transaction ends. Take this lock before any other, as `erase`
    does, to avoid deadlocks.
    """
    db.execute("SELECT 1 FROM users WHERE id = %(user_id)s FOR KEY SHARE", tx=tx, user_id=user_id)


def is_last_super_admin(user_id: UUID, tx: Connection) -> bool:
    """Return True if nobody else is a super admin.

    Callers take turns: each waits until the transaction of the one before has ended.
    """
    db.execute("SELECT pg_advisory_xact_lock(hashtext('super admins'))", tx=tx)
    others = "SELECT EXISTS (SELECT 1 FROM users WHERE role = 'super_admin' AND id <> %(user_id)s)"
    return db.value(others, tx=tx, user_id=user_id) is False


def password_of(user_id: UUID) -> str | None:
    """Return the hash of the user's password."""
    password: str | None = db.value("SELECT password FROM users WHERE id = %(user_id)s", user_id=user_id)
    return password


def commonest_cost() -> int | None:
    """Return the bcrypt work factor that most stored passwords have; None if there are no passwords."""
    cost: int | None = db.value(
        r"""
        SELECT substr(password, 5, 2)::int AS cost
          FROM users
         WHERE password ~ '^\$2[aby]\$\d\d\$.{53}$'
      GROUP BY 1
      ORDER BY count(*) DESC, 1 DESC
         LIMIT 1
        """
    )
    return cost


def everyone(role: str | None = None, search: str | None = None) -> list[User]:
    """Return users by role and name. `search` is a plain substring of name or address, without wildcards."""
    return db.all_of(
        User,
        f"""
        SELECT {COLUMNS}
          FROM (SELECT {_LISTED}
                  FROM users
                 WHERE {_WANTED}
              ORDER BY created_at DESC NULLS LAST, id
                 LIMIT 10000) AS newest
      ORDER BY {_ORDER}
        """,
        role=role,
        search=search,
    )


def page_of(role: str | None, search: str | None, limit: int, offset: int) -> list[User]:
    """Return one page of the users that `everyone` returns, by role and name."""
    return db.all_of(
        User,
        f"SELECT {COLUMNS} FROM users WHERE {_WANTED} ORDER BY {_ORDER} LIMIT %(limit)s OFFSET %(offset)s",
        role=role,
        search=search,
        limit=limit,
        offset=offset,
    )


def count(role: str | None = None, search: str | None = None) -> int:
    found: int = db.value(f"SELECT count(*) FROM users WHERE {_WANTED}", role=role, search=search)
    return found


def each(role: str | None = None, search: str | None = None) -> Generator[User]:
    """Yield all users by role and name, however many. A server-side cursor holds those that have not been read yet."""
    with db.transaction() as tx, tx.cursor(name="users", row_factory=class_row(User)) as cursor:
        statement = f"SELECT {COLUMNS} FROM users WHERE {_WANTED} ORDER BY {_ORDER}"
        cursor.execute(statement.encode(), {"role": role, "search": search})
        yield from cursor


def create(
    name: str, email: str, password: str, role: str, job_role: str | None, tx: Connection | None = None
) -> User | None:
    """Create a user; `password` is already hashed. Return None if the address is taken, ignoring case."""
    return db.one(
        User,
        f"""
        INSERT INTO users (name, email, password, role, job_role)
        SELECT %(name)s, %(email)s, %(password)s, %(role)s, %(job_role)s
         WHERE NOT EXISTS (SELECT 1 FROM users WHERE lower(email) = lower(%(email)s))
   ON CONFLICT (email) DO NOTHING
     RETURNING {COLUMNS}
        """,
        tx=tx,
        name=name,
        email=email,
        password=password,
        role=role,
        job_role=job_role,
    )


def taken(emails: Iterable[str]) -> set[str]:
    """Return those of these lower-case addresses that are taken, ignoring case."""
    rows = db.rows("SELECT lower(email) AS email FROM users WHERE lower(email) = ANY(%(emails)s)", emails=list(emails))
    return {row["email"] for row in rows}


def create_many(people: Sequence[NewUser], tx: Connection | None = None) -> set[str]:
    """Create in one statement all users whose address is free. Return the addresses of those created."""
    rows = db.rows(
        """
        INSERT INTO users (name, email, password, role, job_role)
        SELECT new.*
          FROM unnest(%(name)s::text[], %(email)s::text[], %(password)s::text[], %(role)s::text[], %(job_role)s::text[])
               AS new (name, email, password, role, job_role)
         WHERE NOT EXISTS (SELECT 1 FROM users WHERE lower(users.email) = new.email)
   ON CONFLICT (email) DO NOTHING
     RETURNING email
        """,
        tx=tx,
        name=[person.name for person in people],
        email=[person.email for person in people],
        password=[person.password for person in people],
        role=[person.role for person in people],
        job_role=[person.job_role for person in people],
    )
    return {row["email"] for row in rows}


@dataclass(frozen=True, slots=True)
class Renewed:
    """What an imported list says of somebody who has an account. None keeps the stored value."""

    email: str
    name: str
    role: str | None
    job_role: str | None


def renew_many(people: Sequence[Renewed]) -> int:
    """Update accounts from an imported list, except for passwords. Return how many were changed."""
    return db.execute(
        """
        UPDATE users
           SET name = new.name, role = coalesce(new.role, users.role),
               job_role = coalesce(new.job_role, users.job_role), updated_at = now()
          FROM unnest(%(email)s::text[], %(name)s::text[], %(role)s::text[], %(job_role)s::text[])
               AS new (email, name, role, job_role)
         WHERE users.id = (SELECT id FROM users WHERE lower(email) = new.email
                        ORDER BY email = new.email DESC, created_at LIMIT 1)
           AND (users.name, users.role, users.job_role) IS DISTINCT FROM
               (new.name, coalesce(new.role, users.role), coalesce(new.job_role, users.job_role))
        """,
        email=[person.email for person in people],
        name=[person.name for person in people],
        role=[person.role for person in people],
        job_role=[person.job_role for person in people],
    )


def update(
    user_id: UUID, name: str, email: str, role: str, job_role: str | None, password: str | None, tx: Connection
) -> ChangedUser:
    """Change a user; without a `password` (a hash) the stored one stays. Raise Duplicate if another user has the
    address.

    A user may keep their own address even if another has it in different case, as old databases allow that.
    """
    changed = db.one(
        ChangedUser,
        f"""
        UPDATE users
           SET name = %(name)s, email = %(email)s, role = %(role)s, job_role = %(job_role)s,
               password = coalesce(%(password)s, password), updated_at = now()
         WHERE id = %(user_id)s
           AND (lower(email) = %(email)s OR NOT EXISTS (SELECT 1 FROM users WHERE lower(email) = %(email)s))
     RETURNING {COLUMNS}, updated_at
        """,
        tx=tx,
        user_id=user_id,
        name=name,
        email=email,
        role=role,
        job_role=job_role,
        password=password,
    )
    if changed is None:
        raise Duplicate("users_lower_email")
    return changed


def set_role(user_id: UUID, role: str) -> int:
    """Set the role. Return the number of users changed, 0 or 1."""
    return db.execute(
        "UPDATE users SET role = %(role)s, updated_at = now() WHERE id = %(user_id)s", role=role, user_id=user_id
    )


def set_password(user_id: UUID, password: str, tx: Connection | None = None) -> int:
    """Store a new hash. Return the number of users changed, 0 or 1."""
    return db.execute(
        "UPDATE users SET password = %(password)s, updated_at = now() WHERE id = %(user_id)s",
        tx=tx,
        password=password,
        user_id=user_id,
    )


def replace_password(user_id: UUID, former: str, password: str, tx: Connection | None = None) -> bool:
    """Store a new hash if `former` is still the stored one, as it may have changed since it was checked."""
    changed = db.execute(
        """
        UPDATE users
           SET password = %(password)s, updated_at = now()
         WHERE id = %(user_id)s AND password = %(former)s
        """,
        tx=tx,
        user_id=user_id,
        former=former,
        password=password,
    )
    return changed == 1


def is_empty() -> bool:
    return db.value("SELECT NOT EXISTS (SELECT 1 FROM users)") is True


def constraints() -> list[dict[str, Any]]:
    return db.rows(
        """
        SELECT conname, pg_get_constraintdef(oid) AS definition
          FROM pg_constraint
         WHERE conrelid = 'users'::regclass
      ORDER BY conname
        """
    )
