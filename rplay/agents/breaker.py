"""A circuit breaker: after repeated failures it keeps calls away from a provider for a while."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from rplay.errors import AIError, AIUnavailable

State = Literal["closed", "half-open", "open"]
# ordered from good to bad, because a metric reports the index
STATES: tuple[State, ...] = ("closed", "half-open", "open")

FAILURES = 5
WINDOW = 30.0  # the breaker opens when FAILURES failures happen within this many seconds
OPEN_SECONDS = 30.0  # seconds that the breaker stays open


class Breaker:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: deque[float] = deque(maxlen=FAILURES)
        self._opened: float | None = None
        self._trying = False

    @property
    def state(self) -> State:
        if self._opened is None:
            return "closed"
        return "half-open" if self._clock() - self._opened >= OPEN_SECONDS else "open"

    @contextmanager
    def watch(self, counts: Callable[[], bool] = lambda: True) -> Iterator[None]:
        """Wrap one call. Raise AIUnavailable at once while open; while half-open let one trial call through at a time.

        Only AIUnavailable counts as a failure of the provider. A refusal (400, 401, 403, 404) is about our settings or
        the request, an empty or unreadable answer is about the model. `counts` returns whether this failure counts.
        """
        trial = self._enter()
        try:
            yield
        except AIUnavailable:
            if trial or counts():
                self.failed()
            raise
        except AIError:
            self._worked(trial)
            raise
        else:
            self._worked(trial)
        finally:
            self._trying = self._trying and not trial

    def failed(self) -> None:
        """Count a failure. Streams also call this when they break off after the answer had begun."""
        now = self._clock()
        self._failures.append(now)
        often = len(self._failures) == FAILURES and now - self._failures[0] <= WINDOW
        if self.state == "half-open" or (self._opened is None and often):
            self._opened = now

    def _enter(self) -> bool:
        """Return whether this call is the trial of a half-open breaker. Raise AIUnavailable if no call may go
        through."""
        state = self.state
        if state == "open" or (state == "half-open" and self._trying):
            raise AIUnavailable("left alone after repeated failures")
        self._trying = state == "half-open"
        return self._trying

    def _worked(self, trial: bool) -> None:
        if trial:
            self._opened = None
            self._failures.clear()
