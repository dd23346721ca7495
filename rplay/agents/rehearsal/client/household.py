"""Answers plain questions about the people around the client: who lives there, how old they are, what they are
called."""

import re
import unicodedata
from collections.abc import Callable, Sequence

from rplay.agents.persona.grammar import lower_first
from rplay.agents.persona.life import Subject
from rplay.agents.persona.named import named_in
from rplay.agents.persona.place import told_place
from rplay.agents.rehearsal.client.facts import spoken
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.tables import any_of
from rplay.agents.rehearsal.client.words import bare, capital, listed

Said = Sequence[str]
_GROWN = 21  # age from which children who are not said to live at home have moved out
_OF_AGE = 18
_AWAY = re.compile(r"\b(?:college|university|dorm|sophomore|campus)\b", re.IGNORECASE)
_CHILDREN = re.compile(r"\b(?:kids|children|boys|girls|twins|sons|daughters|ages|little ones)\b")
_PARTNER = re.compile(r"\b(?:wife|husband|spouse|partner|fianc[eé]e?|girlfriend|boyfriend)\b")
_OWN = re.compile(r"\b(?:are you|your own age|your age|you are)\b")


def partner(moment: Moment) -> Subject | None:
    """Return the partner whom the client lives with; None if the client is separated or widowed."""
    return next((one for one in moment.life.of_kind("partner") if "age" in one.figures or "since" in one.figures), None)


def children(moment: Moment) -> list[Subject]:
    return [one for one in moment.life.of_kind("child") if "age" in one.figures]


def meant(moment: Moment, text: str) -> list[Subject]:
    """Return the people whom a question means: by name, by relation, else by a pronoun for those named last."""
    known = [*children(moment), *([mate] if (mate := partner(moment)) else [])]
    if named := _named(known, text):
        return named
    if _PARTNER.search(text):
        return [one for one in known if one.kind == "partner"]
    if place := re.search(r"\b(oldest|eldest|youngest|middle)\b(?! (?:school|child of))", text):
        word = place[1].replace("eldest", "oldest")
        return [each for each in children(moment) if word in each.words]
    one = re.search(r"\b(?<!grand)(son|daughter|boy|girl|child|baby|kid)\b", text)
    if one:
        kind = {"boy": "son", "girl": "daughter"}.get(one[1], one[1])
        return [each for each in children(moment) if kind in each.words or kind in ("child", "baby", "kid")]
    if re.search(r"\b(?:he|she|him|his|her)\b", text):
        return _last_named(moment, known)[-1:]
    return children(moment) if _CHILDREN.search(text) else []


def _named(known: Sequence[Subject], text: str) -> list[Subject]:
    return [one for one in known if re.search(rf"\b{re.escape(_plain(_first(one)))}\b", _plain(text))]


def _plain(text: str) -> str:
    """Return the text in lower case and without accents, as people type it: `hernan` for Hernán."""
    return "".join(one for one in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(one))


def _first(one: Subject) -> str:
    return one.name.split()[-1] if one.kind == "partner" else one.name


def _last_named(moment: Moment, known: Sequence[Subject]) -> list[Subject]:
    """Return the people named in the latest line that names anybody, in the order of the line."""
    lines = [moment.reading.text]
    for turn in reversed(moment.turns[:-1]):
        lines += [" ".join(turn.answer), turn.reading.text]
    for line in lines[:4]:
        text = bare(line)
        found = [(hit.start(), one) for one in known for hit in re.finditer(rf"\b{_first(one).lower()}\b", text)]
        found += [(hit.start(), one) for one in known for hit in re.finditer(_kin_of(one), text)]
        if found:
            return [one for _, one in sorted(found, key=lambda pair: pair[0])]
    return []


def _kin_of(one: Subject) -> str:
    own = [word for word in one.words if word in ("son", "daughter", "wife", "husband", "partner")]
    return rf"\b(?:{'|'.join(own)})\b" if own else r"(?!)"


# -- what is asked -----------------------------------------------------------------------------------------------------


def ages(moment: Moment, text: str) -> Said:
    whom = meant(moment, text)
    if not whom and _OWN.search(text):
        return [f"I'm {moment.life.age}"]
    known = [one for one in whom if "age" in one.figures]
    told = [f"{_first(one)}{'' if at else ' is'} {_age(moment, one)}" for at, one in enumerate(known)]
    return [capital(listed(told))] if told else []


def _age(moment: Moment, one: Subject) -> str:
    """Return the age; in months if the family text gives months."""
    months = re.search(rf"{re.escape(_first(one))} \((\d+ months?)\)", moment.given.family if moment.given else "")
    return months[1] if months else f"{one.figures['age'].value:.0f}"


def called(moment: Moment, text: str) -> Said:  # noqa: ARG001
    return [said for one in moment.life.of_kind("self") for said in one.says.get("name", ())[:1]]


def names(moment: Moment, text: str) -> Said:
    mate = partner(moment)
    if _PARTNER.search(text) and mate:
        return [f"{_first(mate)}"]
    if re.search(r"\b(?:kids|children|sons?|daughters?|boys?|girls?|twins)\b", text) and (own := children(moment)):
        return [listed([_with_age(one) for one in own])]
    if re.search(r"\b(?:live|living|share|roommate|room)\b", text):
        return _sharing(moment) or ([f"{_first(mate)}"] if mate else [])
    return []


