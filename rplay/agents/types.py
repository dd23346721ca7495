"""What agents, the chain and providers hand to one another."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NotRequired, Protocol, TypedDict

from rplay.agents.model_text import Habit
from rplay.agents.persona.life import Life

AgentName = Literal["simulationClient", "profileGeneration", "evaluation", "expertGuidance"]
# What a call is for: progress is asked of the client's agent, and yet no part of the talk.
Purpose = AgentName | Literal["objectiveProgress"]
PURPOSES: tuple[Purpose, ...] = (
    "simulationClient", "objectiveProgress", "expertGuidance", "profileGeneration", "evaluation",
)  # fmt: skip
Difficulty = Literal["beginner", "intermediate", "advanced"]
OBJECTIVES = ("rapport", "needs", "objections", "recommendations")  # whose progress is measured while people talk


class Message(TypedDict):
    """One turn. In a training talk `user` is the advisor (the learner) and `assistant` the client.

    `coach` marks a question to the coach, or its answer; unmarked answers are known by their headings. `voice` is what
    was measured of a turn that was spoken.
    """

    role: Literal["system", "user", "assistant"]
    content: str
    coach: NotRequired[bool]
    voice: NotRequired[Mapping[str, Any]]


@dataclass(frozen=True)
class Parameter:
    """One of the parameters that admins edit to steer the prompts."""

    name: str
    type: Literal["structured", "narrative", "guardrails"]
    value: Any = None
    description: str | None = None


@dataclass(frozen=True)
class Memory:
    """What was kept of a talk: a summary of its first `summed` messages, and the progress that was measured last."""

    summary: str = ""
    summed: int = 0
    progress: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Scene:
    """The talk as the client and the coach know it: everything the prompt is made from.

    `profile` is the client profile as the frontend sends it: any key may be missing, and any value may be a text, a
    number, a list or an object. `visible` says which profile details a client of this difficulty tells right away
    (keys of `visibleDetails`, data files). `personality` holds traits, archetype, mood, influence,
    communicationStyle as given; `fusion` the rows of the fusion model that these names stand for. `life` is what the
    client knows of themselves; without one, `persona.make.life_in` makes it of the profile.
    `behavior` is `clientBehavior` of the difficulty, `rules` the catalogue of breaches (data files).
    """

    profile: Mapping[str, Any]
    industry: str
    difficulty: Difficulty = "beginner"
    subcategory: str | None = None
    competencies: Sequence[str] = ()
    focus_areas: Sequence[str] = ()
    role_label: str | None = None
    role_description: str | None = None
    personality: Mapping[str, Any] = field(default_factory=dict)
    emotional_state: Mapping[str, Any] = field(default_factory=dict)
    fusion: Sequence[Mapping[str, Any]] = ()
    visible: Mapping[str, bool] = field(default_factory=dict)
    objectives: Sequence[Mapping[str, Any]] = ()
    parameters: Sequence[Parameter] = ()
    life: Life | None = None
    behavior: str = ""
    rules: Sequence[Mapping[str, Any]] = ()
    memory: Memory = Memory()


@dataclass(frozen=True)
class ProfileWish:
    """What a generated client profile has to fit."""

    industry: str
    difficulty: Difficulty
    subcategory: str | None = None
    focus_areas: Sequence[str] = ()
    existing: Sequence[Mapping[str, Any]] = ()
    industry_settings: Mapping[str, Any] = field(default_factory=dict)
    difficulty_settings: Mapping[str, Any] = field(default_factory=dict)
    parameters: Sequence[Parameter] = ()


@dataclass(frozen=True)
class ScenarioWish(ProfileWish):
    """What a drafted scenario is to be about: a trainer's few lines, or a text they have. `kinds` are the names of what
    can be practised, by `industry/subcategory`."""

    text: str = ""
    kinds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Transcript:
    """A finished talk to be reviewed. `rubrics` are rows R of the contract, for the difficulty asked; `rules` those of
    the trade, the shipped ones where there are none. Of a stored talk the server also knows the client: `profile`,
    `industry`, `subcategory`, once it is over `life`, and `hidden`, the names of what the client kept back to the end.
    """

    messages: Sequence[Message]
    competencies: Sequence[Mapping[str, Any]]
    difficulty: Difficulty
    rubrics: Sequence[Mapping[str, Any]] = ()
    rubric_hash: str = ""
    parameters: Sequence[Parameter] = ()
    rules: Sequence[Mapping[str, Any]] = ()
    profile: Mapping[str, Any] = field(default_factory=dict)
    industry: str = ""
    subcategory: str | None = None
    life: Life | None = None
    hidden: Sequence[str] = ()


Context = Scene | ProfileWish | Transcript


@dataclass(frozen=True)
class Tool:
    """A function the model must call; the answer is then its arguments as JSON text."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Call:
    """One question to a provider.

    `messages` is the talk so far. A language model is sent `instructions` and `prompt`, in which the talk may stand as
    data; without a prompt it is sent the talk. A provider without a model works from `messages` and `context`.
    With `tool` the answer is the tool's arguments as JSON text; with `json` it is one JSON object, and with `schema`
    one that fits it where the server can see to that.
    `key` came with the request and is used instead of the configured one. `deadline` is a `time.monotonic()` value.
    `aloud` says that the answer is spoken as it is made.
    `shorter` makes the same question for a model whose context is too small for this one.
    """

    agent: AgentName
    instructions: str
    messages: Sequence[Message]
    context: Context
    prompt: Sequence[Message] = ()
    json: bool = False
    schema: Mapping[str, Any] | None = None
    tool: Tool | None = None
    temperature: float | None = None
    key: str | None = None
    deadline: float | None = None
    aloud: bool = False
    shorter: "Callable[[Call], Call] | None" = None

    def corrected(self, answer: str, complaint: str) -> "Call":
        """The same question once more, after an answer that was no good."""
        asked: list[Message] = [
            *self.prompt,
            {"role": "assistant", "content": answer[:8000]},
            {"role": "user", "content": complaint},
        ]
        return replace(self, prompt=asked)

    @property
    def purpose(self) -> Purpose:
        return "objectiveProgress" if self.tool and self.agent == "simulationClient" else self.agent


@dataclass(frozen=True)
class Usage:
    """Tokens of one call, as the provider counted them."""

    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True)
class Answer:
    """What a provider said. `finish` is the reason for which the model ended, as the server gives it."""

    text: str
    model: str
    usage: Usage = Usage()
    finish: str = ""


@dataclass(frozen=True)
class ToolUse:
    """A tool that was run for the model before it went on; `round` counts the answers that asked for tools."""

    round: int
    id: str
    name: str
    arguments: str
    result: str


# How a model is asked for a review: for each competency by itself, or for all in one answer.
ReviewCalls = Literal["per-competency", "one"]


class Provider(Protocol):
    """Somebody who can answer a call. Both methods raise only AIError.

    `habit` is how the model begins an answer, as far as is known; the chain, which reads the answers, keeps it.
    """

    name: str
    model: str
    habit: Habit
    review_calls: ReviewCalls
    takes_keys: bool  # whether a key that comes with a request is for it

    @property
    def configured(self) -> bool:
        """Whether it can be asked now, without a key that comes with the request."""

    def close(self) -> None:
        """Ends its connections, once nobody asks it any more."""

    def answer(self, call: Call) -> Answer:
        """The whole answer."""

    def stream(self, call: Call) -> Generator[str | ToolUse, None, Usage]:
        """The answer in pieces as they come, and at the end what it took; closing it ends the call upstream."""
