"""The instructions that tell a model which client to play. Text that is the same in all talks comes first.

Model servers answer sooner and for less money when a prompt begins like an earlier one, which they keep.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rplay.agents.persona.life import Objection, Subject, Unlock
from rplay.agents.persona.make import life_in
from rplay.agents.prompts import prompt
from rplay.agents.remembered import remembered
from rplay.agents.rules import rules
from rplay.agents.types import Parameter, Scene
from rplay.agents.wording import block, facts, one_line, steering, within

DETAIL = 4_000  # limit in characters for one block that adds to the description of the client
LIFE = 18_000  # limit in characters for a life; lives that were made up for our own profiles take up to 15,000
ALL = 40_000  # limit in characters for everything that is known of one client
# Limits in characters for a model of a small context: with a talk of SHORT_TALK the whole prompt stays below 4,096
# tokens.
SHORT_BLOCK, SHORT_LIFE, SHORT_SETTINGS = 1_000, 3_000, 600
LIVES = 128  # number of lives whose lines are cached, 17 kB each: writing them takes half a millisecond of processor

RESERVED = frozenset({"intermediate", "advanced"})  # with any other difficulty the client is friendly
_DETAIL_WORDS: Mapping[str, str] = {
    "name": "your name",
    "age": "your age",
    "familyStatus": "your family",
    "occupation": "your work",
    "income": "your income",
    "assets": "what you own",
    "debt": "what you owe",
    "primaryGoals": "your goals",
}
OPENS: Mapping[Unlock, str] = {
    "reason": "gives a reason for asking",
    "drawback": "admits an honest drawback",
    "follow_up": "comes back to your own words about it",
    "explained": "explains something so that you can follow",
    "empathy": "shows that they feel with you",
}
# Keys of the profile that are left out here, because the life says the same with its reasons and what unlocks it.
_ELSEWHERE = frozenset({"personality", "hiddenObjections"})
_NAMED = {"what": "", "progress": "how far it is", "if_not": "if it comes to nothing", "first": "what comes first"}


def instructions(scene: Scene) -> str:
    """Return the client's instructions. They hold nothing the advisor is measured by: rubrics, scores, objectives,
    competencies."""
    return prompt("client").filled(
        rules=rules(scene),
        settings=settings(scene),
        openness=_openness(scene),
        reserve=_reserve(scene.visible),
        name=_name(scene),
        facts=known(scene),
    )


def short_instructions(scene: Scene) -> str:
    """Return shorter instructions for a model of a small context: the form, and the first facts of the life."""
    return prompt("client-short").filled(
        rules=", ".join(one_line(one.get("name"), 60).lower() for one in scene.rules),
        settings=within(SHORT_SETTINGS, settings(scene).splitlines()),
        openness=_openness(scene),
        reserve=_reserve(scene.visible),
        name=_name(scene),
        facts=_known_in_short(scene),
    )


def settings(scene: Scene) -> str:
    return _set(scene.parameters)


@remembered(4)  # all talks within a second share one parameters object; making its text takes 0.1 ms of processor
def _set(parameters: Sequence[Parameter]) -> str:
    return steering(parameters, ("structured", "narrative", "guardrails"))


def known(scene: Scene) -> str:
    """Return everything about this one client. The state of mind comes last, because it may change from line
    to line."""
    life = life_in(scene)
    person = (
        block("client", facts(_form(scene))),
        block("personality", facts({**_object(scene.profile.get("personality")), **scene.personality}, DETAIL)),
        block("personality_in_detail", within(DETAIL, map(_fused, scene.fusion))),
        block("how_you_deal_with_advisors", one_line(scene.behavior, DETAIL)),
        block("meeting", facts(_meeting(scene), DETAIL)),
        block("kept_to_yourself", within(DETAIL, _secrets(life.subjects))),
        block("doubts", within(DETAIL, _doubts(life.objections))),
    )
    feeling = block("state_of_mind", facts(scene.emotional_state, DETAIL))
    room = min(LIFE, ALL - sum(map(len, person)) - len(feeling))
    told = block("life", within(room, _facts_of(life.subjects)))
    return "\n\n".join(filter(None, (*person, told, feeling)))


def _known_in_short(scene: Scene) -> str:
    life = life_in(scene)
    return "\n\n".join(
        filter(
            None,
            (
                block("client", facts(_form(scene), 2 * SHORT_BLOCK)),
                block("personality", facts(scene.personality, SHORT_BLOCK // 2)),
                block("kept_to_yourself", within(SHORT_BLOCK, _secrets(life.subjects))),
                block("doubts", within(SHORT_BLOCK, _doubts(life.objections))),
                block("life", within(SHORT_LIFE, _first_facts_of(life.subjects))),
                block("state_of_mind", facts(scene.emotional_state, SHORT_BLOCK // 2)),
            ),
        )
    )


def _form(scene: Scene) -> dict[str, Any]:
    return {key: value for key, value in scene.profile.items() if key not in _ELSEWHERE}


def _name(scene: Scene) -> str:
    return one_line(scene.profile.get("name"), 80) or "a client whose name you choose"


def _openness(scene: Scene) -> str:
    return prompt(f"client-{scene.difficulty if scene.difficulty in RESERVED else 'beginner'}").text


def _meeting(scene: Scene) -> dict[str, Any]:
    return {
        "industry": scene.industry,
        "kind of advice": scene.subcategory,
        "what it may be about": list(scene.focus_areas),
        "your role": scene.role_label,
        "about your role": scene.role_description,
    }


@remembered(LIVES)
def _facts_of(subjects: tuple[Subject, ...]) -> list[str]:
    """Return one line for each subject, with the first thing the client says of each aspect."""
    return [
        f"- {one_line(subject.name, 120)}{' (personal)' if subject.reserve else ''}: {_said(subject)}"
        for subject in subjects
        if _told(subject)
    ]


@remembered(LIVES)
def _first_facts_of(subjects: tuple[Subject, ...]) -> list[str]:
    """Return one line for each subject, with the first thing the client says of it."""
    firsts = ((subject.name, texts[0]) for subject in subjects if _told(subject) for texts in _texts(subject)[:1])
    return [f"- {one_line(name, 120)}: {one_line(text, 200)}" for name, text in firsts]


def _told(subject: Subject) -> bool:
    return subject.reserve < 2 and subject.id != "child-none"


def _texts(subject: Subject) -> list[Sequence[str]]:
    return [texts for texts in subject.says.values() if texts]


def _said(subject: Subject) -> str:
    told = ((_NAMED.get(aspect, aspect.replace("_", " ")), texts[0]) for aspect, texts in subject.says.items() if texts)
    return " | ".join(f"{name}: {one_line(text)}" if name else one_line(text) for name, text in told)


@remembered(LIVES)
def _secrets(subjects: tuple[Subject, ...]) -> list[str]:
    return [_secret(subject) for subject in subjects if subject.reserve == 2]


def _secret(subject: Subject) -> str:
    opens = " or ".join(OPENS[one] for one in subject.unlock) or "asks about it directly"
    return f"- {one_line(subject.name, 120)}; opened when the advisor {opens}: {_said(subject)}"


@remembered(LIVES)
def _doubts(objections: tuple[Objection, ...]) -> list[str]:
    return [_doubt(one) for one in objections]


def _doubt(doubt: Objection) -> str:
    deeper = f" Behind it: {one_line(' '.join(doubt.deeper))}" if doubt.deeper else ""
    settled = f" Settled by: {one_line(doubt.settled_by)}." if doubt.settled_by else ""
    return f"- {'(unspoken) ' if doubt.hidden else ''}“{one_line(doubt.text)}”{deeper}{settled}"


def _fused(row: Mapping[str, Any]) -> str:
    """Return one archetype, mood, way of talking or quirk as one line, in the admins' words."""
    more = {key: value for key, value in row.items() if key not in {"kind", "name", "description", "details"}}
    more |= _object(row.get("details"))
    described = one_line(row.get("description")), one_line(more)
    title = f"{one_line(row.get('kind', ''), 60)} {one_line(row.get('name'), 120)}"
    return f"- {title}: " + "; ".join(filter(None, described))


def _reserve(visible: Mapping[str, bool]) -> str:
    hidden = [words for key, words in _DETAIL_WORDS.items() if visible.get(key) is False]
    if not hidden:
        return ""
    return (
        f"You keep to yourself: {', '.join(hidden)}. Tell such a thing only when the advisor asks for it directly and "
        "you have found a reason to trust them; one thing at a time."
    )


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
