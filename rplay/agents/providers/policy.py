"""How a server is asked: for how long, how often, and what its failures mean, whatever format it speaks."""

import random
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from itertools import count
from threading import Timer
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

import gevent
import httpx2
import orjson
import structlog
from gevent.monkey import is_module_patched

from rplay.agents.providers.refusals import filtered, loading, too_long
from rplay.agents.types import Call
from rplay.connections import Unusable
from rplay.errors import AIError, AIFiltered, AIRefused, AITooLong, AIUnavailable

if TYPE_CHECKING:
    import openai

log = structlog.get_logger()
R = TypeVar("R")

DRAIN = 0.2  # seconds a server may take to end its answer behind the end of the words; some never do

NO_MODEL = "no such path or model"
TOO_LONG = "the prompt is longer than the model's context"
TOO_LONG_HINT = "give the model a context of 16,000 tokens or more: docs/models.md says how"
FILTERED = "a content filter refused what was said"
MEANING = {404: f": {NO_MODEL}", 410: ": the model has ended"}
AGAIN = frozenset({408, 409, 429})  # and everything from 500


@dataclass(frozen=True)
class Timeouts:
    """Seconds, and how often a call is tried."""

    connect: float = 3
    first: float = 20  # until the first token of a stream
    silence: float = 15  # between two chunks
    whole: float = 60
    tries: int = 3
    pause: float = 0.5  # longest pause before the second try, doubled before the third
    retry_after: float = 10  # a server that asks for a longer pause is not asked again


@dataclass(frozen=True)
class Fault:
    """A try that failed. `text` is ours: nothing of what the server wrote.

    `transient` says that it may be over in a moment, `loading` that the model is being loaded, `refused` that somebody
    has to look at the settings, which `hint` may name, `filtered` that a content filter did not let pass what was said.
    """

    text: str
    status: int | None = None
    transient: bool = False
    refused: bool = False
    filtered: bool = False
    retry_after: float | None = None
    hint: str = ""
    loading: bool = False

    @classmethod
    def of_status(cls, status: int, retry_after: str | None) -> "Fault":
        transient = status in AGAIN or status >= 500
        text = f"the server answered {status}{MEANING.get(status, '')}"
        return cls(text, status, transient, not transient, retry_after=seconds_of(retry_after))

    def error(self) -> AIError:
        if self.filtered:
            return AIFiltered(self.text)
        if self.refused:
            return AIRefused(self.text)
        return Late(self.text) if self.loading else AIUnavailable(self.text)


def persist(
    attempt: Callable[[], R], until: float, limits: Timeouts, judge: Callable[[Exception, int], Fault | None]
) -> R:
    """Repeats what is worth repeating, within the time.

    `judge` says what the exception of the nth try means; None for one that has nothing to do with the server.
    """
    for tries in count(1):
        try:
            return attempt()
        except AIError:
            raise
        except Exception as error:
            fault = judge(error, tries)
            if fault is None:
                raise
            pause = _pause(fault, tries, limits)
            if pause is None or time.monotonic() + pause >= until:
                raise fault.error() from None
        time.sleep(pause)
    raise AssertionError("count does not end")


def _pause(fault: Fault, tries: int, limits: Timeouts) -> float | None:
    """Seconds until the next try, None for no further one."""
    asked = fault.retry_after
    if tries >= limits.tries or not fault.transient or (asked is not None and asked > limits.retry_after):
        return None
    jitter = random.uniform(0, limits.pause * 2 ** (tries - 1))  # noqa: S311  nothing secret about a pause
    return jitter if asked is None else asked + jitter


def post(client: "openai.OpenAI", path: str, body: dict[str, Any], until: float, connect: float) -> httpx2.Response:
    """One request. Its response is read to the end unless it is a stream."""
    left = max(until - time.monotonic(), 0.001)
    # The documented way past the pydantic models of request and answer: 1.5 ms of processor a call instead of 7.
    # With the whole address, as the SDK takes 0.08 ms to join its two parts.
    return client.post(
        str(client.base_url).rstrip("/") + path,
        cast_to=httpx2.Response,
        content=orjson.dumps(body),
        options={"timeout": httpx2.Timeout(left, connect=min(connect, left))},
        stream=bool(body.get("stream")),
        stream_cls=cast(Any, None),
    )


