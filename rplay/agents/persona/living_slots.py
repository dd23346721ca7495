"""Slot values for sentences about work, money, home, insurance and what would happen if."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rplay.agents.persona.grammar import dollars, rounded, upper_first, years
from rplay.agents.persona.person import Person
from rplay.agents.persona.speech import MONTHS, duration, pick, within
from rplay.agents.persona.tables import table
from rplay.agents.persona.work import NOW, told_helpers

NURSING_HOME = 9_000  # cost in dollars a month


def work_slots(who: Person, _: Mapping[str, Any]) -> dict[str, Any]:
    return {**_trade(who), **_employment(who), **_benefits(who), **_changes(who)}


def _trade(who: Person) -> dict[str, str]:
    details, street = who.work.details, who.place.street
    return {
        key: str(who.dice.one(f"trade {key}", _fit(who, details[key]))).replace("{street}", street)
        for key in ("likes", "hard", "hours", "unsure", "detail")
    }


_LONG = re.compile(r"\blong time\b|\btwenty years\b|\bfor ages\b|\bsince they were\b|\b(?:19|20)\d\d\b")
_HANDS = re.compile(r"\bmy people\b|\bpeople who stay\b|\bpayroll\b|\bmy crew\b")
_NEW = 4  # years


def _fit(who: Person, ways: Sequence[str]) -> Sequence[str]:
    """Return the ways that can be true of this work: a machinist has no customers, and a beginner no old crew."""
    own = f"{who.given.occupation} {who.given.background}".lower()
    needs = [(rule["says"], rule["told"]) for rule in table("stated")["needs"]]
    new = (who.work.retired_in or NOW) - who.work.since < _NEW
    alone = who.work.status == "own" and not told_helpers(who.given)
    fit = [one for one in ways if not (new and _LONG.search(one)) and not (alone and _HANDS.search(one))
           and not any(re.search(says, one.lower()) and not re.search(told, own) for says, told in needs)]  # fmt: skip
    return fit or ways


def _employment(who: Person) -> dict[str, Any]:
    work, dice = who.work, who.dice
    ended = work.retired_in or NOW
    return {
        "job": work.title,
        "a_job": work.a_title,
        "employer": work.employer,
        "work_since": work.since,
        "work_years": years(max(1, ended - work.since)),
        "career_years": years(max(1, ended - work.began)),
        "began": work.began,
        "began_age": work.began - who.born,
        "before": work.before,
        "before_years": "" if " for " in work.before else years(dice.between("before years", 1, 4)),
        "before_pay": f"${dice.between('before pay', 6, 11)}",
        "commute": 5 * dice.between("commute", 2, 8),
        "staff": _staff(who),
        "work_month": dice.one("work month", MONTHS),
        "first_day": pick(who, "work", "first_day"),
        "helpers": told_helpers(who.given),
        "slow_year": min(NOW - 1, work.since + dice.between("slow year", 1, max(1, NOW - 2 - work.since))),
    }  # fmt: skip


_HUGE = re.compile(r"\b(?:navy|army|air force|coast guard|marine corps|national guard|postal service|state|airline)\b")
_LARGE = re.compile(r"\b(?:hospital|university|county|city|department|district|plant|mine|refinery|railroad)\b")


def _staff(who: Person) -> str:
    employer = who.work.employer.lower()
    if _HUGE.search(employer):
        return ""  # nobody counts them
    if _LARGE.search(employer):
        return "nine hundred"
    return str(who.dice.one("staff", ("forty", "sixty", "a hundred and twenty", "two hundred", "thirty", "eighty")))


def _benefits(who: Person) -> dict[str, Any]:
    work, dice = who.work, who.dice
    plan = "403(b)" if work.trade in ("education", "health", "practice") and dice.chance("403b", 60) else "401(k)"
    own_plan = next((one.noun for one in who.assets if one.kind == "workplan"), plan)
    return {
        "plan": own_plan,
        "match": f"{dice.one('match', ('three', 'four', 'four', 'five', 'six'))} percent",
        "days": dice.one("days", ("ten", "fifteen", "eighteen", "twenty", "twenty-two")),
        "benefit_more": pick(who, "work", "benefit_more"),
        "vacation": max(who.grown, NOW - dice.between("vacation", 1, 5)),
    }  # fmt: skip


def _changes(who: Person) -> dict[str, Any]:
    work, dice = who.work, who.dice
    return {
        "change_in": NOW - dice.between("change", 0, 3),
        "retire_at": work.retire_at,
        "retire_year": who.born + work.retire_at,
        "years_left": years(work.retire_at - who.age),
        "retired_in": work.retired_in,
        "retired_age": work.retired_in - who.born if work.retired_in else "",
        "retired_why": pick(who, "work", "retired_why"),
        "jobless_month": (_let_go(who) or dice.one("jobless", MONTHS[2:9])) if work.status == "jobless" else "",
        "jobless_n": dice.between("applications", 9, 44),
        "raise_in": dice.one("raise in", MONTHS[:9]),
        "raise": dice.one("raise", ("two", "three", "three", "four", "five")),
        "bad_months": dice.one("bad months", ("two", "three", "four")),
    }  # fmt: skip


def _let_go(who: Person) -> str:
    """Return the month in which the client lost the job; empty if the profile does not say."""
    told = f"{who.given.occupation}. {who.given.background}"
    hit = re.search(
        rf"\b(?:laid off|let go|lost (?:his|her|the) job|out of work|unemployed)\b"
        rf"[^.;]*? (?:in|since) ({'|'.join(MONTHS)})\b",
        told,
    )
    return hit[1] if hit else ""


def income_slots(who: Person, _: Mapping[str, Any]) -> dict[str, Any]:
    money, dice, partner = who.money, who.dice, who.family.partner
    return {
        "income": dollars(who.income),
        "monthly": dollars(money.take_home),
        "household": dollars(money.household),
        "tax_share": money.tax_share,
        "refund": dollars(10 * dice.between("refund", 18, 210)),
        "tax_by": pick(who, "income", "tax_by").replace("{street}", who.place.street),
        "bonus": dollars(rounded(who.income * dice.between("bonus", 2, 7) / 100)),
        "slow_month": dice.one("slow month", ("February", "August", "July", "October")),
        "spoken_day": dice.one("spoken day", ("twentieth", "twenty-second", "twenty-fourth")),
        "pay_day": dice.one("pay day", ("first", "third", "fifth")),
        "partner_income": dollars(partner.income) if partner and partner.income else "",
        "partner_monthly": dollars(money.partner_take_home) if money.partner_take_home else "",
        "together_income": dollars(who.income + partner.income) if partner and partner.income else "",
        "support": dollars(50 * dice.between("support", 3, 9)),
        "sixty": dollars(rounded(who.income * 0.6 / 12)),
    }


def home_slots(who: Person, _: Mapping[str, Any]) -> dict[str, Any]:
    home, dice, mortgage = who.home, who.dice, who.mortgage
    quirk, quirk2, *_rest = dice.order("quirk", table("home")["lists"]["quirk"])
    return {
        "home_noun": home.noun if home.owns else "",
        "home_word": home.noun if home.owns else "rent",
        "home_word_or": home.noun if home.owns else "family",
        "home_since": home.since,
        "home_years": years(max(1, NOW - home.since)),
        "home_value": dollars(home.value) if home.owns else "",
        "rooms": home.rooms,
        "payment": dollars(home.payment) if home.payment else "",
        "housing_word": "the house" if home.owns else "rent" if home.payment else "my share at home",
        "home_quirk": quirk,
        "home_quirk2": quirk2,
        "home_like": pick(who, "home", "like"),
        "home_fix": pick(who, "home", "fix") if home.owns else "",
        "home_fix_or": pick(who, "home", "fix") if home.owns else "car",
        "home_fix_cost": dollars(500 * dice.between("fix cost", 7, 32)),
        "home_room": dice.one("room", ("kitchen", "bathroom", "basement")),
        "mortgage": dollars(mortgage.amount) if mortgage else "",
        "mortgage_monthly": dollars(mortgage.monthly) if mortgage else "",
        "mortgage_rate": f"{mortgage.rate:g} percent" if mortgage else "",
        "rent_up": 5 * dice.between("rent up", 8, 30),
        "rent_up_in": dice.one("rent up in", MONTHS[:9]),
        "utilities": dollars(10 * dice.between("utilities", 13, 27)),
        "stuff": dollars(1000 * dice.between("stuff", 6, 22)),
    }


def spending_slots(who: Person, _: Mapping[str, Any]) -> dict[str, Any]:
    money, dice = who.money, who.dice
    kids = any(child.age > 3 for child in who.family.at_home)
    things = table("spending")["lists"]
    return {
        "spending": dollars(money.spending),
        "saves": dollars(money.saves) if money.saves else "",
        "saves_or": dollars(money.saves) if money.saves else "nothing",
        "cash": dollars(money.cash) if money.cash else "",
        "cash_or": f"the {dollars(money.cash)} in the bank" if money.cash else "what's in the checking account",
        "cash_sleep": dollars(rounded(max(2_000, money.spending * 2))),
        "cash_target": dollars(rounded(money.spending * 6)),
        "months": duration(money.months),
        "months_up": upper_first(duration(money.months)),
        "invested": dollars(money.invested) if money.invested else "",
        "debts_total": dollars(money.debts) if money.debts else "",
        "debts_monthly": dollars(money.debts_monthly) if money.debts else "",
        "spend_thing": dice.one(
            "thing",
            [
                *things["thing"],
                *(things["thing_owner"] if who.home.owns else ()),
                *(things["thing_kids"] * 3 if kids else ()),
            ],
        ),
        "spend_weak": pick(who, "spending", "weak"),
        "spend_weak_up": upper_first(pick(who, "spending", "weak")),
        "spend_keep": pick(who, "spending", "keep"),
        "spend_leak": 50 * dice.between("leak", 2, 8),
        "app_weeks": dice.one("app", ("two weeks", "a month", "nine days", "three weeks")),
    }


def cover_slots(who: Person, _: Mapping[str, Any]) -> dict[str, Any]:
    cover, dice = who.cover, who.dice
    since = max(who.born + 55, NOW - dice.between("longterm since", 2, 8))
    will_in = max(who.born + 28, NOW - dice.between("will in", 3, 17))
    return {
        "group_life": dollars(cover.group_life) if cover.group_life else "",
        "own_life": f"{dollars(cover.own_life)}{' of cash value' if cover.own_life_cash else ''}"
        if cover.own_life
        else "",
        "own_life_kind": cover.own_life_kind,
        "own_life_since": cover.own_life_since or "",
        "own_life_cost": dollars(cover.own_life_cost) if cover.own_life else "",
        "own_life_age": cover.own_life_since - who.born if cover.own_life else "",
        "life": dollars(cover.life) if cover.life else "",
        "life_insurer": cover.life_insurer,
        "life_why": pick(who, "cover", "life_why"),
        "what_cover": f"{dollars(cover.life)} of life insurance" if cover.life else "health and the car",
        "insurer": cover.insurer,
        "health_cost": dollars(cover.health_cost) if cover.health_cost else "",
        "health_deductible": dice.one("health deductible", ("1,500", "2,000", "2,500", "3,000", "4,500")),
        "home_cost": dollars(cover.home_cost) if cover.home_cost else "",
        "auto_cost": dollars(cover.auto_cost),
        "auto_since": cover.auto_since,
        "liability": dollars(cover.liability),
        "deductible": dollars(cover.deductible),
        "cover_cost": dollars(cover.cost),
        "longterm_since": since,
        "longterm_cost": dollars(10 * dice.between("longterm cost", 14, 31)),
        "employer_life": f"{_work_life(who)}, " if _work_life(who) else "",
        "employer_life_up": f"{upper_first(_work_life(who) or 'dental')}, ",
        "employer_dis": "something for disability" if cover.disability else "that's about it",
        "ben_years": years(dice.between("ben years", 4, 15)),
        "folder_in": NOW - dice.between("folder", 1, 6),
        "will_in": will_in,
        "will_excuse": pick(who, "estate", "will_excuse"),
        "papers": pick(who, "estate", "papers"),
        "papers_word": dice.one("papers kept", ("desk", "blue folder", "hall closet", "freezer, don't ask")),
        "poa_saw": pick(who, "estate", "poa_saw"),
        "trust_heard": pick(who, "estate", "trust_heard"),
        "charity": pick(who, "estate", "charity"),
    }


def _work_life(who: Person) -> str:
    cover = who.cover
    return (
        f"{dollars(cover.group_life)} of life insurance"
        if cover.group_life
        else "some life insurance" * cover.work_life
    )


_MAY_COME = 15  # age of the youngest child from which grandchildren may be looked forward to


def _picture(who: Person) -> str:
    """Return what the client sees in retirement; grandchildren only where there may be some one day."""
    ages = [child.age for child in who.family.children]
    if ages and min(ages) >= _MAY_COME and not who.family.grandchildren:
        return pick(who, "retirement", "picture")
    others = [one for one in table("retirement")["lists"]["picture"] if "grandkids" not in one]
    return str(who.dice.one("retirement picture", others))


def retirement_slots(who: Person, found: Mapping[str, Any]) -> dict[str, Any]:
    money, dice = who.money, who.dice
    picture = _picture(who)
    need = rounded(max(1500, money.household * 0.75))
    return {
        "retire_picture": picture,
        "retire_picture_up": upper_first(picture),
        "retire_need": dollars(need),
        "ten_times": dollars(who.income * 10),
        "ss": dollars(money.social_security),
        "ss_day": dice.one("ss day", ("second Wednesday", "third Wednesday", "fourth Wednesday")),
        "ss_age": min(who.age, dice.one("ss age", (62, 64, 66, 67))),
        "pension": dollars(money.pension) if money.pension else "",
        "pension_for": found.get("partner") or found.get("heir"),
        "invested_or": f"the {dollars(money.invested)} I've put away"
        if money.invested
        else "what little I've put away",
        "to_95": max(1, 95 - who.age),
        "retire_95": 95 - who.work.retire_at,
    }


def sums_slots(who: Person, found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sums of what-if sentences: what would be left, for how long it would last, and what would be lost."""
    money, cover = who.money, who.cover
    gap = money.spending - money.partner_take_home
    liquid = money.cash + money.invested
    variable = [one for one in who.debts if one.variable]
    first_debt = max(who.debts, key=lambda one: one.rate).name if who.debts else ""
    sold = rounded(max(1500, money.invested * 0.12))
    return {
        "life_years": duration(cover.life / max(1, money.spending)) if cover.life else "",
        "gap_months": duration(money.cash / gap) if gap > 0 else "a good while",
        "kids_or_house": found.get("kids") or "all the bills",
        "their_up": upper_first(str(found.get("their") or "")),
        "debts_after": f"pay off the {dollars(money.debts)} I owe" if money.debts else "at least there's no debt",
        "crash_third": dollars(rounded(money.invested / 3)) if money.invested else "",
        "crash_left": dollars(money.invested - rounded(money.invested / 3)) if money.invested else "",
        "assets_liquid": dollars(rounded(liquid)) if liquid else "what little there is",
        "care_months": duration(liquid / NURSING_HOME),
        "care_months_up": upper_first(duration(liquid / NURSING_HOME)),
        "invested_cash": dollars(rounded(liquid)) if liquid else "What I have",
        "investable": dollars(rounded(max(500, money.cash * 0.4))) if money.cash else "",
        "first_debt": first_debt,
        "lawsuit_assets": _to_lose(who, liquid),
        "variable_debt_up": upper_first(variable[0].name) if variable else "",
        "variable_cost": dollars(max(1, round(sum(one.amount for one in variable) * 0.02 / 12))) if variable else "",
        "sold_loss": dollars(sold) if money.invested else "",
        "windfall": pick(who, "if", "windfall"),
        "auto_story": within(pick(who, "if", "auto_story"), found),
        "family_word": found.get("kids") or found.get("partner") or "somebody like me",
        "insurance_heard": within(str(found["insurance_heard"]), found),
    }  # fmt: skip


def _to_lose(who: Person, liquid: float) -> str:
    if who.home.owns:
        return f"a house worth {dollars(who.home.value)}"
    return f"{dollars(rounded(liquid))} or so" if liquid else "not much"
