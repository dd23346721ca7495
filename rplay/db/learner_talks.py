"""A learner's talks as the console lists them: the client's name and how far each talk came, without profile and
history.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rplay import db


@dataclass(frozen=True, slots=True)
class LearnerTalk:
    """One talk in the list.

    `said` is the number of messages of the learner; `assisted` is True if the coach was asked. If the talk is another
    try at an earlier one, `parent_id` is that talk and `from_line` the message from which it continues.
    """

    id: UUID
    client: str | None
    industry: str
    subcategory: str | None
    difficulty: str
    started_at: datetime
    completed_at: datetime | None
    duration_seconds: int | None
    said: int
    assisted: bool
    parent_id: UUID | None
    from_line: int


@dataclass(frozen=True, slots=True)
class Filter:
    """Which talks to list. A field that is None does not filter."""

    industry: str | None = None
    difficulty: str | None = None
    state: str | None = None  # "open" or "done"


_COLUMNS = """s.id, left(s.client_profile ->> 'name', 200) AS client, s.industry, s.subcategory, s.difficulty,
              s.started_at, s.completed_at, s.duration_seconds, o.parent_id, coalesce(o.from_line, 0) AS from_line,
              (SELECT count(*) FROM jsonb_path_query(s.conversation_history, '$[*].role ? (@ == "user")')) AS said,
              jsonb_path_exists(s.conversation_history, '$[*] ? (@.coach == true)') AS assisted"""
_WANTED = """s.user_id = %(user_id)s
           AND (%(industry)s::text IS NULL OR s.industry = %(industry)s)
           AND (%(difficulty)s::text IS NULL OR s.difficulty = %(difficulty)s)
           AND (%(state)s::text IS NULL OR (s.completed_at IS NULL) = (%(state)s = 'open'))"""


def page_of(user_id: UUID, wanted: Filter, limit: int, offset: int = 0) -> list[LearnerTalk]:
    """Return one page of the learner's talks, newest first."""
    return db.all_of(
        LearnerTalk,
        f"""
        SELECT {_COLUMNS}
          FROM simulations s
          LEFT JOIN simulation_origins o ON o.simulation_id = s.id
         WHERE {_WANTED}
      ORDER BY s.started_at DESC, s.id
         LIMIT %(limit)s OFFSET %(offset)s
        """,
        user_id=user_id,
        industry=wanted.industry,
        difficulty=wanted.difficulty,
        state=wanted.state,
        limit=limit,
        offset=offset,
    )


def count(user_id: UUID, wanted: Filter) -> int:
    found: int = db.value(
        f"SELECT count(*) FROM simulations s WHERE {_WANTED}",
        user_id=user_id,
        industry=wanted.industry,
        difficulty=wanted.difficulty,
        state=wanted.state,
    )
    return found


def of_ids(ids: list[UUID]) -> list[LearnerTalk]:
    """Return these talks, oldest first."""
    return db.all_of(
        LearnerTalk,
        f"""
        SELECT {_COLUMNS}
          FROM simulations s
          LEFT JOIN simulation_origins o ON o.simulation_id = s.id
         WHERE s.id = ANY(%(ids)s)
      ORDER BY s.started_at, s.id
        """,
        ids=ids,
    )


def last_of(user_ids: list[UUID]) -> dict[UUID, datetime]:
    """Return when each of these learners last began a talk. Learners who never began one are left out."""
    found = db.rows(
        "SELECT user_id, max(started_at) AS last FROM simulations WHERE user_id = ANY(%(ids)s) GROUP BY user_id",
        ids=user_ids,
    )
    return {one["user_id"]: one["last"] for one in found}
