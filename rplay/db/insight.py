"""What the product is used for and thought of, by day or by week. Days are UTC's, and weeks begin on Mondays."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from rplay import db

Span = Literal["day", "week"]


@dataclass(frozen=True, slots=True)
class AiUse:
    """The calls of one agent to one model on a day, or in the week from it; `failed` are those without an answer."""

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
    """The talks that were begun on a day, or in the week from it, and by how many people."""

    day: date
    talks: int
    people: int


@dataclass(frozen=True, slots=True)
class Answers:
    """What learners answered in a week, which begins on this Monday."""

    week: date
    answers: int
    promoters: int
    detractors: int

    @property
    def score(self) -> float:
        """The net promoter score, from −100 to 100."""
        return 100 * (self.promoters - self.detractors) / self.answers


def ai_use(days: int, by: Span = "day") -> list[AiUse]:
    """Of today and the days before it, so many in all."""
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
    """People are counted from rows of them: `count(DISTINCT …)` sorted 100,000 talks, which took twice as long."""
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
