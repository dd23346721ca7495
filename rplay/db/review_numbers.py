"""The scores in a talk's current review, and the scores that people put in their place."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from rplay import db
from rplay.db.reviews import BY_CURRENCY


@dataclass(frozen=True, slots=True)
class Number:
    """One score. `number` is `overall` or a competency; `score` is the one a person set, or else the machine's."""

    simulation_id: UUID
    user_id: UUID | None
    number: str
    machine: float | None
    human: float | None
    score: float


@dataclass(frozen=True, slots=True)
class Mean:
    """A learner's mean score over `talks` talks."""

    user_id: UUID
    number: str
    talks: int
    score: float


_NUMBERS = f"""
        SELECT s.id AS simulation_id, s.user_id, n.number, (now.scores ->> n.number)::float AS machine,
               human.score::float AS human, coalesce(human.score, (now.scores ->> n.number)::numeric)::float AS score
          FROM simulations s
          LEFT JOIN LATERAL (SELECT r.scores
                               FROM reviews r
                              WHERE r.simulation_id = s.id
                           ORDER BY {BY_CURRENCY}
                              LIMIT 1) AS now ON true
         CROSS JOIN LATERAL (SELECT jsonb_object_keys(coalesce(now.scores, '{{}}')) AS number
                              UNION
                             SELECT o.number FROM review_overrides o WHERE o.simulation_id = s.id) AS n
          LEFT JOIN LATERAL (SELECT o.score
                               FROM review_overrides o
                              WHERE o.simulation_id = s.id AND o.number = n.number
                           ORDER BY o.created_at DESC, o.id
                              LIMIT 1) AS human ON true"""


def of_simulation(simulation_id: UUID) -> list[Number]:
    """Return the scores of a talk: `overall` first, then by name."""
    return db.all_of(
        Number,
        f"{_NUMBERS} WHERE s.id = %(simulation_id)s ORDER BY n.number <> 'overall', n.number",
        simulation_id=simulation_id,
    )


def of_simulations(simulation_ids: Iterable[UUID]) -> list[Number]:
    return db.all_of(Number, f"{_NUMBERS} WHERE s.id = ANY(%(ids)s)", ids=list(simulation_ids))


def means_of(user_ids: Iterable[UUID]) -> list[Mean]:
    """Return the mean of each score over the completed talks of each of these learners."""
    return db.all_of(
        Mean,
        f"""
        SELECT user_id, number, count(*) AS talks, round(avg(score)::numeric, 2)::float AS score
          FROM ({_NUMBERS} WHERE s.user_id = ANY(%(user_ids)s) AND s.completed_at IS NOT NULL) AS numbers
      GROUP BY user_id, number
      ORDER BY user_id, number
        """,
        user_ids=list(user_ids),
    )
