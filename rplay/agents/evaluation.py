"""The review of a finished talk."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain as joined
from itertools import repeat
from typing import Any

import gevent

from rplay.agents.assessment import by_competency
from rplay.agents.assessment.about import about
from rplay.agents.broken_rules import broken_in
from rplay.agents.chain import Answered, Chain
from rplay.agents.delivery import delivery_of
from rplay.agents.model_output import json_object
from rplay.agents.prompts import prompt
from rplay.agents.review import Review, read
from rplay.agents.types import Call, Provider, Transcript
from rplay.agents.wording import BLOCK, PROMPT, block, newest, one_line, steering, transcript, within
from rplay.errors import AIBadAnswer

RUBRICS = 20_000  # limit in characters for all rubrics in one prompt


def review(chain: Chain, talk: Transcript, key: str | None = None) -> Review:
    """Return the review, with scores, reasons and advice.

    An answer that cannot be read is asked for once more. Raise AIEmptyAnswer if the model said nothing, AIBadAnswer if
    it wrote no review, else whatever the chain raises.
    """
    answered = chain.first(_call(talk, key), partial(_asked, chain, talk))
    broken = gevent.get_hub().threadpool.apply(broken_in, (talk,))
    metadata = {
        "provider": answered.provider,
        "model": answered.model,
        "promptVersion": prompt("evaluation").version,
        "rubricHash": talk.rubric_hash,
    }
    measured = replace(answered.value, delivery=delivery_of(talk.messages))
    return measured.under_the_rules(broken).signed({**metadata, **answered.value.metadata})


def _asked(chain: Chain, talk: Transcript, provider: Provider, call: Call) -> Answered[Review]:
    if provider.review_calls == "per-competency" and 0 < len(talk.competencies) <= by_competency.MOST:
        return by_competency.review(chain, provider, call, talk)
    return chain.ask(provider, call, lambda text: read(json_object(text), talk), _once_more)


def _once_more(call: Call, answer: str, error: AIBadAnswer) -> Call:
    return call.corrected(
        answer, f"This cannot be read as a review: {error}. Answer with the whole JSON object and nothing else."
    )


def _call(talk: Transcript, key: str | None) -> Call:
    blocks = (
        about(talk),
        block("competencies", within(BLOCK, map(_competency, talk.competencies))),
        block("rubrics", within(RUBRICS, _rubrics(talk))),
    )
    told = "\n\n".join(filter(None, blocks))
    settings = steering(talk.parameters, ("guardrails",))
    lines = transcript(talk.messages, "ADVISOR", "CLIENT", PROMPT - len(told) - len(settings))
    return Call(
        agent="evaluation",
        instructions=prompt("evaluation").filled(
            difficulty=talk.difficulty,
            facts=told,
            settings=settings,
        ),
        messages=newest(talk.messages),
        context=talk,
        prompt=[{"role": "user", "content": f"{block('conversation', lines or '(no message)')}\n\nReview it as JSON."}],
        json=True,
        temperature=0.2,
        key=key,
    )


def _competency(competency: Mapping[str, Any]) -> str:
    name = one_line(competency.get("name") or competency.get("id"), 200)
    description = one_line(competency.get("description"))
    return f"- {name}: {description}" if description else f"- {name}"


def _rubrics(talk: Transcript) -> Iterator[str]:
    named: dict[str, list[Mapping[str, Any]]] = {}
    for row in talk.rubrics:
        named.setdefault(one_line(row.get("competency_name"), 200), []).append(row)
    for name, rows in named.items():
        yield name
        for range_, row in zip(joined(by_competency.RANGES, repeat("more")), rows, strict=False):
            said = (one_line(row.get("description")), one_line(row.get("criteria"), 2000))
            yield f"- {range_}: " + " ".join(filter(None, said))
