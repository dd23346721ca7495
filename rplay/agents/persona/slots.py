"""What sentences are filled with: everything known of the person, as words."""

from collections.abc import Iterator, Mapping
from typing import Any

from rplay.agents.persona.family import Child
from rplay.agents.persona.grammar import article, count, dollars, listed, rounded, upper_first, years
from rplay.agents.persona.person import Person
from rplay.agents.persona.tables import table, words
from rplay.agents.persona.work import NOW
from rplay.agents.persona.writer import chosen, filled

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
NURSING_HOME = 9_000  # dollars a month
CRASHES = (2008, 2020, 2022)


def duration(months: float) -> str:
    """`about four months`, as one says it."""
    if months < 0.7:
        return "not even a month"
    if months < 1.6:
        return "about a month"
    if months < 22:
        return f"about {count(round(months))} months"
    return f"about {count(round(months / 12))} years" if months < 1200 else "as long as it takes"


def pronouns(sex: str, prefix: str = "") -> dict[str, str]:
    they, them, their = ("she", "her", "her") if sex == "f" else ("he", "him", "his")
    return {f"{prefix}they": they, f"{prefix}them": them, f"{prefix}their": their}


def slots_of(who: Person) -> dict[str, str]:
    found: dict[str, Any] = {}
    for part in (
        _self,
        _work,
        _income,
        _family,
        _relatives,
        _home,
        _spending,
        _cover,
        _retirement,
        _mind,
        _small,
        _sums,
    ):
        found |= part(who, found)
    return {
        key: value if isinstance(value, str) else str(value) for key, value in found.items() if value not in (None, "")
    }


def pick(who: Person, name: str, key: str, draw: str = "") -> str:
    drawn = draw or f"{name} {key}"
    return chosen(str(who.dice.one(drawn, table(name)["lists"][key])), drawn, who.dice)


def _self(who: Person, _: Mapping[str, Any]) -> dict[str, Any]:
    dice, place = who.dice, who.place
    hobby, hobby2, *_rest = dice.order("hobby", table("self")["lists"]["hobby"])
    told = who.given.more
    hobby = told["hobbies"].lower() if told.get("hobbies") else hobby
    health = "health_young" if who.age < 40 else "health_mid" if who.age < 65 else "health_old"
    professional = who.work.trade in ("law", "engineering", "health", "education", "tech", "money", "animals")
    city_years = dice.between("city years", 2, max(2, min(30, who.age - 20)))
    education = pick(who, "self", "education_pro" if professional and who.income > 70_000 else "education_older")
    return {
        "first": who.given.first_name,
        "name": who.given.name,
        "age": who.age,
        "born": who.born,
        "birth_month": dice.one("birth month", MONTHS[:10]),
        "city": place.city,
        "state": place.state,
        "street": place.street,
        "hometown": place.hometown,
        "home_state": place.home_state,
        "city_years": years(city_years),
        "left_at": dice.between("left at", 6, 17),
        "hobby": hobby,
        "hobby2": hobby2,
        "hobby_since": max(who.born + 10, NOW - dice.between("hobby since", 2, 22)),
        "hobby_cost": 5 * dice.between("hobby cost", 4, 24),
        "hobby_by": pick(who, "self", "hobby_by"),
        "hobby_go": pick(who, "self", "hobby_go"),
        "retired_monday": pick(who, "self", "retired_monday"),
        "wake": dice.one("wake", ("five", "five thirty", "six", "six fifteen", "six thirty")),
        "sunday_at": dice.one("sunday", ("one", "two", "four", "five", "six")),
        "character": pick(who, "self", "character"),
        "character_does": pick(who, "self", "character_does"),
        "day_note": pick(who, "self", "day_note"),
        "health_note": upper_first(told.get("health") or pick(who, "self", health)),
        "checkup": dice.one("checkup", MONTHS[:10]),
        "health_parent": dice.one("health parent", ("mother", "father", "grandfather", "aunt")),
        "health_family": pick(who, "self", "health_family"),
        "quit_in": max(who.born + 20, NOW - dice.between("quit", 3, 20)),
        "education": upper_first(told.get("education") or education),
        "education_did": "" if told.get("education") else pick(who, "self", "education_did"),
        "decade_next": f"{(who.age // 10 + 1) * 10}s",
    }


