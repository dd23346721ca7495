"""Agents in a project of Azure AI Foundry. Azure stores their role and their tools; each call brings the talk."""

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from math import inf
from typing import Any, TypeVar, cast

import gevent
import httpx2
import openai
import structlog

from rplay.agents import tools
from rplay.agents.model_text import Habit
from rplay.agents.providers.azure_agents import Agents
from rplay.agents.providers.foundry import NO_SIGN_IN, Foundry, fault_of, sign_in
from rplay.agents.providers.policy import Fault, Timeouts, drain, log_cut, persist, post, timed, within
from rplay.agents.providers.refusals import Memory, objection, refuses_form
from rplay.agents.providers.responses import (
    FILTERED,
    FORM,
    OPTIONAL,
    Piece,
    Turn,
    going_on,
    pieces_of,
    to_agent,
    to_model,
    to_model_by_schema,
    turn_of,
    without,
)
from rplay.agents.types import Answer, Call, ReviewCalls, ToolUse, Usage
from rplay.connections import Beside
from rplay.errors import AIBadAnswer, AIEmptyAnswer, AIFiltered, AIRefused

log = structlog.get_logger()
R = TypeVar("R")

ROUNDS = 20  # limit of answers in a row that only ask for tools


class AzureProvider:
    """Asks the agents of one project. `sign_in` makes the project's client from the endpoint; tests replace it."""

    name = "azure"
    takes_keys = False
    configured = True
    habit: Habit = "speaks"

    def __init__(
        self,
        endpoint: str,
        model: str,
        prefix: str,
        limits: Timeouts | None = None,
        sign_in: Callable[[str], Any] = sign_in,
        beside: Beside = gevent.spawn,
        review_calls: ReviewCalls = "one",
    ) -> None:
        self.model = model
        self.review_calls = review_calls
        self._limits = limits or Timeouts()
        self._foundry = Foundry(endpoint, sign_in, beside)
        self._agents = Agents(self._foundry, prefix, model, self._limits, beside)
        self._refused = Memory()

    def initialize(self) -> list[dict[str, Any]]:
        """Look up all agents, also those already known, and return `[{name, initialized, error?}]`.

        A call that comes earlier looks up its own agent.
        """
        return self._agents.initialize()

    def health(self) -> dict[str, Any]:
        agents = self._agents.states()
        client = {"configured": True, "initialized": self._foundry.is_open, "error": self._agents.error}
        available = any(agent["initialized"] for agent in agents)
        return {"configured": True, "available": available, "client": client, "agents": agents}

    def close(self) -> None:
        self._foundry.close()

    def answer(self, call: Call) -> Answer:
        began = time.monotonic()
        until = self._until(call)
        body = self._question(call, until)
        usage = Usage()
        for rounds in range(1, ROUNDS + 1):
            turn = self._persist(call, partial(self._whole, body, until), until)
            usage = _sum(usage, turn.usage)
            if call.tool or not turn.calls:
                _log_call(call, turn, began, usage, rounds)
                text = _said(turn)
                log_cut(call, turn.finish)
                return Answer(text, turn.model or self.model, usage, turn.finish)
            body = going_on(body, turn, _outputs(call, turn))
        raise AIBadAnswer("the model called tools and gave no answer")

    def stream(self, call: Call) -> Generator[str | ToolUse, None, Usage]:
        began = time.monotonic()
        until = self._until(call)
        body = {**self._question(call, until), "stream": True}
        usage = Usage()
        said = False
        for rounds in range(1, ROUNDS + 1):
            with closing(self._round(call, body, until, again=not said)) as pieces:
                for piece in pieces:
                    if piece.text:
                        said = True
                        yield piece.text
            turn = cast(Turn, piece.turn)  # the last piece of a complete stream has the turn
            usage = _sum(usage, turn.usage)
            if not turn.calls:
                _log_call(call, turn, began, usage, rounds)
                if not said:
                    yield _said(turn)
                log_cut(call, turn.finish)
                return usage
            outputs = _outputs(call, turn)
            for asked, output in zip(turn.calls, outputs, strict=True):
                yield ToolUse(rounds, asked.id, asked.name, asked.arguments, output)
            body = {**going_on(body, turn, outputs), "stream": True}
        raise AIBadAnswer("the model called tools and gave no answer")

    def _until(self, call: Call) -> float:
        return min(call.deadline or inf, time.monotonic() + self._limits.whole)

    def _question(self, call: Call, until: float) -> dict[str, Any]:
        """Return the request body. Looking up the agent comes first in any case, because it shows whether we can sign
        in, and counts against the time for the first words."""
        reference = self._agents.reference(call.agent, min(until, time.monotonic() + self._limits.first))
        if call.tool:
            return to_model(call, call.tool, self.model)
        if call.schema and FORM not in self._refused:
            return to_model_by_schema(call, call.schema, self.model)
        return to_agent(call, reference)

    def _persist(self, call: Call, attempt: Callable[[], R], until: float, tries: int | None = None) -> R:
        limits = replace(self._limits, tries=tries) if tries else self._limits
        return persist(attempt, until, limits, partial(self._judge, call))

    def _judge(self, call: Call, error: Exception, tries: int) -> Fault | None:
        """Return what an exception means; None if it is no failure of the server.

        An agent that is gone, or to which we cannot sign in, is forgotten and looked up at the next call.
        """
        fault = fault_of(error)
        if fault:
            _log_failure(call, self.model, fault, tries)
            if fault.status == 404:
                self._agents.forget(call.agent)
            elif fault.text == NO_SIGN_IN:
                self._agents.forget(call.agent, fault.error())
        return fault

    def _whole(self, body: dict[str, Any], until: float) -> Turn:
        with within(until):
            return turn_of(self._post(body, until))

    def _round(self, call: Call, body: dict[str, Any], until: float, again: bool) -> Generator[Piece]:
        """Yield one answer in pieces. It may be tried again as long as the learner has heard nothing (`again`)."""
        first, rest = self._persist(call, partial(self._begin, body, until), until, None if again else 1)
        with closing(rest):
            yield first
            try:
                yield from rest
            except (openai.APIError, httpx2.RequestError) as error:
                fault = self._judge(call, error, 1)
                raise (fault.error() if fault else error) from None

    def _begin(self, body: dict[str, Any], until: float) -> tuple[Piece, Generator[Piece]]:
        """Return the first piece that says something, and the generator of the others."""
        pieces = self._pieces(body, until)
        return next(pieces), pieces

    def _pieces(self, body: dict[str, Any], until: float) -> Generator[Piece]:
        """Yield the pieces; the last one has the turn. The call upstream ends with the generator, for whatever
        reason."""
        first_by = min(until, time.monotonic() + self._limits.first)
        with within(first_by):
            response = self._post(body, first_by)
        with closing(response):
            chunks = response.iter_bytes()
            for piece in timed(pieces_of(chunks), first_by, until, self._limits):
                if piece.text or piece.turn:
                    yield piece
            drain(response, chunks)

    def _post(self, body: dict[str, Any], until: float) -> httpx2.Response:
        """Send one request, without what the model is known to refuse and what this call tries to do without."""
        client = self._foundry.open(until).openai
        tried: list[str] = []
        while True:
            names = {name for name in (*OPTIONAL, FORM, "tools", "system") if name in self._refused}
            sent = without(body, names | {name.removeprefix("?") for name in tried}, self.model)
            try:
                response = post(client, "/responses", sent, until, self._limits.connect)
            except openai.APIStatusError as error:
                tried.append(_objection(error, sent, tried))
            else:
                self._remember(tried)
                return response

    def _remember(self, tried: Sequence[str]) -> None:
        for name, hint in self._refused.learn(tried):
            log.warning("azure_not_supported", model=self.model, refused=name, hint=hint)


