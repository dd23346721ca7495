"""Scenarios assigned to groups and people, and the attempts that learners began."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from rplay import db
from rplay.db import Connection

MOST = 1000  # assignments in a list at most


@dataclass(frozen=True, slots=True)
class Assignment:
    """An assignment as trainers see it, with its keys in this order.

    `attempts` and `pass_mark` are the values in force. `own_attempts` is what the assignment itself sets, `learners`
    the number of learners.
    """

    id: UUID
    scenario_id: UUID
    scenario: str
    group_id: UUID | None
    user_id: UUID | None
    to: str
    due_at: datetime | None
    attempts: int | None
    own_attempts: int | None
    pass_mark: float
    learners: int
    remind_days: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Learner:
    id: UUID
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt, with what decides whether it passed.

    `overall` is the score that a person set, or else the one of the server's own review. `severities` are those of the
    broken rules and of the things the learner must not say.
    """

    assignment_id: UUID
    user_id: UUID
    simulation_id: UUID | None
    begun_at: datetime
    completed_at: datetime | None
    wordless: bool
    seconds: float | None
    overall: float | None
    severities: Any
    pass_mark: float | None
    fails_from: str | None
    minutes: int | None


_NEWEST = "v.version = (SELECT max(version) FROM scenario_versions WHERE scenario_id = a.scenario_id)"
_ASSIGNMENTS = f"""
        SELECT a.id, a.scenario_id, left(v.content ->> 'name', 200) AS scenario, a.group_id, a.user_id,
               left(coalesce(g.name, u.name), 200) AS to, a.due_at,
               coalesce(a.attempts, (v.content ->> 'attempts')::int) AS attempts, a.attempts AS own_attempts,
               (v.content ->> 'passMark')::float AS pass_mark,
               CASE WHEN a.user_id IS NOT NULL THEN 1
                    ELSE (SELECT count(*) FROM group_members m WHERE m.group_id = a.group_id AND m.role = 'learner')
               END AS learners, a.remind_days, a.created_at
          FROM assignments a
          JOIN scenario_versions v ON v.scenario_id = a.scenario_id AND {_NEWEST}
          LEFT JOIN groups g ON g.id = a.group_id
          LEFT JOIN users u ON u.id = a.user_id"""
_ORDER = f"ORDER BY a.due_at NULLS LAST, a.created_at, a.id LIMIT {MOST}"
_MINE = """(a.user_id = %(user_id)s
                OR EXISTS (SELECT 1 FROM group_members m
                            WHERE m.group_id = a.group_id AND m.user_id = %(user_id)s AND m.role = 'learner'))"""


def get(assignment_id: UUID, tx: Connection | None = None) -> Assignment | None:
    return db.one(Assignment, f"{_ASSIGNMENTS} WHERE a.id = %(id)s", tx=tx, id=assignment_id)


def every() -> list[Assignment]:
    """Return all assignments, the earliest deadline first."""
    return db.all_of(Assignment, f"{_ASSIGNMENTS} {_ORDER}")


def of_group(group_id: UUID) -> list[Assignment]:
    """Return the assignments of the group and those of its learners."""
    return db.all_of(
        Assignment,
        f"""
        {_ASSIGNMENTS}
         WHERE a.group_id = %(group_id)s
               OR a.user_id IN (SELECT user_id FROM group_members
                                 WHERE group_id = %(group_id)s AND role = 'learner')
        {_ORDER}
        """,
        group_id=group_id,
    )


def of_trainer(trainer_id: UUID) -> list[Assignment]:
    """Return the assignments of the groups that this person trains, and of the learners in these groups."""
    return db.all_of(
        Assignment,
        f"""
        {_ASSIGNMENTS}
         WHERE EXISTS (SELECT 1
                         FROM group_members t
                        WHERE t.user_id = %(trainer_id)s AND t.role = 'trainer'
                          AND (t.group_id = a.group_id
                               OR EXISTS (SELECT 1 FROM group_members l
                                           WHERE l.group_id = t.group_id AND l.user_id = a.user_id
                                             AND l.role = 'learner')))
        {_ORDER}
        """,
        trainer_id=trainer_id,
    )


def of_learner(user_id: UUID) -> list[Assignment]:
    return db.all_of(Assignment, f"{_ASSIGNMENTS} WHERE {_MINE} {_ORDER}", user_id=user_id)


def is_for(assignment_id: UUID, user_id: UUID, tx: Connection) -> bool:
    found = f"SELECT EXISTS (SELECT 1 FROM assignments a WHERE a.id = %(id)s AND {_MINE})"
    return db.value(found, tx=tx, id=assignment_id, user_id=user_id) is True


def learners(assignment_id: UUID) -> list[Learner]:
    """Return the learners of the assignment by name."""
    return db.all_of(
        Learner,
        """
        SELECT u.id, left(u.name, 200) AS name, left(u.email, 320) AS email
          FROM assignments a
          LEFT JOIN group_members m ON m.group_id = a.group_id AND m.role = 'learner'
          JOIN users u ON u.id = coalesce(a.user_id, m.user_id)
         WHERE a.id = %(id)s
      ORDER BY lower(left(u.name, 200)), u.id
         LIMIT 10000
        """,
        id=assignment_id,
    )


