"""Client profiles kept for times when no AI provider can make one: the newest of each setting."""

from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb

from rplay import db


@dataclass(frozen=True, slots=True)
class Pregenerated:
    """A profile and who made it."""

    profile: dict[str, Any]
    provider: str
    model: str


def latest() -> list[Pregenerated]:
    """The last twenty, oldest first: no new one is compared with more."""
    return db.all_of(
        Pregenerated,
        """
        SELECT profile, provider, model
          FROM (SELECT * FROM pregenerated_profiles ORDER BY created_at DESC LIMIT 20) AS latest
      ORDER BY created_at
        """,
    )


def find(industry: str, subcategory: str | None, difficulty: str) -> Pregenerated | None:
    """The one for this setting; without a subcategory the newest of the industry."""
    return db.one(
        Pregenerated,
        """
        SELECT profile, provider, model
          FROM pregenerated_profiles
         WHERE industry = %(industry)s
           AND difficulty = %(difficulty)s
           AND (%(subcategory)s::text IS NULL OR subcategory = %(subcategory)s)
      ORDER BY created_at DESC
         LIMIT 1
        """,
        industry=industry,
        subcategory=subcategory,
        difficulty=difficulty,
    )


def keep(industry: str, subcategory: str, difficulty: str, made: Pregenerated) -> None:
    """In the place of the one that this setting had."""
    db.execute(
        """
        INSERT INTO pregenerated_profiles (industry, subcategory, difficulty, profile, provider, model)
        VALUES (%(industry)s, %(subcategory)s, %(difficulty)s, %(profile)s, %(provider)s, %(model)s)
   ON CONFLICT (industry, subcategory, difficulty)
     DO UPDATE SET profile = excluded.profile, provider = excluded.provider, model = excluded.model,
                   created_at = now()
        """,
        industry=industry,
        subcategory=subcategory,
        difficulty=difficulty,
        profile=Jsonb(made.profile),
        provider=made.provider,
        model=made.model,
    )
