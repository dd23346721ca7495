"""The facts about the client, each drawn or computed once, before any sentence is written."""

from dataclasses import dataclass
from functools import cached_property

from rplay.agents.persona import money
from rplay.agents.persona.dice import Dice
from rplay.agents.persona.family import Family, family_of
from rplay.agents.persona.given import Given
from rplay.agents.persona.holdings import Asset, Debt, assets_of, debts_of, is_let, spread
from rplay.agents.persona.place import Place, place_of
from rplay.agents.persona.work import NOW, Work, work_of


@dataclass(frozen=True)
class Person:
    given: Given
    dice: Dice
    industry: str
    area: str  # the kind of advice: the subcategory, or the industry if there is none
    difficulty: str

    @cached_property
    def age(self) -> int:
        if self.given.age is not None:
            return self.given.age
        low = self.given.occupation.lower()
        if "retired" in low or "grand" in self.given.family.lower():
            return self.dice.between("age", 66, 74)
        return self.dice.between("age", 22, 27) if "student" in low else self.dice.between("age", 32, 56)

    @property
    def born(self) -> int:
        return NOW - self.age

    @property
    def grown(self) -> int:
        """The year of the nineteenth birthday."""
        return self.born + 19

    @cached_property
    def place(self) -> Place:
        return place_of(self.given, self.dice)

    @cached_property
    def work(self) -> Work:
        return work_of(self.given, self.age, self.place, self.dice)

    @cached_property
    def family(self) -> Family:
        return family_of(self.given, self.age, self.place, self.dice)

    @cached_property
    def income(self) -> int:
        return money.income_of(self)

    @cached_property
    def assets(self) -> tuple[Asset, ...]:
        return spread(self.held, self.money.saves, self.work.status == "employed")

    @cached_property
    def held(self) -> tuple[Asset, ...]:
        """The assets before the monthly savings are shared out among them."""
        return assets_of(self.given, self.work, self.age, self.place, self.income, self.dice)

    @cached_property
    def debts(self) -> tuple[Debt, ...]:
        return debts_of(self.given, self.age, self.held, self.dice)

    @cached_property
    def home(self) -> money.Home:
        return money.home_of(self)

    @cached_property
    def cover(self) -> money.Cover:
        return money.cover_of(self)

    @cached_property
    def money(self) -> money.Money:
        return money.money_of(self)

    @cached_property
    def stand_ins(self) -> dict[str, str]:
        """Relatives that sentences mention in passing but this client does not have, with the word to say instead."""
        family = self.family
        siblings = {one.word for one in family.siblings}
        parents = {one.word for one in family.parents}
        missing = {word: "cousin" for word in ("sister", "brother") if word not in siblings}
        missing |= {word: other for word, other in (("mother", "aunt"), ("father", "uncle")) if word not in parents}
        if not siblings:
            missing |= {
                "niece": "goddaughter",
                "nephew": "godson",
                "sister-in-law": "cousin",
                "brother-in-law": "cousin",
            }
        return missing

    @property
    def mortgage(self) -> Debt | None:
        return next((one for one in self.debts if one.kind == "mortgage" and not is_let(one.noun)), None)
