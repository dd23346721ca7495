"""Which goals, worries, objections and stories fit a generated person."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from rplay.agents.persona.work import status_of, trade_of

_AT_A_DESK = frozenset({"tech", "money", "law", "office", "engineering", "education"})


@dataclass(frozen=True)
class Person:
    age: int
    occupation: str
    family: str
    means: str

    @property
    def status(self) -> str:
        return status_of(self.occupation, self.age)

    @property
    def retired(self) -> bool:
        return self.status == "retired"

    @property
    def in_business(self) -> bool:
        return self.status == "own"

    @property
    def has_children_at_home(self) -> bool:
        return "ages " in self.family or "year-old" in self.family

    @property
    def has_family(self) -> bool:
        return "no children" not in self.family or bool(re.search(r"(?i)married|partner|engaged", self.family))

    @property
    def at_a_desk(self) -> bool:
        return trade_of(self.occupation) in _AT_A_DESK

    def fitting(self, texts: list[str]) -> list[str]:
        return [text for text in texts if all(holds(self) for pattern, holds in _NEEDS if re.search(pattern, text))]

    def has(self, need: str) -> bool:
        """Return whether the person meets the condition that a story names."""
        return {
            "": True,
            "employed": self.status == "employed",
            "own": self.in_business,
            "retired": self.retired,
            "expecting": "expecting" in self.family,
            "grown": self.age >= 34,
        }[need]


# Words of a text, and the condition that the person must then meet.
_NEEDS: tuple[tuple[str, Callable[[Person], bool]], ...] = (
    (r"the mortgage", lambda person: "Mortgage" in person.means),
    (r"stay in the home|rebuild the house|underinsured after a fire", lambda person: "Home" in person.means),
    (r"home and auto", lambda person: "Home" in person.means),
    (r"\bfamily\b", lambda person: person.has_family),
    (
        r"at home first",
        lambda person: bool(re.match(r"(?:Re)?[Mm]arried|Living with a partner|Engaged", person.family)),
    ),
    (
        r"\b(?:paycheck|job|through work|employer|lost income|out of work|if work is|recovery|family's income)\b",
        lambda person: not person.retired,
    ),
    (r"through work|employer|with the job|desk job", lambda person: person.status == "employed"),
    (r"desk job", lambda person: person.at_a_desk),
    (r"down payment", lambda person: "Home" not in person.means and person.age < 60),
    (r"sale of a business", lambda person: person.in_business or (person.age >= 50 and "Home" in person.means)),
    (r"business running", lambda person: person.in_business),
    (r"teenage driver", lambda person: bool(re.search(r"\b1[4-9]\b", person.family))),
    (r"Medicare", lambda person: 55 <= person.age < 65),
    (r"right before retirement", lambda person: person.age >= 45 and not person.retired),
    (r"^Retire ", lambda person: not person.retired),
    (r"15 years|forever|past losses|burned before", lambda person: person.age >= 40),
    (r"too healthy", lambda person: person.age < 55),
    (r"the kids|children's", lambda person: person.has_children_at_home),
    (r"My family will take care", lambda person: person.has_family and person.age >= 50),
)