def _work(who: Person, _: Mapping[str, Any]) -> dict[str, Any]:
    work, dice = who.work, who.dice
    ended = work.retired_in or NOW
    fill = {"street": who.place.street}
    details = {
        key: str(dice.one(f"trade {key}", work.details[key])).replace("{street}", fill["street"])
        for key in ("likes", "hard", "hours", "unsure", "detail")
    }
    plan = "403(b)" if work.trade in ("education", "health") and dice.chance("403b", 60) else "401(k)"
    own_plan = next((one.noun for one in who.assets if one.kind == "workplan"), plan)
    return {
        **details,
        "job": work.title,
        "a_job": work.a_title,
        "employer": work.employer,
        "work_since": work.since,
        "work_years": years(max(1, ended - work.since)),
        "career_years": years(max(1, ended - work.began)),
        "began": work.began,
        "began_age": work.began - who.born,
        "before": work.before,
        "before_years": years(dice.between("before years", 1, 4)),
        "before_pay": f"${dice.between('before pay', 6, 11)}",
        "commute": 5 * dice.between("commute", 2, 8),
        "staff": dice.one("staff", ("forty", "sixty", "a hundred and twenty", "two hundred", "nine", "eighty")),
        "work_month": dice.one("work month", MONTHS),
        "first_day": pick(who, "work", "first_day"),
        "helpers": count(dice.between("helpers", 2, 6)),
        "plan": own_plan,
        "match": f"{dice.one('match', ('three', 'four', 'four', 'five', 'six'))} percent",
        "days": dice.one("days", ("ten", "fifteen", "eighteen", "twenty", "twenty-two")),
        "benefit_more": pick(who, "work", "benefit_more"),
        "vacation": max(who.grown, NOW - dice.between("vacation", 1, 5)),
        "change_in": NOW - dice.between("change", 0, 3),
        "retire_at": work.retire_at,
        "retire_year": who.born + work.retire_at,
        "years_left": years(work.retire_at - who.age),
        "retired_in": work.retired_in,
        "retired_age": work.retired_in - who.born if work.retired_in else "",
        "retired_why": pick(who, "work", "retired_why"),
        "jobless_month": dice.one("jobless", MONTHS[2:9]) if work.status == "jobless" else "",
        "jobless_n": dice.between("applications", 9, 44),
        "raise_in": dice.one("raise in", MONTHS[:9]),
        "raise": dice.one("raise", ("two", "three", "three", "four", "five")),
        "bad_months": dice.one("bad months", ("two", "three", "four")),
    }  # fmt: skip


def _income(who: Person, _: Mapping[str, Any]) -> dict[str, Any]:
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
        "spoken_day": dice.one("spoken day", ("fifth", "eighth", "tenth")),
        "pay_day": dice.one("pay day", ("first", "third", "fifteenth", "twenty-eighth")),
        "partner_income": dollars(partner.income) if partner and partner.income else "",
        "partner_monthly": dollars(money.partner_take_home) if money.partner_take_home else "",
        "together_income": dollars(who.income + partner.income) if partner and partner.income else "",
        "support": dollars(50 * dice.between("support", 3, 9)),
        "sixty": dollars(rounded(who.income * 0.6 / 12)),
    }


# -- family ------------------------------------------------------------------------------------------------------------


def _family(who: Person, _: Mapping[str, Any]) -> dict[str, Any]:
    return {**_partner(who), **_former(who), **_children(who)}


