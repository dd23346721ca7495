"""The rehearsal as a provider: client, coach and reviewer made of rules, for a first look, tests and outages.

It needs no key and no network. It works from the context and the messages of a call, never from the prompt.
"""

import re
import time
from collections.abc import Generator
from functools import cached_property

from gevent.threadpool import ThreadPool

from rplay.agents.model_text import Habit
from rplay.agents.rehearsal.pick import digest_talk
from rplay.agents.types import Answer, Call, ReviewCalls, Scene, Usage

_WORDS_AT_ONCE = 3


class RehearsalProvider:
    """Answers by rules. `typing` is the range in seconds that a chat answer seems to take; (0, 0) for no pause."""

    name = "local"
    takes_keys = False
    configured = True
    review_calls: ReviewCalls = "one"
    habit: Habit = "speaks"
    model = "rehearsal"

    def __init__(self, typing: tuple[float, float]) -> None:
        self._typing = typing

    @cached_property
    def _pool(self) -> ThreadPool:
        """A single thread, so that other requests go on: reading 80 new messages takes up to half a second."""
        return ThreadPool(1)

    def close(self) -> None:
        if "_pool" in vars(self):
            self._pool.kill()

    def answer(self, call: Call) -> Answer:
        text = self._pool.apply(_text, (call,))
        if pause := self._pause(call):
            time.sleep(pause)
        return Answer(text, self.model)

    def stream(self, call: Call) -> Generator[str, None, Usage]:
        pieces = _pieces(self._pool.apply(_text, (call,)))
        pause = self._pause(call) / max(1, len(pieces))
        for piece in pieces:
            if pause:
                time.sleep(pause)
            yield piece
        return Usage()

    def _pause(self, call: Call) -> float:
        """Return the seconds that this answer takes to type. The same talk gives the same time; 0 if nobody waits to
        read."""
        if call.tool or call.aloud or not isinstance(call.context, Scene):
            return 0.0
        low, high = self._typing
        share = digest_talk(call.messages, call.context.profile) % 1000 / 1000
        left = call.deadline - time.monotonic() if call.deadline is not None else high
        return max(0.0, min(low + share * (high - low), left))


def _text(call: Call) -> str:
    # Imported here, in the thread: 100 modules, 0.1 s, which a server with a model may never need.
    from rplay.agents.rehearsal.answer import text_of

    return text_of(call)


def _pieces(text: str) -> list[str]:
    """Return the text in groups of a few words; joined they are the text again."""
    parts = re.findall(r"\S+\s*", text)
    return ["".join(parts[at : at + _WORDS_AT_ONCE]) for at in range(0, len(parts), _WORDS_AT_ONCE)]
