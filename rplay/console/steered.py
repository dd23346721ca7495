"""Which agents are told what admins set, and where it stands in their prompts. A test writes each prompt and looks."""

import re
from dataclasses import dataclass

from rplay.agents.prompts import prompt
from rplay.console.words import N_, gettext

CLIENT, COACH = N_("The client"), N_("The coach")
PROFILES, REVIEWER = N_("Who makes clients"), N_("The reviewer")

# What is set, and who is told: the agent, its prompt, the place in it that is filled, and the block around it, or none.
TOLD: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "structured": ((CLIENT, "client", "settings", "settings"),),
    "narrative": ((CLIENT, "client", "settings", "settings"),),
    "guardrails": (
        (CLIENT, "client", "settings", "settings"),
        (COACH, "expert", "settings", "settings"),
        (PROFILES, "profile", "settings", "settings"),
        (REVIEWER, "assessment", "settings", "settings"),
    ),
    "industry": ((PROFILES, "profile", "facts", "industry"), (CLIENT, "client", "facts", "meeting")),
    "difficulty": ((PROFILES, "profile", "facts", "difficulty"),),
    "behavior": ((CLIENT, "client", "facts", "how_you_deal_with_advisors"),),
    "visible": ((CLIENT, "client", "reserve", ""),),
    "competency": ((COACH, "expert", "facts", "situation"), (REVIEWER, "assessment", "", "competency")),
    "rubric": ((REVIEWER, "assessment", "", "rubric"),),
    "compliance": ((CLIENT, "client", "rules", "not_allowed"), (COACH, "expert", "facts", "not_allowed")),
    "personality": ((CLIENT, "client", "facts", "personality_in_detail"),),
}


@dataclass(frozen=True, slots=True)
class Place:
    """`heading` is the one that it stands under in the prompt; "" where it is said in the message behind the prompt."""

    agent: str
    file: str
    heading: str
    block: str


def places(what: str) -> list[Place]:
    return [
        Place(gettext(agent), f"{file}.md", heading(file, place) if place else "", block)
        for agent, file, place, block in TOLD[what]
    ]


def heading(file: str, place: str) -> str:
    """The heading above this place of a prompt."""
    above = prompt(file).text.partition(f"{{{{{place}}}}}")[0]
    found = re.findall(r"^#+ (.+)$", above, re.MULTILINE)
    return found[-1] if found else ""
