"""The provider for OpenAI, or for any server that understands chat completions."""

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from functools import cached_property, lru_cache, partial
from math import inf
from typing import TYPE_CHECKING, Any, TypeVar

import gevent
import httpx2
import orjson
import structlog
from gevent.event import Event

from rplay.agents.model_text import Habit, Words
from rplay.agents.providers.chat_completions import OPTIONAL, REQUIRED, SCHEMA, answer_of, body_of, pieces_of
from rplay.agents.providers.policy import (
    TOO_LONG,
    TOO_LONG_HINT,
    Fault,
    Late,
    Timeouts,
    drain,
    fault_of,
    log_cut,
    persist,
    post,
    timed,
    within,
)
from rplay.agents.providers.refusals import WHOLE, Memory, objection, too_long
from rplay.agents.types import Answer, Call, Purpose, ReviewCalls, Scene, Usage
from rplay.connections import Beside, Connections
from rplay.errors import (
    AIAsleep,
    AIEmptyAnswer,
    AIError,
    AIFiltered,
    AINotConfigured,
    AIRefused,
    AITooLong,
    AIUnavailable,
)
from rplay.model_end_dates import OPENAI

if TYPE_CHECKING:
    import openai

log = structlog.get_logger()
R = TypeVar("R")

# seconds that loading a model may take, and seconds between two checks whether it is loaded
LOADING, AGAIN = 600.0, 10.0
# Seconds after an answer for which the model counts as loaded. Waking a model that is only slow would take the slot in
# which its server (llama.cpp with one slot) keeps the part of a prompt it has read: each try would begin anew.
KEPT = 240.0
# A sum, so that a model that thinks only now and then does think.
WAKING = Call(
    "simulationClient",
    "You answer in a few words.",
    [{"role": "user", "content": "How much is 17 times 23?"}],
    Scene({}, "insurance"),
)
# LONGEST_TOKEN: the most characters a token has on average (about 4.5 in English). LEAST: the tokens that even the
# smallest contexts keep.
LONGEST_TOKEN, LEAST = 6, 1000
KEYS = 64  # number of SDK clients that are cached, one for each key that came with requests


