"""The coach (in the API: expert) whom the advisor can ask in the middle of a talk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rplay.agents.chain import Answered, Chain
from rplay.agents.prompts import prompt
from rplay.agents.rules import rules
from rplay.agents.talk import parted
from rplay.agents.types import Call, Message, Scene
from rplay.agents.wording import LINE, PROMPT, block, clean, facts, newest, one_line, steering, transcript

QUICK = ("what is", "explain", "difference between", "types of", "how does", "describe")
TERMS = ("insurance", "policy", "annuity", "premium", "coverage", "rider")
COACHING = ("how do i", "what should i", "strategy for", "tips for", "handle", "respond to")
PEOPLE = ("client", "objection", "recommend", "approach", "persuade", "rapport")


@dataclass(frozen=True)
class Advice:
    """`tier` is 1 for facts, 2 for coaching, 3 for both."""

    message: str
    tier: int
    answered: Answered[str]


def advise(chain: Chain, scene: Scene, messages: Sequence[Message], key: str | None = None) -> Advice:
    before, question = _asked(messages)
    tier = tier_of(question)
    answered = chain.answer(_call(scene, before, question, tier, key), str.strip)
    return Advice(answered.value, tier, answered)


def _asked(messages: Sequence[Message]) -> tuple[Sequence[Message], str]:
    """Return the messages before the learner's last line, and that line, which is the question."""
    at = next((at for at in reversed(range(len(messages))) if messages[at]["role"] == "user"), None)
    return (messages, "") if at is None else (messages[:at], messages[at]["content"])


def tier_of(text: str) -> int:
    """Return the tier of help that a question asks for: 1 facts, 2 coaching, 3 both."""
    asked = text.lower()
    if len(asked) < 100 and _hits(QUICK, asked):
        return 1
    if _hits((" and ", " or ", ","), asked):
        return 3
    factual = 2 * _hits(QUICK, asked) + _hits(TERMS, asked)
    coaching = 2 * _hits(COACHING, asked) + _hits(PEOPLE, asked)
    if factual > coaching and factual > 2:
        return 1
    return 2 if coaching > factual and coaching > 2 else 3


def _hits(words: Iterable[str], asked: str) -> int:
    return sum(word in asked for word in words)


def _call(scene: Scene, messages: Sequence[Message], question: str, tier: int, key: str | None) -> Call:
    return Call(
        agent="expertGuidance",
        instructions=_instructions(scene, messages, tier),
        messages=[*newest(messages), {"role": "user", "content": question}],
        context=scene,
        prompt=[*_coaching(messages), {"role": "user", "content": clean(question, LINE) or "What should I do next?"}],
        key=key,
    )


def _coaching(messages: Sequence[Message]) -> list[Message]:
    """Return the last question to the coach and its answer, so that the coach can go deeper; an empty list if there is
    none."""
    last = parted(messages)[1][-2:]
    if [one["role"] for one in last] != ["user", "assistant"]:
        return []
    return [{"role": one["role"], "content": clean(one["content"], LINE)} for one in last]


def _instructions(scene: Scene, messages: Sequence[Message], tier: int) -> str:
    """Return the coach's instructions.

    Of the client they hold only what the conversation shows and the name, not the profile: no more than the advisor has
    found out.
    """
    # What stays the same stands first and the talk, which grows, last: servers keep the beginning they have read.
    settings = steering(scene.parameters, ("guardrails",))
    about = [rules(scene), block("situation", facts(_situation(scene)))]
    standing = block("objectives", facts({_label(one): _standing(one) for one in scene.objectives}))
    room = PROMPT - LINE - len(settings) - len(standing) - sum(map(len, about))
    talk = block("conversation", transcript(messages, "ADVISOR", "CLIENT", room))
    return prompt("expert").filled(
        settings=settings,
        scene=_together(about),
        form=prompt(f"expert-{tier}").text,
        conversation=_together([talk, standing]),
    )


def _together(blocks: Iterable[str]) -> str:
    return "\n\n".join(filter(None, blocks))


def _situation(scene: Scene) -> dict[str, Any]:
    return {
        "industry": scene.industry,
        "kind of advice": scene.subcategory,
        "areas": list(scene.focus_areas),
        "difficulty": scene.difficulty,
        "what is practised": list(scene.competencies),
        "the client's name": scene.profile.get("name"),
    }


def _label(objective: Any) -> str:
    return str(objective.get("name") or objective.get("id") or "objective")


def _standing(objective: Any) -> str:
    progress = objective.get("progress")
    return "not started" if progress is None else f"{one_line(progress, 20)} of 100"
