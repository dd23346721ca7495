"""Drafts scenarios from a trainer's few lines or from a longer text, without storing them."""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

from pydantic import ValidationError

from rplay.agents.chain import Answered, Chain
from rplay.agents.model_output import clamped, json_object, number
from rplay.agents.persona.life import Unlock
from rplay.agents.profile_shape import lines_in
from rplay.agents.prompts import prompt
from rplay.agents.types import Call, ScenarioWish
from rplay.agents.wording import block, clean, facts, one_line, steering
from rplay.errors import AIBadAnswer
from rplay.training.scenario import ITEMS, PHRASES, SEVERITIES, Content

DEADLINE = 45.0  # seconds; a scenario is three times as long as a profile
TEXT = 10_000  # characters of the trainer's text
LINE, WORDS = 200, 2000  # characters that a scenario allows in a line and in a text
SECRETS = 3  # secrets, as many as the workshop has fields for
NAMED = 40  # characters of a secret's title
UNLOCKS = frozenset(get_args(Unlock))
DEFAULT_UNLOCKS = ("reason", "empathy")
LISTS = frozenset({"assets", "debts", "goals", "concerns", "hiddenObjections"})
TEXTS = ("name", "occupation", "family", "income", "background")
_MARKS = re.compile(r"[^\w\s*'’-]")


def draft(chain: Chain, wish: ScenarioWish, deadline_seconds: float = DEADLINE) -> Answered[Content]:
    """Return a valid scenario, and the model that made it.

    An invalid answer is requested once more, then the next provider is asked. Minor defects are repaired.
    """
    call = replace(_call(wish), deadline=time.monotonic() + deadline_seconds)
    return chain.answer(call, lambda answer: repaired(json_object(answer), wish), _once_more)


def _call(wish: ScenarioWish) -> Call:
    kinds = "\n".join(f"- {kind}: {one_line(name)}" for kind, name in wish.kinds.items())
    wanted = {"difficulty": wish.difficulty, "industry": wish.industry, "subcategory": wish.subcategory}
    blocks = (block("wish", facts(wanted)), block("kinds", kinds), block("text", _data(wish.text)))
    return Call(
        agent="profileGeneration",
        instructions=prompt("scenario").filled(
            facts="\n\n".join(filter(None, blocks)), settings=steering(wish.parameters, ("guardrails",))
        ),
        messages=[],
        context=wish,
        prompt=[{"role": "user", "content": "Write the scenario as a JSON object."}],
        json=True,
    )


def _data(text: str) -> str:
    """Clean each line of a text, so that no line can end the block around it in the prompt."""
    return "\n".join(one_line(line, WORDS) for line in clean(text, TEXT).splitlines() if line.strip())


def _once_more(call: Call, answer: str, error: AIBadAnswer) -> Call:
    complaint = f"This is no scenario: {error}. Answer with the whole corrected JSON object and nothing else."
    return call.corrected(answer, complaint)


def repaired(found: Mapping[str, Any], wish: ScenarioWish) -> Content:
    """Return the scenario in a model's answer, repaired. Raise AIBadAnswer with what is missing if it cannot be
    repaired.
    """
    inner = found.get("scenario")
    found = inner if isinstance(inner, Mapping) else found
    client = _client(found.get("client"))
    industry, _, subcategory = _kind(found, wish).partition("/")
    try:
        return Content.model_validate(
            {
                "name": _line(found.get("name") or found.get("title")) or f"A talk with {client['name']}"[:LINE],
                "industry": industry,
                "subcategory": subcategory or None,
                "difficulty": wish.difficulty,
                "task": _words(found.get("task")),
                "client": client,
                "secrets": [one for one in map(_secret, _objects(found.get("secrets"))) if one][:SECRETS],
                "product": _texts(found.get("product"), WORDS),
                "mustSay": [one for one in map(_point, _objects(found.get("mustSay"))) if one],
                "mustNotSay": [_taboo(one) for one in _objects(found.get("mustNotSay")) if _point(one)],
                "passMark": round(2 * clamped(number(found.get("passMark")) or 7, 1, 10)) / 2,
                "minutes": round(clamped(number(found.get("minutes")) or 30, 5, 120)),
            }
        )
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise AIBadAnswer(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def _kind(found: Mapping[str, Any], wish: ScenarioWish) -> str:
    """Return the requested subcategory, or else the one the model named if it exists, or else the first one."""
    if wish.industry:
        return f"{wish.industry}/{wish.subcategory or ''}"
    said = f"{_line(found.get('industry'))}/{_line(found.get('subcategory'))}".rstrip("/")
    by_words = {kind.rstrip("/"): kind for kind in wish.kinds}
    of_industry = (kind for kind in wish.kinds if kind.partition("/")[0] == said.partition("/")[0])
    return by_words.get(said) or next(of_industry, None) or next(iter(wish.kinds), "")


def _client(value: Any) -> dict[str, Any]:
    given = value if isinstance(value, Mapping) else {}
    texts = {key: one_line(given[key], WORDS) for key in TEXTS if given.get(key) not in (None, "", [], {})}
    lists = {key: made for key in LISTS if (made := _texts(given.get(key), WORDS))}
    age = number(given.get("age"))
    if not texts.get("name"):
        raise AIBadAnswer("client.name is missing")
    return {**texts, **lists, **({"age": int(age)} if age and 18 <= age <= 110 else {})}


def _secret(given: Mapping[str, Any]) -> dict[str, Any] | None:
    says = _texts(given.get("says"), WORDS)
    if not says:
        return None
    words = given.get("words")
    several = words.split(",") if isinstance(words, str) else words
    unlock = [one for one in _texts(given.get("unlock"), LINE) if one in UNLOCKS]
    return {
        "about": _line(given.get("about")) or says[0][:NAMED],
        "words": _texts(several, LINE),
        "says": says,
        "unlock": list(dict.fromkeys(unlock)) or list(DEFAULT_UNLOCKS),
    }


def _point(given: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a valid point, or None if it has no text. A point without phrases is searched for by its own text.
    Punctuation in phrases is removed.
    """
    text = _line(given.get("text"))
    if not text:
        return None
    phrases = [plain for one in _texts(given.get("phrases"), LINE) if (plain := _plain(one))]
    return {"text": text.replace(":", ","), "phrases": (phrases or [_plain(text) or text])[:PHRASES]}


def _taboo(given: Mapping[str, Any]) -> dict[str, Any]:
    severity = given.get("severity")
    return {**(_point(given) or {}), "severity": severity if severity in SEVERITIES else "high"}


def _plain(phrase: str) -> str:
    return " ".join(_MARKS.sub(" ", phrase.lower()).split())


def _objects(value: Any) -> Sequence[Mapping[str, Any]]:
    """Return the objects in a list. A text instead of an object becomes its title."""
    several = value if isinstance(value, list) else [value] if isinstance(value, Mapping) else []
    made = [{"text": one, "about": one, "says": one} if isinstance(one, str) else one for one in several[:ITEMS]]
    return [one for one in made if isinstance(one, Mapping)]


def _texts(value: Any, limit: int) -> list[str]:
    return [line for one in lines_in(value)[:ITEMS] if (line := one_line(one, limit - 2))]


def _line(value: Any) -> str:
    return "" if value is None else one_line(value, LINE - 2)


def _words(value: Any) -> str:
    return "" if value is None else one_line(value, WORDS - 2)
