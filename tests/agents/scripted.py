"""A provider that says what it was told to, and remembers what it was asked."""

from collections import deque
from collections.abc import Generator

from rplay.agents.model_text import Habit
from rplay.agents.types import Answer, Call, ReviewCalls, Usage
from rplay.errors import AIError

Step = str | AIError | list[str | AIError]


class Scripted:
    """`enqueue` takes texts, errors, and for streams lists of pieces that may end in an error."""

    def __init__(self, name: str = "scripted", *steps: Step) -> None:
        self.name = name
        self.model = f"{name}-model"
        self.habit: Habit = "speaks"
        self.review_calls: ReviewCalls = "one"
        self.takes_keys, self.configured = name == "openai", True
        self.history: list[Call] = []
        self.closed = 0
        self._steps = deque(steps)

    def enqueue(self, *steps: Step) -> None:
        self._steps.extend(steps)

    def close(self) -> None:
        pass

    def answer(self, call: Call) -> Answer:
        self.history.append(call)
        step = self._steps.popleft()
        if isinstance(step, AIError):
            raise step
        assert isinstance(step, str)
        return Answer(step, self.model, Usage(3, 2))

    def stream(self, call: Call) -> Generator[str, None, Usage]:
        self.history.append(call)
        step = self._steps.popleft()
        try:
            for piece in step if isinstance(step, list) else [step]:
                if isinstance(piece, AIError):
                    raise piece
                yield piece
            return Usage(3, 2)
        finally:
            self.closed += 1


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now
