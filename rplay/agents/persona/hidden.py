"""The client's secrets: hidden subjects, and what unlocks them."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from rplay.agents.persona.life import Subject, Unlock
from rplay.agents.persona.person import Person
from rplay.agents.persona.tables import table
from rplay.agents.persona.telling import tell
from rplay.agents.persona.writer import Writer, filled

_MANY = {"beginner": (1, 1), "intermediate": (2, 2), "advanced": (2, 4)}
# Groups of similar secrets. A life gets at most one secret of each group.
_ALIKE = (
    {"card", "gambling", "loan", "ex_debt"},
    {"diagnosis", "turned_down"},
    {"marriage", "savings"},
    {"job", "business"},
)


def subjects(who: Person, writer: Writer) -> Iterator[Subject]:
    low, high = _MANY.get(who.difficulty, (1, 1))
    wanted = who.dice.between("secrets", low, high)
    chosen: list[str] = []
    for name, secret in who.dice.order("secret", sorted(table("hidden")["secret"].items())):
        if len(chosen) < wanted and _fits(secret, writer.flags) and not _alike(name, chosen):
            chosen.append(name)
    yield from (_secret(name, index, writer) for index, name in enumerate(chosen))


def _fits(secret: Mapping[str, Any], flags: frozenset[str]) -> bool:
    wants = [flag for flag in str(secret["wants"]).split(",") if flag]
    return all((flag[1:] not in flags) if flag.startswith("!") else flag in flags for flag in wants)


def _alike(name: str, chosen: list[str]) -> bool:
    return any(name in group and group & set(chosen) for group in _ALIKE)


def _secret(name: str, index: int, writer: Writer) -> Subject:
    secret = table("hidden")["secret"][name]
    opens = tuple(cast(Unlock, one) for one in str(secret["opens"]).split(","))
    words = str(secret["words"]).split(", ")
    title = filled(str(secret["name"]), writer.slots)
    return tell(
        writer,
        "worry",
        title,
        words,
        id=f"hidden-{index + 1}",
        file="hidden",
        case=f"secret.{name}",
        reserve=2,
        unlock=opens,
    )
