"""Which goals, worries and objections make sense for a made-up person."""

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    age: int
    occupation: str
    family: str
    means: str

    @property
    def retired(self) -> bool:
        return self.occupation.startswith("Retired")

    @property
    def in_business(self) -> bool:
        return not self.retired and bool(re.search(r"Owner|Contractor|Farmer|Freelance", self.occupation))

    @property
    def has_children_at_home(self) -> bool:
        return "ages " in self.family or "year-old" in self.family

    @property
    def has_family(self) -> bool:
        return not re.match(r"Single, no children|Divorced, no children", self.family)

    def fitting(self, texts: list[str]) -> list[str]:
        return [text for text in texts if all(holds(self) for pattern, holds in _NEEDS if re.search(pattern, text))]


# What a text takes for granted about the person.
_NEEDS: tuple[tuple[str, Callable[[Person], bool]], ...] = (
    (r"the mortgage", lambda person: "Mortgage" in person.means),
    (r"stay in the home|rebuild the house|underinsured after a fire", lambda person: "Home" in person.means),
    (r"\bfamily\b", lambda person: person.has_family),
    (
        r"\b(?:paycheck|job|through work|employer|lost income|out of work|if work is|recovery|family's income)\b",
        lambda person: not person.retired,
    ),
    (r"through work|employer|with the job|desk job", lambda person: not person.in_business),
    (r"down payment", lambda person: "Home" not in person.means and person.age < 60),
    (r"sale of a business", lambda person: person.in_business or (person.age >= 50 and "Home" in person.means)),
    (r"business running", lambda person: person.in_business),
    (r"teenage driver", lambda person: bool(re.search(r"\b1[4-9]\b", person.family))),
    (r"Medicare", lambda person: 55 <= person.age < 65),
    (r"right before retirement", lambda person: person.age >= 45 and not person.retired),
    (r"15 years|forever", lambda person: person.age >= 40),
    (r"too healthy", lambda person: person.age < 55),
)
