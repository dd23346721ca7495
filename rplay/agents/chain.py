"""Which provider answers: the first that can, in order, within one deadline."""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from copy import copy
from dataclasses import dataclass, replace
from functools import partial
from typing import Generic, TypeVar

import structlog

from rplay.agents.breaker import Breaker, State
from rplay.agents.model_text import Words
from rplay.agents.observed import Observe, observing
from rplay.agents.types import PURPOSES, Answer, Call, Provider, Purpose, Scene, ToolUse, Usage
from rplay.agents.wording import one_line
from rplay.errors import AIBadAnswer, AIEmptyAnswer, AIError, AINotConfigured, AIUnavailable

log = structlog.get_logger()
T = TypeVar("T")

WAIT = 60.0  # the longest anybody waits, in seconds
SHARE = 2 / 3  # of the time left goes to a provider that has others behind it

Pieces = Generator[str | ToolUse]
Again = Callable[[Call, str, AIBadAnswer], Call]


@dataclass(frozen=True)
class Answered(Generic[T]):
    """What an answer was read as, and who gave it. `ms` covers every try at every provider."""

    value: T
    provider: str
    model: str
    usage: Usage
    ms: int


class Failures:
    """Of the providers that were asked in turn."""

    def __init__(self) -> None:
        self.last: AIError = AIUnavailable("there was no time left")

    @contextmanager
    def noted(self, provider: Provider, call: Call) -> Iterator[None]:
        """Logs a failure and goes on after the block, where the next provider is asked."""
        try:
            yield
        except AIError as failure:
            self.last = failure
            kind = type(failure).__name__
            log.warning("ai_call_failed", provider=provider.name, agent=call.agent, error=kind, reason=str(failure))