def _partner(who: Person) -> dict[str, Any]:
    partner, dice = who.family.partner, who.dice
    if partner is None:
        return {"view_says": pick(who, "partner", "view_says"), "pet": pick(who, "partner", "pet")}
    gap = partner.age - who.age
    older = "the same as me" if not gap else f"{years(abs(gap))} {'older' if gap > 0 else 'younger'} than me"
    return {
        **pronouns(partner.sex),
        "partner": partner.name,
        "spouse": f"my {partner.word}",
        "partner_age": partner.age,
        "partner_older": older,
        "partner_job": partner.job,
        "partner_employer": partner.employer,
        "together": partner.since,
        "together_years": years(max(1, NOW - partner.since)),
        "met": partner.met,
        "view_says": pick(who, "partner", "view_says"),
        "limit": dice.one("limit", ("200", "300", "500", "1,000")),
    }


def _former(who: Person) -> dict[str, Any]:
    family, dice = who.family, who.dice
    if family.status not in ("divorced", "widowed"):
        return {}
    sex = "m" if family.former_word == "husband" else "f"
    return {
        **pronouns(sex, "former_"),
        "their_former": "his" if sex == "m" else "her",
        "they_former": "he" if sex == "m" else "she",
        "former": family.former,
        "former_word": family.former_word,
        "former_until": family.former_until,
        "former_years": years(max(1, NOW - family.former_until)),
        "former_age": max(24, family.former_until - who.born + dice.between("former age", -2, 4)),
        "former_job": article(str(dice.one("former job", table("people")["partner_jobs"])[0])),
    }


def _children(who: Person) -> dict[str, Any]:
    children, dice = who.family.children, who.dice
    found: dict[str, Any] = {
        "due": dice.one("due", ("February", "March", "April", "May")),
        "nieces": pick(who, "children", "nieces"),
    }
    if not children:
        return found
    eldest, youngest = children[0], children[-1]
    words_ = {"f": "daughter", "m": "son"}
    kinds = {child.sex for child in children}
    plural = {"f": "daughters", "m": "sons"}[eldest.sex] if len(kinds) == 1 else "kids"
    at_home = who.family.at_home
    next_college = at_home[0] if at_home else eldest
    grandchildren = who.family.grandchildren
    college = next((one for one in who.assets if one.kind == "college"), None)
    thing = pick(who, "children", "kid_thing") if any(4 < one.age < 17 for one in at_home) else "daycare"
    dream, dream2, *_ = dice.order("dream", table("children")["lists"]["kid_dream"])
    return found | {
        "kids": listed(child.name for child in children),
        "kids_ages": listed(f"{child.name} is {age_of(child)}" for child in children),
        "n_kids": f"{count(len(children))} {plural}" if len(children) > 1 else f"one {words_[eldest.sex]}",
        "a_kid": f"a {words_[eldest.sex]}",
        "kid": next_college.name,
        "kid_age": age_of(next_college),
        "kid_grown_or": eldest.name if eldest.age >= 18 else "a friend",
        "oldest_kid": next((child.name for child in children if 13 <= child.age <= 17), eldest.name),
        "youngest": youngest.name,
        "grandchildren": f"{count(grandchildren)} grandchild{'ren' if grandchildren != 1 else ''}"
        if grandchildren
        else "",
        "kid_cost": dollars(25 * round((280 + 60 * dice.between("kid cost", 0, 9)) * len(at_home) / 25))
        if at_home
        else "",
        "kid_thing": thing,
        "kid_dream": dream,
        "kid_dream2": dream2,
        "college_year": next_college.born + 18 if next_college.age < 18 else "",
        "college_fund": college.noun if college else "",
        "college_amount": dollars(college.amount) if college else "",
        "guardian": dice.one("guardian", ("my sister", "my brother", "their grandmother", "my cousin")),
    }


def age_of(child: Child) -> str:
    return "not one yet" if child.age == 0 else str(child.age)


