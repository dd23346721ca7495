"""The simulated client: its replies to the advisor, whole or as a stream of events."""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

import gevent
import orjson
import structlog

from rplay.agents import casting, progress
from rplay.agents.chain import WAIT, Answered, Chain
from rplay.agents.ending import Ended, Unmarked, without_mark
from rplay.agents.progress import Progress
from rplay.agents.prompts import prompt
from rplay.agents.talk import without_coach
from rplay.agents.types import Call, Memory, Message, Scene, ToolUse
from rplay.agents.wording import PROMPT, SUMMARY, TURNS, newest, one_line, spoken
from rplay.errors import AIError

log = structlog.get_logger()

PROGRESS_SECONDS = 10.0  # seconds that a finished reply waits for the progress that is sent with it
MEASURED_FROM = 3  # the progress is measured from this many messages on
SHORT_TALK = 3_000  # limit in characters for the talk that a model of a small context gets
STEP = 20  # number of old messages that are left out at a time when a talk becomes long
TROUBLE = "I'm sorry, I'm having trouble responding right now. Let's continue our conversation in a moment."
# Models want to be spoken to first, and some servers refuse a talk that the assistant opens.
OPENING = "(You have just met and sat down. The meeting begins.)"


@dataclass(frozen=True)
class Reply:
    message: str
    progress: Progress | None
    answered: Answered[tuple[str, Ended | None]]

    @property
    def ended(self) -> dict[str, str] | None:
        ended = self.answered.value[1]
        return ended.as_object() if ended else None


@dataclass(frozen=True)
class Event:
    """One event of a streamed reply. The last one is `complete` or `error`."""

    type: Literal["status", "thinking", "tool_call", "tool_result", "delta", "complete", "error"]
    data: dict[str, Any]


def reply(
    chain: Chain, scene: Scene, messages: Sequence[Message], key: str | None = None, evaluate: bool = True
) -> Reply:
    """Return the client's next line, and the progress that was measured at the same time."""
    began = time.monotonic()
    measuring = _measure(chain, scene, messages, key, evaluate)
    try:
        answered = chain.answer(_call(scene, messages, key), without_mark)
        return Reply(answered.value[0], _measured(measuring, began), answered)
    finally:
        _drop(measuring)


def stream(
    chain: Chain,
    scene: Scene,
    messages: Sequence[Message],
    key: str | None = None,
    evaluate: bool = True,
    written: Callable[[], None] | None = None,
) -> Generator[Event]:
    """Return the same reply as a stream of events. Raise AINotConfigured at once; closing the stream ends every call
    upstream.

    `written` is called after the last word, before the progress is waited for. Replies that are spoken need it.
    """
    chain.candidates(key)
    return _events(chain, scene, messages, key, evaluate, written)


def _events(
    chain: Chain,
    scene: Scene,
    messages: Sequence[Message],
    key: str | None,
    evaluate: bool,
    written: Callable[[], None] | None,
) -> Generator[Event]:
    began = time.monotonic()
    yield Event("status", {"status": "running", "message": "The client is thinking"})
    measuring = _measure(chain, scene, messages, key, evaluate)
    pieces = chain.stream(_call(scene, messages, key, aloud=written is not None))
    said: list[str] = []
    tools: list[dict[str, Any]] = []
    unmarked = Unmarked()
    try:
        for piece in pieces:
            if isinstance(piece, ToolUse):
                yield from _shown(piece, tools)
            else:
                yield from _words(unmarked.shown(piece), said)
        yield from _words(unmarked.rest(), said)
        if written:
            written()
        metadata = {"provider": pieces.provider, "model": pieces.model, "promptVersion": prompt("client").version}
        yield _complete("".join(said), _measured(measuring, began), metadata, tools, unmarked.ended)
    except AIError as error:
        yield Event("error", {"error": error.for_learner(TROUBLE)})
    finally:
        pieces.close()
        _drop(measuring)


def _words(text: str, said: list[str]) -> Iterator[Event]:
    if text:
        said.append(text)
        yield Event("delta", {"text": text})


