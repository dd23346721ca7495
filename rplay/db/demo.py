"""Made-up feedback and sessions, so that the dashboards of an empty installation show something.

They belong to nobody, carry ids that begin with `SIM-DEMO-` and lie in the past: real ones come first in every list.
"""

import random
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb

from rplay import db

FEEDBACK, SESSIONS = 60, 24

_LOCK = 7_526_413_909  # any number nobody else uses for an advisory lock
_COMMENTS = {
    "promoter": (
        "The client reacted just like the ones I meet. I went into my next meeting much calmer.",
        "The review told me exactly which question I had skipped.",
        "Best way to practise objections that I know of.",
        None,
    ),
    "passive": (
        "Good practice, but I would like to see the objectives before I start.",
        "The voice is fine, the pauses are a little long.",
        None,
    ),
    "detractor": (
        "The client agreed too quickly, there was nothing left to handle.",
        "I lost the thread when the client changed the subject.",
        None,
    ),
}
_OBJECTIVES = ("rapport", "needs", "objections", "recommendations")


@dataclass(frozen=True, slots=True)
class Seeded:
    """How much there is now."""

    feedback: int
    sessions: int
    events: int


def seed() -> Seeded:
    """Puts the demo data in place of what an earlier call left."""
    chance = random.Random(7)  # noqa: S311 (the same data every time)
    feedback = [_feedback(chance, number) for number in range(FEEDBACK)]
    events = [event for number in range(SESSIONS) for event in _session(chance, number)]
    with db.transaction() as tx:
        db.execute("SELECT pg_advisory_xact_lock(%(lock)s)", tx=tx, lock=_LOCK)
        for table in ("nps_feedback", "engagement_log"):
            db.execute(f"DELETE FROM {table} WHERE simulation_id LIKE 'SIM-DEMO-%'", tx=tx)
        db.execute(
            """
            INSERT INTO nps_feedback (simulation_id, score, feedback_type, comments, submitted_at)
            SELECT key, score, kind, comments, now() - make_interval(hours => hours)
              FROM jsonb_to_recordset(%(rows)s) AS new (key text, score int, kind text, comments text, hours int)
            """,
            tx=tx,
            rows=Jsonb(feedback),
        )
        db.execute(
            """
            INSERT INTO engagement_log (type, session_id, simulation_id, metadata, timestamp)
            SELECT type, session, key, metadata, now() - make_interval(hours => hours, secs => -second)
              FROM jsonb_to_recordset(%(rows)s)
                   AS new (type text, session text, key text, metadata jsonb, hours int, second int)
            """,
            tx=tx,
            rows=Jsonb(events),
        )
    return Seeded(len(feedback), SESSIONS, len(events))


def _feedback(chance: random.Random, number: int) -> dict[str, Any]:
    """Somebody's answer: half are promoters, and two a day come in."""
    kind = chance.choices(("promoter", "passive", "detractor"), weights=(5, 3, 2))[0]
    scores = {"promoter": (9, 10), "passive": (7, 8), "detractor": (3, 4, 5, 6)}[kind]
    return {
        "key": f"SIM-DEMO-{number:03}",
        "score": chance.choice(scores),
        "kind": kind,
        "comments": chance.choice(_COMMENTS[kind]),
        "hours": 2 + 12 * number,
    }


def _session(chance: random.Random, number: int) -> list[dict[str, Any]]:
    """What the web frontend would have logged in a session of some minutes."""
    messages, reached = chance.randint(4, 24), chance.randint(0, len(_OBJECTIVES))
    steps: list[tuple[str, dict[str, Any]]] = [
        *[("message_sent", {"messageLength": chance.randint(20, 240)}) for _ in range(messages)],
        *[("objective_completed", {"objectiveId": objective}) for objective in _OBJECTIVES[:reached]],
        *[("help_opened", {}), ("help_closed", {})] * chance.randint(0, 1),
        *[("note_created", {"noteLength": 40}), ("note_updated", {"noteLength": 90})] * chance.randint(0, 1),
    ]
    pace = chance.randint(15, 45)  # seconds between two events
    totals = {"isEngagementSummary": True, "totalMessages": messages, "objectivesCompleted": reached}
    every = [("simulation_load", {}), *steps, ("simulation_exit", totals)]
    ids = {"session": f"demo-{number:03}", "key": f"SIM-DEMO-{number:03}", "hours": 3 + 30 * number}
    return [
        {**ids, "type": kind, "metadata": metadata, "second": step * pace}
        for step, (kind, metadata) in enumerate(every)
    ]