def create(
    scenario_id: UUID,
    group_id: UUID | None,
    user_id: UUID | None,
    due_at: datetime | None,
    attempts: int | None,
    remind_days: int | None,
    by: UUID,
    tx: Connection,
) -> Assignment:
    made: UUID = db.value(
        """
        INSERT INTO assignments (scenario_id, group_id, user_id, due_at, attempts, remind_days, by_user_id)
        VALUES (%(scenario_id)s, %(group_id)s, %(user_id)s, %(due_at)s, %(attempts)s, %(remind_days)s, %(by)s)
     RETURNING id
        """,
        tx=tx,
        scenario_id=scenario_id,
        group_id=group_id,
        user_id=user_id,
        due_at=due_at,
        attempts=attempts,
        remind_days=remind_days,
        by=by,
    )
    created = get(made, tx)
    assert created is not None
    return created


def change(assignment_id: UUID, changes: Mapping[str, Any], tx: Connection) -> Assignment | None:
    """Set the fields named in `changes`; None clears a field. Fields that are not named keep their values."""
    db.execute(
        """
        UPDATE assignments
           SET due_at = CASE WHEN %(sets_due_at)s THEN %(due_at)s ELSE due_at END,
               attempts = CASE WHEN %(sets_attempts)s THEN %(attempts)s ELSE attempts END,
               remind_days = CASE WHEN %(sets_remind_days)s THEN %(remind_days)s ELSE remind_days END
         WHERE id = %(id)s
        """,
        tx=tx,
        id=assignment_id,
        sets_due_at="due_at" in changes,
        due_at=changes.get("due_at"),
        sets_attempts="attempts" in changes,
        attempts=changes.get("attempts"),
        sets_remind_days="remind_days" in changes,
        remind_days=changes.get("remind_days"),
    )
    return get(assignment_id, tx)


def delete(assignment_id: UUID, tx: Connection) -> bool:
    return db.execute("DELETE FROM assignments WHERE id = %(id)s", tx=tx, id=assignment_id) == 1


def begun(assignment_id: UUID, user_id: UUID, tx: Connection) -> int:
    """Count the attempts this person has begun. The caller must hold the account's lock, so that two attempts cannot
    begin at the same time.
    """
    found: int = db.value(
        "SELECT count(*) FROM assignment_attempts WHERE assignment_id = %(id)s AND user_id = %(user_id)s",
        tx=tx,
        id=assignment_id,
        user_id=user_id,
    )
    return found


def add_attempt(assignment_id: UUID, user_id: UUID, simulation_id: UUID, tx: Connection) -> None:
    db.execute(
        """
        INSERT INTO assignment_attempts (assignment_id, user_id, simulation_id)
        VALUES (%(id)s, %(user_id)s, %(simulation_id)s)
        """,
        tx=tx,
        id=assignment_id,
        user_id=user_id,
        simulation_id=simulation_id,
    )


def attempts_at(assignment_ids: Iterable[UUID], user_id: UUID | None = None) -> list[Attempt]:
    """Return the attempts at these assignments, of one user if given, oldest first. Reviews sent by clients are
    ignored.
    """
    return db.all_of(
        Attempt,
        """
        SELECT t.assignment_id, t.user_id, t.simulation_id, t.begun_at, s.completed_at,
               s.completed_at IS NOT NULL AND own.scores IS NULL
               AND NOT jsonb_path_exists(s.conversation_history, '$[*] ? (@.role == "user")') AS wordless,
               extract(epoch FROM s.completed_at - coalesce(
                   o.ends_at - make_interval(mins => (v.content ->> 'minutes')::int), s.started_at))::float AS seconds,
               coalesce(human.score, (own.scores ->> 'overall')::numeric)::float AS overall,
               jsonb_path_query_array(coalesce(own.review, '{}'), '$.breaches[*].severity')
               || jsonb_path_query_array(coalesce(own.review, '{}'), '$.mustNotSay[*].severity') AS severities,
               (v.content ->> 'passMark')::float AS pass_mark, v.content ->> 'failsFrom' AS fails_from,
               (v.content ->> 'minutes')::int AS minutes
          FROM assignment_attempts t
          LEFT JOIN simulations s ON s.id = t.simulation_id
          LEFT JOIN simulation_origins o ON o.simulation_id = s.id
          LEFT JOIN scenario_versions v ON v.scenario_id = o.scenario_id AND v.version = o.scenario_version
          LEFT JOIN LATERAL (SELECT r.scores, r.review
                               FROM reviews r
                              WHERE r.simulation_id = s.id AND r.source = 'server'
                           ORDER BY r.version DESC
                              LIMIT 1) AS own ON true
          LEFT JOIN LATERAL (SELECT h.score
                               FROM review_overrides h
                              WHERE h.simulation_id = s.id AND h.number = 'overall'
                           ORDER BY h.created_at DESC, h.id
                              LIMIT 1) AS human ON true
         WHERE t.assignment_id = ANY(%(ids)s) AND (%(user_id)s::uuid IS NULL OR t.user_id = %(user_id)s)
      ORDER BY t.begun_at, t.id
        """,
        ids=list(assignment_ids),
        user_id=user_id,
    )
