"""The table of AI usage: one row per call to a provider, without any texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from rplay import db


@dataclass(frozen=True, slots=True)
class Use:
    """One call: who made it, when, for which agent, what it took and how it ended. `user_id` is None if nobody was
    signed in.
    """

    at: datetime
    user_id: UUID | None
    agent: str
    provider: str
    model: str
    tokens_in: int
    tokens_out: int
    first_token_ms: int | None
    ms: int
    outcome: str


def add(uses: Sequence[Use]) -> None:
    """Insert all rows in one statement. A user who has been deleted meanwhile is stored as NULL."""
    db.execute(
        """
        INSERT INTO ai_usage (at, user_id, agent, provider, model, tokens_in, tokens_out, first_token_ms, ms, outcome)
        SELECT at, (SELECT id FROM users WHERE id = new.user_id), agent, provider, model, tokens_in, tokens_out,
               first_token_ms, ms, outcome
          FROM jsonb_to_recordset(%(uses)s)
            AS new (at timestamptz, user_id uuid, agent text, provider text, model text, tokens_in int, tokens_out int,
                    first_token_ms int, ms int, outcome text)
        """,
        uses=Jsonb(uses),
    )
