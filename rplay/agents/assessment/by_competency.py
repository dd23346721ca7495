"""A model's review with one call for each competency, all at the same time.

All calls begin with the same text (instructions, client and talk), which servers keep; the competency comes last. A
competency whose call fails is asked for once more by itself, and then left out of the scores, because a score made in
another way would look like one of the model's. If fewer than half of the competencies could be assessed, there is no
review.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain as joined
from itertools import repeat, zip_longest
from typing import Any

import structlog
from gevent.pool import Pool

from rplay.agents.assessment.about import about
from rplay.agents.assessment.answer import Assessed, assessed
from rplay.agents.assessment.checks import BY_CODE, Sheet, sheet_for
from rplay.agents.assessment.form import schema
from rplay.agents.chain import Answered, Chain
from rplay.agents.model_output import json_object
from rplay.agents.prompts import prompt
from rplay.agents.review import Review, analysis_of
from rplay.agents.types import Call, Provider, Transcript, Usage
from rplay.agents.wording import BLOCK, PROMPT, block, one_line, steering, transcript, within
from rplay.errors import AIBadAnswer, AIError

log = structlog.get_logger()

MOST, AT_ONCE = 12, 8  # limits: competencies that get a call of their own; calls at the same time
RANGES = ("1-2", "3-4", "5-6", "7-8", "9-10")  # the ranges of a rubric's rows, from the lowest
TEXTS = 5  # limit of general strengths, and of general improvements


@dataclass(frozen=True)
class Asked:
    """One competency, and the call that asks for it."""

    name: str
    sheet: Sheet
    call: Call


def review(chain: Chain, provider: Provider, call: Call, talk: Transcript) -> Answered[Review]:
    """Return the review by this provider. `call` is the call that would ask for the whole review at once."""
    asked = _asked(call, talk)
    answers = _answers(chain, provider, asked, talk)
    found = [answer for answer in answers if isinstance(answer, Answered)]
    missing = [one.name for one, answer in zip(asked, answers, strict=True) if isinstance(answer, AIError)]
    if len(missing) > len(found):
        raise next(answer for answer in answers if isinstance(answer, AIError))
    usage = Usage(sum(one.usage.tokens_in for one in found), sum(one.usage.tokens_out for one in found))
    whole = _joined([one.value for one in found], missing, talk)
    return Answered(whole, found[0].provider, found[0].model, usage, max(one.ms for one in found))


def names(talk: Transcript) -> list[str]:
    return [one_line(one.get("name") or one.get("id"), 200) for one in talk.competencies]


def _asked(call: Call, talk: Transcript) -> list[Asked]:
    written = prompt("assessment")
    told = written.filled(difficulty=talk.difficulty, settings=steering(talk.parameters, ("guardrails",)))
    client = about(talk)
    lines = transcript(talk.messages, "ADVISOR", "CLIENT", PROMPT - BLOCK - len(client))
    same = "\n\n".join(filter(None, (client, block("conversation", lines or "(no message)"))))
    asked = []
    for name, competency in zip(names(talk), talk.competencies, strict=True):
        rows = [row for row in talk.rubrics if _is_of(row, competency)]
        sheet = sheet_for(competency, talk.difficulty, rows)
        content = f"{same}\n\n{_competency(name, competency, sheet, rows)}"
        one = replace(call, instructions=told, prompt=[{"role": "user", "content": content}], schema=schema(sheet))
        asked.append(Asked(name, sheet, one))
    return asked


def _is_of(row: Mapping[str, Any], competency: Mapping[str, Any]) -> bool:
    pairs = (("competency_id", "id"), ("competency_name", "name"))
    return any(row.get(its) and row.get(its) == competency.get(own) for its, own in pairs)


def _competency(name: str, competency: Mapping[str, Any], sheet: Sheet, rows: Sequence[Mapping[str, Any]]) -> str:
    harms = (f"- {harm.id}: {one_line(harm.text)}" for harm in sheet.harms if harm.id not in BY_CODE)
    ranges = (
        f"- {range_}: {one_line(row.get('description'))} {one_line(row.get('criteria'), 2000)}"
        for range_, row in zip(joined(RANGES, repeat("more")), rows, strict=False)
    )
    blocks = (
        block("competency", f"{name}: {one_line(competency.get('description'))}".rstrip(": ")),
        block("rubric", within(BLOCK // 2, ranges)),
        block("checks", within(BLOCK // 2, (f"- {check.id}: {one_line(check.text)}" for check in sheet.checks))),
        block("harms", within(BLOCK // 4, harms)),
    )
    return "\n\n".join([*filter(None, blocks), "Assess this competency as JSON."])


def _answers(
    chain: Chain, provider: Provider, asked: Sequence[Asked], talk: Transcript
) -> list[Answered[Assessed] | AIError]:
    def ask(one: Asked) -> Answered[Assessed] | AIError:
        def understood(text: str) -> Assessed:
            return assessed(json_object(text), one.name, one.sheet, talk)

        try:
            return chain.ask(provider, one.call, understood, _once_more)
        except AIError as error:
            return error

    pool = Pool(AT_ONCE)
    try:
        answers: list[Answered[Assessed] | AIError] = pool.map(ask, asked)
    finally:
        pool.kill(block=False)  # ends the other calls when nobody waits for the review any more
    if all(isinstance(one, AIError) for one in answers):
        return answers
    return [ask(one) if isinstance(answer, AIError) else answer for one, answer in zip(asked, answers, strict=True)]


def _once_more(call: Call, answer: str, error: AIBadAnswer) -> Call:
    return call.corrected(answer, f"This cannot be read: {error}. Answer with the whole JSON object and nothing else.")


def _joined(found: Sequence[Assessed], missing: Sequence[str], talk: Transcript) -> Review:
    if missing:
        log.warning("review_incomplete", missing=len(missing))
    best = sorted(found, key=lambda one: -one.score.score)
    strengths = _spread([one.strengths for one in best])
    improvements = _spread([one.improvements for one in reversed(best)])
    return Review(
        overall=round(sum(one.score.score for one in found) / len(found), 1),
        competencies=[one.score for one in found],
        strengths=[one["text"] for one in strengths[:TEXTS]],
        improvements=[one["text"] for one in improvements[:TEXTS]],
        summary=_summary(best[0], best[-1]),
        analysis=analysis_of(talk.messages),
        moments=sorted([*strengths, *improvements], key=lambda one: int(one["line"])),
        next_step=next(iter(improvements), None),
        flags=[{"kind": "missing", "competency": name} for name in missing],
        checks=[check for one in found for check in one.checks],
        metadata={"promptVersion": f"checks-{prompt('assessment').version}"},
    )


def _spread(texts: Sequence[Sequence[Mapping[str, Any]]]) -> list[Mapping[str, Any]]:
    """Return the first text of each competency, then the second and so on, with each line of the talk only once."""
    rows = (one for row in zip_longest(*texts) for one in row if one)
    return list({(one["line"], one["quote"]): one for one in reversed(list(rows))}.values())[::-1]


def _summary(best: Assessed, worst: Assessed) -> str:
    """Return a summary in the model's own words and language: what went best, what went worst, what to practise
    next."""
    return " ".join(dict.fromkeys(filter(None, (best.score.feedback, worst.score.feedback, worst.practise))))
