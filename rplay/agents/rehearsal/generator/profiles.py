"""Generates client profiles that are plausible, differ from one another, and suit what is to be practised."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from rplay.agents.persona.names import COMMON, TRADITIONS, listed
from rplay.agents.rehearsal.assessment.objections import slug
from rplay.agents.rehearsal.generator.finances import assets_and_debts, dollars
from rplay.agents.rehearsal.generator.person import Person
from rplay.agents.rehearsal.pick import digest
from rplay.agents.rehearsal.profile import number
from rplay.agents.rehearsal.tables import table
from rplay.agents.rehearsal.values import spoken
from rplay.agents.types import ProfileWish

# Names, occupations and ages of this many latest profiles are not used again.
_RECENT = 20
_AREAS = 20  # the most focus areas of a request that are used, because each is looked up in every table
_OBJECTIONS = {"beginner": 1, "intermediate": 2, "advanced": 4}
_TRAITS = ("openness", "conscientiousness", "extraversion", "agreeableness", "neuroticism")
# The mean of each trait by difficulty, from 0 to 100. A trait that is not listed has the mean 50.
_LEANING = {
    "beginner": {"agreeableness": 72, "openness": 64, "extraversion": 62, "neuroticism": 38},
    "intermediate": {"agreeableness": 52, "neuroticism": 52, "extraversion": 46},
    "advanced": {"agreeableness": 30, "openness": 38, "neuroticism": 62, "conscientiousness": 62},
}


def generate(wish: ProfileWish, seed: int) -> dict[str, Any]:
    """Return a profile in the shape of the contract. The same request and seed give the same profile."""
    wish = replace(wish, focus_areas=wish.focus_areas[:_AREAS])
    wanted = (wish.industry, wish.subcategory, wish.difficulty, *wish.focus_areas)
    random = Random(digest(seed, len(wish.existing), *wanted))  # noqa: S311  only for variety
    occupation, age, income = _work(wish, random)
    family, status = _family(age, random)
    wealthy, home = wish.industry == "wealth-management", "homeowners-insurance" in map(slug, wish.focus_areas)
    assets, debts = assets_and_debts(random, age, income, occupation, wealthy, home)
    person = Person(age, occupation, family, ", ".join(assets + debts))
    objections = _objections(wish, random, person)
    return {
        "name": (name := _name(wish, random)),
        "age": age,
        "occupation": occupation,
        "income": dollars(income),
        "family": family,
        "familyStatus": status,
        "assets": assets,
        "debts": debts,
        "goals": _goals(wish, random, person),
        "background": _background(name.split()[0], random, person, " ".join(objections)),
        "concerns": _some(random, person.fitting(_themed("concerns", wish)), 2),
        "hiddenObjections": objections,
        **_character(wish, random),
    }


def _character(wish: ProfileWish, random: Random) -> dict[str, Any]:
    people, traits = table("people"), _traits(wish, random)
    return {
        "personality": {
            "traits": {trait: traits[trait] for trait in _TRAITS},
            "archetype": random.choice(_listed(people["archetypes"])),
            "mood": random.choice(_split(people["moods"][wish.difficulty])),
            "communicationStyle": random.choice(_split(people["styles"][wish.difficulty])),
        },
        "fusionModelTraits": traits,
    }


def _traits(wish: ProfileWish, random: Random) -> dict[str, int]:
    leaning = _LEANING[wish.difficulty]
    names = (*_TRAITS, "assertiveness", "honestyHumility")
    return {name: min(100, max(0, round(random.gauss(leaning.get(name, 50), 14)))) for name in names}


def _split(words: str) -> list[str]:
    return words.split(", ")


def _listed(lines: list[str]) -> list[str]:
    return [word for line in lines for word in _split(line)]


def _recent(wish: ProfileWish, key: str) -> set[str]:
    return {
        spoken(profile.get(key)).lower() for profile in list(wish.existing)[-_RECENT:] if isinstance(profile, Mapping)
    }


def _fresh(items: list[Any], used: set[Any]) -> list[Any]:
    """Return the items that were not used lately; all of them if none is left."""
    return [item for item in items if item not in used] or items


# -- who they are ------------------------------------------------------------------------------------------------------


def _name(wish: ProfileWish, random: Random) -> str:
    """Return a name. The last name belongs to one naming tradition, the first name to the same or to the common one."""
    used = {word for name in _recent(wish, "name") for word in name.split()}
    tradition = random.choice(TRADITIONS)
    firsts = tradition if random.random() < 0.7 else COMMON
    sex = random.choice(("f", "m"))
    first = [name for name in listed(firsts, sex) if name.lower() not in used]
    last = [name for name in listed(tradition, "last") if name.lower() not in used]
    return f"{random.choice(first or listed(COMMON, sex))} {random.choice(last or listed(COMMON, 'last'))}"


def _work(wish: ProfileWish, random: Random) -> tuple[str, int, int]:
    """Return occupation, age and income. The income rises with age until the fifties."""
    used = _recent(wish, "occupation")
    rows = [row for row in table("people")["work"] if row[0].lower() not in used and _suits(row, wish)]
    title, low, high, youngest, oldest = random.choice(rows or table("people")["work"])
    ages = {
        int(number(profile.get("age"), 0)) for profile in list(wish.existing)[-_RECENT:] if isinstance(profile, Mapping)
    }
    age = random.choice(_fresh(list(range(youngest, oldest + 1)), ages))
    experience = min(1.0, (age - youngest + 3) / 28)
    income = (low + (high - low) * min(1.0, max(0.0, random.gauss(0.15 + 0.6 * experience, 0.15)))) * 1000
    return title, age, int(round(income, -3))


def _suits(row: list[Any], wish: ProfileWish) -> bool:
    """Return whether an occupation suits the request: annuities, for example, do not suit young occupations."""
    areas = {slug(area) for area in wish.focus_areas}
    if areas & {"long-term-care", "annuities"} and row[4] < 58:
        return False
    if areas & {"disability-insurance"} and "etired" in row[0]:
        return False
    return wish.industry != "wealth-management" or row[1] >= 74


def _family(age: int, random: Random) -> tuple[str, str]:
    rows = [row for row in table("people")["families"] if row[2] <= age <= row[3]]
    family, status, _, _, children = random.choice(rows)
    return family.replace("{k}", _children(children, age, random)), status


def _children(how_many: str, age: int, random: Random) -> str:
    """Return children's ages that are likely for a parent of this age."""
    oldest = min(17, max(1, age - 22))
    youngest = min(max(1, age - 42), oldest - 3) if oldest > 4 else 1
    if how_many == "one":
        years = random.randint(youngest, oldest)
        return f"{years}-year-old {random.choice(('daughter', 'son'))}"
    count = 3 if how_many == "three" else 2
    ages = sorted(random.sample(range(youngest, max(oldest, count + 1) + 1), count)) if how_many else []
    return f"ages {', '.join(map(str, ages[:-1]))} and {ages[-1]}" if ages else ""


