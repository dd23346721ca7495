"""A summary of the beginning of a long talk, for the model that plays the client."""

from collections.abc import Sequence

from rplay.agents.chain import Chain
from rplay.agents.model_output import text, tool_arguments
from rplay.agents.prompts import prompt
from rplay.agents.types import Call, Message, Scene, Tool
from rplay.agents.wording import SUMMARY, block, clean, spoken, transcript
from rplay.errors import AIBadAnswer

FROM = 60  # a talk gets a summary from this many messages on
LEFT = 40  # at least this many of the newest messages are not summarised
STEP = 20  # messages by which a summary grows, so that prompts begin alike until it grows again
TOOL = Tool(
    "summariseTalk",
    "Keeps a summary of the conversation so far.",
    {"type": "object", "properties": {"summary": {"type": "string"}}, "required": ["summary"]},
)


def due(count: int) -> int:
    """Return how many of the oldest messages the summary of a talk with `count` messages should cover."""
    return (count - LEFT) // STEP * STEP if count >= FROM else 0


def summarise(chain: Chain, scene: Scene, messages: Sequence[Message], key: str | None = None) -> str:
    """Return the summary of the messages that are due. It extends the summary in the scene's memory."""
    told, before = spoken(messages)[: due(len(spoken(messages)))], scene.memory
    blocks = (
        block("summary_so_far", clean(before.summary, SUMMARY) if before.summed else ""),
        block("conversation", transcript(told[before.summed if before.summary else 0 :], "ADVISOR", "CLIENT")),
    )
    call = Call(
        agent="simulationClient",
        instructions=prompt("summary").text,
        messages=told,
        context=scene,
        prompt=[{"role": "user", "content": "\n\n".join(filter(None, blocks))}],
        tool=TOOL,
        temperature=0.2,
        key=key,
    )
    return chain.answer(call, _read).value


def _read(arguments: str) -> str:
    found = clean(text(tool_arguments(arguments).get("summary")), SUMMARY)
    if not found:
        raise AIBadAnswer("the summary is empty")
    return found
