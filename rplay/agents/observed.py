"""What is recorded of each call to a provider: which provider, how long, how it ended. Never the words of the call."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from rplay.agents.types import AgentName, Call, Provider, Usage
from rplay.errors import AIBadAnswer, AIEmptyAnswer, AIError, AIRefused, AIUnavailable

# `aborted`: we ended the call ourselves, because nobody waited for it any more.
Outcome = Literal["ok", "unavailable", "refused", "empty", "bad_answer", "aborted"]

_FAILURES: dict[type[AIError], Outcome] = {
    AIUnavailable: "unavailable",
    AIEmptyAnswer: "empty",
    AIBadAnswer: "bad_answer",
    AIRefused: "refused",
}


@dataclass(frozen=True)
class Observed:
    """One finished call. `first_token_ms` is None for calls that were not streamed."""

    agent: AgentName
    provider: str
    model: str
    usage: Usage
    first_token_ms: int | None
    ms: int
    outcome: Outcome


Observe = Callable[[Observed], None]


@dataclass
class Observation:
    model: str
    usage: Usage = field(default_factory=Usage)
    outcome: Outcome = "ok"
    first_token_ms: int | None = None
    began: float = field(default_factory=time.monotonic)

    @property
    def ms(self) -> int:
        return round((time.monotonic() - self.began) * 1000)

    def first_token(self) -> None:
        self.first_token_ms = self.ms


@contextmanager
def observing(observe: Observe, provider: Provider, call: Call) -> Iterator[Observation]:
    """Wrap one call, and report it to `observe` however it ends."""
    seen = Observation(provider.model)
    try:
        yield seen
    except AIError as error:
        seen.outcome = next((outcome for kind, outcome in _FAILURES.items() if isinstance(error, kind)), "refused")
        raise
    except BaseException:
        seen.outcome = "aborted"
        raise
    finally:
        observe(Observed(call.agent, provider.name, seen.model, seen.usage, seen.first_token_ms, seen.ms, seen.outcome))