# -- what moves them ---------------------------------------------------------------------------------------------------


def _themed(section: str, wish: ProfileWish) -> list[str]:
    """Return the texts of the focus areas, else of the subcategory, else of the industry."""
    texts = table("people")[section]
    areas = [texts[slug(area)] for area in wish.focus_areas if slug(area) in texts]
    wider = [texts[key] for key in (slug(wish.subcategory or ""), slug(wish.industry), "insurance") if key in texts]
    return list(dict.fromkeys(text for group in (areas[:2] or wider[:1]) for text in group))


def _some(random: Random, texts: list[str], count: int) -> list[str]:
    return random.sample(texts, min(count, len(texts)))


def _objections(wish: ProfileWish, random: Random, person: Person) -> list[str]:
    """Return objections of the theme, filled up with general ones if too few of them fit."""
    wanted = _OBJECTIONS[wish.difficulty]
    own = _some(random, person.fitting(_themed("objections", wish)), wanted)
    general = [text for text in person.fitting(table("people")["objections"]["insurance"]) if text not in own]
    return [*own, *_some(random, general, wanted - len(own))]


def _goals(wish: ProfileWish, random: Random, person: Person) -> list[str]:
    personal = list(_personal(person))
    found = [*_some(random, person.fitting(_themed("goals", wish)), 2), *_some(random, personal, 1)]
    return found or ["Understand what is there and what is missing"]


def _personal(person: Person) -> Iterator[str]:
    texts = table("people")["goals"]
    if person.has_children_at_home:
        yield from texts["family"]
    if person.age >= 60:
        yield texts["older"][0]
    if "grand" in person.family:
        yield texts["older"][1]
    if person.age < 38:
        yield texts["younger"][0 if "Home" in person.means else 1]
    if "Credit" in person.means:
        yield texts["debt"][1 if 50 <= person.age < 70 and not person.retired else 0]


def _background(first: str, random: Random, person: Person, objections: str) -> str:
    """Return why the client comes, an experience with money or advice, and a habit; none contradicts the objections."""
    stories = table("people")["stories"]
    why = [one["text"] for one in stories["why"] if person.has(one.get("needs", ""))]
    before = [
        one["text"]
        for one in stories["before"]
        if person.has(one.get("needs", "")) and not re.search(one.get("not", "^$"), objections, re.IGNORECASE)
    ]
    return f"{first} {random.choice(why)}, and {random.choice(before)}. {random.choice(stories['habits'])}"
