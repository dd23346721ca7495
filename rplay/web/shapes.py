"""Types of the objects in responses, for the API documentation. Tests check every response they receive against them.

Objects that admins or learners write themselves (settings of an industry, a client's profile) list the usual keys and
may have more.
"""

from datetime import datetime
from typing import Any, Literal, NotRequired, Required
from uuid import UUID

from typing_extensions import TypedDict  # pydantic accepts the TypedDict of `typing` only from Python 3.12 on

from rplay.db.feedback import Feedback
from rplay.db.users import User

Score = float  # 1–10
Percent = int  # 0–100


class Progress(TypedDict):
    """How far the advisor has come with each objective, 0–100."""

    rapport: Percent
    needs: Percent
    objections: Percent
    recommendations: Percent
    explanation: str
    decreaseReason: NotRequired[str]


class Ended(TypedDict):
    """Who ended the talk, and why in a few words."""

    by: Literal["client", "advisor"]
    why: str


class SignedIn(TypedDict):
    user: User
    token: str


class NewToken(TypedDict):
    token: str
    expiresAt: datetime


class TalkCounts(TypedDict):
    totalSimulations: int
    completedSimulations: int
    avgScore: float


class UserWithCounts(TypedDict):
    id: UUID
    email: str
    name: str
    role: str
    job_role: str | None
    created_at: datetime
    stats: TalkCounts


class Competency(TypedDict):
    id: str
    name: str
    description: str | None
    category: str
    weight: float


class Rubric(TypedDict):
    """What a competency looks like at one difficulty, in one range of scores."""

    id: Any
    competency_id: str
    competency_name: str
    difficulty_level: Any
    criteria: Any
    weight: Any
    description: Any


class ListedTalk(TypedDict):
    """A talk without its profile and messages."""

    id: UUID
    simulation_id: str
    user_id: UUID | None
    industry: str | None
    subcategory: str | None
    difficulty: str | None
    objectives_completed: Any
    started_at: datetime | None
    completed_at: datetime | None
    total_xp: int | None
    performance_review: Any
    duration_seconds: int | None


class WholeTalk(ListedTalk):
    """A talk with its profile and messages, its competencies and rubrics, and the feedback on it."""

    client_profile: Any
    conversation_history: Any
    competencies: list[Competency]
    rubrics: list[Rubric]
    feedback: list[Feedback]


class Traits(TypedDict, total=False):
    """Personality traits, 0–100 each."""

    openness: float
    agreeableness: float
    conscientiousness: float
    neuroticism: float
    extraversion: float


class Personality(TypedDict, total=False):
    traits: Traits
    archetype: str
    mood: str
    communicationStyle: str


class Profile(TypedDict, total=False):
    """A client as the advisor's form shows it. A model may have left out some of the keys."""

    name: Required[str]
    age: int
    occupation: Required[str]
    income: str | float
    family: Required[str]
    familyStatus: str
    assets: list[str]
    debts: list[str]
    goals: list[str]
    personality: Personality
    background: str
    concerns: list[str]
    hiddenObjections: list[str]
    fusionModelTraits: Any
    incomeLevel: str
    difficulty: str


class Breach(TypedDict):
    """A broken rule of the trade, with the number of the line (from 1) and its words."""

    id: str
    name: str
    line: int
    quote: str
    cap: Score
    severity: Literal["low", "medium", "high"]


class Moment(TypedDict, total=False):
    """A line of the advisor, what it led to, and a better line for that place."""

    kind: str
    competency: str
    line: int
    quote: str
    reply: str
    text: str
    better: str


class CompetencyScore(TypedDict):
    name: str
    score: Score
    strengths: list[str]
    improvements: list[str]
    expectation: str


class Delivery(TypedDict):
    """How the advisor spoke in spoken turns; `talkShare` is their part of the talking time in percent."""

    turns: int
    seconds: float
    talkShare: NotRequired[Percent]
    longestSeconds: float
    wordsPerMinute: int
    medianPauseMs: NotRequired[int]
    interruptions: int
    fillers: int
    fillersPer100Words: float


class NotShown(TypedDict):
    """A competency that the talk gave no occasion to show. It has no score, and `text` says why."""

    name: str
    text: str


