"""The types that agents, the chain and providers exchange."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NotRequired, Protocol, TypedDict

from rplay.agents.model_text import Habit
from rplay.agents.persona.life import Life

AgentName = Literal["simulationClient", "profileGeneration", "evaluation", "expertGuidance"]
# What a call is for. Progress is measured by the client's agent, but is not part of the talk.
Purpose = AgentName | Literal["objectiveProgress"]
PURPOSES: tuple[Purpose, ...] = (
    "simulationClient", "objectiveProgress", "expertGuidance", "profileGeneration", "evaluation",
)  # fmt: skip
Difficulty = Literal["beginner", "intermediate", "advanced"]
OBJECTIVES = ("rapport", "needs", "objections", "recommendations")  # progress is measured for these while people talk


class Message(TypedDict):
    """One turn. In a training talk `user` is the advisor (the learner) and `assistant` the client.

    `coach` marks a question to the coach or its answer; answers without this mark are recognised by their headings.
    `voice` holds what was measured of a spoken turn.
    """

    role: Literal["system", "user", "assistant"]
    content: str
    coach: NotRequired[bool]
    voice: NotRequired[Mapping[str, Any]]


@dataclass(frozen=True)
class Parameter:
    name: str
    type: Literal["structured", "narrative", "guardrails"]
    value: Any = None
    description: str | None = None


@dataclass(frozen=True)
class Memory:
    """What the server keeps of a talk: a summary of its first `summed` messages, and the last measured progress."""

    summary: str = ""
    summed: int = 0
    progress: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Scene:
    """The talk as the client and the coach know it: everything that the prompt is made from.

    `profile` is the client profile as the frontend sends it: any key may be missing, and any value may be a text, a
    number, a list or an object. `visible` says which profile details a client of this difficulty tells at once (keys of
    `visibleDetails` in the data files). `personality` may hold traits, archetype, mood, influence and
    communicationStyle; `fusion` holds the fusion model's rows for these names. `life` is what clients know of
    themselves; if it is None, `persona.make.life_in` makes a life from the profile.

    `behavior` is `clientBehavior` of the difficulty, `rules` the catalogue of breaches, both from the data files.
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
    """The requirements for a generated client profile."""

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
    """The requirements for a drafted scenario. `text` is a trainer's short description or an existing document; `kinds`
    maps each `industry/subcategory` that can be practised to its name."""

    text: str = ""
    kinds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Transcript:
    """A finished talk to review.

    `rubrics` are rows R of the contract, for this difficulty. `rules` is the catalogue of breaches; if empty, the
    shipped catalogue is used. For a stored talk the server also knows the client: `profile`, `industry`, `subcategory`,
    `life` once the talk is over, and `hidden`, the names of the subjects that the client never told.
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
    """A function that the model must call. The answer is then its arguments as JSON text."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Call:
    """One question to a provider.

    `messages` is the talk so far. A language model gets `instructions` and `prompt`, in which the talk may stand as
    data; if `prompt` is empty, it gets the talk instead. A provider without a model works from `messages` and
    `context`.

    With `tool` the answer is the tool's arguments as JSON text. With `json` it is one JSON object, and with `schema` an
    object that fits the schema, if the server can guarantee that.

    `key` came with the request and replaces the configured key. `deadline` is a `time.monotonic()` value. `aloud` says
    that the answer is spoken while it is made.

    `shorter` returns the same question for a model whose context is too small for this one.
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
        """Return the same question once more, with the bad answer and the complaint appended."""
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
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True)
class Answer:
    """A provider's answer. `finish` is the server's reason why the model stopped."""

    text: str
    model: str
    usage: Usage = Usage()
    finish: str = ""


@dataclass(frozen=True)
class ToolUse:
    """A tool that was run for the model before it went on. `round` counts the model's answers that asked for tools."""

    round: int
    id: str
    name: str
    arguments: str
    result: str


# How a model is asked for a review: one call for each competency, or a single call for all.
ReviewCalls = Literal["per-competency", "one"]


class Provider(Protocol):
    """Something that can answer a call: a model's server or the rehearsal. `answer` and `stream` raise only AIError.

    `habit` is how the model begins an answer, as far as known; the chain sets it when it reads the answers.
    """

    name: str
    model: str
    habit: Habit
    review_calls: ReviewCalls
    takes_keys: bool  # whether this provider uses a key that comes with a request

    @property
    def configured(self) -> bool:
        """Whether this provider can be asked now, without a key that comes with the request."""

    def close(self) -> None:
        """Close the connections, once nobody asks this provider any more."""

    def answer(self, call: Call) -> Answer:
        """Return the whole answer."""

    def stream(self, call: Call) -> Generator[str | ToolUse, None, Usage]:
        """Yield the answer in pieces as they come, and return the usage. Closing the generator ends the call
        upstream."""