def _with_age(one: Subject) -> str:
    return f"{_first(one)}, who's {one.figures['age'].value:.0f}"


def residents(moment: Moment, text: str) -> Said:
    """Return everybody in the house. The answer begins with a no if the advisor thought that the client lives alone."""
    lead = "No, " if re.search(r"\b(?:alone|by yourself|on your own)\b", text) else ""
    mate, sharing = partner(moment), _sharing(moment)
    if alone := next((one.text for one in moment.statements if _ALONE.search(one.text)), ""):
        return [moment.led("Yes,", alone) if lead else alone]
    if sharing and not mate and not children(moment):
        return [f"{lead}{sharing[0]}" if not lead else moment.led("No,", sharing[0])]
    studies = any(_AWAY.search(text) for text in moment.own_texts[:2])
    grown = _OF_AGE if studies else _GROWN
    at_home = [one for one in children(moment) if _home(one, one.figures["age"].value < grown)]
    raised = _RAISED.findall(moment.given.family) if moment.given else []
    people = [*([mate.name] if mate else []), *map(_first, at_home), *raised]
    if not people and sharing:
        return sharing
    if not people:
        return ["Yes, just me" if lead else "Just me, it's quiet"]
    away = [_first(one) for one in children(moment) if one not in at_home]
    where = "off at college" if studies else "out of the house"
    gone = f"{listed(away)} {'are' if len(away) > 1 else 'is'} {where}" if away else ""
    part = next((one.text for one in moment.statements if "every other week" in one.text), "")
    whole = f"{lead}there's {listed(people)}, and me" if lead else f"{listed(people)}, and me"
    return [whole, *sharing, gone or part]


_RAISED = re.compile(r"\braise[sd]? (?:\w+ ){0,2}?grand\w+,? ([A-Z]\w+)")
_ALONE = re.compile(r"\b(?:I live|I've lived|I'm living) (?:all )?alone\b")
_AT_HOME = re.compile(r"\bat home\b|\blives? with (?:me|us)\b|\blives? in my\b")
_OUT = re.compile(
    r"\b(?:in|at|near) (?:a |an |the )?(?:\w+ ){0,2}(?:college|university|school in)\b|\b(?:in|near|outside) [A-Z]"
)


def _home(one: Subject, young: bool) -> bool:
    """Return whether a child lives at home: as told, else as is usual at this age."""
    told = " ".join(one.says.get("school", ()))
    lives = f"{told} {' '.join(one.says.get('what', ()))}"
    return bool(_AT_HOME.search(lives)) or (young and not (_OUT.search(told) and one.figures["age"].value >= _OF_AGE))


_SHARES = re.compile(
    r"\b(?:share (?:an?|the) (?:\w+ )?(?:apartment|house|flat|place|rental)|live with|lives? (?:here )?with (?:me"
    r"|us)|rent with"
    r"|live alone)\b"
)


def _sharing(moment: Moment) -> list[str]:
    """Return who else lives there, in the profile's own words."""
    told = (one.text for one in moment.statements if one.source == "family" and _SHARES.search(one.text))
    return [re.sub(r" \(\d+\)", "", one) for one in told][:1]


def status(moment: Moment, text: str) -> Said:
    told = [says[0] for one in moment.life.of_kind("partner")[:1] if (says := one.says.get("what", ()))]
    age = [f"I'm {moment.life.age}"] if re.search(r"\bage\b|\bhow old\b", text) else []
    return [*age, *(told or ["I'm not married"])]


def put_right(moment: Moment, text: str) -> Said:
    """Return a correction if the advisor says `husband` in place of `wife` or the other way round."""
    mate, taken = (
        partner(moment),
        re.search(r"\byour (husband|wife)\b|\b(?:you and|with) (?:your )?(husband|wife)\b", text),
    )
    if mate is None or taken is None or re.search(r"\b(?:husband or|wife or)\b", text):
        return []
    wrong = taken[1] or taken[2]
    right = {"husband": "wife", "wife": "husband"}[wrong]
    return [f"It's my {right}, {_first(mate)}, not a {wrong}"] if f" {right} " in f" {mate.name} " else []


def does(moment: Moment, text: str) -> Said:
    """Return what somebody does at work or at school."""
    one = next(iter(meant(moment, text)), None)
    aspect = "work" if one and one.kind == "partner" else "school"
    return list(one.says.get(aspect, ())[:1]) if one else []


_IN = re.compile(r"\b(?:in|near|outside) [A-Z]\w+(?: [A-Z]\w+)?")


def whereabouts(moment: Moment, text: str) -> Said:
    """Return where somebody lives, from the family text."""
    for one in meant(moment, text):
        for piece in re.split(r"; |, (?=[a-z]+ [A-Z])", moment.given.family if moment.given else ""):
            if _first(one) in piece and (hit := _IN.search(piece[piece.index(_first(one)) :])):
                return [capital(hit[0])]
    return []


