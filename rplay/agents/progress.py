"""How far the advisor has come with the objectives of the talk, measured while the client replies."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from rplay.agents.chain import Chain
from rplay.agents.model_output import clamped, number, text, tool_arguments
from rplay.agents.prompts import prompt
from rplay.agents.types import OBJECTIVES, Call, Message, Scene, Tool
from rplay.agents.wording import PROMPT, block, clean, facts, newest, one_line, transcript
from rplay.errors import AIBadAnswer, AIError

log = structlog.get_logger()

Progress = dict[str, Any]

LONGEST = 1_000  # limit in characters; the prompt asks for one or two sentences

TOOL = Tool(
    "trackObjectiveProgress",
    "Records how far the advisor has come with each objective of the conversation.",
    {
        "type": "object",
        "properties": {
            **{name: {"type": "integer", "minimum": 0, "maximum": 100} for name in OBJECTIVES},
            "explanation": {"type": "string", "description": "One or two sentences to the advisor."},
            "decreaseReason": {"type": "string", "description": "Only if a number fell: which one, and why."},
        },
        "required": [*OBJECTIVES, "explanation"],
    },
)


def measure(chain: Chain, scene: Scene, messages: Sequence[Message], key: str | None) -> Progress | None:
    """Return the progress; None if the model gives none, so that the talk can go on."""
    try:
        return chain.answer(_call(scene, messages, key), read).value
    except AIError as error:
        log.warning("progress_unknown", error=type(error).__name__)
    except Exception:
        # This runs while the client replies: no failure here may cost the learner the reply.
        log.exception("progress_failed")
    return None


def read(arguments: str) -> Progress:
    """Return the objectives as numbers from 0 to 100. Raise AIBadAnswer if the model gave no number at all.

    A missing number becomes 0, because the model saw nothing of that objective.
    """
    given = tool_arguments(arguments)
    numbers = {name: number(given.get(name)) for name in OBJECTIVES}
    if all(value is None for value in numbers.values()):
        raise AIBadAnswer("the progress holds no number")
    progress: Progress = {name: round(clamped(value or 0, 0, 100)) for name, value in numbers.items()}
    progress["explanation"] = clean(text(given.get("explanation")), LONGEST)
    if reason := clean(text(given.get("decreaseReason")), LONGEST):
        progress["decreaseReason"] = reason
    return progress


def _call(scene: Scene, messages: Sequence[Message], key: str | None) -> Call:
    so_far = {
        str(one.get("name") or one.get("id")): f"{one_line(one['progress'], 20)} of 100"
        for one in scene.objectives
        if one.get("progress") is not None
    }
    told = facts(so_far | _last(scene.memory.progress))
    talk = block("conversation", transcript(messages, "ADVISOR", "CLIENT", PROMPT - len(told)))
    return Call(
        agent="simulationClient",
        instructions=prompt("progress").filled(),
        messages=newest(messages),
        context=scene,
        # the numbers, which change with each line, stand behind what servers have read before
        prompt=[{"role": "user", "content": "\n\n".join(filter(None, (talk, block("progress_so_far", told))))}],
        tool=TOOL,
        temperature=0.3,
        key=key,
    )


def _last(measured: Mapping[str, Any]) -> dict[str, str]:
    """Return the last measurement as prompt facts, so that the model continues from these numbers."""
    last = {name: f"{measured[name]} of 100" for name in OBJECTIVES if name in measured}
    return {**last, "reason given": str(measured["explanation"])} if measured.get("explanation") else last