def _relatives(who: Person, _: Mapping[str, Any]) -> dict[str, Any]:
    family, dice = who.family, who.dice
    parents, siblings = family.parents, family.siblings
    first = siblings[0] if siblings else None
    elder_parent = family.cares_for or (parents[0].word if parents else "aunt")
    female = elder_parent in ("mother", "aunt")
    heirs = [child.name for child in family.grown]
    heir = heirs[0] if heirs else (first.word if first else "cousin")
    heir_word = ("daughter" if family.grown[0].sex == "f" else "son") if heirs else heir
    return {
        "parents_say": _parents_say(who),
        "siblings_say": _siblings_say(who),
        "a_parent": parents[0].word if parents else "",
        "a_parent_age": parents[0].age if parents else "",
        "a_parent_any": dice.one("parent any", ("mother", "father")),
        "died": family.died[0] if family.died else "",
        "died_in": family.died[1] if family.died else "",
        "died_left": pick(who, "relatives", "died_left"),
        "gather": pick(who, "relatives", "gather"),
        "cares": family.cares_for,
        "care_does": pick(who, "relatives", "care_does"),
        "care_hours": dice.between("care hours", 8, 22),
        "care_giver": heirs[0] if heirs else family.partner.name if family.partner else f"my {heir_word}",
        "sibling": first.name if first else "",
        "sibling_word": first.word if first else "",
        "sibling_age": first.age if first else "",
        "sibling_lives": first.where if first else "",
        "supports": family.supports,
        "inherit_thing": pick(who, "relatives", "inherit_thing"),
        "inherit_split": count(len(siblings) + 1 if siblings else 2),
        "inherit_gone": pick(who, "relatives", "inherit_gone"),
        "heir_word": heir_word,
        "heir": f"my {heir_word}",
        "elder": dice.one("elder", ("mother", "grandfather", "father", "aunt")),
        "elder_parent": elder_parent,
        "elder_them": "her" if female else "him",
        "cousin": dice.one("cousin", ("cousin", "brother-in-law", "nephew", "coworker")),
    }  # fmt: skip


def _parents_say(who: Person) -> str:
    parents = who.family.parents
    if len(parents) == 2:
        return f"both my parents are alive, {parents[0].age} and {parents[1].age}, {parents[0].where}"
    if parents:
        return f"my {parents[0].word} is {parents[0].age} and lives {parents[0].where}"
    return who.dice.one("parents gone", ("my parents are both gone", "my folks have passed, both of them"))


def _siblings_say(who: Person) -> str:
    siblings = who.family.siblings
    if not siblings:
        return "I'm an only child"
    if len(siblings) == 1:
        return f"I've got one {siblings[0].word}, {siblings[0].name}, {siblings[0].where}"
    told = listed(f"{one.name}, {one.where}" if index == 0 else one.name for index, one in enumerate(siblings))
    kinds = {one.word for one in siblings}
    noun = f"{siblings[0].word}s" if len(kinds) == 1 else "siblings"
    return (
        f"I've got {count(len(siblings))} {noun}: {listed(one.name for one in siblings)}"
        if len(siblings) > 2
        else f"I've got two {noun}, {told}"
    )


# -- home and money ----------------------------------------------------------------------------------------------------


def _home(who: Person, _: Mapping[str, Any]) -> dict[str, Any]:
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


def _spending(who: Person, _: Mapping[str, Any]) -> dict[str, Any]:
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
        "spend_thing": dice.one("thing", [*things["thing"], *(things["thing_kids"] * 3 if kids else ())]),
        "spend_weak": pick(who, "spending", "weak"),
        "spend_weak_up": upper_first(pick(who, "spending", "weak")),
        "spend_keep": pick(who, "spending", "keep"),
        "spend_leak": 50 * dice.between("leak", 2, 8),
        "app_weeks": dice.one("app", ("two weeks", "a month", "nine days", "three weeks")),
    }


def _cover(who: Person, _: Mapping[str, Any]) -> dict[str, Any]:
    cover, dice = who.cover, who.dice
    since = max(who.born + 55, NOW - dice.between("longterm since", 2, 8))
    will_in = max(who.born + 28, NOW - dice.between("will in", 3, 17))
    return {
        "group_life": dollars(cover.group_life) if cover.group_life else "",
        "own_life": dollars(cover.own_life) if cover.own_life else "",
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
        "employer_life": f"{dollars(cover.group_life)} of life insurance, " if cover.group_life else "",
        "employer_life_up": f"{dollars(cover.group_life)} of life insurance, " if cover.group_life else "Dental, ",
        "employer_dis": "something for disability" if cover.disability else "that's about it",
        "ben_years": years(dice.between("ben years", 4, 15)),
        "folder_in": NOW - dice.between("folder", 1, 6),
        "will_in": will_in,
        "will_excuse": pick(who, "estate", "will_excuse"),
        "papers": pick(who, "estate", "papers"),
        "poa_saw": pick(who, "estate", "poa_saw"),
        "trust_heard": pick(who, "estate", "trust_heard"),
        "charity": pick(who, "estate", "charity"),
    }


