"""What happened to the client lately, and experiences with advisors, banks and insurers: one story each."""

import re
from collections.abc import Iterator

from rplay.agents.persona.life import Subject
from rplay.agents.persona.person import Person
from rplay.agents.persona.telling import tell
from rplay.agents.persona.writer import Writer

# Which story the profile's own words call for. The first pattern that matches wins.
_ADVISOR = (
    ("lost", r"advisor (?:who )?(?:lost|cost)|burned (?:by|before)|lost (?:money|a fortune|savings).{0,30}advis"
             r"|bad (?:experience|advice)|lost me a fortune"),
    ("silent", r"never called back|didn't (?:call|return)|ignored|unresponsive"),
    ("rushed", r"felt rushed|bank employee|pushy|pressured|high-pressure"),
    ("uncle", r"\buncle\b.{0,40}(?:advi[sc]|tips|invest|handles)"),
    ("policy", r"bought a policy|without really understanding"),
    ("friend", r"agent is a (?:friend|neighbor)|friend is (?:his|her|my|an?) (?:advisor|agent)|same company forever"),
    ("dinner", r"dinner seminar"),
    ("online", r"things online|compare prices online|cheaper online|used to comparing|robo"),
    ("none", r"never (?:worked with|had|used|met|spoken with) an? (?:financial )?(?:advisor|adviser|agent|planner)"
             r"|first time (?:meeting|working|with)|no (?:prior|previous) (?:advisor|experience)"),
)  # fmt: skip
_LATELY = (
    ("colleague", r"colleague (?:fell|got|was)|coworker"),
    ("papers", r"old paperwork|paperwork|where the papers were|household's bills"),
    ("raise", r"\b(?:a|got a|recent) raise|promotion|bonus"),
    ("parent", r"(?:seen|watch\w*|saw) (?:a |his |her |their |my )?(?:parent|mother|father)"),
    ("scare", r"\bscare\b|health scare|diagnos"),
    ("baby", r"expecting|pregnan|newborn|the baby comes"),
    ("friend", r"second opinion|told by a friend|friend suggested"),
    ("reading", r"read a few articles|more confused|articles"),
    ("off", r"put (?:the subject|it|this|things) off|procrastinat"),
    ("loss", r"(?:recently|newly) widowed|(?:husband|wife|spouse) (?:died|passed)"),
    ("divorce", r"(?:recent|after (?:his|her|the|a)) divorce|recently divorced"),
    ("retired", r"(?:just|recently) retired|stopped working not long ago"),
    ("work", r"layoff|laid off|restructur|merger|job (?:loss|security)"),
    ("letter", r"premium went up|rate (?:went|has gone) up|increase in premium|higher premium"),
)  # fmt: skip


def lately_story(who: Person) -> str:
    hit = next((name for name, pattern in _LATELY if re.search(pattern, who.given.story)), "")
    if hit and _possible(hit, who):
        return hit
    # Only what cannot clash with what the profile tells: no bad news of work, health or a premium is made up.
    options = ["papers", "friend", "reading", "off"]
    options += [name for name in ("baby", "retired", "loss", "divorce") if _possible(name, who)]
    return who.dice.one("lately story", [name for name in options if _possible(name, who)])


def _possible(name: str, who: Person) -> bool:
    family, work = who.family, who.work
    return {
        "colleague": work.status == "employed",
        "raise": work.status == "employed",
        "baby": family.expecting,
        "work": work.status == "employed",
        "retired": work.retired_in is not None and work.retired_in >= 2022,
        "loss": family.status == "widowed" and family.former_until >= 2019,
        "divorce": family.status == "divorced" and family.former_until >= 2021,
        "parent": bool(family.parents),
    }.get(name, True)


def advisor_story(who: Person) -> str:
    told = f"{who.given.story} {who.given.more.get('experience', '').lower()}"
    hit = next((name for name, pattern in _ADVISOR if re.search(pattern, told)), "")
    young = who.age < 30
    return hit or who.dice.one("advisor story", ("none", "online", "dinner", "rushed", "uncle") if young else _STORIES)


_STORIES = ("none", "none", "rushed", "silent", "lost", "uncle", "policy", "friend", "online", "dinner", "good")


def subjects(who: Person, writer: Writer) -> Iterator[Subject]:
    yield _lately(who, writer)
    yield _advisor(who, writer)


def _lately(who: Person, writer: Writer) -> Subject:
    words = ("lately", "recently", "changed", "happened", "made you", "brings you", "why now", "prompted")
    return tell(writer, "lately", "what happened lately", words, file="past", case=f"lately.story.{lately_story(who)}")


def _advisor(who: Person, writer: Writer) -> Subject:
    words = ("advisor", "adviser", "agent", "planner", "bank", "before", "experience", "worked with", "broker")
    return tell(
        writer, "advisor", "my experience with advisors", words, file="past", case=f"advisor.story.{advisor_story(who)}"
    )
