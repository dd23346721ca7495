"""Groups of learners with their trainers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rplay import db
from rplay.db import Connection

ROLES = ("trainer", "learner")


@dataclass(frozen=True, slots=True)
class Group:
    """A group as clients see it, with the number of its trainers and learners; keys in this order."""

    id: UUID
    name: str
    created_at: datetime
    trainers: int
    learners: int


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a group. `role` is the person's role in the group."""

    id: UUID
    name: str
    email: str
    role: str
    added_at: datetime


_COLUMNS = """g.id, g.name, g.created_at,
              (SELECT count(*) FROM group_members m WHERE m.group_id = g.id AND m.role = 'trainer') AS trainers,
              (SELECT count(*) FROM group_members m WHERE m.group_id = g.id AND m.role = 'learner') AS learners"""


def every() -> list[Group]:
    return db.all_of(Group, f"SELECT {_COLUMNS} FROM groups g ORDER BY lower(g.name) LIMIT 10000")


def of_trainer(user_id: UUID) -> list[Group]:
    return db.all_of(
        Group,
        f"""
        SELECT {_COLUMNS}
          FROM groups g
          JOIN group_members mine ON mine.group_id = g.id
         WHERE mine.user_id = %(user_id)s AND mine.role = 'trainer'
      ORDER BY lower(g.name)
         LIMIT 10000
        """,
        user_id=user_id,
    )


def get(group_id: UUID, tx: Connection | None = None) -> Group | None:
    return db.one(Group, f"SELECT {_COLUMNS} FROM groups g WHERE g.id = %(id)s", tx=tx, id=group_id)


def create(name: str, tx: Connection) -> Group:
    """Create a group. Raise Duplicate if another one has the name, ignoring case."""
    group_id = db.value("INSERT INTO groups (name) VALUES (%(name)s) RETURNING id", tx=tx, name=name)
    created = get(group_id, tx)
    assert created is not None
    return created


def rename(group_id: UUID, name: str, tx: Connection) -> Group | None:
    """Rename a group; None if it does not exist. Raise Duplicate if another one has the name."""
    db.execute("UPDATE groups SET name = %(name)s WHERE id = %(id)s", tx=tx, id=group_id, name=name)
    return get(group_id, tx)


def delete(group_id: UUID, tx: Connection) -> str | None:
    """Delete the group but not its people. Return its name, or None if it did not exist."""
    name: str | None = db.value("DELETE FROM groups WHERE id = %(id)s RETURNING name", tx=tx, id=group_id)
    return name


def members(group_id: UUID) -> list[Member]:
    """Return the members, trainers first."""
    return db.all_of(
        Member,
        """
        SELECT u.id, left(u.name, 200) AS name, left(u.email, 320) AS email, m.role, m.added_at
          FROM group_members m
          JOIN users u ON u.id = m.user_id
         WHERE m.group_id = %(group_id)s
      ORDER BY m.role DESC, lower(left(u.name, 200)), u.id
         LIMIT 10000
        """,
        group_id=group_id,
    )


def add(group_id: UUID, user_id: UUID, role: str, tx: Connection) -> bool:
    """Add a person to a group. Return False if the group does not exist; raise Duplicate if the person is already in
    it.
    """
    added = db.execute(
        """
        INSERT INTO group_members (group_id, user_id, role)
        SELECT id, %(user_id)s, %(role)s FROM groups WHERE id = %(group_id)s FOR KEY SHARE
        """,
        tx=tx,
        group_id=group_id,
        user_id=user_id,
        role=role,
    )
    return added == 1


def remove(group_id: UUID, user_id: UUID, tx: Connection) -> bool:
    """Remove a person from a group. Return False if they were not in it."""
    removed = db.execute(
        "DELETE FROM group_members WHERE group_id = %(group_id)s AND user_id = %(user_id)s",
        tx=tx,
        group_id=group_id,
        user_id=user_id,
    )
    return removed == 1


def is_trainer(user_id: UUID, group_id: UUID) -> bool:
    found = """
        SELECT EXISTS (SELECT 1 FROM group_members
                        WHERE group_id = %(group_id)s AND user_id = %(user_id)s AND role = 'trainer')
        """
    return db.value(found, group_id=group_id, user_id=user_id) is True


def trains(trainer_id: UUID, learner_id: UUID) -> bool:
    """Return True if the trainer trains a group in which the learner learns."""
    found = """
        SELECT EXISTS (SELECT 1
                         FROM group_members t
                         JOIN group_members l ON l.group_id = t.group_id
                        WHERE t.user_id = %(trainer_id)s AND t.role = 'trainer'
                          AND l.user_id = %(learner_id)s AND l.role = 'learner')
        """
    return db.value(found, trainer_id=trainer_id, learner_id=learner_id) is True