def _retirement(who: Person, found: Mapping[str, Any]) -> dict[str, Any]:
    money, dice = who.money, who.dice
    picture = pick(who, "retirement", "picture")
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


def _mind(who: Person, found: Mapping[str, Any]) -> dict[str, Any]:
    dice = who.dice
    family = who.family
    confusing = pick(who, "mind", "confusing")
    docs = pick(who, "mind", "docs")
    heard = pick(who, "mind", "heard_who")
    crash = dice.one("crash year", [year for year in CRASHES if year >= who.born + 24] or [2022])
    friend = family.partner.name if family.partner else f"My {found.get('sibling_word') or 'cousin'}"
    next_when = pick(who, "mind", "next_when")
    lists = table("mind")["lists"]
    return {
        **{
            key: _within(str(dice.one(f"mind {key}", lists[key])), found)
            for key in _DRAWN
        },
        "heard_product": _within(pick(who, "mind", "heard_product"), found),
        "insurance_heard": pick(who, "mind", "insurance_heard"),
        "crash_year": crash,
        "crash_lost": dollars(rounded(max(900, who.money.invested * 0.18))),
        "loss_small": dollars(rounded(max(500, who.money.invested * 0.04))),
        "loss_big": dollars(rounded(max(3000, who.money.invested * 0.25))),
        "partner_or_friend": friend,
        "they_pf": found.get("they") or ("she" if found.get("sibling_word") == "sister" else "he"),
        "confusing": confusing,
        "confusing_up": upper_first(confusing),
        "ask_who": pick(who, "past", "ask_who"),
        "ask_who_up": upper_first(pick(who, "past", "ask_who")),
        "decide_weeks": count(dice.between("decide", 3, 8)),
        "docs": docs,
        "docs_up": upper_first(docs),
        "heard_who": heard,
        "out_by": dice.one("out by", ("half past four", "ten to five", "noon", "a quarter past eleven", "six")),
        "next_when": next_when,
        "next_part": dice.one("next part", ("morning", "afternoon", "early evening")),
        "next_not": dice.one("next not", ("tenth", "fourteenth", "twentieth", "third")),
        "contact_part": dice.one("contact", ("evening", "morning", "early afternoon", "lunch hour")),
        "invest_word": next((one.noun for one in who.assets if one.invested), ""),
        "invest_through": next((one.name for one in who.assets if one.invested), ""),
        "claim_weeks": dice.one("claim weeks", ("six", "nine", "eleven", "thirteen")),
    }  # fmt: skip


_DRAWN = (
    "risk_buy", "risk_told", "school_learned", "quick_one", "decide_thing", "next_after", "next_thing",
    "contact_doing", "product_known", "bank_fee", "explain_to", "heard_from", "annuity_heard",
)  # fmt: skip


