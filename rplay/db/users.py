"""People."""

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
    """A person as clients see one; keys in this order, never a password."""

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
    """A person with the hash of their password."""

    password: str

    def user(self) -> User:
        return User(self.id, self.email, self.name, self.role, self.job_role, self.created_at)


@dataclass(frozen=True, slots=True)
class ChangedUser(User):
    """A person after a change."""

    updated_at: datetime


@dataclass(frozen=True, slots=True)
class NewUser:
    """Somebody to be created; `password` is the hash."""

    name: str
    email: str
    password: str
    role: str
    job_role: str | None


COLUMNS = "id, email, name, role, job_role, created_at"
# As a list shows them: old rows may hold names of a megabyte.
_LISTED = "id, left(email, 320) AS email, left(name, 200) AS name, role, left(job_role, 200) AS job_role, created_at"
_ORDER = "role, name, created_at"
_WANTED = """(%(role)s::text IS NULL OR role = %(role)s)
           AND (%(search)s::text IS NULL
                OR strpos(lower(email), lower(%(search)s)) > 0
                OR strpos(lower(name), lower(%(search)s)) > 0)"""


def by_email(email: str, account: str) -> Account | None:
    """The account with this address, as somebody types it, in any case; `account` is the address as limits count it
    (`values.account_of`), whose small letters are not those of PostgreSQL: it takes İ for i.

    Old databases may hold several, then the exact one wins; and some with invisible characters at their ends.
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
    """Those of these people who are there; no one else changes them before the transaction ends.

    They are locked in one order, or two admins who change each other would wait for each other.
    """
    found = db.all_of(
        User,
        f"SELECT {COLUMNS} FROM users WHERE id = ANY(%(user_ids)s) ORDER BY id FOR UPDATE",
        tx=tx,
        user_ids=list(user_ids),
    )
    return {person.id: person for person in found}


def keep_language(user_id: UUID, language: str) -> None:
    """In which they read the pages, for mails that no request of theirs asks for."""
    db.execute(
        "UPDATE users SET language = %(language)s WHERE id = %(user_id)s AND language IS DISTINCT FROM %(language)s",
        user_id=user_id,
        language=language,
    )


def keep(user_id: UUID | None, tx: Connection) -> None:
    """Nobody erases the account before the transaction ends. Comes before its other locks, as when erasing."""
    db.execute("SELECT 1 FROM users WHERE id = %(user_id)s FOR KEY SHARE", tx=tx, user_id=user_id)


def is_last_super_admin(user_id: UUID, tx: Connection) -> bool:
    """Whether nobody else is one. Who asks waits for whoever asked before to have done what they asked it for."""
    db.execute("SELECT pg_advisory_xact_lock(hashtext('super admins'))", tx=tx)
    others = "SELECT EXISTS (SELECT 1 FROM users WHERE role = 'super_admin' AND id <> %(user_id)s)"
    return db.value(others, tx=tx, user_id=user_id) is False


def password_of(user_id: UUID) -> str | None:
    """The hash of the user's password."""
    password: str | None = db.value("SELECT password FROM users WHERE id = %(user_id)s", user_id=user_id)
    return password


def commonest_cost() -> int | None:
    """What most passwords here cost to check: bcrypt's work factor; None when there are no passwords."""
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
    """People by role and name; `search` is looked for in name and address as it stands, without wildcards."""
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
    """Some of the same people, by role and name."""
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
    """All the same people by role and name, however many: the database keeps those that nobody has looked at yet."""
    with db.transaction() as tx, tx.cursor(name="users", row_factory=class_row(User)) as cursor:
        statement = f"SELECT {COLUMNS} FROM users WHERE {_WANTED} ORDER BY {_ORDER}"
        cursor.execute(statement.encode(), {"role": role, "search": search})
        yield from cursor


def create(
    name: str, email: str, password: str, role: str, job_role: str | None, tx: Connection | None = None
) -> User | None:
    """A new person, `password` already hashed; None when the address is taken, in whatever case."""
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
    """Those of these lower-case addresses that somebody has, in whatever case."""
    rows = db.rows("SELECT lower(email) AS email FROM users WHERE lower(email) = ANY(%(emails)s)", emails=list(emails))
    return {row["email"] for row in rows}


def create_many(people: Sequence[NewUser], tx: Connection | None = None) -> set[str]:
    """Creates in one statement all whose address is free; the addresses of those created."""
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
    """What a list says of somebody who has an account; None leaves theirs."""

    email: str
    name: str
    role: str | None
    job_role: str | None


def renew_many(people: Sequence[Renewed]) -> int:
    """Brings accounts up to date with a list, but for the password; how many were not."""
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
    """Changes a person; without a `password` (a hash) theirs stays. Duplicate when another has the address.

    Who keeps their address may: old databases can hold it twice, in different case.
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
    """The number of people it was set for."""
    return db.execute(
        "UPDATE users SET role = %(role)s, updated_at = now() WHERE id = %(user_id)s", role=role, user_id=user_id
    )


def set_password(user_id: UUID, password: str, tx: Connection | None = None) -> int:
    """Stores a new hash; the number of people it was stored for."""
    return db.execute(
        "UPDATE users SET password = %(password)s, updated_at = now() WHERE id = %(user_id)s",
        tx=tx,
        password=password,
        user_id=user_id,
    )


def replace_password(user_id: UUID, former: str, password: str, tx: Connection | None = None) -> bool:
    """The same where the former hash is still there: whoever checked it may be late."""
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
    """The constraints of the table, as PostgreSQL writes them."""
    return db.rows(
        """
        SELECT conname, pg_get_constraintdef(oid) AS definition
          FROM pg_constraint
         WHERE conrelid = 'users'::regclass
      ORDER BY conname
        """
    )
