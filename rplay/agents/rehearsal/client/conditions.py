"""What holds for a client at a moment of the talk: the conditions that a saying may have."""

import re
from collections.abc import Iterator
from typing import Any

from rplay.agents.persona.life import Life
from rplay.agents.persona.work import status_of, told_helpers
from rplay.agents.rehearsal.client.moment import Moment

# How much of a manner, from 0 to 100, makes it one's own.
_MUCH = 62
_TRUSTS, _WARY = 55, 40  # trust from which, and up to which
_EARLY, _LATE = 3, 8  # lines
_MANNERS = ("terse", "warm", "blunt", "anxious")
_INVESTED = re.compile(
    r"401|403|\bira\b|\broth\b|stock|shares|fund|etf|brokerage|bond|invest|crypto|bitcoin|annuity|rental|portfolio"
)


def conditions(moment: Moment) -> frozenset[str]:
    """All conditions that hold."""
    return frozenset(name for name, holds in (*_of_life(moment), *_of_talk(moment)) if holds)


CONDITIONS = frozenset({
    "partner", "single", "widowed", "divorced", "kids", "several_kids", "no_kids", "grown_kids", "grandkids", "parents",
    "employed",
    "own", "staff", "retired", "student", "jobless", "owner", "renter", "mortgage", "debt", "no_debt", "invested",
    "not_invested", "tight", "young", "older", "senior", *_MANNERS, "trusts", "wary", "advanced", "late", "early",
})  # fmt: skip


def _of_life(moment: Moment) -> Iterator[tuple[str, Any]]:
    life, family = moment.life, moment.given.family.lower() if moment.given else ""
    partner, ages = partner_of(life), [int(one.figures["age"].value) for one in children_of(life)]
    yield "partner", partner
    yield "widowed", not partner and "widow" in family
    yield "divorced", not partner and re.search(r"divorc|separat", family)
    yield "single", not partner and not re.search(r"widow|divorc|separat", family)
    yield "kids", ages
    yield "several_kids", len(ages) > 1
    yield "no_kids", not ages
    yield "grown_kids", any(age >= 18 for age in ages)
    yield "grandkids", "grand" in family
    yield "parents", any("parents" in one.figures for one in life.of_kind("relatives"))
    yield "staff", moment.given and told_helpers(moment.given)
    yield status_of(moment.given.occupation if moment.given else "", life.age), True
    yield from ((name, life.age >= least) for name, least in (("older", 55), ("senior", 65)))
    yield "young", life.age < 36
    yield from _of_money(life)
    yield from ((manner, getattr(life.style, manner) >= _MUCH) for manner in _MANNERS)


def _of_money(life: Life) -> Iterator[tuple[str, Any]]:
    home = next(iter(life.of_kind("home")), None)
    debts = [one for one in life.of_kind("debt") if one.id != "debts" and one.figures]
    held = " ".join(f"{one.name} {' '.join(one.words)}".lower() for one in life.of_kind("asset") if one.figures)
    saves = next((one.figures["saves"].value for one in life.of_kind("spending") if "saves" in one.figures), 0)
    owns = home is not None and "value" in home.figures
    yield "owner", owns
    yield "renter", not owns
    yield "mortgage", any("mortgage" in one.words for one in debts)
    yield "debt", debts
    yield "no_debt", not debts
    yield "invested", _INVESTED.search(held)
    yield "not_invested", not _INVESTED.search(held)
    yield "tight", saves < 100


def _of_talk(moment: Moment) -> Iterator[tuple[str, Any]]:
    state = moment.state
    yield "trusts", state.trust >= _TRUSTS and not state.cool
    yield "wary", state.cool or (state.trust < _WARY and moment.difficulty != "beginner")
    yield "advanced", moment.difficulty == "advanced"
    yield "late", moment.number >= _LATE
    yield "early", moment.number < _EARLY


def partner_of(life: Life) -> str:
    """The partner's first name; empty where there is none."""
    known = (one for one in life.of_kind("partner") if "since" in one.figures or "age" in one.figures)
    return next((one.name.split()[-1] for one in known if one.name.split()[-1][:1].isupper()), "")


def children_of(life: Life) -> list[Any]:
    return [one for one in life.of_kind("child") if "age" in one.figures]
