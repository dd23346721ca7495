"""The types of a life. A profile says little more than a form; the life holds everything else that a client knows.

A life is a list of subjects that can be talked about, each with what the client says of it by aspect. The kinds and
aspects form a closed table, `ASPECTS`: reading a question names one of them, and an answer is looked up with it.
"""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

VERSION = 1
# Prefix of the ids of secrets that a scenario defines.
SCENARIO_SECRET = "secret-"  # noqa: S105

Kind = Literal[
    "self", "work", "income", "partner", "children", "child", "relatives", "home", "asset", "debt", "spending", "cover",
    "estate", "goal", "worry", "lately", "advisor", "risk", "knowledge", "decision", "meeting", "retirement", "if",
    "product",
]  # fmt: skip

# What can be asked about a subject of each kind. `what` is the plain fact, which every kind but `if` has.
ASPECTS: Mapping[Kind, tuple[str, ...]] = {
    "self": (
        "what", "name", "age", "origin", "hobbies", "week", "health", "smoker", "education", "character", "how_are_you",
    ),
    "work": ("what", "employer", "since", "like", "why", "security", "benefits", "before", "hours", "retire", "change"),
    "income": ("what", "monthly", "steady", "bonus", "partner", "tax"),
    "partner": ("what", "name", "age", "work", "since", "view", "money"),
    "children": ("what", "costs", "college", "custody", "future"),
    "child": ("what", "age", "school", "like", "future", "worry"),
    "relatives": ("what", "parents", "care", "siblings", "depend", "inherit"),
    "home": ("what", "since", "value", "like", "plan", "payment"),
    "asset": (
        "what", "since", "where", "how", "rate", "why", "feel", "monthly", "plan", "risk", "beneficiary", "access",
    ),
    "debt": ("what", "rate", "monthly", "since", "until", "why", "feel", "plan", "lender", "extra"),
    "spending": ("what", "saves", "goes", "budget", "emergency", "cut"),
    "cover": (
        "what", "health", "life", "disability", "home", "auto", "longterm", "employer", "cost", "enough", "beneficiary",
    ),
    "estate": ("what", "will", "power_of_attorney", "trust", "beneficiaries"),
    "goal": ("what", "when", "why", "cost", "progress", "first", "if_not"),
    "worry": ("what", "why", "since", "example", "worst", "done"),
    "lately": ("what", "when", "why", "feel", "then"),
    "advisor": ("what", "when", "who", "happened", "why_left", "feel", "want"),
    "risk": ("what", "past", "loss", "sleep"),
    "knowledge": ("what", "confuses", "reads"),
    "decision": ("what", "who", "long", "needs", "holds", "ready"),
    "meeting": ("what", "expect", "time", "heard", "docs", "next", "contact"),
    "retirement": ("what", "when", "picture", "enough", "social_security", "pension", "income"),
    "if": (
        "death", "death_partner", "disability", "job_loss", "crash", "illness", "windfall", "long_life", "fire",
        "accident", "lawsuit", "rate_rise",
    ),
    "product": ("what", "insurance", "annuity", "stocks", "bonds", "funds", "crypto", "fees", "advisors"),
}  # fmt: skip

# What makes the client tell a hidden subject: the advisor gives a reason for asking, admits a drawback, follows up on
# the client's own words, explains something so that the client can follow, or shows sympathy.
Unlock = Literal["reason", "drawback", "follow_up", "explained", "empathy"]
Unit = Literal["dollars", "dollars a month", "dollars a year", "percent", "years", "year", "count", "age"]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Figure(Part):
    """A number that the client must not contradict."""

    value: float
    unit: Unit


class Subject(Part):
    """One thing in the client's life.

    `name` is how the client speaks of it ("the car loan"), `words` are other people's words for it, in lower case.
    `says` holds what the client says of each aspect, in the first person: first the plain fact, then the details that
    are told when the advisor goes on asking. `reserve` is 0 if the client tells it when asked, 1 if only with some
    trust, 2 if only after one of `unlock` has happened.
    """

    id: str
    kind: Kind
    name: str
    words: tuple[str, ...] = ()
    figures: Mapping[str, Figure] = Field(default_factory=dict)
    says: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    reserve: Literal[0, 1, 2] = 0
    unlock: tuple[Unlock, ...] = ()


class Objection(Part):
    """A doubt of the client's.

    `about` is the id of the subject it is based on. `deeper` holds the client's reasons, told when asked. `settled_by`
    says in words for a coach or a model what would answer the doubt. A hidden one is not raised unless the advisor
    asks.
    """

    id: str
    text: str
    about: str | None = None
    deeper: tuple[str, ...] = ()
    settled_by: str = ""
    hidden: bool = False


class Style(Part):
    """How the client talks: each quality from 0 to 100."""

    terse: int = 50
    warm: int = 50
    anxious: int = 50
    numbers: int = 50
    blunt: int = 50


class Life(Part):
    """Everything that clients know of themselves. It stays on the server: learners hear it in the talk, and are never
    sent it."""

    version: int = VERSION
    name: str
    first_name: str
    age: int
    difficulty: str = "beginner"
    subjects: tuple[Subject, ...]
    objections: tuple[Objection, ...] = ()
    questions: tuple[str, ...] = ()
    style: Style = Style()

    def subject(self, id_: str) -> Subject | None:
        return next((one for one in self.subjects if one.id == id_), None)

    def of_kind(self, kind: Kind) -> tuple[Subject, ...]:
        return tuple(one for one in self.subjects if one.kind == kind)
