"""Makes a life for any profile; the same profile always gets the same life."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import orjson

from rplay.agents.persona import circle, doubts, given, hidden, living, past, stated, wants
from rplay.agents.persona.dice import Dice, digest
from rplay.agents.persona.flags import flags_of
from rplay.agents.persona.life import Kind, Life, Subject
from rplay.agents.persona.person import Person
from rplay.agents.persona.repair import fitting
from rplay.agents.persona.slots import slots_of
from rplay.agents.persona.style import style_of
from rplay.agents.persona.telling import tell
from rplay.agents.persona.writer import Writer
from rplay.agents.types import Scene

_KEPT = 128  # number of lives that a process caches
_Key = tuple[bytes, str, str, str]
_lives: OrderedDict[_Key, Life] = OrderedDict()  # the life that was used last stands at the end


def life_of(profile: Mapping[str, Any], industry: str, subcategory: str | None, difficulty: str) -> Life:
    """Return the life for a profile, which may lack any key and hold any value.

    It depends only on these arguments: neither on the time nor on chance.
    """
    key = _key(profile, industry, subcategory, difficulty)
    return _kept(key, _lives.get(key) or _made(*key))


def remembered(profile: Mapping[str, Any], industry: str, subcategory: str | None, difficulty: str) -> Life | None:
    """Return the same life if it was made already, else None.

    Making a life takes 11 ms of processor, the first one of a process 170 ms.
    """
    key = _key(profile, industry, subcategory, difficulty)
    life = _lives.get(key)
    return life and _kept(key, life)


def _kept(key: _Key, life: Life) -> Life:
    _lives.pop(key, None)
    _lives[key] = life
    if len(_lives) > _KEPT:
        _lives.popitem(last=False)
    return life


def _key(profile: Mapping[str, Any], industry: str, subcategory: str | None, difficulty: str) -> _Key:
    return canonical(profile), industry, subcategory or "", difficulty


def life_in(scene: Scene) -> Life:
    """Return the scene's own life, else one made from its profile."""
    return scene.life or life_of(scene.profile, scene.industry, scene.subcategory, scene.difficulty)


def facts_digest(profile: Mapping[str, Any], industry: str, subcategory: str | None, difficulty: str) -> bytes:
    """Return a digest of the facts that define the person, which does not depend on what the web page adds to a
    profile."""
    read = given.read(_bounded(profile))
    return digest(*_facts(read), industry, subcategory or "", difficulty).to_bytes(8, "big")


def _facts(read: given.Given) -> tuple[object, ...]:
    return read.name.lower(), read.age, read.occupation.lower(), read.income


def canonical(profile: Mapping[str, Any]) -> bytes:
    """Return the profile as JSON that does not depend on the order of its keys."""
    return orjson.dumps(_bounded(profile), option=orjson.OPT_SORT_KEYS)


def _bounded(value: Any, depth: int = 6) -> Any:
    """Return the value as JSON data of limited size and depth, whatever a hostile profile holds."""
    if isinstance(value, str):
        return value[:2000].encode("utf-8", "replace").decode()
    if isinstance(value, (bool, int, float)):
        return value if abs(value) < 1e15 else None
    if depth and isinstance(value, Mapping):
        return {str(_bounded(str(key))): _bounded(inner, depth - 1) for key, inner in list(value.items())[:80]}
    if depth and isinstance(value, (list, tuple)):
        return [_bounded(inner, depth - 1) for inner in value[:80]]
    return None


def _made(canonical: bytes, industry: str, subcategory: str, difficulty: str) -> Life:
    read = given.read(orjson.loads(canonical))
    # The seed depends only on these facts, because the web page adds constants to a profile and changes the form of
    # values.
    dice = Dice(digest(*_facts(read)))
    who = Person(read, dice, industry, _area(industry, subcategory), difficulty)
    childless = not who.family.children and not who.family.expecting
    return _life(replace(who, given=fitting(read, who.age, childless)))


def _area(industry: str, subcategory: str) -> str:
    if industry == "insurance":
        return subcategory if subcategory in ("life-health", "property-casualty") else "life-health"
    return industry if industry in ("wealth-management", "securities") else subcategory or industry


def _life(who: Person) -> Life:
    style = style_of(who.given.traits, who.given.manner)
    traits = {flag for flag in ("terse", "warm", "anxious", "numbers", "blunt") if getattr(style, flag) >= 62}
    writer = Writer(who.dice, slots_of(who), flags_of(who) | traits, who.stand_ins)
    first = (*circle.subjects(who, writer), *living.subjects(who, writer), *wants.goals(who, writer),
             *wants.worries(who, writer), *past.subjects(who, writer))  # fmt: skip
    objections = tuple(doubts.objections(who, writer, first))
    writer.slots = {**writer.slots, **_meant(first, objections[0].text if objections else "")}
    writer.flags |= {"adv_none"} if past.advisor_story(who) == "none" else frozenset()
    life = Life(
        name=who.given.name,
        first_name=who.given.first_name,
        age=who.age,
        difficulty=who.difficulty,
        subjects=(*first, *_mind(writer), *hidden.subjects(who, writer)),
        objections=objections,
        questions=tuple(doubts.questions(who, writer)),
        style=style,
    )
    return stated.told(who.given, life)


def _meant(subjects: tuple[Subject, ...], objection: str) -> dict[str, str]:
    """Return slot values from the other subjects, for what the client says about the decision and this meeting."""
    goal = next(one for one in subjects if one.kind == "goal")
    lately = next(one for one in subjects if one.kind == "lately")
    because = lately.says["what"][0].rstrip(".")
    return {
        "topic": goal.name,
        "came_for": goal.says["what"][0].rstrip("."),
        "lately_because": because,
        "lately_in": "What happened this year",
        "objection_low": objection.rstrip("."),
    }


def _mind(writer: Writer) -> Iterator[Subject]:
    for kind, name, words in _MIND:
        yield tell(writer, kind, name, words, file="mind", case=kind)


# Subjects about the client's attitude: the name of each, and the words in a question that point to it.
_MIND: tuple[tuple[Kind, str, tuple[str, ...]], ...] = (
    ("risk", "risk", ("risk", "risky", "safe", "crash", "lose money", "volatility", "sleep")),
    ("knowledge", "what I know about money", ("know", "familiar", "understand", "experience", "read")),
    (
        "decision",
        "how I decide",
        ("decide", "decision", "choose", "ready", "sign", "think about it", "holding you back"),
    ),
    ("meeting", "this meeting", ("today", "here", "meeting", "appointment", "next time", "reach you", "bring")),
    (
        "product",
        "what's out there",
        ("product", "insurance", "annuity", "annuities", "stocks", "bonds", "funds", "crypto", "fees", "advisors",
         "term", "whole life"),
    ),
)  # fmt: skip