def _objection(error: openai.APIStatusError, sent: dict[str, Any], tried: Sequence[str]) -> str:
    """Return the part of the request to leave out at the next try. Raise the error again if there is no such part, or
    if leaving it out did not help."""
    brings_tools = ["tools"] * ("agent_reference" in sent)
    about_form = FORM in sent and error.status_code in {400, 422} and refuses_form(error.body)
    name = FORM if about_form else objection(error, [*sent, *brings_tools], OPTIONAL)
    if name is None or name in tried:
        raise error
    return name


def _outputs(call: Call, turn: Turn) -> list[str]:
    return [tools.run(call, asked.name, asked.arguments) for asked in turn.calls]


def _said(turn: Turn) -> str:
    """Return the words of a turn, or the arguments of a forced tool. Raise AIError if it has neither."""
    text = turn.calls[0].arguments if turn.calls else turn.text
    if turn.finish == FILTERED:
        raise AIFiltered("a content filter cut the answer")
    if not text.strip():
        raise AIRefused("the model declined to answer") if turn.refused else AIEmptyAnswer("the model said nothing")
    return text


def _sum(one: Usage, other: Usage) -> Usage:
    return Usage(one.tokens_in + other.tokens_in, one.tokens_out + other.tokens_out)


def _log_call(call: Call, turn: Turn, began: float, usage: Usage, rounds: int) -> None:
    ms = round((time.monotonic() - began) * 1000)
    tokens = {"tokens_in": usage.tokens_in, "tokens_out": usage.tokens_out}
    log.info("azure_call", agent=call.agent, model=turn.model, ms=ms, rounds=rounds, **tokens)


def _log_failure(call: Call, model: str, fault: Fault, tries: int) -> None:
    """Log a failure. A refusal is logged as an error, because somebody has to look at the settings."""
    facts = {"agent": call.agent, "model": model, "status": fault.status, "reason": fault.text, "failures": tries}
    if fault.filtered:
        log.warning("azure_content_filtered", hint="the service's content filter refused this talk", **facts)
    elif not fault.refused:
        log.warning("azure_call_failed", **facts)
    else:
        hint = (
            fault.hint
            or "check AZURE_AI_PROJECT_ENDPOINT, AZURE_AI_MODEL_DEPLOYMENT_NAME and the identity's role in the project"
        )
        log.error("azure_configuration_error", hint=hint, **facts)