class OpenAIProvider:
    """Asks with the key of the request, else with the configured one. A server of one's own may need no key."""

    name = "openai"
    takes_keys = True

    def __init__(
        self,
        key: Callable[[], str | None],
        base_url: str | None,
        model: str,
        limits: Timeouts | None = None,
        effort: Mapping[Purpose, str] | None = None,
        beside: Beside = gevent.spawn,
        review_calls: ReviewCalls = "one",
    ) -> None:
        self.model = model
        self.review_calls = review_calls
        self._key = key
        self._own_server = base_url is not None
        self.habit: Habit = "unknown" if self._own_server else "speaks"
        self._base_url = base_url or OPENAI
        self._limits = limits or Timeouts()
        self._effort = effort or {}
        self._asleep = Event()  # set while the model may have to be loaded
        self._asleep.set()
        self._answered = -inf
        self._refused = Memory()
        self._beside = beside
        self._client = lru_cache(maxsize=KEYS)(self._new_client)

    @property
    def configured(self) -> bool:
        return self._own_server or bool(self._key())

    def answer(self, call: Call) -> Answer:
        began = time.monotonic()
        answer = self._persist(call, False, lambda body, until: self._whole(call, body, until))
        _log_call(call, answer.model, began, answer.usage)
        return answer

    def stream(self, call: Call) -> Generator[str, None, Usage]:
        first, pieces = self._persist(call, True, lambda body, until: self._begin(call, body, until))
        with closing(pieces):
            yield first
            try:
                return (yield from pieces)
            except httpx2.RequestError as error:
                fault = self._judge(call, error, 1)
                raise (fault.error() if fault else error) from None

    def keep_awake(self) -> None:
        """Run forever: load the model of a server of one's own now, and again after it was idle and did not begin in
        time.

        Servers load a model when they are asked, and some stop loading when the caller goes away, so calls with a
        learner's time limit alone would never get it loaded. The first answer also shows how the model begins, before
        any learner waits.
        """
        while True:
            self._asleep.wait()
            self._wake()
            self._asleep.clear()

    def probe_key(self, key: str) -> bool:
        import openai

        timeout = httpx2.Timeout(10, connect=self._limits.connect)
        try:
            with within(time.monotonic() + 10):
                client = self._client(key)
                response = client.get("/models", cast_to=httpx2.Response, options={"timeout": timeout})
            return isinstance(orjson.loads(response.content)["data"], list)
        except (openai.OpenAIError, AIError, ValueError, LookupError, TypeError) as error:
            log.info("openai_key_probe_failed", reason=type(error).__name__, status=getattr(error, "status_code", None))
            return False

    def close(self) -> None:
        if "_http" in self.__dict__:
            self._http.close()

    @cached_property
    def _http(self) -> httpx2.Client:
        """One HTTP client for all keys: the key is a header of each request, and setting up TLS is expensive."""
        import openai

        return openai.DefaultHttpxClient(transport=Connections(self._base_url, self._beside))

    def _new_client(self, key: str) -> "openai.OpenAI":
        import openai

        return openai.OpenAI(api_key=key, base_url=self._base_url, max_retries=0, http_client=self._http)

    def _persist(self, call: Call, stream: bool, attempt: Callable[[dict[str, Any], float], R]) -> R:
        """Call `attempt` until it succeeds or the call's time is over. Repeat only failures that may pass."""
        until = min(call.deadline or inf, time.monotonic() + self._limits.whole)
        try:
            return persist(
                lambda: self._ask(call, stream, attempt, until), until, self._limits, partial(self._judge, call)
            )
        except Late as error:
            if not self._own_server:
                raise
            if time.monotonic() - self._answered > KEPT:
                self._asleep.set()
            raise AIAsleep(str(error)) from None

    def _ask(self, call: Call, stream: bool, attempt: Callable[[dict[str, Any], float], R], until: float) -> R:
        """Ask once, and again without each part that the model turns out to refuse."""
        import openai

        tried: list[str] = []
        while True:
            body = self._body(self._fitting(call, tried), stream, tried)
            try:
                found = attempt(body, until)
            except openai.APIStatusError as error:
                tried.append(self._objection(error, body, tried, call))
            except AITooLong:  # the error came in a response with status 200
                if call.shorter is None or WHOLE in tried:
                    raise
                tried.append(WHOLE)
            else:
                self._answered = time.monotonic()
                self._remember(tried)
                return found

    def _wake(self) -> None:
        """Ask until the model answers, its server refuses, or the time for loading is over."""
        import openai

        began = time.monotonic()
        until = began + LOADING
        while time.monotonic() < until:
            try:
                self._meet(self._ask(WAKING, False, partial(self._whole, WAKING), until))
            except (AIError, openai.APIError, httpx2.RequestError) as error:
                if not _may_pass(error):
                    return
                time.sleep(AGAIN)
            else:
                log.info("openai_model_awake", model=self.model, ms=round((time.monotonic() - began) * 1000))
                return
        log.warning("openai_model_does_not_wake", model=self.model, seconds=LOADING)

    def _meet(self, answer: Answer) -> None:
        words = Words()
        words.shown(answer.text)
        words.rest()
        if self.habit == "unknown":
            self.habit = words.habit

    def _judge(self, call: Call, error: Exception, tries: int) -> Fault | None:
        fault = fault_of(error)
        if fault:
            _log_failure(call, self.model, error, fault, tries)
        return fault

    def _whole(self, call: Call, body: dict[str, Any], until: float) -> Answer:
        with within(until):
            answer = answer_of(self._post(call, body, until), call, self.model)
        if answer.finish == "content_filter":
            raise AIFiltered("a content filter cut the answer")
        log_cut(call, answer.finish)
        self._notice_cut_prompt(call, body, answer.usage)
        return answer

    def _begin(self, call: Call, body: dict[str, Any], until: float) -> tuple[str, Generator[str, None, Usage]]:
        """Return the first piece, and the generator of the others. Until the first piece a stream can be tried
        again."""
        pieces = self._pieces(call, body, until)
        return next(pieces), pieces

    def _pieces(self, call: Call, body: dict[str, Any], until: float) -> Generator[str, None, Usage]:
        """Yield at least one piece, or raise AIError. The call upstream ends with the generator, for whatever
        reason."""
        began = time.monotonic()
        first_by = min(until, began + self._limits.first)
        with within(first_by):
            response = self._post(call, body, first_by)
        said = refused = False
        finish = ""
        usage = Usage()
        with closing(response):
            chunks = response.iter_bytes()
            for piece in timed(pieces_of(chunks), first_by, until, self._limits):
                if piece.thought and self.habit == "unknown":
                    self.habit = "speaks"  # the server separates thoughts from words
                refused = refused or piece.refused
                finish = piece.finish or finish
                usage = piece.usage if piece.usage != Usage() else usage
                if piece.text:
                    said = True
                    yield piece.text
            drain(response, chunks)
        _log_call(call, self.model, began, usage, stream=True)
        if not said:
            if finish == "content_filter":
                raise AIFiltered("a content filter cut the answer")
            raise AIRefused("the model declined to answer") if refused else AIEmptyAnswer("the model said nothing")
        log_cut(call, finish)
        self._notice_cut_prompt(call, body, usage)
        return usage

    def _notice_cut_prompt(self, call: Call, body: dict[str, Any], usage: Usage) -> None:
        """Learn and log that the server cut the prompt: Ollama silently drops the beginning of one that is too long."""
        characters = sum(len(one["content"]) for one in body["messages"])
        cut = LEAST <= usage.tokens_in < characters / LONGEST_TOKEN
        if cut and self._own_server and self._refused.learn([WHOLE if call.shorter else f"{WHOLE} of {call.agent}"]):
            counts = {"tokens": usage.tokens_in, "characters": characters}
            log.warning("openai_prompt_cut", model=self.model, hint=f"probably {TOO_LONG}: {TOO_LONG_HINT}", **counts)

    def _post(self, call: Call, body: dict[str, Any], until: float) -> httpx2.Response:
        """Send one request. The response is read to the end unless it is a stream."""
        key = call.key or self._key() or ("none" if self._own_server else None)
        if key is None:
            raise AINotConfigured("there is no OpenAI key")
        if not (key.isascii() and key.isprintable()):
            raise AIRefused("the key holds what cannot stand in a header")
        return post(self._client(key), "/chat/completions", body, until, self._limits.connect)

    def _body(self, call: Call, stream: bool, tried: Sequence[str]) -> dict[str, Any]:
        """Return the request body, without what this model is known to refuse and what this call tries to do
        without."""
        effort = self._effort.get(call.purpose, "")
        known = (*OPTIONAL, "tools", "system", REQUIRED, SCHEMA, f"reasoning_effort={effort}")
        without = {name for name in known if name in self._refused} | {name.removeprefix("?") for name in tried}
        return body_of(call, self.model, stream, "" if f"reasoning_effort={effort}" in without else effort, without)

    def _fitting(self, call: Call, tried: Sequence[str]) -> Call:
        """Return the call, shortened if it is known not to fit into the model's context."""
        return call.shorter(call) if call.shorter and (WHOLE in tried or WHOLE in self._refused) else call

    def _objection(self, error: "openai.APIStatusError", body: dict[str, Any], tried: Sequence[str], call: Call) -> str:
        """Return what to leave out at the next try. Raise the error again if there is nothing to leave out, or it did
        not help.

        A refused effort is remembered by its value, because the model may accept another one; so is the choice of a
        tool.
        """
        name = WHOLE if call.shorter and too_long(error.body) else objection(error, body, OPTIONAL)
        if name == "response_format" and body[name]["type"] == "json_schema":
            name = SCHEMA
        if name == "reasoning_effort" or (name == "tool_choice" and body[name] == "required"):
            name = f"{name}={body[name]}"
        if name is None or name in tried:
            raise error
        return name

    def _remember(self, tried: Sequence[str]) -> None:
        for name, hint in self._refused.learn(tried):
            log.warning("openai_not_supported", model=self.model, refused=name, hint=hint)


