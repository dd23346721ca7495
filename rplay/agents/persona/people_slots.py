"""Slot values for sentences about the client and the people around them."""

import re
from collections.abc import Mapping
from typing import Any

from rplay.agents.persona.grammar import article, count, dollars, listed, upper_first, years
from rplay.agents.persona.person import Person
from rplay.agents.persona.speech import MONTHS, age_of, pick, pronouns
from rplay.agents.persona.tables import table
from rplay.agents.persona.work import NOW

_PROFESSIONS = ("law", "engineering", "health", "practice", "education", "tech", "money", "animals")


def self_slots(who: Person, _: Mapping[str, Any]) -> dict[str, Any]:
    return {**_origins(who), **_leisure(who), **_character(who), **_health(who), **_education(who)}


def _origins(who: Person) -> dict[str, Any]:
    dice, place = who.dice, who.place
    city_years = dice.between("city years", 2, max(2, min(30, who.age - 20)))
    return {
        "first": who.given.first_name,
        "name": who.given.name,
        "age": who.age,
        "age_ten": who.age + 10,
        "born": who.born,
        "birth_month": dice.one("birth month", MONTHS[:10]),
        "city": place.city,
        "state": place.state,
        "street": place.street,
        "hometown": place.hometown,
        "home_state": place.home_state,
        "city_years": years(city_years),
        "left_at": dice.between("left at", 6, 17),
        "decade_next": f"{(who.age // 10 + 1) * 10}s",
    }


def _leisure(who: Person) -> dict[str, Any]:
    dice, own = who.dice, who.given.more.get("hobbies")
    hobby, hobby2, *_rest = dice.order("hobby", table("self")["lists"]["hobby"])
    hobby = own.lower() if own else hobby
    return {
        "hobby": hobby,
        "hobby2": hobby2,
        "hobby_since": max(who.born + 10, NOW - dice.between("hobby since", 2, 22)),
        "hobby_cost": 5 * dice.between("hobby cost", 4, 24),
        "hobby_by": pick(who, "self", "hobby_by"),
        "hobby_go": pick(who, "self", "hobby_go"),
        "retired_monday": pick(who, "self", "retired_monday"),
        "wake": dice.one("wake", ("five", "five thirty", "six", "six fifteen", "six thirty")),
        "sunday_at": dice.one("sunday", ("one", "two", "four", "five", "six")),
        "day_note": pick(who, "self", "day_note"),
    }


def _character(who: Person) -> dict[str, Any]:
    dice = who.dice
    character, character2, *_rest = dice.order("character", table("self")["lists"]["character"])
    does, does2, *_rest = dice.order("character does", table("self")["lists"]["character_does"])
    return {
        "character": character,
        "character2": character2,
        "character_does": does,
        "character_does2": does2,
    }


def _health(who: Person) -> dict[str, Any]:
    dice = who.dice
    health = "health_young" if who.age < 40 else "health_mid" if who.age < 65 else "health_old"
    return {
        "health_note": upper_first(who.given.more.get("health") or pick(who, "self", health)),
        "checkup": dice.one("checkup", MONTHS[:10]),
        "health_parent": dice.one("health parent", ("mother", "father", "grandfather", "aunt")),
        "health_family": pick(who, "self", "health_family"),
        "quit_in": max(who.born + 20, NOW - dice.between("quit", 3, 20)),
    }


def _education(who: Person) -> dict[str, Any]:
    own = who.given.more.get("education")
    professional = who.work.trade in _PROFESSIONS and who.income > 70_000
    education = pick(who, "self", "education_pro" if professional else "education_older")
    return {
        "education": upper_first(own or education),
        "education_did": "" if own else pick(who, "self", "education_did"),
    }


def family_slots(who: Person, _: Mapping[str, Any]) -> dict[str, Any]:
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


def told_due(who: Person) -> str:
    """Return the month in which the profile says that a child is due; empty if it does not say."""
    hit = re.search(rf"\b(?:due|expecting|pregnant)\b[^;.]*?\b({'|'.join(MONTHS)})\b", who.given.family)
    return hit[1] if hit else ""


def _children(who: Person) -> dict[str, Any]:
    children, dice = who.family.children, who.dice
    found: dict[str, Any] = {
        "due": told_due(who) or dice.one("due", ("February", "March", "April", "May")),
        "nieces": pick(who, "children", "nieces"),
    }
    if not children:
        return found
    eldest, youngest = children[0], children[-1]
    words_ = {"f": "daughter", "m": "son"}
    kinds = {child.sex for child in children}
    alike = len(kinds) == 1 and all(child.sure for child in children)
    plural = {"f": "daughters", "m": "sons"}[eldest.sex] if alike else "kids"
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
        "guardian": _guardian(who),
    }


def relatives_slots(who: Person, _: Mapping[str, Any]) -> dict[str, Any]:
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
        "a_parent_any": family.died[0] if family.died else dice.one("parent any", ("grandmother", "grandfather")),
        "died_word": family.died[0] if family.died else "",
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
        "elder": dice.one("elder", ("grandmother", "grandfather", "great-aunt")),
        "elder_word": f"my {elder_parent}",
        "elder_parent": elder_parent,
        "elder_them": "her" if female else "him",
        "cousin": dice.one("cousin", ("cousin", "neighbor", "old roommate", "coworker")),
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
    kinds = {one.word for one in siblings}
    noun = f"{siblings[0].word}s" if len(kinds) == 1 else "siblings"
    return f"I've got {count(len(siblings))} {noun}, {listed(one.name for one in siblings)}"


def _guardian(who: Person) -> str:
    near = [f"my {one.word} {one.name}" for one in who.family.siblings] or ["my cousin"]
    return who.dice.one("guardian", near)