def counted(moment: Moment, text: str) -> Said:
    """Return the number of children or grandchildren."""
    if re.search(r"\bgrand(?:kids|children)\b", text):
        every = (one for sub in moment.life.of_kind("children") for one in sub.says.get("what", ()))
        return [one for one in every if "grandchild" in one][:1] or any_grandchildren(moment, text)
    own = children(moment)
    if not own and not moment.life.of_kind("children"):
        return []
    if not own:
        return ["None"]
    many = ("One", "Two", "Three", "Four", "Five", "Six")[min(len(own), 6) - 1]
    return [f"{many}, {listed([_with_age(one) for one in own])}"]


def any_grandchildren(moment: Moment, text: str) -> Said:  # noqa: ARG001
    family = moment.given.family.lower() if moment.given else ""
    if "grand" in family and not re.search(r"\b(?:no|without) grand", family):
        every = (one for sub in moment.life.of_kind("children") for one in sub.says.get("what", ()))
        told = [one for one in every if "grandchild" in one]
        return [f"Yes, {told[0].removeprefix('And ')}"] if told else []
    return ["Not yet" if any(one.figures["age"].value >= _GROWN for one in children(moment)) else "No, none"]


def parents(moment: Moment, text: str) -> Said:  # noqa: ARG001
    """Return the parents whom the family names, and what is told of them."""
    told = next((one.says.get("parents", ())[:1] for one in moment.life.of_kind("relatives")), ())
    family = named_in(moment.given.family) if moment.given else ()
    known = [f"My {one.role} {one.name} is {one.age}" for one in family if one.role in ("mother", "father")]
    return [*known, *(one for one in told if not any(each.split()[2] in one for each in known))]


def place(moment: Moment, text: str) -> Said:  # noqa: ARG001
    """Return the town in which the client lives, as far as the profile tells it."""
    told = told_place(moment.given) if moment.given else None
    return [f"In {', '.join(filter(None, told))}"] if told else []


def kinfolk(moment: Moment, text: str) -> Said:  # noqa: ARG001
    """Return partner and children, as the nearest relatives."""
    mate, own = partner(moment), children(moment)
    told = [next(iter(mate.says.get("what", ())), "")] if mate else []
    every = moment.life.subject("children")
    if own and every:
        told += [text for text in every.says.get("what", ())[:2] if _first(own[0]) in text or "grand" in text]
    return told


_HELPS = re.compile(
    r"\b(?:works? (?:on|the|with|at the (?:farm|ranch|shop))|farms? with|runs? the|does the books"
    r"|helps? (?:with|out|me|him|her)"
    r"|in the business|(?:has|have) been with (?:me|us)|part-timers?|my (?:foreman|assistant|apprentice|helper))\b"
)


def helpers(moment: Moment, text: str) -> Said:  # noqa: ARG001
    """Return who works with the client, from what is told about the people around the client."""
    people = (*moment.life.of_kind("child"), *moment.life.of_kind("partner"))
    own = (said for one in people for key in ("school", "work", "what") for said in one.says.get(key, ()))
    told = (one.text for one in moment.statements if one.source in ("background", "family"))
    return list(dict.fromkeys(said for said in (*own, *told) if _HELPS.search(said)))[:2]


def about_children(moment: Moment, text: str) -> Said:
    """Return what is told about each child whom the question means."""
    return [
        next((said for said in one.says.get("what", ()) if _first(one) in said), "") for one in meant(moment, text)[:3]
    ]


def any_children(moment: Moment, text: str) -> Said:  # noqa: ARG001
    """Return that a child is expected, for a client without children."""
    every = moment.life.subject("children")
    if children(moment) or every is None:
        return []
    expected = re.search(r"(?i)\b(?:expecting|pregnant|due)\b[^;.]*", moment.given.family if moment.given else "")
    return [f"Not yet, but we're {lower_first(expected[0])}"] if expected and "expecting" in expected[0].lower() else []


def together(moment: Moment, text: str) -> Said:  # noqa: ARG001
    """Return what client and partner earn."""
    income, mate = next(iter(moment.life.of_kind("income")), None), partner(moment)
    if income is None or not moment.tells(income) or "what" not in income.figures:
        return []
    mine = spoken(income.figures["what"])
    theirs = mate.figures.get("work") if mate else None
    return [
        f"{mine} from me, and {_first(mate)} makes about {spoken(theirs)}"
        if mate and theirs
        else f"{mine}, that's mine alone"
    ]


_ANSWERS: Sequence[Callable[[Moment, str], Said]] = (
    put_right,
    helpers,
    about_children,
    any_children,
    any_grandchildren,
    parents,
    place,
    together,
    kinfolk,
    status,
    ages,
    does,
    whereabouts,
    counted,
    called,
    names,
    residents,
)


def of_household(moment: Moment, text: str) -> list[str]:
    """Return the answer to a question about the household; an empty list for any other question."""
    for answer in _ANSWERS:
        asks = any_of("plain", "household", answer.__name__)
        if asks.search(text) and (said := [one for one in answer(moment, text) if one]):
            return said
    return []
