"""Rows of the demo data: people and groups with fixed ids, and their talks with fixed keys, all dated in the past.

Only rows with these ids are touched. A person with another id does not belong to the demo data, whatever their name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from psycopg.types.json import Jsonb

from rplay import db
from rplay.db import Connection
from rplay.db.users import NO_PASSWORD

_NAMESPACE = UUID("6e1b8d0c-3f0a-4c56-9d5b-2f7a0c9e41d7")
_LOCK = 7_526_413_909  # an arbitrary key that no other advisory lock uses


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows of demo data there are: feedback of learners, talks, and log entries about them."""

    feedback: int
    sessions: int
    events: int


def id_of(name: str) -> UUID:
    """Return the id of a person (from the address) or of a group (from its name). It is the same on every machine."""
    return uuid5(_NAMESPACE, name)


def put_people(people: Sequence[dict[str, Any]], weeks: int) -> None:
    """Create or update the demo accounts and their groups.

    Nobody can sign in to these accounts: a password set meanwhile is removed and its sessions end. Raise Duplicate if
    another account has one of the addresses or another group one of the names.
    """
    with db.transaction() as tx:
        _alone(tx)
        ids = [one["id"] for one in people]
        db.execute(
            """
            INSERT INTO users (id, name, email, password, role, job_role, created_at)
            SELECT id, name, email, %(password)s, role, job_role, now() - make_interval(weeks => %(weeks)s)
              FROM jsonb_to_recordset(%(people)s) AS new (id uuid, name text, email text, role text, job_role text)
       ON CONFLICT (id) DO UPDATE
               SET name = EXCLUDED.name, email = EXCLUDED.email, password = EXCLUDED.password, role = EXCLUDED.role,
                   job_role = EXCLUDED.job_role
            """,
            tx=tx,
            people=Jsonb(people),
            password=NO_PASSWORD,
            weeks=weeks,
        )
        db.execute("DELETE FROM sessions WHERE lower(user_id) = ANY(%(ids)s::text[])", tx=tx, ids=list(map(str, ids)))
        _put_groups(people, weeks, tx)


def _put_groups(people: Sequence[dict[str, Any]], weeks: int, tx: Connection) -> None:
    """Create the groups and their members. A renamed group keeps its name, and other members stay."""
    db.execute(
        """
        INSERT INTO groups (id, name, created_at)
        SELECT DISTINCT group_id, "group", now() - make_interval(weeks => %(weeks)s)
          FROM jsonb_to_recordset(%(people)s) AS new (group_id uuid, "group" text)
   ON CONFLICT (id) DO NOTHING
        """,
        tx=tx,
        people=Jsonb(people),
        weeks=weeks,
    )
    db.execute(
        """
        INSERT INTO group_members (group_id, user_id, role, added_at)
        SELECT group_id, id, role, now() - make_interval(weeks => %(weeks)s)
          FROM jsonb_to_recordset(%(people)s) AS new (group_id uuid, id uuid, role text)
   ON CONFLICT (group_id, user_id) DO UPDATE SET role = EXCLUDED.role
        """,
        tx=tx,
        people=Jsonb(people),
        weeks=weeks,
    )


def sweep(users: Sequence[UUID], keys: Sequence[str]) -> None:
    """Delete everything of these users that does not belong to these talks: rows made by earlier versions, and rows
    made by using the accounts.
    """
    with db.transaction() as tx:
        _alone(tx)
        for table in ("nps_feedback", "engagement_log"):
            db.execute(f"DELETE FROM {table} WHERE simulation_id LIKE 'SIM-DEMO-%%' AND user_id IS NULL", tx=tx)
        for table in ("nps_feedback", "engagement_events", "engagement_log", "simulations"):
            db.execute(
                f"""
                DELETE FROM {table}
                 WHERE user_id = ANY(%(users)s) AND (simulation_id = ANY(%(keys)s)) IS NOT TRUE
                """,
                tx=tx,
                users=list(users),
                keys=list(keys),
            )
        db.execute("DELETE FROM ai_usage WHERE user_id = ANY(%(users)s)", tx=tx, users=list(users))


