"""What AI calls take: one row a call to a provider. No texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from rplay import db


@dataclass(frozen=True, slots=True)
class Use:
    """One call: who asked, when, what for, what it took, how it ended. Without a user nobody was signed in."""

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
    """All in one statement; a user who is gone by now is left out of their row."""
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
