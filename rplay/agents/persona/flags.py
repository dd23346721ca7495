"""Flags that are true of a person (such as "married"), which the conditions of sentence patterns ask for."""

import re
from collections.abc import Iterator
from typing import Any

from rplay.agents.persona.person import Person
from rplay.agents.persona.work import NOW


def flags_of(who: Person) -> frozenset[str]:
    return frozenset(flag for flag, holds in _flags(who) if holds)


def _flags(who: Person) -> Iterator[tuple[str, Any]]:
    yield from ((name, who.work.status == state) for name, state in _STATUSES.items())
    yield from ((state, who.family.status == state) for state in _FAMILY_STATES)
    yield from _family(who)
    yield from _self(who)
    yield from _home(who)
    yield from _money(who)
    yield from _cover(who)
    yield from _habits(who)
    yield who.difficulty, True


_SHIFTS = re.compile(
    r"\bnights?\b|\bweeks on\b|\bmonths on\b|\bshifts?\b|\bon call\b|\bat sea\b|\bdeployed\b|\btruck\b"
)


def _family(who: Person) -> Iterator[tuple[str, Any]]:
    family = who.family
    ages = [child.age for child in family.children]
    yield "partner", family.partner
    yield "remarried", family.remarried
    yield "partner_earns", family.partner and family.partner.income
    yield "partner_shifts", family.partner and _SHIFTS.search(f"{who.given.family} {who.given.background}")
    yield "partner_retired", family.partner and family.partner.retired
    yield "partner_home", family.partner and not family.partner.income and not family.partner.retired
    yield "kids", ages
    yield "one_kid", len(ages) == 1
    yield "several", len(ages) > 1
    yield "kids_home", family.at_home
    yield "small_kids", any(age < 9 for age in ages)
    yield "teens", any(13 <= age < 18 for age in ages)
    yield "grandkids", family.grandchildren
    yield "expecting", family.expecting
    yield "parents", family.parents
    yield "siblings", family.siblings
    yield "cares", family.cares_for
    yield "supports", family.supports
    yield "died", family.died


def _self(who: Person) -> Iterator[tuple[str, Any]]:
    work = who.work
    yield "earning", work.earning
    yield "earlier", work.began < work.since
    yield "benefits", work.benefits
    yield "stayed", who.place.stayed
    yield "young", who.age < 36
    yield "older", who.age >= 55
    yield "senior", who.age >= 65
    yield "ss_now", who.age >= 67 or (work.status == "retired" and who.age >= 62)
    told = re.search(
        r"\b(?:no|without an?|never (?:made|wrote) an?|hasn't (?:made|written) an?) will\b", who.given.story
    )
    yield "will", not told and who.age >= 30 and who.dice.chance("will", 12 + max(0, who.age - 35) * 1.6)


def _home(who: Person) -> Iterator[tuple[str, Any]]:
    home = who.home
    yield "owner", home.owns
    yield "renter", not home.owns and not home.with_parents
    yield "with_parents", home.with_parents
    yield "renters_cover", not home.owns and who.cover.home_cost
    yield "mortgage", who.mortgage


def _money(who: Person) -> Iterator[tuple[str, Any]]:
    money = who.money
    yield "debt", who.debts
    yield "card", any(one.kind == "card" for one in who.debts)
    yield "variable", any(one.variable for one in who.debts)
    yield "tight", not money.saves
    yield "cash", money.cash
    yield "invested", money.invested
    yield "crypto", any(one.kind == "crypto" for one in who.assets)
    yield "annuity", any(one.kind == "annuity" for one in who.assets)
    yield "college_fund", any(one.kind == "college" for one in who.assets)
    yield "pension", money.pension
    since = min((one.since for one in who.assets if one.invested), default=NOW)
    yield "was_in", money.invested and since <= 2021 and who.age >= 28


def _cover(who: Person) -> Iterator[tuple[str, Any]]:
    cover = who.cover
    yield "group_life", cover.group_life
    yield "work_life", cover.work_life
    yield "own_life", cover.own_life
    yield "life", cover.life
    yield "no_life", not cover.life
    yield "has_disability", cover.disability
    yield "longterm", cover.longterm
    yield f"health_{cover.health}", True


_FAMILY_STATES = ("single", "married", "partnered", "engaged", "divorced", "widowed")
_STATUSES = {
    "employed": "employed",
    "own": "own",
    "retired": "retired",
    "student": "student",
    "jobless": "jobless",
    "homemaker": "home",
}


def _habits(who: Person) -> Iterator[tuple[str, Any]]:
    told = who.given.more.get("smoker", "").lower()
    smokes = told.startswith(("yes", "smok", "current", "true"))
    stopped = told.startswith(("former", "ex", "quit"))
    yield "smoker", smokes
    yield "ex_smoker", stopped
    yield from _attitude(who)


def _attitude(who: Person) -> Iterator[tuple[str, Any]]:
    told = who.given.more.get("risk", "").lower()
    traits = who.given.traits
    boldness = traits.get("openness", 50) - traits.get("neuroticism", 50) + (45 - who.age) * 0.5
    if any(word in told for word in ("conserv", "low", "avers", "cautious")):
        boldness = -50
    elif any(word in told for word in ("aggress", "high", "growth")):
        boldness = 50
    elif told:
        boldness = 0
    yield "careful", boldness < -12
    yield "middling", -12 <= boldness <= 18
    yield "bold", boldness > 18
