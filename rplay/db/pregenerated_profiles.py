"""Client profiles generated in advance for when no AI provider can make one: the newest for each industry, subcategory
and difficulty.
"""

from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb

from rplay import db


@dataclass(frozen=True, slots=True)
class Pregenerated:
    """A profile, with the provider and model that made it."""

    profile: dict[str, Any]
    provider: str
    model: str


def latest() -> list[Pregenerated]:
    """Return the last twenty profiles, oldest first. New profiles are compared with no more than these."""
    return db.all_of(
        Pregenerated,
        """
        SELECT profile, provider, model
          FROM (SELECT * FROM pregenerated_profiles ORDER BY created_at DESC LIMIT 20) AS latest
      ORDER BY created_at
        """,
    )


def find(industry: str, subcategory: str | None, difficulty: str) -> Pregenerated | None:
    """Return the profile for this setting; without a subcategory the newest one of the industry."""
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
    """Store a profile; it replaces the one for the same setting."""
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