class Chain:
    """`ready` says which of the providers can be asked now; a key may come or go while the server runs."""

    def __init__(
        self,
        providers: Sequence[Provider],
        ready: Callable[[], Sequence[Provider]] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._providers = providers
        self._ready = ready or (lambda: providers)
        self._clock = clock
        self._breakers = {(provider.name, purpose): Breaker(clock) for provider in providers for purpose in PURPOSES}
        self._observe: Observe = lambda _: None
        self._failed: set[tuple[str, Purpose]] | None = None

    def for_request(self, observe: Observe) -> "Chain":
        """The same providers and breakers; `observe` is told of each call to a provider once it is over.

        However many calls and tries the request takes, a provider's breaker counts at most one failure of them.
        """
        chain = copy(self)
        chain._observe, chain._failed = observe, set()
        return chain

    @property
    def configured(self) -> bool:
        """Whether anybody can be asked without a key that comes with the request."""
        return bool(self._ready())

    def states(self) -> dict[str, dict[Purpose, State]]:
        """The circuit breakers of each provider that can be asked now, by what is asked of it."""
        return {
            provider.name: {purpose: self._breakers[provider.name, purpose].state for purpose in PURPOSES}
            for provider in self._ready()
        }

    def candidates(self, key: str | None) -> Sequence[Provider]:
        """Those to ask, in order: one's own key is for those that take keys. AINotConfigured when there is none."""
        found = [one for one in self._providers if one.takes_keys] if key else self._ready()
        if not found:
            raise AINotConfigured("no AI provider is configured")
        return found

    def answer(self, call: Call, read: Callable[[str], T], again: Again | None = None) -> Answered[T]:
        """The first answer that can be read.

        When `read` raises AIBadAnswer, the provider is asked once more with the call that `again` makes of that answer,
        then the next one. The last error decides what is raised.
        """
        began = self._clock()
        found = self.first(call, lambda provider, limited: self.ask(provider, limited, read, again))
        return replace(found, ms=round((self._clock() - began) * 1000))

    def first(self, call: Call, ask: Callable[[Provider, Call], T]) -> T:
        """What the first provider gives that can; `ask` raises AIError for one that cannot."""
        failures = Failures()
        for provider, limited in self._in_turn(call, SHARE):
            with failures.noted(provider, limited):
                return ask(provider, limited)
        raise failures.last

    def ask(self, provider: Provider, call: Call, read: Callable[[str], T], again: Again | None = None) -> Answered[T]:
        """This provider's answer, as `answer` has it."""
        began = self._clock()
        answer, value = self._answer(provider, call, read, again)
        return Answered(value, provider.name, answer.model, answer.usage, round((self._clock() - began) * 1000))

    def stream(self, call: Call) -> "Stream":
        """The answer in pieces. Nothing is asked before the first piece is wanted; AINotConfigured comes at once."""
        self.candidates(call.key)
        return Stream(self, call)

    def begin(self, call: Call) -> tuple[Provider, list[str | ToolUse], Pieces]:
        """The first provider that says something, all up to its first words, and the rest."""
        failures = Failures()
        for provider, limited in self._in_turn(call):
            with failures.noted(provider, limited):
                pieces = self._pieces(provider, limited)
                with self._watch(provider, limited):
                    return provider, _up_to_words(pieces), pieces
        raise failures.last

    def broke_off(self, provider: Provider, call: Call) -> None:
        """Counts a failure in the middle of a stream."""
        log.warning("ai_stream_broke_off", provider=provider.name, agent=call.agent)
        if not call.key and self._counts(provider, call):
            self._breakers[provider.name, call.purpose].failed()

    def _in_turn(self, call: Call, share: float = 1) -> Iterator[tuple[Provider, Call]]:
        """Those to ask, each with the call as long as it may take, while there is time left."""
        providers = self.candidates(call.key)
        deadline = min(self._clock() + WAIT, call.deadline or float("inf"))
        for number, provider in enumerate(providers, start=1):
            now = self._clock()
            if now >= deadline:
                return
            limit = deadline if number == len(providers) else now + (deadline - now) * share
            yield provider, replace(call, deadline=limit)

    def _answer(
        self, provider: Provider, call: Call, read: Callable[[str], T], again: Again | None
    ) -> tuple[Answer, T]:
        with ExitStack() as stack:
            with self._watch(provider, call):  # which may forbid the call, so that there is nothing to observe
                seen = stack.enter_context(observing(self._observe, provider, call))
                answer = _in_words(provider, call, provider.answer(call))
            seen.model, seen.usage = answer.model, answer.usage
            try:
                return answer, read(answer.text)
            except AIBadAnswer as error:
                if again is None:
                    raise
                seen.outcome = "bad_answer"
                mended = again(call, answer.text, error)
        return self._answer(provider, mended, read, None)

    def _pieces(self, provider: Provider, call: Call) -> Pieces:
        """Some words at least."""
        with observing(self._observe, provider, call) as seen, closing(_words_of(provider, call)) as pieces:
            for piece in pieces:
                if isinstance(piece, ToolUse):
                    yield piece
                elif piece.strip():  # blanks alone are no answer
                    break
            else:
                raise AIEmptyAnswer("the stream held nothing")
            seen.first_token()
            yield piece
            seen.usage = yield from pieces

    def _watch(self, provider: Provider, call: Call) -> AbstractContextManager[None]:
        """The provider's breaker; nothing under somebody else's key tells anything about ours."""
        if call.key:
            return nullcontext()
        return self._breakers[provider.name, call.purpose].watch(partial(self._counts, provider, call))

    def _counts(self, provider: Provider, call: Call) -> bool:
        """Whether a failure counts: the first one of this request, as the same cause makes the others."""
        if self._failed is None:
            return True
        before = (provider.name, call.purpose) in self._failed
        self._failed.add((provider.name, call.purpose))
        return not before


def _in_words(provider: Provider, call: Call, answer: Answer) -> Answer:
    """The answer without what is nobody's to see; how the model begins is remembered."""
    if call.tool:
        return answer
    words = Words(_speaker(call))
    text = (words.shown(answer.text) + words.rest()).strip()
    provider.habit = words.habit
    if not text:
        raise AIEmptyAnswer("the model thought, and said nothing")
    return replace(answer, text=text)


def _words_of(provider: Provider, call: Call) -> Generator[str | ToolUse, None, Usage]:
    """What can be shown of the provider's pieces; how the model begins is remembered."""
    words: Words | None = None
    with closing(provider.stream(call)) as pieces:
        while True:
            try:
                piece = next(pieces)
            except StopIteration as end:
                usage: Usage = end.value
                break
            # Only now, as what came before the first words may have told how the model begins.
            words = words or Words(_speaker(call), provider.habit)
            if isinstance(piece, ToolUse):
                yield piece
            elif text := words.shown(piece):
                yield text
    if words is not None:
        if text := words.rest():
            yield text
        provider.habit = words.habit
    return usage


def _speaker(call: Call) -> str:
    """Whose name a model may put in front of what is said."""
    if call.agent != "simulationClient" or not isinstance(call.context, Scene):
        return ""
    return one_line(call.context.profile.get("name"), 80)


def _up_to_words(pieces: Pieces) -> list[str | ToolUse]:
    """Until there are words another provider may still step in, so that nothing of this one is shown before."""
    begun: list[str | ToolUse] = []
    while not (begun and isinstance(begun[-1], str)):
        begun.append(next(pieces))
    return begun


class Stream:
    """An answer in pieces, with the tools that were run for it.

    `provider` and `model` are known once the first has come; `close` ends the call upstream.
    """

    def __init__(self, chain: Chain, call: Call) -> None:
        self.provider = ""
        self.model = ""
        self._pieces = self._run(chain, call)

    def __iter__(self) -> Iterator[str | ToolUse]:
        return self._pieces

    def __next__(self) -> str | ToolUse:
        return next(self._pieces)

    def close(self) -> None:
        self._pieces.close()

    def _run(self, chain: Chain, call: Call) -> Pieces:
        provider, begun, pieces = chain.begin(call)
        self.provider, self.model = provider.name, provider.model
        try:
            yield from begun
            yield from pieces
        except (AIUnavailable, AIBadAnswer):
            chain.broke_off(provider, call)
            raise
        finally:
            pieces.close()
