"""The chain of providers: it asks them in order until one can answer, within one deadline."""

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

WAIT = 60.0  # the longest that anybody waits for an answer, in seconds
SHARE = 2 / 3  # share of the time left that a provider gets if others come after it

Pieces = Generator[str | ToolUse]
Again = Callable[[Call, str, AIBadAnswer], Call]


@dataclass(frozen=True)
class Answered(Generic[T]):
    """The value that was read from an answer, and who gave the answer. `ms` covers every try at every provider."""

    value: T
    provider: str
    model: str
    usage: Usage
    ms: int


class Failures:
    """Remembers the last failure of the providers that were asked one after another."""

    def __init__(self) -> None:
        self.last: AIError = AIUnavailable("there was no time left")

    @contextmanager
    def noted(self, provider: Provider, call: Call) -> Iterator[None]:
        """Log and swallow an AIError of the block, so that the caller goes on to the next provider."""
        try:
            yield
        except AIError as failure:
            self.last = failure
            kind = type(failure).__name__
            log.warning("ai_call_failed", provider=provider.name, agent=call.agent, error=kind, reason=str(failure))


class Chain:
    """The providers in order. `ready` returns those that can be asked now, because a key may come or go at run time."""

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
        """Return a chain with the same providers and breakers for one request.

        `observe` is called after each call to a provider. However many calls and retries the request needs, each
        breaker counts at most one failure of them for each purpose.
        """
        chain = copy(self)
        chain._observe, chain._failed = observe, set()
        return chain

    @property
    def configured(self) -> bool:
        """Whether any provider can be asked without a key that comes with the request."""
        return bool(self._ready())

    def states(self) -> dict[str, dict[Purpose, State]]:
        """Return the breaker states of each provider that can be asked now, by purpose."""
        return {
            provider.name: {purpose: self._breakers[provider.name, purpose].state for purpose in PURPOSES}
            for provider in self._ready()
        }

    def candidates(self, key: str | None) -> Sequence[Provider]:
        """Return the providers to ask, in order. Raise AINotConfigured if there is none.

        A key that came with the request goes only to providers that take keys.
        """
        found = [one for one in self._providers if one.takes_keys] if key else self._ready()
        if not found:
            raise AINotConfigured("no AI provider is configured")
        return found

    def answer(self, call: Call, read: Callable[[str], T], again: Again | None = None) -> Answered[T]:
        """Return the first answer that `read` accepts.

        When `read` raises AIBadAnswer, the same provider is asked once more with the call that `again` makes of that
        answer; then comes the next provider. When all fail, the error of the last one is raised.
        """
        began = self._clock()
        found = self.first(call, lambda provider, limited: self.ask(provider, limited, read, again))
        return replace(found, ms=round((self._clock() - began) * 1000))

    def first(self, call: Call, ask: Callable[[Provider, Call], T]) -> T:
        """Return what `ask` returns for the first provider that succeeds; `ask` raises AIError for one that fails."""
        failures = Failures()
        for provider, limited in self._in_turn(call, SHARE):
            with failures.noted(provider, limited):
                return ask(provider, limited)
        raise failures.last

    def ask(self, provider: Provider, call: Call, read: Callable[[str], T], again: Again | None = None) -> Answered[T]:
        """Return this one provider's answer. `read` and `again` work as in `answer`."""
        began = self._clock()
        answer, value = self._answer(provider, call, read, again)
        return Answered(value, provider.name, answer.model, answer.usage, round((self._clock() - began) * 1000))

    def stream(self, call: Call) -> "Stream":
        """Return the answer as a stream of pieces. Raise AINotConfigured at once; ask a provider only when the first
        piece is read."""
        self.candidates(call.key)
        return Stream(self, call)

    def begin(self, call: Call) -> tuple[Provider, list[str | ToolUse], Pieces]:
        """Return the first provider that says something, its pieces up to its first words, and an iterator over the
        other pieces."""
        failures = Failures()
        for provider, limited in self._in_turn(call):
            with failures.noted(provider, limited):
                pieces = self._pieces(provider, limited)
                with self._watch(provider, limited):
                    return provider, _up_to_words(pieces), pieces
        raise failures.last

    def broke_off(self, provider: Provider, call: Call) -> None:
        """Count a failure in the middle of a stream, for the breaker."""
        log.warning("ai_stream_broke_off", provider=provider.name, agent=call.agent)
        if not call.key and self._counts(provider, call):
            self._breakers[provider.name, call.purpose].failed()

    def _in_turn(self, call: Call, share: float = 1) -> Iterator[tuple[Provider, Call]]:
        """Yield the providers to ask while there is time left, each with the call and the deadline it gets."""
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
            # the breaker may forbid the call, so observing starts only after it has let the call through
            with self._watch(provider, call):
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
        """Yield the pieces of this provider. Raise AIEmptyAnswer if they hold no words."""
        with observing(self._observe, provider, call) as seen, closing(_words_of(provider, call)) as pieces:
            for piece in pieces:
                if isinstance(piece, ToolUse):
                    yield piece
                elif piece.strip():  # a piece of blanks alone is no answer
                    break
            else:
                raise AIEmptyAnswer("the stream held nothing")
            seen.first_token()
            yield piece
            seen.usage = yield from pieces

    def _watch(self, provider: Provider, call: Call) -> AbstractContextManager[None]:
        """Return the provider's breaker as a context.

        For a request's own key the context does nothing, because such calls say nothing about our key.
        """
        if call.key:
            return nullcontext()
        return self._breakers[provider.name, call.purpose].watch(partial(self._counts, provider, call))

    def _counts(self, provider: Provider, call: Call) -> bool:
        """Return whether a failure counts: only the first of this request does, as the others have the same cause."""
        if self._failed is None:
            return True
        before = (provider.name, call.purpose) in self._failed
        self._failed.add((provider.name, call.purpose))
        return not before


def _in_words(provider: Provider, call: Call, answer: Answer) -> Answer:
    """Return the answer without thoughts and marks of the model, and remember how the model begins its answers."""
    if call.tool:
        return answer
    words = Words(_speaker(call))
    text = (words.shown(answer.text) + words.rest()).strip()
    provider.habit = words.habit
    if not text:
        raise AIEmptyAnswer("the model thought, and said nothing")
    return replace(answer, text=text)


def _words_of(provider: Provider, call: Call) -> Generator[str | ToolUse, None, Usage]:
    """Yield what the learner may see of the provider's pieces, and remember how the model begins its answers."""
    words: Words | None = None
    with closing(provider.stream(call)) as pieces:
        while True:
            try:
                piece = next(pieces)
            except StopIteration as end:
                usage: Usage = end.value
                break
            # This is created late on purpose: while the first piece was awaited the provider may have learned how its
            # model begins.
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
    """Return the client's name, which some models put in front of what the client says."""
    if call.agent != "simulationClient" or not isinstance(call.context, Scene):
        return ""
    return one_line(call.context.profile.get("name"), 80)


def _up_to_words(pieces: Pieces) -> list[str | ToolUse]:
    """Return all pieces up to the first words.

    Until there are words the next provider may still step in, so nothing of this one may be shown earlier.
    """
    begun: list[str | ToolUse] = []
    while not (begun and isinstance(begun[-1], str)):
        begun.append(next(pieces))
    return begun


class Stream:
    """An answer in pieces, including the tools that were run for it.

    `provider` and `model` are set once the first piece has come; `close` ends the call upstream.
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
