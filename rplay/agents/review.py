"""Reads a review that a model wrote, repairs it where possible, and returns it in the two shapes of the API."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rplay.agents.assessment.quotes import Said
from rplay.agents.broken_rules import BrokenRule, cap_of
from rplay.agents.model_output import clamped, number, text, texts
from rplay.agents.types import Message, Transcript
from rplay.agents.wording import spoken
from rplay.errors import AIBadAnswer

MIDDLE = 5
# limits for what is read: competencies of a review, quotes of a competency, moments of a review, checks of a review
COMPETENCIES, QUOTES, MOMENTS, CHECKS = 200, 20, 100, 2000
NOT_SEEN, UNDECIDED = "not seen", "undecided"
EXPECTATION = "Performance assessment"
# A text applies from its score on, up to the next higher score.
EXPECTATIONS = (
    (9, "Far exceeds what is expected at this level"),
    (7, "Exceeds what is expected at this level"),
    (5, "Meets what is expected at this level"),
    (3, "Falls short of what is expected at this level"),
    (-math.inf, "Falls far short of what is expected at this level"),
)


@dataclass(frozen=True)
class CompetencyScore:
    name: str
    score: float
    feedback: str = ""
    strengths: Sequence[str] = ()
    improvements: Sequence[str] = ()
    examples: Sequence[str] = ()
    criteria: str = ""
    expectation: str = ""


@dataclass(frozen=True)
class Review:
    overall: float
    competencies: Sequence[CompetencyScore]
    strengths: Sequence[str]
    improvements: Sequence[str]
    summary: str
    analysis: Mapping[str, Any]
    moments: Sequence[Mapping[str, Any]] = ()
    next_step: Mapping[str, Any] | None = None
    breaches: Sequence[Mapping[str, Any]] = ()
    flags: Sequence[Mapping[str, Any]] = ()
    checks: Sequence[Mapping[str, Any]] = ()
    not_shown: Sequence[Mapping[str, Any]] = ()
    delivery: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def signed(self, metadata: Mapping[str, Any]) -> "Review":
        return replace(self, metadata=metadata)

    def under_the_rules(self, broken: Sequence[BrokenRule]) -> "Review":
        """Return the review with the overall score capped by the broken rules. Uncertain breaches become flags for the
        trainer."""
        return replace(
            self,
            overall=min(self.overall, cap_of(broken)),
            breaches=[one.as_object() for one in broken if one.sure],
            flags=[*self.flags, *(one.as_flag() for one in broken if not one.sure)],
        )

    def _by_moment(self) -> dict[str, Any]:
        """Return the fields beyond the contract that are not empty."""
        found = {
            "moments": self.moments, "nextStep": self.next_step, "breaches": self.breaches, "flags": self.flags,
            "checks": self.checks, "notShown": self.not_shown, "delivery": self.delivery,
        }  # fmt: skip
        return {name: value for name, value in found.items() if value}

    def as_array(self) -> dict[str, Any]:
        """Return the review with a list of competencies, as the review page reads it."""
        return {
            "overallScore": self.overall,
            "competencyScores": [
                {
                    "name": one.name,
                    "score": one.score,
                    "strengths": list(one.strengths),
                    "improvements": list(one.improvements),
                    "expectation": one.expectation or EXPECTATION,
                }
                for one in self.competencies
            ],
            "generalStrengths": list(self.strengths),
            "generalImprovements": list(self.improvements),
            "summary": self.summary,
            **self._by_moment(),
            "metadata": dict(self.metadata),
        }

    def as_object(self) -> dict[str, Any]:
        return {
            "overallScore": self.overall,
            "competencyScores": {
                one.name: {
                    "score": one.score,
                    "feedback": one.feedback,
                    "strengths": list(one.strengths),
                    "improvements": list(one.improvements),
                    "specificExamples": list(one.examples),
                    "criteria": one.criteria,
                    "expectation": expectation_of(one.score),
                }
                for one in self.competencies
            },
            "strengths": list(self.strengths),
            "areasForImprovement": list(self.improvements),
            "detailedFeedback": self.summary,
            "conversationAnalysis": dict(self.analysis),
            **self._by_moment(),
        }


def read(found: Mapping[str, Any], talk: Transcript) -> Review:
    """Return the review that a model wrote in either shape. Raise AIBadAnswer if the scores hold an item that is no
    score."""
    said = Said(talk.messages)
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for row in talk.rubrics:
        rows.setdefault(str(row.get("competency_name")), []).append(row)
    competencies = [score_of(item, said, rows) for item in _items(found.get("competencyScores"))[:COMPETENCIES]]
    return Review(
        overall=_overall(found.get("overallScore"), [one.score for one in competencies]),
        competencies=competencies,
        strengths=texts(found.get("generalStrengths") or found.get("strengths")),
        improvements=texts(found.get("generalImprovements") or found.get("areasForImprovement")),
        summary=text(found.get("summary")) or text(found.get("detailedFeedback")),
        analysis=analysis_of(talk.messages),
        moments=_proved(found.get("moments"), said),
        next_step=next(iter(_proved([found.get("nextStep")], said)), None),
        checks=[_check(one, said) for one in _objects(found.get("checks"))[:CHECKS]],
        flags=[dict(one) for one in _objects(found.get("flags"))[:MOMENTS]],
        not_shown=[
            {key: text(one.get(key)) for key in ("name", "text")}
            for one in _objects(found.get("notShown"))[:COMPETENCIES]
        ],
    )


def _proved(found: object, said: Said) -> list[dict[str, Any]]:
    """Return the objects in this list whose quote the advisor really said."""
    return [dict(one) for one in _objects(found)[:MOMENTS] if said.holds([text(one.get("quote"))])]


def _check(one: Mapping[str, Any], said: Said) -> dict[str, Any]:
    """Return the check with only the evidence that the talk proves; "not seen" if none of its evidence is left."""
    given = _objects(one.get("evidence"))[:QUOTES]
    proved = [quote.as_object() for item in given if (quote := said.proved(item.get("line"), item.get("quote")))]
    return {**one, "seen": NOT_SEEN if given and not proved else one.get("seen"), "evidence": proved}


def _objects(found: object) -> list[Mapping[str, Any]]:
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def expectation_of(score: float) -> str:
    return next(words for least, words in EXPECTATIONS if score >= least)


def analysis_of(messages: Sequence[Message]) -> dict[str, Any]:
    said = spoken(messages)
    advisor = sum(one["role"] == "user" for one in said)
    return {
        "messageCount": len(said),
        "userMessageCount": advisor,
        "assistantMessageCount": sum(one["role"] == "assistant" for one in said),
        "conversationLength": sum(len(one["content"]) for one in said),
        "engagementLevel": "high" if advisor > 5 else "moderate" if advisor > 2 else "low",
    }


def _items(found: object) -> list[dict[str, Any]]:
    """Return the scores as a list of objects with name and score, from a list or an object."""
    if isinstance(found, Mapping):
        return [_named(name, value) for name, value in found.items()]
    if not isinstance(found, list):
        return []
    if not all(isinstance(item, Mapping) for item in found):
        raise AIBadAnswer("the list of competency scores holds something else")
    return [_item(item) for item in found]


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the item with name and score. In `{"Building Rapport": 7}` the first key is the name, its value
    the score."""
    if text(item.get("name")) or number(item.get("score")) is not None or not item:
        return dict(item)
    name, value = next(iter(item.items()))
    return {**item, **_named(name, value)}