class Review(TypedDict):
    """A review with its competencies as a list. The optional keys are present only if they hold something."""

    overallScore: Score
    competencyScores: list[CompetencyScore]
    generalStrengths: list[str]
    generalImprovements: list[str]
    summary: str
    moments: NotRequired[list[Moment]]
    nextStep: NotRequired[Moment]
    breaches: NotRequired[list[Breach]]
    flags: NotRequired[list[dict[str, Any]]]
    notShown: NotRequired[list[NotShown]]
    delivery: NotRequired[Delivery]
    metadata: dict[str, Any]


class NamedScore(TypedDict):
    score: Score
    feedback: str
    strengths: list[str]
    improvements: list[str]
    specificExamples: list[str]
    criteria: str
    expectation: str


class ReviewByName(TypedDict):
    """A review with its competencies by name."""

    overallScore: Score
    competencyScores: dict[str, NamedScore]
    strengths: list[str]
    areasForImprovement: list[str]
    detailedFeedback: str
    conversationAnalysis: dict[str, Any]
    moments: NotRequired[list[Moment]]
    nextStep: NotRequired[Moment]
    breaches: NotRequired[list[Breach]]
    flags: NotRequired[list[dict[str, Any]]]
    notShown: NotRequired[list[NotShown]]
    delivery: NotRequired[Delivery]


class AzureClient(TypedDict):
    configured: bool
    initialized: bool
    error: str | None


class AzureAgent(TypedDict):
    name: str
    initialized: bool
    agentId: str | None


class InitializedAgent(TypedDict):
    name: str
    initialized: bool
    error: NotRequired[str]


class SpeechHealth(TypedDict):
    enabled: bool
    activeConnections: int


class AgentsHealth(TypedDict):
    configured: bool
    initialized: bool
    count: int


class SpeechConnection(TypedDict):
    socketId: str
    isStreaming: bool
    connectedAt: datetime


class NpsStats(TypedDict):
    totalResponses: int
    npsScore: int
    promoters: int
    passives: int
    detractors: int
    averageScore: float


class NpsAnswer(TypedDict):
    id: UUID
    simulationId: str | None
    userId: UUID | None
    score: int
    comment: str | None
    timestamp: datetime


class EngagementStats(TypedDict):
    totalEvents: int
    eventsByType: dict[str, int]
    uniqueSessions: int
    avgEventsPerSession: float


class Activity(TypedDict):
    """What a learner did in a session."""

    objectivesCompleted: int
    helpUsed: bool
    durationSeconds: float
    messagesSent: int
    notesUsed: bool
    expertModeUsed: bool
    totalEvents: int


class Faults(TypedDict):
    """Faults of clients for every ten of their turns."""

    early: float
    contradictions: float
    blanks: float
    repeats: float


class ProviderQuality(TypedDict):
    talks: int
    per10Turns: Faults


class Quality(ProviderQuality):
    byProvider: dict[str, ProviderQuality]


class Seeded(TypedDict):
    message: str
    stats: dict[str, int]


class FocusArea(TypedDict):
    id: str
    name: str
    enabled: bool


class StatusEvent(TypedDict):
    status: Literal["creating_thread", "running"]
    message: str


class ThinkingEvent(TypedDict):
    status: str
    iteration: int


class ToolCallEvent(TypedDict):
    tool: str
    arguments: Any


class ToolResultEvent(TypedDict):
    toolCallId: str
    result: Any


class DeltaEvent(TypedDict):
    """The next piece of text."""

    text: str


class CompleteEvent(TypedDict):
    """The whole reply. This is the last event unless an `error` occurs."""

    response: str
    objectiveProgress: Progress | None
    metadata: dict[str, Any]
    toolCalls: list[dict[str, Any]]
    ended: NotRequired[Ended]


class ErrorEvent(TypedDict):
    error: str


# The events of a streamed reply: `event: <name>`, and in `data:` the object as one line of JSON.
REPLY_EVENTS: dict[str, type] = {
    "status": StatusEvent,
    "thinking": ThinkingEvent,
    "tool_call": ToolCallEvent,
    "tool_result": ToolResultEvent,
    "delta": DeltaEvent,
    "complete": CompleteEvent,
    "error": ErrorEvent,
}
