"""Slot values for sentences about the client's attitude, and others that several stories need."""

from collections.abc import Mapping
from typing import Any

from rplay.agents.persona.grammar import count, dollars, rounded, upper_first, years
from rplay.agents.persona.person import Person
from rplay.agents.persona.speech import MONTHS, pick, pronouns, stranger, within, words_of
from rplay.agents.persona.tables import table, words
from rplay.agents.persona.work import NOW
from rplay.agents.persona.writer import standing_in

CRASHES = (2008, 2020, 2022)


def mind_slots(who: Person, found: Mapping[str, Any]) -> dict[str, Any]:
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
            key: within(standing_in(str(dice.one(f"mind {key}", lists[key])), who.stand_ins), found)
            for key in _DRAWN
        },
        "heard_product": within(pick(who, "mind", "heard_product"), found),
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


def small_slots(who: Person, found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **_acquaintances(who, found),
        **_lately(who),
        **_former_advisor(who, found),
        **_daily_life(who),
        **_secrets(who),
    }


def _acquaintances(who: Person, found: Mapping[str, Any]) -> dict[str, Any]:
    dice = who.dice
    pal_sex = dice.one("pal sex", ("f", "m"))
    pal = stranger("pal", pal_sex, who, found)
    return {
        "pal": pal,
        "pal_age": dice.between("pal age", 34, 57),
        "colleague_them": dice.one("colleague", ("him", "her")),
        "they_work": dice.one("work they", ("she", "he")),
        "them_two": dice.one("two", ("two", "three")),
        "friend_age": dice.between("friend age", 36, 52),
        "neighbor": dice.one("neighbor", ("A man", "A woman", "Somebody", "A family")),
        "uncle": dice.one("uncle", words_of("m")),
        "uncle_age": dice.between("uncle age", 19, 26) if who.age > 27 else 18,
        "uncle_sold": pick(who, "past", "sold"),
        "coffee": dice.one("coffee", ("coffee", "a beer", "pancakes", "lunch")),
    }  # fmt: skip


def _lately(who: Person) -> dict[str, Any]:
    dice = who.dice
    bad_year = max(who.born + 20, dice.one("bad year", (2009, 2016, 2018, 2020, 2021, 2023)))
    return {
        "lately": dice.one("lately", MONTHS[1:10]),
        "lately_season": dice.one("season", ("spring", "summer", "fall")),
        "bad_year": bad_year,
        "bad_weeks": dice.between("bad weeks", 5, 11),
        "bad_month_cash": dollars(dice.between("bad cash", 41, 390)),
        "back_in": max(who.born + 20, NOW - dice.between("back", 1, 4)),
        "bill_in": max(who.born + 20, NOW - dice.between("bill", 1, 6)),
        "out_months": dice.one("out months", ("four", "five", "seven", "nine")),
        "read_when": dice.one("read when", ("in August", "one weekend", "over the winter", "at two in the morning")),
        "month": dice.one("late month", ("June", "September", "November")),
        "stopped": dice.one("stopped", MONTHS[:9]),
    }  # fmt: skip


def _former_advisor(who: Person, found: Mapping[str, Any]) -> dict[str, Any]:
    dice = who.dice
    adv_year = min(NOW - 2, max(who.born + 22, dice.between("advisor year", 2009, 2022)))
    advisor_sex = dice.one("advisor sex", ("f", "m", "m"))
    advisor_first = stranger("advisor first", advisor_sex, who, found)
    advisor_last = dice.one(
        "advisor last", [one for one in table("names")["common"]["last"].split(", ") if one not in who.given.name]
    )
    return {
        "adv_year": adv_year,
        "adv_end": min(NOW - 1, adv_year + dice.between("advisor end", 1, 6)),
        "adv_years": years(NOW - adv_year),
        "adv_loss": dollars(rounded(max(4_000, who.income * dice.between("advisor loss", 8, 30) / 100))),
        "advisor_name": f"{advisor_first} {advisor_last}",
        "advisor_last": advisor_last,
        **pronouns(advisor_sex, "advisor_"),
        "bank": dice.one("rushed bank", words("places", "banks")),
        "firm": dice.one("firm", words("places", "brokers")),
    }  # fmt: skip


def _daily_life(who: Person) -> dict[str, Any]:
    dice = who.dice
    return {
        "car_word": next((one.noun for one in who.assets if one.kind == "vehicle"), "car"),
        "car_brand": dice.one("brand", ("old van", "Corolla", "wagon", "old pickup", "hatchback")),
        "car_cost": dollars(10 * dice.between("car cost", 14, 33)),
        "highway": dice.one("highway", ("interstate", "bridge", "county road", "turnpike")),
        "odometer": f"{dice.between('odometer', 161, 248)},000",
        "education_place": dice.one("school place", ("the state school", "a private college", "my second degree")),
        "er": f"{dice.between('er', 1, 4)},{dice.between('er 2', 100, 980)}",
        "letter_thing": dice.one("letter", ("premium", "rate on the car", "health premium", "car insurance")),
        "letter_percent": dice.one("letter percent", ("eleven", "fourteen", "seventeen", "nineteen", "twenty-two")),
        "saved_online": dice.between("saved", 180, 640),
        "was": dice.between("was", 74, 110),
        "now": dice.between("now", 128, 190),
        "grocery_was": dice.between("grocery", 88, 130),
        "grocery_now": dice.between("grocery now", 141, 196),
        "ask_who_law": dice.one("law", ("a cousin who's a paralegal", "the insurance company", "a billboard lawyer")),
        "tenants": years(dice.between("tenants", 1, 6)),
    }  # fmt: skip


def _secrets(who: Person) -> dict[str, Any]:
    dice = who.dice
    return {
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
    }  # fmt: skip