def _named(name: str, value: object) -> dict[str, Any]:
    return {**value, "name": name} if isinstance(value, Mapping) else {"name": name, "score": value}


def score_of(
    item: Mapping[str, Any], said: Said, rubrics: Mapping[str, Sequence[Mapping[str, Any]]]
) -> CompetencyScore:
    name = text(item.get("name")) or "Competency"
    given = number(item.get("score"))
    score = clamped(MIDDLE if given is None else given, 1, 10)
    return CompetencyScore(
        name=name,
        score=score,
        feedback=text(item.get("feedback")),
        strengths=texts(item.get("strengths")),
        improvements=texts(item.get("improvements")),
        examples=said.holds(texts(item.get("specificExamples"))[:QUOTES]),
        criteria=criteria_of(score, rubrics.get(name, ())) or text(item.get("criteria")),
        expectation=text(item.get("expectation")),
    )


def _overall(given: object, scores: Sequence[float]) -> float:
    """Return the model's overall score; if it gave no number, the mean of the competency scores."""
    found = None if isinstance(given, str) else number(given)
    if found is None:
        found = round(sum(scores) / len(scores), 1) if scores else MIDDLE
    return clamped(found, 1, 10)


def criteria_of(score: float, rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the rubric's criteria for the range of this score. The rows are ordered from the lowest range to the
    highest."""
    place = min(math.ceil(score / 2) - 1, len(rows) - 1)
    return text(rows[place].get("criteria")) if rows else ""
