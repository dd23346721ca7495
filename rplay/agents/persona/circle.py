"""The subjects of a life that are about the client as a person, the partner, the children and other relatives."""

from collections.abc import Iterator

from rplay.agents.persona.family import Child
from rplay.agents.persona.life import Subject
from rplay.agents.persona.person import Person
from rplay.agents.persona.speech import MONTHS, age_of, pronouns
from rplay.agents.persona.tables import table
from rplay.agents.persona.telling import figure, tell
from rplay.agents.persona.writer import Writer

_GRADES = ("kindergarten", "first grade", "second grade", "third grade", "fourth grade", "fifth grade", "sixth grade",
           "seventh grade", "eighth grade", "ninth grade", "tenth grade", "eleventh grade",
           "twelfth grade")  # fmt: skip


def subjects(who: Person, writer: Writer) -> Iterator[Subject]:
    yield tell(writer, "self", "me", ("you", "yourself", who.given.first_name), figures={"age": figure(who.age, "age")})
    yield _partner(who, writer)
    yield _children(who, writer)
    yield from (_child(child, index, who, writer) for index, child in enumerate(who.family.children))
    if not who.family.children:
        yield tell(writer, "child", "children", ("child", "son", "daughter"), id="child-none", case=_childless(who))
    yield _relatives(who, writer)


def _partner(who: Person, writer: Writer) -> Subject:
    partner = who.family.partner
    if partner is None:
        name = "my late " + who.family.former_word if who.family.status == "widowed" else "a partner"
        former = who.family.former if who.family.status in ("divorced", "widowed") else ""
        others = ("partner", "wife", "husband", "spouse", "married", "single", former)
        return tell(writer, "partner", name, others, case="none", reserve=1 if former else 0)
    figures = {"age": figure(partner.age, "age"), "since": figure(partner.since, "year")}
    if partner.income:
        figures["work"] = figure(partner.income, "dollars a year")
    words = ("partner", "wife", "husband", "spouse", partner.word, partner.name, "other half", "you two", "you both")
    return tell(writer, "partner", f"my {partner.word} {partner.name}", words, figures=figures)


def _children(who: Person, writer: Writer) -> Subject:
    children = who.family.children
    words = ("children", "kids", "child", "son", "daughter", "family", *(child.name for child in children))
    figures = {"what": figure(len(children), "count")}
    case = "" if children else _childless(who)
    name = "the kids" if len(children) > 1 else f"my {_word(children[0])}" if children else "children"
    return tell(writer, "children", name, words, case=case, figures=figures)


def _childless(who: Person) -> str:
    return "expecting" if who.family.expecting else "none"


def _word(child: Child) -> str:
    return "daughter" if child.sex == "f" else "son"


def _child(child: Child, index: int, who: Person, writer: Writer) -> Subject:
    key = f"child-{index + 1}"
    slots = {**_child_slots(child, key, who), "child": child.name}
    figures = {"age": figure(child.age, "age")}
    last = len(who.family.children) - 1
    place = ("oldest",) * (index == 0) + ("youngest",) * (index == last) + ("middle",) * (0 < index < last)
    words = (child.name, _word(child), f"{child.age}-year-old", *place)
    flags = (f"child_{_stage(child)}",)
    return tell(writer, "child", child.name, words, id=key, slots=slots, flags=flags, figures=figures)


def _stage(child: Child) -> str:
    if child.age < 5:
        return "small"
    return "school" if child.age < 18 else "college" if child.age < 22 else "grown"


def _child_slots(child: Child, key: str, who: Person) -> dict[str, str]:
    dice, lists, grown = who.dice, table("child")["lists"], child.age >= 18
    they = pronouns(child.sex, "child_")
    month = dice.one(f"{key} month", MONTHS)
    grade = _GRADES[min(12, max(0, child.age - 5))]

    def draw(name: str) -> str:
        text = str(dice.order(f"child {name}", lists[name])[int(key[6:]) % len(lists[name])])
        for slot, value in {**they, "rough": str(dice.one(f"{key} rough", lists["rough"]))}.items():
            text = text.replace(f"{{{slot}}}", value).replace(f"{{{slot[:1].upper() + slot[1:]}}}", value.capitalize())
        return text

    return they | {
        "child_word": _word(child),
        "child_age": age_of(child),
        "child_born": str(child.born),
        "child_month": month if child.age else "",
        "child_trait": draw("trait_grown" if grown else "trait")
        if child.age > 1 or grown
        else "sleeps like a rock, except at four",
        "child_like_now": draw("like_now") if 3 <= child.age < 18 else "",
        "child_worry": draw("worry") if not grown else "",
        "child_job": draw("job") if child.age >= 20 else "",
        "child_dream": str(dice.one(f"{key} dream", table("children")["lists"]["kid_dream"]))
        if 3 <= child.age < 18
        else "something with people"
        if 18 <= child.age < 22
        else "",
        "child_city": str(dice.one(f"{key} city", table("places")["places"])[0]),
        "grade": grade,
        "grade_up": grade[:1].upper() + grade[1:],
        "school_note": draw("school_note"),
        "college": str(
            dice.one(
                f"{key} college",
                ("the state university", "the community college", "a small college upstate", "the tech college"),
            )
        ),
        "major": draw("major"),
        "grandparent": str(
            dice.one(f"{key} grandparent", ("my father", "my mother", "an aunt of mine", "nobody I know"))
        ),
    }


def _relatives(who: Person, writer: Writer) -> Subject:
    family = who.family
    names = [one.name for one in family.siblings]
    words = (
        "parents",
        "mother",
        "father",
        "mom",
        "dad",
        "sister",
        "brother",
        "siblings",
        "relatives",
        "family",
        *names,
    )
    figures = {"siblings": figure(len(family.siblings), "count")}
    if family.parents:
        figures["parents"] = figure(family.parents[0].age, "age")
    return tell(writer, "relatives", "my family", words, figures=figures)