def _small(who: Person, found: Mapping[str, Any]) -> dict[str, Any]:
    """Odds and ends that several stories need."""
    dice = who.dice
    pal_sex = dice.one("pal sex", ("f", "m"))
    pal = _stranger("pal", pal_sex, who, found)
    bad_year = max(who.born + 20, dice.one("bad year", (2009, 2016, 2018, 2020, 2021, 2023)))
    adv_year = max(who.born + 20, min(NOW - 2, dice.between("advisor year", 2009, 2022)))
    advisor_sex = dice.one("advisor sex", ("f", "m", "m"))
    advisor_first = _stranger("advisor first", advisor_sex, who, found)
    advisor_last = dice.one(
        "advisor last", [one for one in table("names")["common"]["last"].split(", ") if one not in who.given.name]
    )
    return {
        "pal": pal,
        "pal_age": dice.between("pal age", 34, 57),
        "lately": dice.one("lately", MONTHS[1:10]),
        "lately_season": dice.one("season", ("spring", "summer", "fall")),
        "bad_year": bad_year,
        "bad_weeks": dice.between("bad weeks", 5, 11),
        "bad_month_cash": dollars(dice.between("bad cash", 41, 390)),
        "back_in": max(who.born + 20, NOW - dice.between("back", 1, 4)),
        "bill_in": max(who.born + 20, NOW - dice.between("bill", 1, 6)),
        "out_months": dice.one("out months", ("four", "five", "seven", "nine")),
        "colleague_them": dice.one("colleague", ("him", "her")),
        "they_work": dice.one("work they", ("she", "he")),
        "them_two": dice.one("two", ("two", "three")),
        "friend_age": dice.between("friend age", 36, 52),
        "car_word": next((one.noun for one in who.assets if one.kind == "vehicle"), "car"),
        "car_brand": dice.one("brand", ("old van", "Corolla", "wagon", "old pickup", "hatchback")),
        "car_cost": dollars(10 * dice.between("car cost", 14, 33)),
        "highway": dice.one("highway", ("interstate", "bridge", "county road", "turnpike")),
        "odometer": f"{dice.between('odometer', 161, 248)},000",
        "education_place": dice.one("school place", ("the state school", "a private college", "my second degree")),
        "coffee": dice.one("coffee", ("coffee", "a beer", "pancakes", "lunch")),
        "neighbor": dice.one("neighbor", ("A man", "A woman", "Somebody", "A family")),
        "read_when": dice.one("read when", ("in August", "one weekend", "over the winter", "at two in the morning")),
        "letter_thing": dice.one("letter", ("premium", "rate on the car", "health premium", "car insurance")),
        "letter_percent": dice.one("letter percent", ("eleven", "fourteen", "seventeen", "nineteen", "twenty-two")),
        "adv_year": adv_year,
        "adv_end": min(NOW - 1, adv_year + dice.between("advisor end", 1, 6)),
        "adv_years": years(NOW - adv_year),
        "adv_loss": dollars(rounded(max(4_000, who.income * dice.between("advisor loss", 8, 30) / 100))),
        "advisor_name": f"{advisor_first} {advisor_last}",
        "advisor_last": advisor_last,
        **pronouns(advisor_sex, "advisor_"),
        "bank": dice.one("rushed bank", words("places", "banks")),
        "firm": dice.one("firm", words("places", "brokers")),
        "month": dice.one("late month", ("June", "September", "November")),
        "uncle": dice.one("uncle", words_of("m")),
        "uncle_age": dice.between("uncle age", 19, 26) if who.age > 27 else 18,
        "uncle_sold": pick(who, "past", "sold"),
        "saved_online": dice.between("saved", 180, 640),
        "was": dice.between("was", 74, 110),
        "now": dice.between("now", 128, 190),
        "er": f"{dice.between('er', 1, 4)},{dice.between('er 2', 100, 980)}",
        "grocery_was": dice.between("grocery", 88, 130),
        "grocery_now": dice.between("grocery now", 141, 196),
        "ask_who_law": dice.one("law", ("a cousin who's a paralegal", "the insurance company", "a billboard lawyer")),
        "secret_month": dice.one("secret month", MONTHS[5:10]),
        "secret_since": max(who.born + 20, NOW - dice.between("secret since", 2, 6)),
        "card_extra": dollars(5 * dice.between("card extra", 5, 16)),
        "lent": dollars(500 * dice.between("lent", 5, 22)),
        "side_money": dollars(100 * dice.between("side", 9, 46)),
        "parent_help": dollars(25 * dice.between("parent help", 6, 18)),
        "lawyer_debt": dollars(100 * dice.between("lawyer", 31, 88)),
        "extra": dollars(25 * dice.between("extra", 1, 6)),
        "extra_in": NOW - dice.between("extra in", 1, 3),
        "due_day": dice.one("due day", ("first", "fifth", "twelfth", "fifteenth", "twentieth")),
        "stopped": dice.one("stopped", MONTHS[:9]),
        "tenants": years(dice.between("tenants", 1, 6)),
    }  # fmt: skip


