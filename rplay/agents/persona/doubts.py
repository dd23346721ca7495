"""The client's objections and questions: hidden ones from the profile, and the usual ones of the difficulty."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from rplay.agents.persona import phrasing
from rplay.agents.persona.life import Objection, Subject
from rplay.agents.persona.person import Person
from rplay.agents.persona.tables import table
from rplay.agents.persona.writer import Writer

_MANY = {"beginner": 1, "intermediate": 3, "advanced": 5}


def objections(who: Person, writer: Writer, subjects: Sequence[Subject]) -> Iterator[Objection]:
    own = who.given.objections
    wanted = _MANY.get(who.difficulty, 1)
    themes = [theme(text) for text in own]
    for index, text in enumerate(own):
        said = phrasing.doubt(text, who.given.speaker)
        yield _objection(f"own-{index + 1}", themes[index], said, writer, subjects, hidden=True)
    more = [name for name in _defaults(who) if name not in themes]
    for name in more[:wanted]:
        text = writer.one("objections", "text", f"theme.{name}", f"objection {name}")
        yield _objection(f"usual-{name}", name, text, writer, subjects, hidden=False)


def _objection(
    id_: str, name: str, text: str, writer: Writer, subjects: Sequence[Subject], *, hidden: bool
) -> Objection:
    entry = table("objections")["theme"][name]
    about = next((one.id for one in subjects if one.kind == entry["about"]), None)
    slots = {"advisor_deeper": _advisor_deeper(subjects)}
    says = writer.says("objections", "deeper", f"theme.{name}", f"{id_} one", slots)
    again = writer.says("objections", "deeper", f"theme.{name}", f"{id_} two", slots)
    deeper = tuple(dict.fromkeys(says + again))
    return Objection(id=id_, text=text, about=about, deeper=deeper, settled_by=str(entry["settled_by"]), hidden=hidden)


def _advisor_deeper(subjects: Sequence[Subject]) -> str:
    """Return what happened with an earlier advisor, if that is a reason to be wary; else an empty text."""
    advisor = next((one for one in subjects if one.id == "advisor"), None)
    told = advisor.says.get("happened", ()) if advisor else ()
    return told[0] if told and not re.search(r"never went|hung up again|Every fall", told[0]) else ""


@cache
def _themes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    themes: dict[str, Any] = table("objections")["theme"]
    return tuple((name, re.compile(rf"(?i)\b(?:{entry['match']})")) for name, entry in themes.items())


def theme(text: str) -> str:
    return next(name for name, match in _themes() if match.search(text) or name == "other")


def _defaults(who: Person) -> list[str]:
    orders = table("objections")["defaults"]
    return str(orders.get(who.area) or orders.get(who.industry) or orders["other"]).split(", ")


def questions(who: Person, writer: Writer) -> Iterator[str]:
    investing = who.industry in ("wealth-management", "securities")
    kinds = ["investing"] if investing else ["insurance", "property" if who.area == "property-casualty" else "life"]
    for kind in kinds:
        yield from _asked(kind, 4 if investing else 2, who, writer)
    yield from _asked("trust", 2, who, writer)


def _asked(kind: str, many: int, who: Person, writer: Writer) -> list[str]:
    texts = who.dice.order(f"questions {kind}", table("objections")["questions"][kind])
    return [text.replace("{family_word}", writer.slots["family_word"]) for text in texts[:many]]
