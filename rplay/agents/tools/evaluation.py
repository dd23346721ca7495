"""Tools of the reviewer."""

from collections.abc import Mapping, Sequence
from typing import Any

from rplay.agents.model_output import clamped, number
from rplay.agents.review import analysis_of, expectation_of
from rplay.agents.tools.base import AgentTool, Names, Objects, listed, talk_of
from rplay.agents.types import Call, Message
from rplay.agents.wording import one_line

CRITERIA = 2_000  # limit in characters for the criteria of one range, as in the prompt


class GetRubrics(AgentTool):
    """What each range of scores asks for at this difficulty, for all competencies or for those named."""

    difficulty: str
    competency_ids: Names | None = None

    def run(self, call: Call) -> dict[str, Any]:
        talk = talk_of(call)
        if self.difficulty.strip().casefold() != talk.difficulty:
            return {"error": f"This conversation is assessed at the difficulty {talk.difficulty}."}
        rows = [row for row in talk.rubrics if _meant(row, self.competency_ids, "competency_id", "competency_name")]
        return {"rubrics": [_rubric(row) for row in listed(rows)]}


class GetCompetencies(AgentTool):
    """What is assessed: all competencies, or those named."""

    ids: Names | None = None

    def run(self, call: Call) -> dict[str, Any]:
        found = [one for one in talk_of(call).competencies if _meant(one, self.ids, "id", "name")]
        keys = ("id", "name", "description")
        return {"competencies": [{key: one_line(one.get(key)) for key in keys} for one in listed(found)]}


class AnalyzeConversation(AgentTool):
    """The conversation in figures. Leave messages out: it is known."""

    messages: Objects | None = None
    focus_areas: Names | None = None

    def run(self, call: Call) -> dict[str, Any]:
        return analysis_of(_messages(self.messages) or talk_of(call).messages)


class CalculateScores(AgentTool):
    """The overall score of competency evaluations, each with a name and a score from 1 to 10."""

    competency_evaluations: Objects

    def run(self, call: Call) -> dict[str, Any]:  # noqa: ARG002
        given = [(one_line(one.get("name"), 200), number(one.get("score"))) for one in self.competency_evaluations]
        scores = {name: clamped(score, 1, 10) for name, score in given if score is not None}
        if not scores:
            return {"error": "No evaluation has a score."}
        rated = {name: {"score": score, "expectation": expectation_of(score)} for name, score in scores.items()}
        return {"overallScore": round(sum(scores.values()) / len(scores), 1), "competencyScores": rated}


def _meant(row: Mapping[str, Any], wanted: Sequence[str] | None, *keys: str) -> bool:
    return not wanted or any(row.get(key) in wanted for key in keys)


def _rubric(row: Mapping[str, Any]) -> dict[str, str]:
    keys = ("competency_id", "competency_name", "description")
    return {**{key: one_line(row.get(key)) for key in keys}, "criteria": one_line(row.get("criteria"), CRITERIA)}


def _messages(given: Sequence[Mapping[str, Any]] | None) -> list[Message]:
    """Return the well-formed messages in the list that a model gave."""
    return [
        {"role": one["role"], "content": one["content"]}
        for one in given or ()
        if one.get("role") in ("user", "assistant", "system") and isinstance(one.get("content"), str)
    ]
