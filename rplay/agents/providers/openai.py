"""OpenAI, or any server that speaks its chat completions."""

import random
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import lru_cache
from math import inf
from typing import Any, TypeVar, cast

import gevent
import httpx2
import openai
import orjson
import structlog

from rplay.agents.providers.chat_completions import answer_of, body_of, pieces_of, refused_parameter
from rplay.agents.providers.connections import Connections
from rplay.agents.types import Answer, Call, Usage
from rplay.errors import AIEmptyAnswer, AIError, AINotConfigured, AIRefused, AIUnavailable

log = structlog.get_logger()
R = TypeVar("R")

OFFICIAL = "https://api.openai.com/v1"
AGAIN = frozenset({408, 409, 429})  # and everything from 500
KEYS = 64  # keys that came with requests and whose client is kept


@dataclass(frozen=True)
class Limits:
    """Seconds, and how often a call is tried."""

    connect: float = 3
    first: float = 20  # until the first token of a stream
    silence: float = 15  # between two chunks
    whole: float = 60
    tries: int = 3
    pause: float = 0.5  # longest pause before the second try, doubled before the third
    retry_after: float = 10  # a server that asks for a longer pause is not asked again


class OpenAIProvider:
    """Asks with the call's own key, else with the configured one. A server of one's own may need none."""

    name = "openai"

    def __init__(
        self, key: Callable[[], str | None], base_url: str | None, model: str, limits: Limits | None = None
    ) -> None:
        self.model = model
        self._key = key
        self._own_server = base_url is not None
        self._base_url = base_url or OFFICIAL
        self._limits = limits or Limits()
        self._left_out: set[str] = set()
        # One HTTP client for all keys: the key is a header of each request, and TLS is expensive to set up.
        self._http = openai.DefaultHttpxClient(transport=Connections(self._base_url))
        self._client = lru_cache(maxsize=KEYS)(self._new_client)

    @property
    def configured(self) -> bool:
        return self._own_server or bool(self._key())

    def answer(self, call: Call) -> Answer:
        began = time.monotonic()
        answer = self._persist(call, False, lambda body, until: self._whole(call, body, until))
        _log_call(call, answer.model, began, answer.usage)
        return answer

    def stream(self, call: Call) -> Iterator[str]:
        first, pieces = self._persist(call, True, lambda body, until: self._begin(call, body, until))
        with closing(pieces):
            yield first
            try:
                yield from pieces
            except httpx2.RequestError as error:
                _log_failure(call, self.model, error, 1)
                raise _failure(error) from None

    def probe_key(self, key: str) -> bool:
        """Whether the server lets this key in."""
        timeout = httpx2.Timeout(10, connect=self._limits.connect)
        try:
            with _within(time.monotonic() + 10):
                client = self._client(key)
                response = client.get("/models", cast_to=httpx2.Response, options={"timeout": timeout})
            return isinstance(orjson.loads(response.content)["data"], list)
        except (openai.OpenAIError, AIError, ValueError, LookupError, TypeError) as error:
            log.info("openai_key_probe_failed", reason=type(error).__name__, status=getattr(error, "status_code", None))
            return False

    def close(self) -> None:
        self._http.close()

    def _new_client(self, key: str) -> openai.OpenAI:
        return openai.OpenAI(api_key=key, base_url=self._base_url, max_retries=0, http_client=self._http)

    def _persist(self, call: Call, stream: bool, attempt: Callable[[dict[str, Any], float], R]) -> R:
        """Repeats what is worth repeating, within the time of the call."""
        until = min(call.deadline or inf, time.monotonic() + self._limits.whole)
        failures = 0
        while True:
            body = body_of(call, self.model, stream, self._left_out)
            try:
                return attempt(body, until)
            except (openai.APIError, httpx2.RequestError) as error:
                if self._does_without(error, body):
                    continue
                failures += 1
                pause = self._pause(error, failures)
                _log_failure(call, self.model, error, failures)
                if pause is None or time.monotonic() + pause >= until:
                    raise _failure(error) from None
            time.sleep(pause)

    def _whole(self, call: Call, body: dict[str, Any], until: float) -> Answer:
        with _within(until):
            return answer_of(self._post(call, body, until), call, self.model)

    def _begin(self, call: Call, body: dict[str, Any], until: float) -> tuple[str, Generator[str]]:
        """The first piece, and the generator of the others: up to here a stream can be tried again."""
        pieces = self._pieces(call, body, until)
        return next(pieces), pieces

    def _pieces(self, call: Call, body: dict[str, Any], until: float) -> Generator[str]:
        """At least one piece, else an error. Its end, for whatever reason, is the end of the call upstream."""
        began = time.monotonic()
        first_by = min(until, began + self._limits.first)
        with _within(first_by):
            response = self._post(call, body, first_by)
        said = alive = refused = False
        usage = Usage()
        with closing(response):
            events = pieces_of(response.iter_bytes())
            while True:
                with _within(min(until, time.monotonic() + self._limits.silence) if alive else first_by):
                    piece = next(events, None)
                if piece is None:
                    break
                alive = alive or piece.alive
                refused = refused or piece.refused
                usage = piece.usage if piece.usage != Usage() else usage
                if piece.text:
                    said = True
                    yield piece.text
        _log_call(call, self.model, began, usage, stream=True)
        if not said:
            raise AIRefused("the model declined to answer") if refused else AIEmptyAnswer("the model said nothing")

    def _post(self, call: Call, body: dict[str, Any], until: float) -> httpx2.Response:
        """One request. Its response is read to the end unless it is a stream."""
        key = call.key or self._key() or ("none" if self._own_server else None)
        if key is None:
            raise AINotConfigured("there is no OpenAI key")
        left = max(until - time.monotonic(), 0.001)
        # The documented way past the pydantic models of request and answer: 1.5 ms of processor a call instead of 7.
        return self._client(key).post(
            "/chat/completions",
            cast_to=httpx2.Response,
            content=orjson.dumps(body),
            options={"timeout": httpx2.Timeout(left, connect=min(self._limits.connect, left))},
            stream=bool(body.get("stream")),
            stream_cls=cast(Any, None),
        )

    def _does_without(self, error: Exception, body: dict[str, Any]) -> bool:
        """Whether the call failed over a parameter that can be left out; it is, from now on."""
        if not isinstance(error, (openai.BadRequestError, openai.UnprocessableEntityError)):
            return False
        name = refused_parameter(error.body, body)
        if name:
            log.info("openai_parameter_left_out", model=self.model, parameter=name)
            self._left_out.add(name)
        return name is not None

    def _pause(self, error: Exception, failures: int) -> float | None:
        """Seconds until the next try, None for no further one."""
        if failures >= self._limits.tries or not _transient(error):
            return None
        asked = _retry_after(error.response.headers) if isinstance(error, openai.APIStatusError) else None
        if asked is not None and asked > self._limits.retry_after:
            return None
        jitter = random.uniform(0, self._limits.pause * 2 ** (failures - 1))  # noqa: S311  nothing secret about a pause
        return jitter if asked is None else asked + jitter


