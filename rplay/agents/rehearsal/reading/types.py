"""What is read out of an advisor's line."""

from dataclasses import dataclass
from typing import Literal

from rplay.agents.persona.life import Kind, Unit

Act = Literal[
    "greet", "introduce", "small_talk", "agenda", "permission", "ask", "check", "summarise", "reflect", "empathise",
    "acknowledge", "normalise", "explain", "propose", "compare", "disclose", "reassure", "answer", "handle_objection",
    "press", "promise", "flatter", "insult", "dismiss", "apologise", "thank", "next_step", "goodbye", "silence",
    "off_topic", "role_attack", "filler", "unclear",
]  # fmt: skip

# What a question is for: a fact of the client's life, something only the profile's own words tell, a detail nobody
# wrote down, what the client just said, the advisor or the meeting, an opinion, leave to do something, or whether it
# was understood.
Asks = Literal["life", "story", "detail", "follow", "advisor", "opinion", "permission", "check"]
# How a question takes up what the client just said.
FollowUp = Literal["more", "why", "since", "when", "where", "who", "which", "then", "feel", "how_much"]


@dataclass(frozen=True, slots=True)
class Target:
    """What a question is about: a kind and an aspect of `persona.life.ASPECTS`, and which of several subjects."""

    kind: Kind
    aspect: str
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule of the trade that a line breaks: its id in the catalogue, and the advisor's words that prove it."""

    id: str
    quote: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure in an advisor's words, as written and as a number."""

    text: str
    value: float
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Something said about the client, to be confirmed or put right: "so you pay 6 percent on the car"."""

    target: Target | None
    text: str
    amounts: tuple[Amount, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, or one clause of speech without punctuation. `score` is how likely its target is right, 0 to 1.

    `open` is a question that cannot be answered by yes, no or one fact; `yes_no` one that wants a yes or no first.
    `asks` is what a question is for, None for what is no question; `follow` is how it takes up the client's last words;
    `person` is whom of the client's own story it names or means: "aunt Birgit"; `act_score` is how likely the act of a
    statement is right.
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
    """A whole line. `asks` is in the order asked; `concepts` are the products and terms that are explained or proposed.

    `follow_up` says that the line takes up the client's own last words; `language` is a two-letter code.
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