def _shown(use: ToolUse, before: list[dict[str, Any]]) -> Iterator[Event]:
    """Yield the events of one tool that was run, and add it to `before`. Each round of tools is announced once."""
    if not any(one["round"] == use.round for one in before):
        yield Event("thinking", {"status": "The client is making up their mind", "iteration": use.round})
    found = {"tool": use.name, "arguments": _parsed(use.arguments)}
    before.append({**found, "round": use.round})
    yield Event("tool_call", found)
    yield Event("tool_result", {"toolCallId": use.id, "result": _parsed(use.result)})


def _parsed(text: str) -> Any:
    """Return a tool's arguments or result as JSON; as plain text if the model wrote no JSON."""
    try:
        return orjson.loads(text)
    except ValueError:
        return text


def _complete(
    response: str,
    measured: Progress | None,
    metadata: dict[str, Any],
    tools: list[dict[str, Any]],
    ended: Ended | None,
) -> Event:
    if measured:
        tools = [*tools, {"tool": progress.TOOL.name, "arguments": measured}]
    found = {"response": response, "objectiveProgress": measured, "metadata": metadata, "toolCalls": tools}
    if ended:
        found["ended"] = ended.as_object()
    return Event("complete", found)


def _measure(
    chain: Chain, scene: Scene, messages: Sequence[Message], key: str | None, evaluate: bool
) -> gevent.Greenlet | None:
    if not evaluate or len(without_coach(messages)) < MEASURED_FROM:
        return None
    return gevent.spawn(progress.measure, chain, scene, messages, key)


def _measured(measuring: gevent.Greenlet | None, began: float) -> Progress | None:
    """Return the measured progress; None if it is not there when the finished reply can wait no longer."""
    if measuring is None:
        return None
    measuring.join(timeout=max(0.0, min(PROGRESS_SECONDS, began + WAIT - time.monotonic())))
    if not measuring.ready():
        log.warning("progress_late")
        return None
    found: Progress | None = measuring.value
    return found


def _drop(measuring: gevent.Greenlet | None) -> None:
    if measuring is not None:
        measuring.kill(block=False)


def _call(scene: Scene, messages: Sequence[Message], key: str | None, aloud: bool = False) -> Call:
    instructions = casting.instructions(scene)
    told = max(0, len(instructions) - len(prompt("client").text))
    return Call(
        agent="simulationClient",
        instructions=instructions,
        messages=newest(messages),
        context=scene,
        prompt=_turns(messages, scene.memory, PROMPT - told),
        key=key,
        aloud=aloud,
        shorter=partial(_in_short, scene, messages),
    )


def _in_short(scene: Scene, messages: Sequence[Message], call: Call) -> Call:
    prompt = _turns(messages, scene.memory, SHORT_TALK)
    return replace(call, instructions=casting.short_instructions(scene), prompt=prompt, shorter=None)


def _turns(messages: Sequence[Message], memory: Memory, room: int) -> list[Message]:
    """Return the talk as turns that alternate between user and assistant.

    A note of the frontend (role `system`) is not an instruction: it becomes part of a user turn.
    """
    said = spoken(messages)
    opening = OPENING
    begin = _step(len(said) - TURNS)
    if memory.summary:
        begin = max(begin, memory.summed)
        opening += f"\n\n(What was said since then, in short: {one_line(memory.summary, SUMMARY)})"
    turns: list[Message] = [{"role": "user", "content": opening}]
    for message in newest(said[begin:], room):
        note = message["role"] == "system"
        content = f"(Note: {one_line(message['content'])})" if note else message["content"]
        role: Literal["user", "assistant"] = "assistant" if message["role"] == "assistant" else "user"
        if not content:
            continue
        if turns[-1]["role"] == role:
            turns[-1]["content"] += f"\n\n{content}"
        else:
            turns.append({"role": role, "content": content})
    return turns


def _step(count: int) -> int:
    """Return how many of the oldest messages to leave out: at least `count`, in steps, so that the next prompt begins
    alike."""
    return max(0, -(-count // STEP) * STEP)
