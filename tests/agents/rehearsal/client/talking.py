"""Talks with the rehearsal's client, and lives to hold them with."""

from collections.abc import Sequence
from typing import Any

from rplay.agents.persona.life import Life
from rplay.agents.persona.make import life_of
from rplay.agents.rehearsal.client import Line, next_line
from rplay.agents.types import Difficulty, Message, Scene

DARNELL: dict[str, Any] = {
    "name": "Darnell Whitcomb",
    "age": 36,
    "occupation": "Bus mechanic for the city transit authority (11 years)",
    "income": "$71,000",
    "family": "Married to Keisha (34, dental hygienist, $38,000), two children: Maya (7) and Jonah (4)",
    "familyStatus": "Married, with 2 children",
    "assets": ["Savings account: $9,500", "457(b) plan: $48,000", "House: $265,000"],
    "debts": ["Mortgage: $212,000 at 5.9%", "Car loan: $14,200 at 7.4%", "Credit card: $3,100 at 24.99%"],
    "goals": ["Pay off the credit card this year", "Start something for the kids' college"],
    "background": "A coworker of 42 died of a heart attack last fall, which stuck with him.",
    "concerns": ["Monthly budget is tight because of daycare"],
    "hiddenObjections": ["Thinks insurance agents vanish once the commission is paid"],
}
RUTH: dict[str, Any] = {
    "name": "Ruth Okafor",
    "age": 61,
    "occupation": "School librarian",
    "income": "$58,000",
    "family": "Widowed since 2019, one daughter, Simone (35)",
    "familyStatus": "Widowed, with 1 child",
    "assets": ["403(b): $190,000", "Savings account: $22,000"],
    "debts": ["Home repair loan: $6,700 at 8%"],
    "goals": ["Retire at 65", "Stay in the house"],
    "background": "Water came into the garage two years ago, and the claim was denied because it was flood.",
    "concerns": ["Running out of money"],
    "hiddenObjections": ["Thinks it may be too late"],
    "personality": {"traits": {"agreeableness": 80, "neuroticism": 70}, "communicationStyle": "Warm, talkative"},
}
TOMASINA: dict[str, Any] = {
    "name": "Tomasina Greer",
    "age": 24,
    "occupation": "Pharmacy technician",
    "income": "$41,000",
    "family": "Single, lives with a roommate",
    "familyStatus": "Single, No Children",
    "assets": ["Savings account: $4,300"],
    "debts": ["Car loan: $10,600 at 8.4%"],
    "goals": ["Lower the car premium"],
    "personality": {"communicationStyle": "Blunt, terse, direct"},
}
CLIENTS = [DARNELL, RUTH, TOMASINA]
DIFFICULTIES: Sequence[Difficulty] = ("beginner", "intermediate", "advanced")


def scene_of(profile: dict[str, Any] = DARNELL, difficulty: Difficulty = "beginner") -> Scene:
    return Scene(profile, "insurance", difficulty, "life-health")


def life(profile: dict[str, Any] = DARNELL, difficulty: Difficulty = "beginner") -> Life:
    return life_of(profile, "insurance", "life-health", difficulty)


def talk(
    *lines: str, profile: dict[str, Any] = DARNELL, difficulty: Difficulty = "beginner", own: Life | None = None
) -> list[Line]:
    """The client's answer to each of the advisor's lines."""
    scene, knows = scene_of(profile, difficulty), own or life(profile, difficulty)
    messages: list[Message] = [{"role": "system", "content": "Initial greeting"}]
    answers = []
    for line in lines:
        messages.append({"role": "user", "content": line})
        answers.append(next_line(scene, knows, messages))
        messages.append({"role": "assistant", "content": answers[-1].text})
    return answers


def last(*lines: str, profile: dict[str, Any] = DARNELL, difficulty: Difficulty = "beginner") -> str:
    return talk(*lines, profile=profile, difficulty=difficulty)[-1].text
