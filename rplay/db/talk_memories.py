"""Summaries and progress of a user's own talks, kept for the model that plays the client."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from rplay import db

_MINE = """SELECT id FROM simulations
            WHERE user_id = %(user_id)s AND (simulation_id = %(key)s OR id::text = lower(%(key)s))"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A summary of the first `summed` messages, and the progress measured after the first `measured` messages."""

    summary: str | None
    summed: int
    summed_digest: str | None
    progress: Any
    measured: int
    measured_digest: str | None


def of_simulation(key: str, user_id: UUID) -> Kept | None:
    return db.one(
        Kept,
        f"""
        SELECT summary, summed, summed_digest, progress, measured, measured_digest
          FROM talk_memories
         WHERE simulation_id IN ({_MINE})
        """,
        key=key,
        user_id=user_id,
    )


def keep_progress(key: str, user_id: UUID, progress: dict[str, Any], measured: int, digest: str, provider: str) -> None:
    db.execute(
        f"""
        INSERT INTO talk_memories (simulation_id, progress, measured, measured_digest, provider)
        SELECT id, %(progress)s, %(measured)s, %(digest)s, %(provider)s FROM ({_MINE}) mine
            ON CONFLICT (simulation_id) DO UPDATE
           SET progress = EXCLUDED.progress, measured = EXCLUDED.measured, measured_digest = EXCLUDED.measured_digest,
               provider = EXCLUDED.provider
        """,
        key=key,
        user_id=user_id,
        progress=Jsonb(progress),
        measured=measured,
        digest=digest,
        provider=provider,
    )


def keep_summary(key: str, user_id: UUID, summary: str, summed: int, digest: str) -> None:
    db.execute(
        f"""
        INSERT INTO talk_memories (simulation_id, summary, summed, summed_digest)
        SELECT id, %(summary)s, %(summed)s, %(digest)s FROM ({_MINE}) mine
            ON CONFLICT (simulation_id) DO UPDATE
           SET summary = EXCLUDED.summary, summed = EXCLUDED.summed, summed_digest = EXCLUDED.summed_digest
        """,
        key=key,
        user_id=user_id,
        summary=summary,
        summed=summed,
        digest=digest,
    )
