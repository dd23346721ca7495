"""Generated client profiles to practise with."""

import random
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from rplay.agents.chain import Answered, Chain
from rplay.agents.model_output import json_object, number
from rplay.agents.persona.repair import repaired
from rplay.agents.profile_shape import Profile, errors_of
from rplay.agents.prompts import prompt
from rplay.agents.types import Call, ProfileWish
from rplay.agents.wording import block, facts, one_line, steering
from rplay.errors import AIBadAnswer

DEADLINE = 14.0  # seconds; the frontend gives up after 15
RECENT = 10  # a new profile should differ from this many of the newest ones

AGES = ((22, 30), (31, 40), (41, 50), (51, 60), (61, 70), (71, 82))
# Each family status with the youngest and oldest age it fits, so that the requested age and family go together.
STATUSES = (
    ("single, no children", 22, 82),
    ("living with a partner, no children", 22, 50),
    ("engaged, no children", 22, 40),
    ("married, no children yet", 22, 40),
    ("married with young children", 31, 40),
    ("married with children in their teens or at college", 41, 60),
    ("divorced, sharing the care of the children", 31, 50),
    ("divorced, no children", 31, 70),
    ("raising children alone", 31, 50),
    ("widowed, with grown-up children", 61, 82),
    ("married, with grown-up children and grandchildren", 61, 82),
    ("married, no children, looking after a parent", 41, 60),
)
FIELDS = (
    "health care", "education", "a skilled trade", "transport and logistics", "hospitality", "retail", "farming",
    "public service", "manufacturing", "information technology", "science or engineering", "the arts or media",
    "construction", "social work", "their own small business", "office administration", "the armed forces",
)  # fmt: skip
WORKING_UNTIL = 70


def generate(
    chain: Chain, wish: ProfileWish, deadline_seconds: float = DEADLINE
) -> tuple[dict[str, Any], Answered[Any]]:
    """Return a profile as a JSON object, and who made it.

    An invalid profile is asked for once more, then the next provider is asked. A profile that contradicts itself is
    repaired, never refused.
    """
    call = replace(_call(wish), deadline=time.monotonic() + deadline_seconds)
    answered = chain.answer(call, read, _once_more)
    return {**repaired(answered.value), "difficulty": wish.difficulty}, answered


def read(answer: str) -> dict[str, Any]:
    """Return the profile in an answer. Raise AIBadAnswer, which lists the errors by field."""
    found = json_object(answer)
    inner = found.get("profile")
    try:
        profile = Profile.model_validate(inner if isinstance(inner, Mapping) else found)
    except ValidationError as error:
        raise AIBadAnswer("; ".join(errors_of(error))) from None
    return profile.model_dump(by_alias=True)


def _once_more(call: Call, answer: str, error: AIBadAnswer) -> Call:
    return call.corrected(
        answer, f"This is not a valid profile: {error}. Answer with the whole corrected JSON object and nothing else."
    )


def _call(wish: ProfileWish) -> Call:
    blocks = (
        block("wish", facts({**_wanted(wish), **diversity(wish.existing)})),
        block("industry", facts(wish.industry_settings)),
        block("difficulty", facts(wish.difficulty_settings)),
        block("profiles_of_late", "\n".join(f"- {one_line(_gist(one))}" for one in wish.existing[-RECENT:])),
    )
    return Call(
        agent="profileGeneration",
        instructions=prompt("profile").filled(
            facts="\n\n".join(filter(None, blocks)), settings=steering(wish.parameters, ("guardrails",))
        ),
        messages=[],
        context=wish,
        prompt=[{"role": "user", "content": "Write one client profile as a JSON object."}],
        json=True,
    )


def _wanted(wish: ProfileWish) -> dict[str, Any]:
    return {
        "industry": wish.industry,
        "kind of advice": wish.subcategory,
        "areas the meeting is about": list(wish.focus_areas),
        "difficulty": wish.difficulty,
    }


def diversity(existing: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return an age range, a family and a field of work that the newest profiles do not have, so that clients
    differ."""
    recent = existing[-RECENT:]
    ages = [number(one.get("age")) or 0 for one in recent]
    fresh = [span for span in AGES if not any(span[0] <= age <= span[1] for age in ages)] or AGES
    low, high = random.choice(fresh)  # noqa: S311  variety, no secret
    late = " ".join(one_line(one.get("familyStatus") or one.get("family")).lower() for one in recent)
    fitting = [status for status, youngest, oldest in STATUSES if youngest <= low and high <= oldest]
    unlike = [one for one in fitting if re.split(r"[, ]", one)[0] not in late]
    field = random.choice(FIELDS)  # noqa: S311
    return {
        "age": f"{low} to {high}",
        "family": random.choice(unlike or fitting),  # noqa: S311
        "works in": field if high <= WORKING_UNTIL else f"retired from {field}",
        "differs from": "the profiles of late, in name, work and story",
    }


def _gist(profile: Mapping[str, Any]) -> list[Any]:
    return [profile.get(name) for name in ("name", "age", "occupation", "familyStatus")]
