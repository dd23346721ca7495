"""The types of what is read from an advisor's line."""

from dataclasses import dataclass
from typing import Literal

from rplay.agents.persona.life import Kind, Unit

Act = Literal[
    "greet", "introduce", "small_talk", "agenda", "permission", "ask", "check", "summarise", "reflect", "empathise",
    "acknowledge", "normalise", "explain", "propose", "compare", "disclose", "reassure", "answer", "handle_objection",
    "press", "promise", "flatter", "insult", "dismiss", "apologise", "thank", "next_step", "goodbye", "silence",
    "off_topic", "role_attack", "filler", "unclear",
]  # fmt: skip

# What a question is for. life: a fact of the client's life. story: something that only the profile's text tells.
# detail: something that is written down nowhere. follow: what the client just said. advisor: the advisor or the
# meeting. opinion: an opinion. permission: leave to do something. check: whether the client understood.
Asks = Literal["life", "story", "detail", "follow", "advisor", "opinion", "permission", "check"]
# How a question follows up on what the client just said.
FollowUp = Literal["more", "why", "since", "when", "where", "who", "which", "then", "feel", "how_much"]


@dataclass(frozen=True, slots=True)
class Target:
    """What a question is about: a kind and an aspect of `persona.life.ASPECTS`, and the id of one subject if there are
    several."""

    kind: Kind
    aspect: str
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule of the trade that a line breaks: the rule's id in the catalogue, and the advisor's words that prove it."""

    id: str
    quote: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure in an advisor's words, as text and as a number."""

    text: str
    value: float
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement about the client that the client confirms or corrects: "so you pay 6 percent on the car"."""

    target: Target | None
    text: str
    amounts: tuple[Amount, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, or one clause of speech without punctuation.

    `score` is the probability from 0 to 1 that `target` is right, `act_score` that the act of a statement is. `open`
    marks a question that cannot be answered by yes, no or one fact; `yes_no` one that wants a yes or no first. `asks`
    is what a question is for, None if it is no question. `follow` is how the question refers to the client's last
    words. `person` is the person of the client's story whom the sentence means, such as "aunt Birgit".
    """

    text: str
    act: Act
    target: Target | None = None
    score: float = 0.0
    question: bool = False
    open: bool = False
    yes_no: bool = False
    asks: Asks | None = None
    follow: FollowUp | None = None
    person: str | None = None
    act_score: float = 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """The reading of a whole line.

    `asks` is in the order of the questions; `concepts` are the products and terms that the line explains or proposes.
    `follow_up` says that the line refers to the client's last words; `language` is a two-letter code.
    """

    text: str
    sentences: tuple[Sentence, ...]
    acts: frozenset[Act]
    asks: tuple[Target, ...] = ()
    breaches: tuple[Breach, ...] = ()
    amounts: tuple[Amount, ...] = ()
    concepts: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    follow_up: bool = False
    language: str = "en"
