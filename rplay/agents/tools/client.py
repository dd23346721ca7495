"""Tools of the client. They reveal nothing that the advisor is measured by."""

from typing import Any

from pydantic import Field

from rplay.agents.model_output import number
from rplay.agents.tools.base import AgentTool, Number, percent, scene_of, texts_of
from rplay.agents.types import Call

CALM = {"trust": 50, "frustration": 0, "openness": 50, "engagement": 50}
SESSION = Field(None, description="The talk; there is one, so this may be left out.")


class GetClientProfile(AgentTool):
    """Who you are: the client's profile and personality."""

    session_id: str | None = SESSION

    def run(self, call: Call) -> dict[str, Any]:
        scene = scene_of(call)
        profile = {name: value for name, value in scene.profile.items() if name != "personality"}
        return {"profile": texts_of(profile), "personality": texts_of(scene.personality)}


class GetEmotionalState(AgentTool):
    """How the client feels right now: trust, frustration, openness and engagement from 0 to 100."""

    session_id: str | None = SESSION

    def run(self, call: Call) -> dict[str, Any]:
        given = scene_of(call).emotional_state
        known = {name: number(given.get(name)) for name in CALM}
        more = {name: value for name, value in given.items() if name not in CALM}
        felt = {name: CALM[name] if value is None else percent(value) for name, value in known.items()}
        return {**texts_of(more), **felt}


class TrackObjectives(AgentTool):
    """Checks numbers, from 0 to 100, for how far the advisor has come. The client's own lines need no such numbers."""

    rapport: Number
    needs: Number
    objections: Number
    recommendations: Number
    explanation: str
    session_id: str | None = SESSION

    def run(self, call: Call) -> dict[str, Any]:  # noqa: ARG002
        numbers = (self.rapport, self.needs, self.objections, self.recommendations)
        names = ("rapport", "needs", "objections", "recommendations")
        objectives = {name: percent(value) for name, value in zip(names, numbers, strict=True)}
        return {"objectives": objectives, "note": "What the advisor is shown is measured apart from the talk."}
