"""The coach's answer to the learner's last message, in the form of its tier, about this client and this talk."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from rplay.agents.expert import tier_of
from rplay.agents.rehearsal.assessment.objections import slug
from rplay.agents.rehearsal.coach.coach import Coach, coach_of
from rplay.agents.rehearsal.reading.compliance import SURE, breaches
from rplay.agents.rehearsal.tables import table
from rplay.agents.rehearsal.text import plain
from rplay.agents.types import Message, Scene

_PRODUCTS = ("expert_insurance", "expert_investing")
_SKILLS = "expert_skills"
_WARNED = 3  # number of the advisor's last lines that are checked for broken rules, including the question
_AREAS: Mapping[str, str] = {
    "life-insurance": "life-need",
    "annuities": "annuities",
    "long-term-care": "long-term-care",
    "medical-expense": "medical",
    "disability-insurance": "disability",
    "homeowners-insurance": "homeowners",
    "automobile-insurance": "auto",
    "securities": "bonds-stocks-funds",
    "wealth-management": "asset-allocation",
    "insurance": "life-need",
}


@dataclass(frozen=True)
class Topic:
    key: str
    product: bool
    entry: Mapping[str, Any]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.entry["match"])

    def weight(self, text: str) -> float:
        """Return how much of the text is about this topic."""
        return float(self.entry.get("weight", 1)) * sum(len(hit.group()) for hit in self.pattern.finditer(text))

    def lines(self, part: str) -> list[str]:
        return list(self.entry[part])


@cache
def topics() -> dict[str, Topic]:
    return {
        key: Topic(key, name != _SKILLS, entry) for name in (*_PRODUCTS, _SKILLS) for key, entry in table(name).items()
    }


def guidance(scene: Scene, messages: Sequence[Message]) -> str:
    """Return the answer as Markdown, with the sections of the question's tier."""
    asked = [at for at, message in enumerate(messages) if message["role"] == "user"]
    question = str(messages[asked[-1]].get("content") or "") if asked else ""
    coach = coach_of(scene, messages[: asked[-1]] if asked else messages)
    tier = tier_of(question)
    known = bool(_matching(question, prefer_product=tier == 1))
    chosen = choose(question, tier, scene, coach)
    sections = _facts(chosen, coach, known) if tier == 1 else (_coaching if tier == 2 else _everything)(chosen, coach)
    if warning := _warning(scene, messages):
        title, body = sections[0]
        sections = [(title, f"{warning}\n\n{body}"), *sections[1:]]
    return "\n\n".join(f"## {title}\n\n{body}" if title else body for title, body in sections)


def choose(question: str, tier: int, scene: Scene, coach: Coach) -> list[Topic]:
    """Return one or two topics: those asked about, else the meeting's topic (facts) or the topic that is due
    (coaching)."""
    found = _matching(question, prefer_product=tier == 1)
    if found:
        return found[:2]
    wanted = [_AREAS[key] for key in (*map(slug, scene.focus_areas), slug(scene.industry)) if key in _AREAS]
    return [topics()[wanted[0] if tier == 1 and wanted else coach.stage]]


def _matching(text: str, prefer_product: bool) -> list[Topic]:
    """Return the topics that match, the best first: products first for facts, skills first for coaching."""
    said = plain(text)
    weights = {key: topic.weight(said) for key, topic in topics().items()}
    hits = [topics()[key] for key, weight in weights.items() if weight]
    if prefer_product and any(topic.product for topic in hits):
        # `What is a trust` asks about the product, not about how to win trust.
        hits = [topic for topic in hits if topic.product]
    return sorted(hits, key=lambda topic: (topic.product != prefer_product, -weights[topic.key]))


Sections = list[tuple[str, str]]


def _warning(scene: Scene, messages: Sequence[Message]) -> str:
    """Return what the learner has to correct first, a broken rule in one of the last lines; empty if there is none."""
    lines = [one["content"] for one in messages if one["role"] == "user"][-_WARNED:]
    found = next((one for line in reversed(lines) for one in breaches(line) if one.confidence >= SURE), None)
    if found is None:
        return ""
    rule = next((one for one in scene.rules if one.get("id") == found.id), {})
    what = str(rule.get("definition") or "That breaks a rule of the trade.")
    name = str(rule.get("name") or found.id.replace("-", " ")).lower()
    return f"**First, put this right:** “{found.quote}” is {name}. {what} Take it back before you go on."


def _facts(chosen: Sequence[Topic], coach: Coach, known: bool) -> Sections:
    nearest = "" if known else coach.say("offer", "nearest")
    return [
        ("Expert Summary", _bullets(_shared(chosen, "facts", 4))),
        ("Client-Friendly Explanation", chosen[0].entry["plain"]),
        ("", " ".join(filter(None, [nearest, coach.bridge, _licensed(chosen), coach.say("offer", "tier1")]))),
    ]


def _coaching(chosen: Sequence[Topic], coach: Coach) -> Sections:
    return [
        ("Situation Assessment", coach.assessment),
        ("Strategic Coaching", _numbered(chosen[0].lines("steps"))),
        ("Sample Questions", _bullets(_questions(chosen, coach))),
    ]


def _everything(chosen: Sequence[Topic], coach: Coach) -> Sections:
    information = [_bullets(_shared(chosen, "facts", 4)), _licensed(chosen)]
    return [
        ("Expert Information", "\n\n".join(filter(None, information))),
        ("Sample Client Dialogue", _dialogue(chosen[0], coach)),
        ("Situation Assessment", coach.assessment),
        ("Recommended Next Steps", _numbered(chosen[0].lines("steps"))),
        ("Key Questions to Ask", _bullets(_questions(chosen, coach))),
    ]


def _shared(chosen: Sequence[Topic], part: str, most: int) -> list[str]:
    """Return lines of one topic, or half of them from each of two."""
    if len(chosen) == 1:
        return chosen[0].lines(part)[:most]
    return [*chosen[0].lines(part)[: most // 2], *chosen[1].lines(part)[: most // 2]]


def _questions(chosen: Sequence[Topic], coach: Coach) -> list[str]:
    """Return three questions. The first takes up the client's own words, if there is a quote."""
    return [*coach.own_question, *chosen[0].lines("questions")][:3]


def _dialogue(topic: Topic, coach: Coach) -> str:
    lines = [*coach.own_exchange(topic.lines("talk")[0].partition(":")[0]), *topic.lines("talk")]
    spoken = (line.partition(":") for line in lines)
    return "\n\n".join(
        f"**{coach.name if speaker == 'Client' else speaker}:** {said.strip()}" for speaker, _, said in spoken
    )


def _licensed(chosen: Sequence[Topic]) -> str:
    return str(table("coach")["offer"]["licensed"]) if any(topic.product for topic in chosen) else ""


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _numbered(lines: Sequence[str]) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))
