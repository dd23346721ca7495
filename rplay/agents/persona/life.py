"""What a life is made of. A client's profile says little more than a form does; the life says the rest.

A life is a list of subjects that can be talked about, each with what the client says of it by aspect. Which kinds and
aspects there are is a closed table, `ASPECTS`: whoever reads an advisor's question names one of them, and whoever
answers finds it here.
"""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

VERSION = 1
# How the ids begin of what a scenario has the client hide.
SCENARIO_SECRET = "secret-"  # noqa: S105

Kind = Literal[
    "self", "work", "income", "partner", "children", "child", "relatives", "home", "asset", "debt", "spending", "cover",
    "estate", "goal", "worry", "lately", "advisor", "risk", "knowledge", "decision", "meeting", "retirement", "if",
    "product",
]  # fmt: skip

# What can be asked about a subject of each kind. `what` is the plain fact, and there is one for each kind but `if`.
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

# What opens a hidden subject: a reason for asking, an admitted drawback, a follow-up on the client's own words, an
# explanation they could follow, or having been felt with.
Unlock = Literal["reason", "drawback", "follow_up", "explained", "empathy"]
Unit = Literal["dollars", "dollars a month", "dollars a year", "percent", "years", "year", "count", "age"]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Figure(Part):
    """A number that the client can be held to."""

    value: float
    unit: Unit


class Subject(Part):
    """One thing in the client's life.

    `name` is how the client speaks of it ("the car loan"), `words` are those by which others do, in lower case.
    `says` holds by aspect what the client says, in the first person: the plain fact first, then what goes deeper and is
    told when the advisor asks on. `reserve`: 0 is told when asked, 1 when asked and trusted, 2 only once one of
    `unlock` has happened.
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
    """A doubt. `about` is the id of the subject it rests on; `deeper` is why they hold it, told when asked;
    `settled_by` is what would answer it, in words for a coach or a model; a hidden one is not raised unasked."""

    id: str
    text: str
    about: str | None = None
    deeper: tuple[str, ...] = ()
    settled_by: str = ""
    hidden: bool = False


class Style(Part):
    """How the client talks, each from 0 to 100."""

    terse: int = 50
    warm: int = 50
    anxious: int = 50
    numbers: int = 50
    blunt: int = 50


class Life(Part):
    """Everything the client knows of themselves. Stays with the server: a learner is told it, never sent it."""

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
