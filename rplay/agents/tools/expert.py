"""Tools of the coach."""

from typing import Any, Literal

from rplay.agents.model_output import number
from rplay.agents.prompts import prompt
from rplay.agents.review import analysis_of
from rplay.agents.tools.base import AgentTool, listed, percent, scene_of, texts_of
from rplay.agents.types import Call
from rplay.agents.wording import one_line

FORMS = {"factual": "expert-1", "coaching": "expert-2", "comprehensive": "expert-3"}


class GetObjectives(AgentTool):
    """The objectives of the practice conversation and how far the advisor has come with each, from 0 to 100."""

    def run(self, call: Call) -> dict[str, Any]:
        found = []
        for objective in listed(scene_of(call).objectives):
            progress = number(objective.get("progress"))
            name = one_line(objective.get("name") or objective.get("id"), 200)
            found.append({"name": name, "progress": None if progress is None else percent(progress)})
        return {"objectives": found}


class GetContext(AgentTool):
    """The situation: the kind of advice, the difficulty, what is practised, and the conversation in figures."""

    def run(self, call: Call) -> dict[str, Any]:
        scene = scene_of(call)
        situation = {
            "industry": scene.industry,
            "subcategory": scene.subcategory,
            "difficulty": scene.difficulty,
            "focusAreas": list(scene.focus_areas),
            "competencies": list(scene.competencies),
            "client": scene.profile.get("name"),
        }
        return {"situation": texts_of(situation), "conversation": analysis_of(call.messages)}


class GenerateGuidance(AgentTool):
    """The headings that an answer of this kind has, for the topic asked about."""

    guidance_type: Literal["factual", "coaching", "comprehensive"]
    topic: str

    def run(self, call: Call) -> dict[str, Any]:
        return {
            "topic": one_line(self.topic),
            "form": prompt(FORMS[self.guidance_type]).text,
            "kindOfAdvice": one_line(scene_of(call).subcategory or scene_of(call).industry),
        }