class Late(AIUnavailable):
    """The time was up before the server had answered."""


class Event(Protocol):
    @property
    def alive(self) -> bool:
        """Whether it shows that the model is producing something, if only thoughts."""


E = TypeVar("E", bound=Event)


def timed(events: Iterator[E], first_by: float, until: float, limits: Timeouts) -> Iterator[E]:
    """The events of a stream; the first that is alive has to come in time, and silences must not be too long."""
    alive = False
    while True:
        with within(min(until, time.monotonic() + limits.silence) if alive else first_by):
            event = next(events, None)
        if event is None:
            return
        alive = alive or event.alive
        yield event


@contextmanager
def within(until: float) -> Iterator[None]:
    """Ends what waits on a socket when the time is up. Without a running hub the socket's own time limit has to do."""
    left = until - time.monotonic()
    if left <= 0:
        raise AIUnavailable("the time limit of the call is over")
    with gevent.Timeout(left, Late("the server did not answer in time")):
        yield


def fault_of(error: Exception) -> Fault | None:
    """What an exception of the SDK means, if it is one. A server that let the time run out is not waited for again."""
    import openai  # here and elsewhere only where it is used: it takes 0.3 s of processor, and a server may need none

    if isinstance(error, openai.APIStatusError) and filtered(error.body):
        return Fault(FILTERED, error.status_code, filtered=True)
    if isinstance(error, openai.APIStatusError) and too_long(error.body):
        return Fault(TOO_LONG, error.status_code, refused=True, hint=TOO_LONG_HINT)
    if isinstance(error, openai.APIStatusError):
        fault = Fault.of_status(error.status_code, error.response.headers.get("retry-after"))
        return replace(fault, loading=error.status_code == 503 and loading(error.body))
    if not isinstance(error, (openai.APIError, httpx2.RequestError)):
        return None
    cause = error.__cause__ or error
    if isinstance(cause, Unusable):
        return Fault(str(cause))
    timeout = isinstance(error, (openai.APITimeoutError, httpx2.TimeoutException))
    transient = not timeout or isinstance(cause, httpx2.ConnectTimeout)
    return Fault(f"no answer from the server ({type(cause).__name__})", transient=transient, loading=not transient)


def error_of(problem: object, where: str) -> AIError:
    """What an error means that came with status 200, `where` the answer should be."""
    if filtered(problem):
        return AIFiltered(FILTERED)
    if too_long(problem):
        return AITooLong(f"{TOO_LONG}: {TOO_LONG_HINT}")
    if isinstance(problem, str) and problem.startswith("Unexpected endpoint"):
        return AIRefused(NO_MODEL)  # LM Studio's way to say 404
    return AIUnavailable(f"the server reported an error {where}")


def drain(response: httpx2.Response, chunks: Iterator[bytes]) -> None:
    """Reads an answer on behind its end, as a connection that was read to its own serves the next call."""
    with _for_seconds(DRAIN, response), suppress(httpx2.RequestError):
        deque(chunks, maxlen=0)


@contextmanager
def _for_seconds(seconds: float, response: httpx2.Response) -> Iterator[None]:
    """Ends the block, where sockets wait for gevent; elsewhere, as in a terminal, what it reads is at its end then."""
    if is_module_patched("socket"):
        with gevent.Timeout(seconds, False):
            yield
        return
    timer = Timer(seconds, _end_reading, [response.extensions["network_stream"].get_extra_info("socket")])
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _end_reading(connection: socket.socket) -> None:
    with suppress(OSError):  # it may have been closed just now
        connection.shutdown(socket.SHUT_RD)


def log_cut(call: Call, finish: str) -> None:
    """An answer that ended in the middle of its words; those there are were good enough to be said."""
    if finish in {"length", "content_filter"}:
        log.warning("ai_answer_cut", agent=call.agent, reason=finish)


def seconds_of(asked: str | None) -> float | None:
    """Seconds that a Retry-After asks for, given as such or as a date."""
    if not asked:
        return None
    try:
        return max(0.0, float(asked))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(asked).timestamp() - time.time())
    except ValueError:
        return None
