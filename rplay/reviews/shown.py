"""A talk with all reviews and judgements, for those who may see them; without scores for those who are to mark it
blind.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from rplay.agents.types import Difficulty
from rplay.data import DataFiles
from rplay.db import review_disputes, review_marks, review_numbers, review_overrides, review_views, reviews, simulations
from rplay.db import users as people
from rplay.db.review_disputes import Dispute
from rplay.db.review_marks import Mark
from rplay.db.review_numbers import Number
from rplay.db.review_overrides import Override
from rplay.db.reviews import Review
from rplay.db.sessions import SignedIn
from rplay.db.simulations import Simulation
from rplay.reviews.access import note_seen
from rplay.reviews.making import competencies_of, messages_in


@dataclass(frozen=True, slots=True)
class Talk:
    """What a talk was about, without any scores."""

    id: UUID
    simulation_id: str
    user_id: UUID | None
    learner: str | None
    industry: str
    subcategory: str | None
    difficulty: str
    client_profile: Any
    started_at: datetime
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Blind:
    """A talk with what it is measured by. `seen` is True if this user's marks can no longer be blind."""

    simulation: Talk
    transcript: list[dict[str, Any]]
    competencies: list[dict[str, Any]]
    rubrics: list[dict[str, Any]]
    seen: bool


@dataclass(frozen=True, slots=True)
class Judged(Blind):
    """A talk with every review version and people's judgements. `current` is the id of the review in force."""

    current: UUID | None
    numbers: list[Number]
    reviews: list[Review]
    disputes: list[Dispute]
    overrides: list[Override]
    marks: list[Mark]


def blind(user: SignedIn, talk: Simulation, data: DataFiles, difficulty: Difficulty) -> Blind:
    competencies = competencies_of(data, talk)
    return Blind(
        simulation=_talk(talk),
        transcript=[dict(one) for one in messages_in(simulations.history(talk.id))],
        competencies=competencies,
        rubrics=data.rubrics(difficulty, [one["id"] for one in competencies]),
        seen=review_views.seen(talk.id, user.id),
    )


def judged(user: SignedIn, talk: Simulation, data: DataFiles, difficulty: Difficulty) -> Judged:
    """Return the talk with its reviews. It is recorded as seen before they are read, so that it cannot be marked
    blind meanwhile.
    """
    note_seen(user, talk)
    without = blind(user, talk, data, difficulty)
    return Judged(
        without.simulation,
        without.transcript,
        without.competencies,
        without.rubrics,
        without.seen,
        current=reviews.current(talk.id),
        numbers=review_numbers.of_simulation(talk.id),
        reviews=reviews.of_simulation(talk.id),
        disputes=review_disputes.of_simulation(talk.id),
        overrides=review_overrides.of_simulation(talk.id),
        marks=review_marks.of_simulation(talk.id),
    )


def _talk(talk: Simulation) -> Talk:
    owner = people.by_id(talk.user_id) if talk.user_id else None
    return Talk(
        talk.id,
        talk.simulation_id,
        talk.user_id,
        owner.name if owner else None,
        talk.industry,
        talk.subcategory,
        talk.difficulty,
        talk.client_profile,
        talk.started_at,
        talk.completed_at,
    )
