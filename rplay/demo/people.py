"""The people in the demo data, and when they practise: two groups with their trainers, and twelve learners over six
weeks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from rplay.agents.types import Difficulty
from rplay.db import demo
from rplay.db.sessions import SignedIn

DOMAIN = "demo.rplay.example"  # nobody has an address in this domain, and no mail arrives there
WEEKS = 6
NORTH, SOUTH = "Demo: North branch", "Demo: South branch"


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    job_role: str
    group: str
    role: str = "trainer"

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}@{DOMAIN}"

    @property
    def id(self) -> UUID:
        return demo.id_of(self.email)

    def signed_in(self) -> SignedIn:
        """Return a session object for calls that need a user. No real session exists."""
        now = datetime.now(UTC)
        return SignedIn(self.id, now, self.id, self.email, self.name, self.role, self.job_role, now)

    def row(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "email": self.email,
            "role": self.role,
            "job_role": self.job_role,
            "group": self.group,
            "group_id": demo.id_of(self.group),
        }


@dataclass(frozen=True, slots=True)
class Learner(Person):
    """A learner: their skill from 0 to 1 in the first and in the last talk, and what they practise."""

    role: str = "learner"
    first: float = 0.5
    last: float = 0.5
    talks: int = 5
    about: str = "insurance/life-health"


TRAINERS = (
    Person("Helen Marsh", "Head of training", NORTH),
    Person("Tomas Lindqvist", "Sales coach", SOUTH),
)
LEARNERS = (
    Learner("Ada Reyes", "Senior advisor", NORTH, first=0.85, last=1.0, talks=6, about="wealth-management/default"),
    Learner("Ben Okafor", "Advisor", NORTH, first=0.1, last=0.9, talks=7),
    Learner("Clara Novak", "Advisor", NORTH, first=0.45, last=0.55),
    Learner("David Kim", "Trainee", NORTH, first=0.0, last=0.15, talks=4),
    Learner("Elif Kaya", "Advisor", NORTH, first=0.3, last=0.8, about="insurance/property-casualty"),
    Learner("Frank Miller", "Advisor", NORTH, first=0.6, last=0.6, talks=4, about="securities/default"),
    Learner("Grace Adeyemi", "Senior advisor", SOUTH, first=0.9, last=0.95, about="securities/default"),
    Learner("Hugo Brandt", "Trainee", SOUTH, first=0.05, last=0.5, talks=6, about="insurance/property-casualty"),
    Learner("Ines Duarte", "Advisor", SOUTH, first=0.5, last=0.7, about="wealth-management/default"),
    Learner("Jonas Weber", "Advisor", SOUTH, first=0.35, last=0.35, talks=4),
    Learner("Keiko Tanaka", "Trainee", SOUTH, first=0.2, last=0.75, talks=6),
    Learner("Liam Walsh", "Trainee", SOUTH, first=0.1, last=0.1, talks=3, about="securities/default"),
)
EVERYBODY: tuple[Person, ...] = (*TRAINERS, *LEARNERS)


@dataclass(frozen=True, slots=True)
class Planned:
    """A planned talk. `skill` is the learner's skill at that time, `age` how long ago it began."""

    number: int
    learner: Learner
    skill: float
    difficulty: Difficulty
    age: timedelta

    @property
    def key(self) -> str:
        return f"SIM-DEMO-{self.number:04}"

    @property
    def trainer(self) -> Person:
        return next(one for one in TRAINERS if one.group == self.learner.group)

    @property
    def random(self) -> Random:
        """Return a generator seeded by the talk, so that the talk is the same each time it is held."""
        return Random(self.number)  # noqa: S311

    @property
    def answered(self) -> bool:
        """Return True if the learner gives feedback afterwards. A third do, including the learner of the first talk."""
        return self.number % 3 == 0


@cache
def plan() -> tuple[Planned, ...]:
    """Return all talks: everybody's first talk before anybody's second."""
    numbered = enumerate(sorted(_talks(), key=lambda one: (one[1], one[0].name)))
    return tuple(_planned(number, learner, at) for number, (learner, at) in numbered)


def _talks() -> Iterator[tuple[Learner, int]]:
    return ((learner, at) for learner in LEARNERS for at in range(learner.talks))


def _planned(number: int, learner: Learner, at: int) -> Planned:
    gone = at / (learner.talks - 1)
    skill = learner.first + gone * (learner.last - learner.first)
    day = round((1 - gone) * (7 * WEEKS - 3)) + 1 + number % 2
    return Planned(number, learner, skill, _difficulty(skill), timedelta(days=day, minutes=37 * number % 480))


def _difficulty(skill: float) -> Difficulty:
    return "beginner" if skill < 0.5 else "intermediate" if skill < 0.85 else "advanced"


def ids() -> list[UUID]:
    return [one.id for one in EVERYBODY]