def _may_pass(error: Exception) -> bool:
    """Return whether the failure may be over once the model is loaded. Other failures are logged when a learner's call
    meets them."""
    fault = fault_of(error)
    return isinstance(error, AIUnavailable) or bool(fault and (fault.transient or fault.loading))


def _log_call(call: Call, model: str, began: float, usage: Usage, **more: Any) -> None:
    ms = round((time.monotonic() - began) * 1000)
    tokens = {"tokens_in": usage.tokens_in, "tokens_out": usage.tokens_out}
    log.info("openai_call", agent=call.agent, model=model, ms=ms, own_key=bool(call.key), **tokens, **more)


def _log_failure(call: Call, model: str, error: Exception, fault: Fault, tries: int) -> None:
    """Log a failure. A refusal under our own key is logged as an error, because somebody has to look at the
    settings."""
    kind = type(error).__name__
    facts = {"agent": call.agent, "model": model, "status": fault.status, "error": kind, "reason": fault.text}
    facts["failures"] = tries
    if fault.filtered:
        log.warning("openai_content_filtered", hint="the server's content filter refused this talk", **facts)
    elif not fault.refused or call.key:
        log.warning("openai_call_failed", own_key=bool(call.key), **facts)
    else:
        hint = fault.hint or "check OPENAI_API_KEY, OPENAI_BASE_URL and OPENAI_MODEL"
        log.error("openai_configuration_error", hint=hint, **facts)