def remove(key: str, learner: UUID, tx: Connection) -> None:
    """Delete the learner's talk with everything they left about it.

    Until the transaction ends no other process can create the talk again.
    """
    _alone(tx)
    db.execute(
        """
        DELETE FROM audit_log
         WHERE user_id = %(learner)s
           AND subject_id IN (SELECT id FROM simulations WHERE simulation_id = %(key)s
                               UNION ALL
                              SELECT d.id FROM review_disputes d JOIN simulations s ON s.id = d.simulation_id
                               WHERE s.simulation_id = %(key)s)
        """,
        tx=tx,
        key=key,
        learner=learner,
    )
    for table in ("nps_feedback", "engagement_events", "engagement_log", "simulations"):
        db.execute(
            f"DELETE FROM {table} WHERE simulation_id = %(key)s AND user_id = %(learner)s",
            tx=tx,
            key=key,
            learner=learner,
        )


def _alone(tx: Connection) -> None:
    db.execute("SELECT pg_advisory_xact_lock(%(lock)s)", tx=tx, lock=_LOCK)


def log(key: str, user_id: UUID, entries: Sequence[dict[str, Any]], tx: Connection) -> None:
    """Log what the web frontend would have logged of a talk. Each entry carries its own timestamp."""
    db.execute(
        """
        INSERT INTO engagement_log (type, session_id, simulation_id, user_id, metadata, timestamp)
        SELECT type, %(session)s, %(key)s, %(user_id)s, metadata, at
          FROM jsonb_to_recordset(%(entries)s) AS new (type text, metadata jsonb, at timestamptz)
        """,
        tx=tx,
        session=key.removeprefix("SIM-").lower(),
        key=key,
        user_id=user_id,
        entries=Jsonb(entries),
    )


# Tables whose rows carry the time of their transaction, with the SQL that sets the time at which the demo talk is
# supposed to have happened.
_DATED = (
    ("simulations", "started_at = %(began)s, completed_at = %(ended)s WHERE simulation_id = %(key)s"),
    ("engagement_events", "timestamp = %(began)s WHERE simulation_id = %(key)s AND event_type = 'simulation_start'"),
    ("engagement_events", "timestamp = %(ended)s WHERE simulation_id = %(key)s AND event_type = 'simulation_complete'"),
    ("nps_feedback", "submitted_at = %(ended)s WHERE simulation_id = %(key)s AND user_id = %(learner)s"),
    ("reviews", "created_at = %(ended)s WHERE simulation_id = %(talk)s"),
    ("review_disputes", "created_at = %(ended)s WHERE simulation_id = %(talk)s"),
    ("review_disputes", "resolved_at = %(judged)s WHERE simulation_id = %(talk)s AND resolved_at IS NOT NULL"),
    ("review_overrides", "created_at = %(judged)s WHERE simulation_id = %(talk)s"),
    ("review_marks", "created_at = %(judged)s WHERE simulation_id = %(talk)s"),
    ("review_views", "seen_at = %(judged)s WHERE simulation_id = %(talk)s"),
    ("audit_log", "at = %(judged)s WHERE user_id = %(learner)s AND at = now()"),
)


def date_back(
    talk: UUID, key: str, learner: UUID, began: datetime, ended: datetime, judged: datetime, tx: Connection
) -> None:
    """Change the timestamps of what this transaction wrote about the talk to the times at which it is supposed to have
    happened.
    """
    for table, change in _DATED:
        db.execute(
            f"UPDATE {table} SET {change}",
            tx=tx,
            talk=talk,
            key=key,
            learner=learner,
            began=began,
            ended=ended,
            judged=judged,
        )


def counts(users: Sequence[UUID]) -> Counts:
    found = db.one(
        Counts,
        """
        SELECT (SELECT count(*) FROM nps_feedback WHERE user_id = ANY(%(users)s)) AS feedback,
               (SELECT count(*) FROM simulations WHERE user_id = ANY(%(users)s)) AS sessions,
               (SELECT count(*) FROM engagement_log WHERE user_id = ANY(%(users)s)) AS events
        """,
        users=list(users),
    )
    assert found is not None
    return found
