"""The tools that a model may call while it answers. We run them, with what the call itself knows."""

from collections.abc import Sequence
from inspect import getdoc

import orjson
from pydantic import ValidationError

from rplay.agents.profile_shape import errors_of
from rplay.agents.tools.base import AgentTool
from rplay.agents.tools.client import GetClientProfile, GetEmotionalState, TrackObjectives
from rplay.agents.tools.evaluation import AnalyzeConversation, CalculateScores, GetCompetencies, GetRubrics
from rplay.agents.tools.expert import GenerateGuidance, GetContext, GetObjectives
from rplay.agents.tools.profile import (
    GenerateDiversityParams,
    GetDifficultySettings,
    GetIndustrySettings,
    ValidateProfile,
)
from rplay.agents.types import AgentName, Call, Tool

_TOOLS: dict[AgentName, Sequence[type[AgentTool]]] = {
    "simulationClient": (GetClientProfile, GetEmotionalState, TrackObjectives),
    "expertGuidance": (GetObjectives, GetContext, GenerateGuidance),
    "profileGeneration": (GetIndustrySettings, GetDifficultySettings, GenerateDiversityParams, ValidateProfile),
    "evaluation": (GetRubrics, GetCompetencies, AnalyzeConversation, CalculateScores),
}


def tools_of(agent: AgentName) -> list[Tool]:
    return [Tool(one.title(), getdoc(one) or "", one.parameters()) for one in _TOOLS[agent]]


def run(call: Call, name: str, arguments: str) -> str:
    """Return the tool's result as JSON text.

    Wrong arguments of the model do not raise: the result is then an error text for the model, which can go on.
    """
    tool = next((one for one in _TOOLS[call.agent] if one.title() == name), None)
    if tool is None:
        return _error(f"There is no such tool. There are: {', '.join(one.title() for one in _TOOLS[call.agent])}.")
    try:
        given = tool.model_validate(orjson.loads(arguments or "{}"))
    except ValidationError as error:
        return _error("; ".join(errors_of(error)))
    except ValueError:
        return _error("The arguments are no JSON.")
    return orjson.dumps(given.run(call)).decode()


def _error(text: str) -> str:
    return orjson.dumps({"error": text}).decode()
