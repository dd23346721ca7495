"""Shows admins which agents receive a setting, and where it stands in their prompts. A test renders each prompt to
check this.
"""

import re
from dataclasses import dataclass

from rplay.agents.prompts import prompt
from rplay.console.words import N_, gettext

CLIENT, COACH = N_("The client"), N_("The coach")
PROFILES, REVIEWER = N_("Who makes clients"), N_("The reviewer")

# For each kind of setting the agents that receive it: the agent, its prompt file, the placeholder, and the block around
# it or "".
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
    """A place in a prompt. `heading` is the heading above it, "" if the setting is in the message after the prompt."""

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
    """Return the last heading above this placeholder of a prompt."""
    above = prompt(file).text.partition(f"{{{{{place}}}}}")[0]
    found = re.findall(r"^#+ (.+)$", above, re.MULTILINE)
    return found[-1] if found else ""
