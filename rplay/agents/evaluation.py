"""The review of a finished talk."""

from collections.abc import Mapping
from typing import Any

from rplay.agents.answers import json_object
from rplay.agents.chain import Chain
from rplay.agents.prompts import prompt
from rplay.agents.review import Review, read
from rplay.agents.types import Call, Transcript
from rplay.agents.wording import block, newest, one_line, steering, transcript

# The lowest range of a rubric comes first.
RANGES = ("1-2", "3-4", "5-6", "7-8", "9-10")


def review(chain: Chain, talk: Transcript, key: str | None = None) -> Review:
    """Scores, reasons and advice.

    AIEmptyAnswer when the model said nothing, AIBadAnswer when what it said is no review, otherwise as the chain fails.
    """
    answered = chain.answer(_call(talk, key), lambda text: read(json_object(text), talk))
    metadata = {
        "provider": answered.provider,
        "model": answered.model,
        "promptVersion": prompt("evaluation").version,
        "rubricHash": talk.rubric_hash,
    }
    return answered.value.signed(metadata)


def _call(talk: Transcript, key: str | None) -> Call:
    blocks = (
        block("competencies", "\n".join(_competency(one) for one in talk.competencies)),
        block("rubrics", "\n".join(_rubrics(talk))),
    )
    lines = transcript(talk.messages, "ADVISOR", "CLIENT")
    return Call(
        agent="evaluation",
        instructions=prompt("evaluation").filled(
            difficulty=talk.difficulty,
            facts="\n\n".join(filter(None, blocks)),
            settings=steering(talk.parameters, ("guardrails",)),
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


def _rubrics(talk: Transcript) -> list[str]:
    """The criteria of each range, under the name of their competency."""
    lines: list[str] = []
    for number, row in enumerate(talk.rubrics):
        same = [one for one in talk.rubrics[:number] if one.get("competency_name") == row.get("competency_name")]
        if not same:
            lines.append(one_line(row.get("competency_name"), 200))
        range_ = RANGES[len(same)] if len(same) < len(RANGES) else "more"
        said = (one_line(row.get("description")), one_line(row.get("criteria"), 2000))
        lines.append(f"- {range_}: " + " ".join(filter(None, said)))
    return lines