@contextmanager
def _within(until: float) -> Iterator[None]:
    """Ends what waits on a socket when the time is up. Without a running hub the socket's own time limit has to do."""
    left = until - time.monotonic()
    if left <= 0:
        raise AIUnavailable("the time limit of the call is over")
    with gevent.Timeout(left, AIUnavailable("the server did not answer in time")):
        yield


def _transient(error: Exception) -> bool:
    """Whether it may be over in a moment. A server that let the time run out is not waited for again."""
    if isinstance(error, openai.APIStatusError):
        return error.status_code in AGAIN or error.status_code >= 500
    if isinstance(error, openai.APITimeoutError):
        return isinstance(error.__cause__, httpx2.ConnectTimeout)
    return not isinstance(error, httpx2.TimeoutException)


def _failure(error: Exception) -> AIError:
    """What the caller learns: nothing of what the server wrote."""
    if not isinstance(error, openai.APIStatusError):
        return AIUnavailable(f"no answer from the server ({type(error.__cause__ or error).__name__})")
    kind = AIUnavailable if _transient(error) else AIRefused
    return kind(f"the server answered {error.status_code}")


def _retry_after(headers: httpx2.Headers) -> float | None:
    """Seconds that the server asks to be left alone for, given as such or as a date."""
    asked = headers.get("retry-after")
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


def _log_call(call: Call, model: str, began: float, usage: Usage, **more: Any) -> None:
    ms = round((time.monotonic() - began) * 1000)
    tokens = {"tokens_in": usage.tokens_in, "tokens_out": usage.tokens_out}
    log.info("openai_call", agent=call.agent, model=model, ms=ms, own_key=bool(call.key), **tokens, **more)


def _log_failure(call: Call, model: str, error: Exception, failures: int) -> None:
    """A refusal under our own key needs somebody to look at the settings."""
    status = getattr(error, "status_code", None)
    facts = {"agent": call.agent, "model": model, "status": status, "error": type(error).__name__, "failures": failures}
    if status is None or _transient(error) or call.key:
        log.warning("openai_call_failed", own_key=bool(call.key), **facts)
    else:
        hint = "check OPENAI_API_KEY, OPENAI_BASE_URL and OPENAI_MODEL"
        log.error("openai_configuration_error", hint=hint, **facts)