def _stranger(key: str, sex: str, who: Person, found: Mapping[str, Any]) -> str:
    """A name that nobody in the family bears."""
    family = " ".join(str(found.get(one, "")) for one in ("name", "kids", "partner", "former", "siblings_say"))
    return who.dice.one(key, [name for name in words_of(sex) if name not in family])


def words_of(sex: str) -> tuple[str, ...]:
    """Common first names."""
    return tuple(str(table("names")["common"][sex]).split(", "))


def _sums(who: Person, found: Mapping[str, Any]) -> dict[str, Any]:
    """What would be left, for how long, and what would go."""
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
        "auto_story": _within(pick(who, "if", "auto_story"), found),
        "family_word": found.get("kids") or found.get("partner") or "somebody like me",
        "insurance_heard": _within(str(found["insurance_heard"]), found),
    }  # fmt: skip


def _to_lose(who: Person, liquid: float) -> str:
    if who.home.owns:
        return f"a house worth {dollars(who.home.value)}"
    return f"{dollars(rounded(liquid))} or so" if liquid else "not much"


def _within(text: str, found: Mapping[str, Any]) -> str:
    """A slot inside a slot."""
    return filled(text, {key: str(value) for key, value in found.items()}) if "{" in text else text


# -- flags -------------------------------------------------------------------------------------------------------------


def flags_of(who: Person) -> frozenset[str]:
    return frozenset(flag for flag, holds in _flags(who) if holds)


def _flags(who: Person) -> Iterator[tuple[str, Any]]:
    family, work, money, cover, home, dice = who.family, who.work, who.money, who.cover, who.home, who.dice
    ages = [child.age for child in family.children]
    yield from ((name, work.status == state) for name, state in _STATUSES.items())
    yield from (
        (state, family.status == state)
        for state in ("single", "married", "partnered", "engaged", "divorced", "widowed")
    )
    yield "earning", work.earning
    yield "benefits", work.benefits
    yield "partner", family.partner
    yield "remarried", family.remarried
    yield "partner_earns", family.partner and family.partner.income
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
    yield "stayed", who.place.stayed
    yield "young", who.age < 36
    yield "older", who.age >= 55
    yield "senior", who.age >= 65
    yield "owner", home.owns
    yield "renter", not home.owns and not home.with_parents
    yield "with_parents", home.with_parents
    yield "renters_cover", not home.owns and cover.home_cost
    yield "mortgage", who.mortgage
    yield "debt", who.debts
    yield "card", any(one.kind == "card" for one in who.debts)
    yield "variable", any(one.variable for one in who.debts)
    yield "tight", not money.saves
    yield "cash", money.cash
    yield "invested", money.invested
    yield "crypto", any(one.kind == "crypto" for one in who.assets)
    yield "annuity", any(one.kind == "annuity" for one in who.assets)
    yield "college_fund", any(one.kind == "college" for one in who.assets)
    yield "group_life", cover.group_life
    yield "own_life", cover.own_life
    yield "life", cover.life
    yield "no_life", not cover.life
    yield "has_disability", cover.disability
    yield "longterm", cover.longterm
    yield f"health_{cover.health}", True
    yield "pension", money.pension
    yield "ss_now", who.age >= 67 or (work.status == "retired" and who.age >= 62)
    yield "will", who.age >= 30 and dice.chance("will", 12 + max(0, who.age - 35) * 1.6)
    yield (
        "was_in",
        money.invested
        and min((one.since for one in who.assets if one.invested), default=NOW) <= 2021
        and who.age >= 28,
    )
    yield from _habits(who)
    yield who.difficulty, True


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
    smokes = told.startswith(("yes", "smok", "current", "true")) or (not told and who.dice.chance("smoker", 8))
    stopped = told.startswith(("former", "ex", "quit")) or (
        not told and not smokes and who.dice.chance("ex smoker", 14) and who.age > 30
    )
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
