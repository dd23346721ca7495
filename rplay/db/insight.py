"""What the product is used for and thought of, day by day. Days are UTC's."""

from dataclasses import dataclass
from datetime import date

from rplay import db


@dataclass(frozen=True, slots=True)
class AiUse:
    """A day's calls of one agent to one model; `failed` are those without an answer."""

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
    """The talks that were begun on a day, and by how many people."""

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


def ai_use(days: int) -> list[AiUse]:
    return db.all_of(
        AiUse,
        """
        SELECT (at AT TIME ZONE 'UTC')::date AS day, provider, model, agent, count(*) AS calls,
               count(*) FILTER (WHERE outcome <> 'ok') AS failed,
               sum(tokens_in)::bigint AS tokens_in, sum(tokens_out)::bigint AS tokens_out
          FROM ai_usage
         WHERE at > now() - make_interval(days => %(days)s)
      GROUP BY 1, provider, model, agent
      ORDER BY 1, provider, model, agent
         LIMIT 20000
        """,
        days=days,
    )


def practice(days: int) -> list[Practice]:
    return db.all_of(
        Practice,
        """
        SELECT started_at::date AS day, count(*) AS talks, count(DISTINCT user_id) AS people
          FROM simulations
         WHERE started_at > now() AT TIME ZONE 'UTC' - make_interval(days => %(days)s)
      GROUP BY 1
      ORDER BY 1
        """,
        days=days,
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
