"""Talks with the rehearsal client, as a learner would have them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rplay.agents.providers.rehearsal import RehearsalProvider
from rplay.agents.types import Call, Message, Scene

LINDA: dict[str, Any] = {
    "name": "Linda Park",
    "age": 42,
    "occupation": "Registered Nurse",
    "income": "$85,000",
    "family": "Married with 2 children",
    "familyStatus": "Married with 2 children",
    "assets": ["401(k): $120,000", "Home ($350,000)", "Emergency fund of $15,000"],
    "debts": ["Mortgage: $210,000", "Student loans ($18,000)"],
    "goals": ["Save for retirement", "College fund for the kids", "Pay off the mortgage"],
    "concerns": ["Rising cost of college", "Worried about losing income if she gets sick"],
    "hiddenObjections": [
        "Thinks insurance is too expensive",
        "Doesn't trust salespeople",
        "Needs to discuss with husband",
    ],
    "background": "She has worked at Mercy Hospital for 15 years.",
}
GREETING: Message = {"role": "system", "content": "Initial greeting"}
OUT_OF_ROLE = re.compile(
    r"\b(?:AI|language model|model|prompt|scores?|rubrics?|objectives?|assistant|chatbot|instructions|simulation|role-?play)\b",
    re.IGNORECASE,
)
# Two or three lines that win anybody's trust a little.
KINDNESS = [
    "Thank you for meeting with me, Linda. What made you decide to look into this now?",
    "That makes sense, and I appreciate you telling me. What would a good outcome look like for you?",
    "It sounds like that has been on your mind for a while. What worries you most about it?",
    "I can see why that would be hard. There's no rush, it's your decision. What have you tried so far?",
    "I hear you. Would it be okay if I asked about your situation, so that I don't guess?",
    "Thanks for being open about that. How did that change the way you look at things?",
    "That must have been stressful. Tell me more about what you'd want to be different.",
]


def scene(profile: Mapping[str, Any] = LINDA, difficulty: Any = "beginner", **more: Any) -> Scene:
    return Scene(**{"profile": profile, "industry": "insurance", "difficulty": difficulty, **more})


def next_line(of: Scene, messages: Sequence[Message]) -> str:
    return RehearsalProvider((0, 0)).answer(Call("simulationClient", "", messages, of)).text


def rehearse(lines: Sequence[str], of: Scene | None = None) -> list[str]:
    """The client's lines: the greeting, then one for each line of the advisor."""
    of = of or scene()
    messages: list[Message] = [GREETING]
    said = [next_line(of, messages)]
    for line in lines:
        messages += [{"role": "assistant", "content": said[-1]}, {"role": "user", "content": line}]
        said.append(next_line(of, messages))
    return said


def last(lines: Sequence[str], of: Scene | None = None) -> str:
    return rehearse(lines, of)[-1]
