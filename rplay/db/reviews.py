"""The reviews of talks, in versions. The current one is the server's newest, or the client's newest if the server made
none.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from rplay import db
from rplay.db import LIST_BYTES, Connection, before

VERSIONS = 100  # versions of one talk; when there are more, a client's new review replaces its last one

# ORDER BY clause that puts the current review first, for `reviews AS r`.
BY_CURRENCY = "r.source = 'server' DESC, r.version DESC"


@dataclass(frozen=True, slots=True)
class Review:
    """One version as clients see it, with its keys in this order. `scores` maps each competency, and `overall`, to its
    score.
    """

    id: UUID
    simulation_id: UUID
    version: int
    source: str
    created_at: datetime
    provider: str | None
    model: str | None
    prompt_version: str | None
    rubric_hash: str | None
    scores: Any
    review: Any


_COLUMNS = """id, simulation_id, version, source, created_at, provider, model, prompt_version, rubric_hash, scores,
              review"""
_LAST_OF_CLIENT = """SELECT {what} FROM reviews
                              WHERE simulation_id = %(simulation_id)s AND source = 'client'
                           ORDER BY version DESC
                              LIMIT 1"""


def add(
    simulation_id: UUID,
    source: str,
    review: dict[str, Any],
    scores: dict[str, float],
    by: UUID | None,
    tx: Connection,
) -> Review | None:
    """Add the next version. Return None if the talk has VERSIONS already, or if the client sent the same review again.

    The caller must hold the talk's lock.
    """
    made_by = review.get("metadata") if source == "server" else None
    made_by = made_by if isinstance(made_by, dict) else {}
    return db.one(
        Review,
        f"""
        INSERT INTO reviews (simulation_id, version, source, review, scores, flagged, provider, model, prompt_version,
                             rubric_hash, by_user_id)
        SELECT %(simulation_id)s, coalesce(max(version), 0) + 1, %(source)s, %(review)s, %(scores)s, %(flagged)s,
               %(provider)s, %(model)s, %(prompt_version)s, %(rubric_hash)s, %(by)s
          FROM reviews
         WHERE simulation_id = %(simulation_id)s
        HAVING count(*) < {VERSIONS}
           AND NOT (%(source)s = 'client'
                    AND coalesce(({_LAST_OF_CLIENT.format(what="review")}) = %(review)s, false))
     RETURNING {_COLUMNS}
        """,
        tx=tx,
        simulation_id=simulation_id,
        source=source,
        review=Jsonb(review),
        scores=Jsonb(scores),
        flagged=_flagged(review),
        provider=made_by.get("provider"),
        model=made_by.get("model"),
        prompt_version=made_by.get("promptVersion"),
        rubric_hash=made_by.get("rubricHash"),
        by=by,
    )


def replace_last_of_client(
    simulation_id: UUID, review: dict[str, Any], scores: dict[str, float], tx: Connection
) -> None:
    db.execute(
        f"""
        UPDATE reviews
           SET review = %(review)s, scores = %(scores)s, flagged = %(flagged)s, created_at = now()
         WHERE id = ({_LAST_OF_CLIENT.format(what="id")}) AND review <> %(review)s
        """,
        tx=tx,
        simulation_id=simulation_id,
        review=Jsonb(review),
        scores=Jsonb(scores),
        flagged=_flagged(review),
    )


def _flagged(review: dict[str, Any]) -> bool:
    return isinstance(review.get("flags"), list) and bool(review["flags"])


def of_simulation(simulation_id: UUID) -> list[Review]:
    """Return the versions, newest first. If they are long, the oldest are left out."""
    return db.all_of(
        Review,
        f"""
        SELECT {_COLUMNS}
          FROM (SELECT r.*, {before("r", "version DESC")} AS before
                  FROM reviews r
                 WHERE simulation_id = %(simulation_id)s) AS newest
         WHERE before < {LIST_BYTES}
      ORDER BY version DESC
        """,
        simulation_id=simulation_id,
    )


def scores_of(review_id: UUID, simulation_id: UUID, tx: Connection | None = None) -> dict[str, float] | None:
    """Return the scores in this version of this talk; None if there is no such version."""
    scores: dict[str, float] | None = db.value(
        "SELECT scores FROM reviews WHERE id = %(id)s AND simulation_id = %(simulation_id)s",
        tx=tx,
        id=review_id,
        simulation_id=simulation_id,
    )
    return scores


def names_of(simulation_id: UUID, tx: Connection) -> list[str]:
    names: list[str] | None = db.value(
        f"""
        SELECT ARRAY(SELECT jsonb_object_keys(r.scores))
          FROM reviews r
         WHERE r.simulation_id = %(id)s
      ORDER BY {BY_CURRENCY}
         LIMIT 1
        """,
        tx=tx,
        id=simulation_id,
    )
    return names or []


def current(simulation_id: UUID) -> UUID | None:
    found: UUID | None = db.value(
        f"SELECT r.id FROM reviews r WHERE r.simulation_id = %(id)s ORDER BY {BY_CURRENCY} LIMIT 1", id=simulation_id
    )
    return found
