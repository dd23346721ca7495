"""The rehearsal's answer to a call, for each agent."""

import json
import secrets
from dataclasses import replace

from rplay.agents.ending import with_mark
from rplay.agents.persona.make import life_in
from rplay.agents.rehearsal.assessment.progress import measured
from rplay.agents.rehearsal.assessment.review import review
from rplay.agents.rehearsal.client import next_line
from rplay.agents.rehearsal.coach.expert import guidance
from rplay.agents.rehearsal.generator.profiles import generate
from rplay.agents.rehearsal.generator.scenarios import drafted
from rplay.agents.types import Call, ProfileWish, ScenarioWish, Scene, Transcript
from rplay.errors import AIRefused


def text_of(call: Call) -> str:
    context = call.context
    match context:
        case Scene() if call.agent == "expertGuidance":
            return guidance(context, call.messages)
        case Scene() if call.tool:
            return json.dumps(measured(call.messages, context.difficulty))
        case Scene():
            line = next_line(context, life_in(context), call.messages)
            return with_mark(line.text, line.ended)
        case ScenarioWish():
            return json.dumps(drafted(context, secrets.randbits(32)))
        case ProfileWish():
            return json.dumps(generate(context, secrets.randbits(32)))
        case Transcript():
            return json.dumps(review(replace(context, messages=call.messages)))
    raise AIRefused(f"rehearsal mode has no answer for {call.agent}")
