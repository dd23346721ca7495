"""Statistics about usage and feedback, by day or week. Days are in UTC, and weeks begin on Monday."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from rplay import db

Span = Literal["day", "week"]


@dataclass(frozen=True, slots=True)
class AiUse:
    """One agent's calls to one model on a day, or in the week that begins on it. `failed` counts calls without an
    answer.
    """

    day: date
    provider: str
    model: str
    agent: str
    calls: int
    failed: int
    tokens_in: int
    tokens_out: int


@dataclass(frozen=True, slots=True)
class Practice:
    """How many talks were begun on a day, or in the week that begins on it, and by how many people."""

    day: date
    talks: int
    people: int


@dataclass(frozen=True, slots=True)
class Answers:
    """The feedback of learners in the week that begins on this Monday."""

    week: date
    answers: int
    promoters: int
    detractors: int

    @property
    def score(self) -> float:
        """Return the net promoter score, from −100 to 100."""
        return 100 * (self.promoters - self.detractors) / self.answers


def ai_use(days: int, by: Span = "day") -> list[AiUse]:
    """Return AI usage of the last `days` days, today included."""
    return db.all_of(
        AiUse,
        """
        SELECT date_trunc(%(by)s, day)::date AS day, provider, model, agent, sum(calls)::bigint AS calls,
               sum(failed)::bigint AS failed, sum(tokens_in)::bigint AS tokens_in, sum(tokens_out)::bigint AS tokens_out
          FROM ai_usage_days
         WHERE day > (now() AT TIME ZONE 'UTC')::date - %(days)s::int AND calls > 0
      GROUP BY 1, provider, model, agent
      ORDER BY 1, provider, model, agent
         LIMIT 20000
        """,
        days=days,
        by=by,
    )


def practice(days: int, by: Span = "day") -> list[Practice]:
    """Return how many talks were begun in the last `days` days, and by how many people.

    People are counted from one row each: `count(DISTINCT …)` sorted 100,000 talks, which took twice as long.
    """
    return db.all_of(
        Practice,
        """
        SELECT day, sum(talks)::bigint AS talks, count(user_id) AS people
          FROM (SELECT date_trunc(%(by)s, started_at)::date AS day, user_id, count(*) AS talks
                  FROM simulations
                 WHERE started_at > now() AT TIME ZONE 'UTC' - make_interval(days => %(days)s)
              GROUP BY 1, user_id) AS of_one
      GROUP BY day
      ORDER BY day
        """,
        days=days,
        by=by,
    )


def answers(days: int) -> list[Answers]:
    return db.all_of(
        Answers,
        """
        SELECT date_trunc('week', submitted_at)::date AS week, count(*) AS answers,
               count(*) FILTER (WHERE feedback_type = 'promoter') AS promoters,
               count(*) FILTER (WHERE feedback_type = 'detractor') AS detractors
          FROM nps_feedback
         WHERE submitted_at > now() AT TIME ZONE 'UTC' - make_interval(days => %(days)s)
      GROUP BY 1
      ORDER BY 1
        """,
        days=days,
    )
