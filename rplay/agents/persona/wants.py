"""The client's goals and worries: those of the profile with their reasons, and usual ones if it has too few."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from rplay.agents.persona import phrasing
from rplay.agents.persona.grammar import dollars, rounded, upper_first, years
from rplay.agents.persona.life import Subject
from rplay.agents.persona.person import Person
from rplay.agents.persona.speech import MONTHS
from rplay.agents.persona.tables import table
from rplay.agents.persona.telling import figure, tell
from rplay.agents.persona.work import NOW
from rplay.agents.persona.writer import Writer


def goals(who: Person, writer: Writer) -> Iterator[Subject]:
    texts = who.given.goals or _usual("goals", who)
    first = ""
    for index, text in enumerate(texts):
        made = _goal(text, index, first, who, writer)
        first = first or made.name
        yield made


def _goal(text: str, index: int, first: str, who: Person, writer: Writer) -> Subject:
    key = f"goal-{index + 1}"
    dice, lists = who.dice, table("goal")["lists"]
    deed, noun = phrasing.goal(text, who.given.speaker)
    ahead = _ahead(text, who, key)
    slots = {
        "goal": deed,
        "aim": noun,
        "goal_years": years(ahead),
        "goal_year": str(NOW + ahead),
        "goal_since": str(max(who.born + 19, NOW - dice.between(f"{key} since", 1, 8))),
        "goal_why": str(dice.order("goal why", lists["why"])[index % len(lists["why"])])
        .replace("{bad_year}", writer.slots["bad_year"])
        .replace("{age}", str(who.age)),
        "goal_because": str(dice.order("goal because", lists["because"])[index % len(lists["because"])]).replace(
            "{age}", str(who.age)
        ),
        "goal_cost": dollars(rounded(max(2_000, who.income * dice.between(f"{key} cost", 8, 90) / 100))),
        "goal_monthly": dollars(max(25, 25 * round(max(who.money.saves * 0.5, 50) / 25))),
        "body_part": str(dice.one("body", lists["body"])),
        "first_goal_name": first,
    }
    what = writer.says("goal", "what" if deed else "what_noun", "", key, slots)
    flags = ["first_goal"] if index == 0 else []
    words = (*_content(text), "goal", "priority", "want")
    name = phrasing.gerund(deed) if deed else noun
    said = {"what": what}
    return tell(writer, "goal", name, words, id=key, case=theme("goal", text), slots=slots, flags=flags, said=said,
                figures={"when": figure(NOW + ahead, "year")})  # fmt: skip


def _ahead(text: str, who: Person, key: str) -> int:
    """Return the years until the goal: from its text, else a usual number."""
    words = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "ten": 10}
    hit = re.search(rf"\b(\d{{1,2}}|{'|'.join(words)}) years?\b", text.lower())
    if hit and (told := words.get(hit[1]) or int(hit[1])):
        return told
    if theme("goal", text) == "retire" and not who.work.retired_in:
        return max(1, who.work.retire_at - who.age)
    return who.dice.between(f"{key} ahead", 1, 4 if who.age > 60 else 8)


def worries(who: Person, writer: Writer) -> Iterator[Subject]:
    """Yield the profile's worries, filled up to three with usual ones."""
    own = list(who.given.concerns)
    themes = {theme("worry", text) for text in own}
    more = [text for text in _usual("concerns", who) if theme("worry", text) not in themes]
    for index, text in enumerate((own + more)[: max(3, len(own))]):
        yield _worry(text, index, who, writer)


def _worry(text: str, index: int, who: Person, writer: Writer) -> Subject:
    key = f"worry-{index + 1}"
    dice, lists, known = who.dice, table("worry")["lists"], writer.slots

    def draw(name: str) -> str:
        drawn = str(dice.order(f"worry {name}", lists[name])[index % len(lists[name])])
        return re.sub(r"\{(\w+)\}", lambda hit: known.get(hit[1]) or upper_first(known.get(hit[1].lower(), "")), drawn)

    example = draw("example")
    slots = {
        "worry": phrasing.worry(text, who.given.speaker, dice.between(f"{key} way", 0, 5)).rstrip("."),
        "worry_why": draw("why"),
        "worry_because": draw("because"),
        "worry_trigger": draw("trigger"),
        "worry_since": str(max(who.born + 19, NOW - dice.between(f"{key} since", 1, 6))),
        "worry_example": example,
        "worry_example_low": example if re.match(r"I\b", example) else example[:1].lower() + example[1:],
        "lately_month": dice.one(f"{key} month", MONTHS[:9]),
    }
    words = (*_content(text), "worry", "worries", "concern", "afraid", "keeps you up")
    return tell(writer, "worry", _name(text, who), words, id=key, case=theme("worry", text), slots=slots)


def _name(text: str, who: Person) -> str:
    return phrasing.worry(text, who.given.speaker, 0).removeprefix("What worries me is ").rstrip(".")


@cache
def _themes(file: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(rf"(?i)\b(?:{match})")) for name, match in table(file)["themes"].items())


def theme(file: str, text: str) -> str:
    return next((name for name, match in _themes(file) if match.search(text)), "")


def _content(text: str) -> tuple[str, ...]:
    """Return the words of a text that are specific to it."""
    words = re.findall(r"[a-z][a-z'-]{3,}", text.lower())
    return tuple(word for word in words if word not in _COMMON)


_COMMON = frozenset(
    [
        "that",
        "this",
        "with",
        "from",
        "have",
        "what",
        "when",
        "into",
        "over",
        "without",
        "after",
        "before",
        "they",
        "them",
        "their",
        "there",
        "than",
        "enough",
        "would",
        "could",
        "should",
        "more",
        "most",
        "much",
        "some",
        "make",
        "sure",
        "keep",
        "other",
        "about",
        "which",
        "while",
        "still",
        "every",
        "something",
        "someone",
        "being",
    ]
)


def _usual(section: str, who: Person) -> Sequence[str]:
    """Return what people in this situation usually want or worry about, for a profile that does not say."""
    entry = table("usual")[section]
    texts = entry.get(who.area) or entry["other"]
    fit = [str(text) for text in texts if _applies(str(text), who)]
    return who.dice.order(f"usual {section}", fit)[:3] or [str(texts[0])]


def _applies(text: str, who: Person) -> bool:
    low = text.lower()
    if re.search(r"\b(?:kids|children|college)\b", low) and not who.family.at_home:
        return False
    if "family" in low and not (who.family.partner or who.family.children):
        return False
    if re.search(r"paycheck|job|out of work", low) and not who.work.earning:
        return False
    if re.search(r"house|mortgage|roof", low) and not who.home.owns:
        return False
    return not (re.search(r"down payment|first home", low) and (who.home.owns or who.age > 55))
