"""Time limits, retries and the meaning of failures, for servers of any format."""

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

DRAIN = 0.2  # seconds that a server may take to close its stream after the last word; some never do

NO_MODEL = "no such path or model"
TOO_LONG = "the prompt is longer than the model's context"
TOO_LONG_HINT = "give the model a context of 16,000 tokens or more: docs/models.md says how"
FILTERED = "a content filter refused what was said"
MEANING = {404: f": {NO_MODEL}", 410: ": the model has ended"}
AGAIN = frozenset({408, 409, 429})  # statuses worth another try, in addition to all from 500


@dataclass(frozen=True)
class Timeouts:
    """Time limits in seconds, and how often a call is tried."""

    connect: float = 3
    first: float = 20  # until the first token of a stream comes
    silence: float = 15  # between two chunks of a stream
    whole: float = 60
    tries: int = 3
    pause: float = 0.5  # the longest pause before the second try; twice as long before the third
    retry_after: float = 10  # a server that asks for a longer pause is not tried again


@dataclass(frozen=True)
class Fault:
    """A failed try. `text` is in our own words: it holds nothing that the server wrote.

    `transient`: the failure may pass in a moment. `loading`: the server is still loading the model. `refused`: somebody
    has to look at the settings, and `hint` may say which. `filtered`: a content filter refused what was said.
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
    """Call `attempt` until it succeeds, `until` is reached, or the failure is not worth another try.

    `judge` returns what the exception of the nth try means; None if it has nothing to do with the server.
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
    """Return the seconds until the next try; None if there should be none."""
    asked = fault.retry_after
    if tries >= limits.tries or not fault.transient or (asked is not None and asked > limits.retry_after):
        return None
    jitter = random.uniform(0, limits.pause * 2 ** (tries - 1))  # noqa: S311  a pause need not be unpredictable
    return jitter if asked is None else asked + jitter


def post(client: "openai.OpenAI", path: str, body: dict[str, Any], until: float, connect: float) -> httpx2.Response:
    """Send one request. The response is read to the end unless it is a stream."""
    left = max(until - time.monotonic(), 0.001)
    # The SDK's documented way around its pydantic models of request and answer: 1.5 ms of processor a call instead of
    # 7. The whole address is passed, because the SDK takes 0.08 ms to join its two parts.
    return client.post(
        str(client.base_url).rstrip("/") + path,
        cast_to=httpx2.Response,
        content=orjson.dumps(body),
        options={"timeout": httpx2.Timeout(left, connect=min(connect, left))},
        stream=bool(body.get("stream")),
        stream_cls=cast(Any, None),
    )


class Late(AIUnavailable):
    """The time was up before the server answered."""


class Event(Protocol):
    @property
    def alive(self) -> bool:
        """Whether this event shows that the model is producing something, if only thoughts."""


E = TypeVar("E", bound=Event)


def timed(events: Iterator[E], first_by: float, until: float, limits: Timeouts) -> Iterator[E]:
    """Yield the events of a stream. Raise Late if the first that is `alive` comes too late, or a silence is too
    long."""
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
    """Raise Late out of the block when the time is up and it waits on a socket.

    Without a running gevent hub only the socket's own time limit applies.
    """
    left = until - time.monotonic()
    if left <= 0:
        raise AIUnavailable("the time limit of the call is over")
    with gevent.Timeout(left, Late("the server did not answer in time")):
        yield


def fault_of(error: Exception) -> Fault | None:
    """Return what an exception of the SDK means; None for any other exception. A timeout counts as not transient."""
    # imported only where it is used, here and elsewhere: it takes 0.3 s of processor, and a server may not need it
    import openai

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
    """Return what an error means that came with status 200. `where` says where it stood in place of the answer."""
    if filtered(problem):
        return AIFiltered(FILTERED)
    if too_long(problem):
        return AITooLong(f"{TOO_LONG}: {TOO_LONG_HINT}")
    if isinstance(problem, str) and problem.startswith("Unexpected endpoint"):
        return AIRefused(NO_MODEL)  # LM Studio says 404 in these words
    return AIUnavailable(f"the server reported an error {where}")


def drain(response: httpx2.Response, chunks: Iterator[bytes]) -> None:
    """Read the rest of a response, because only a connection that was read to the end can serve the next call."""
    with _for_seconds(DRAIN, response), suppress(httpx2.RequestError):
        deque(chunks, maxlen=0)


@contextmanager
def _for_seconds(seconds: float, response: httpx2.Response) -> Iterator[None]:
    """End the block after this many seconds.

    If sockets wait for gevent, a timeout ends it. Elsewhere, as in a terminal, a timer shuts down the socket for
    reading.
    """
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
    with suppress(OSError):  # the connection may have been closed meanwhile
        connection.shutdown(socket.SHUT_RD)


def log_cut(call: Call, finish: str) -> None:
    """Log an answer that was cut before its end. The learner still gets the words there are."""
    if finish in {"length", "content_filter"}:
        log.warning("ai_answer_cut", agent=call.agent, reason=finish)


def seconds_of(asked: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for, as a number or a date; None if it asks for none."""
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
