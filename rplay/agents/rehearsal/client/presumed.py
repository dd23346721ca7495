"""Corrects what a line assumes about the client: rates, sums, ages, numbers of children, and who exists."""

import re
from collections.abc import Callable, Iterator, Sequence

from rplay.agents.persona.life import Subject
from rplay.agents.rehearsal.client import taken_for
from rplay.agents.rehearsal.client.facts import spoken
from rplay.agents.rehearsal.client.household import children, partner
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.words import bare, capital, listed
from rplay.agents.rehearsal.reading import forms
from rplay.agents.rehearsal.reading.amounts import amounts
from rplay.agents.rehearsal.reading.types import Act, Sentence

Said = list[str]
# Acts that suggest something, and do not say how things are.
_PUTS: frozenset[Act] = frozenset({"propose", "explain", "compare", "disclose", "next_step", "promise", "goodbye"})
_SUPPOSES = re.compile(
    r"\b(?:if|suppose|imagine|let's say|say you|would|could|should|might|may|until|by the time|when you)\b"
)
_OF_CLIENT = re.compile(r"\b(?:you|your|you're|you've|he|she|they|the|his|her|their)\b")


def corrected(moment: Moment) -> Said:
    """Return the correction of a wrong assumption in the line; an empty list if there is none."""
    for one in moment.reading.sentences:
        if _SUPPOSES.search(bare(one.text)):
            continue
        puts = one.act in _PUTS and not _to_be_confirmed(moment)
        for check in (_own_age,) if puts else CHECKS:
            if right := check(moment, one):
                return [moment.say("claim.wrong"), capital(right)]
    return []


def _to_be_confirmed(moment: Moment) -> bool:
    """Return whether the line wants a confirmation: `Did I get that right?` makes a claim of the sentences
    before it."""
    return any(one.asks == "check" or forms.tagged(one.text) for one in moment.reading.sentences)


# Rates of debts

_SYNONYMS = (
    (r"\b(?:house|home|mortgage|condo|place|townhouse|duplex)\b", r"mortgage"),
    (r"\b(?:car|truck|pickup|vehicle|auto)\b", r"car|truck|vehicle|auto|motorcycle"),
    (r"\b(?:student|school|college|tuition|studies|parent)\b", r"student|parent|school|college"),
    (r"\b(?:card|cards|visa)\b", r"card"),
    (r"\b(?:business|shop|practice|store|equipment)\b", r"business|practice|equipment|shop"),
    (r"\b(?:line|heloc)\b", r"line"),
)


def _rate(moment: Moment, sentence: Sentence) -> str:
    """Return a correction such as `No, the car loan is at eight; the house is at 3.4.`, without the `No`."""
    said = [one.value for one in amounts(sentence.text) if one.unit == "percent"]
    asks = sentence.question and not forms.tagged(sentence.text)
    if len(said) != 1 or asks or _NO_RATE.search(bare(sentence.text)):
        return ""
    rated = [one for one in moment.life.of_kind("debt") if "rate" in one.figures and _by_profile(moment, one)]
    meant = _meant(rated, bare(sentence.text))
    if meant is None or abs(meant.figures["rate"].value - said[0]) <= _NEAR * said[0]:
        return ""
    other = next((one for one in rated if one is not meant and _rounds(one.figures["rate"].value, said[0])), None)
    right = f"{meant.name} is at {spoken(meant.figures['rate'])}"
    return f"{right}. It's {other.name} that's at {spoken(other.figures['rate'])}" if other else right


_NEAR = 0.06
_NO_RATE = re.compile(
    r"\b(?:sav(?:es?|ed|ing)|discount|off|cheaper|bundl\w+|returns?|earn\w*|growth|down payment|fee|commission)\b"
)


def _rounds(rate: float, said: float) -> bool:
    return abs(rate - said) < 0.5


def _meant(debts: Sequence[Subject], text: str) -> Subject | None:
    for spoken_of, named in _SYNONYMS:
        if re.search(spoken_of, text):
            return next((one for one in debts if re.search(named, one.name.lower())), None)
    return next((one for one in debts if (set(bare(one.name).split()) - _COMMON) & set(text.split())), None)


_COMMON = frozenset({"the", "my", "a", "loan", "debt", "on", "for", "of", "at", "is", "and", "to"})


def _by_profile(moment: Moment, debt: Subject) -> bool:
    """Return whether the profile itself states the rate."""
    held = moment.given.debts if moment.given and moment.given.debts else ()
    return any("%" in one.text and _alike(one.text, debt.name) for one in held)


def _alike(text: str, name: str) -> bool:
    words = set(bare(name).split()) - {"the", "my", "a"}
    return bool(words) and words <= set(bare(text).split())


# The age at which the client wants to stop working

_STOPS = re.compile(
    r"\b(?:retir\w+|stop(?:ping)? (?:work\w*|driving|translating)|done working|done at|be done|close the practice)\b"
)
_AT = re.compile(r"\bat (?:age )?(?P<age>\d\d|(?:fifty|sixty|seventy)(?:[ -]\w+)?)\b")
_GOAL_AT = re.compile(
    r"(?:retir|stop|done|close|free|sell|pay off).{0,50}?\b(?:at|before retiring at|by) (\d\d)\b", re.IGNORECASE
)
_WORDS = {"ten": 10, "eleven": 11, "twelve": 12, "fifty": 50, "sixty": 60, "seventy": 70,
          "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
          "seven": 7, "eight": 8, "nine": 9}  # fmt: skip


def _stops_at(moment: Moment, sentence: Sentence) -> str:
    text = bare(sentence.text)
    found = _AT.search(text)
    if not found or not _STOPS.search(text) or not _asserts(sentence):
        return ""
    known = next((hit[1] for one in _goals(moment) if (hit := _GOAL_AT.search(one)) and _STOPS.search(bare(one))), "")
    said = _number(found["age"])
    return f"at {known}, not at {said}" if known and said and int(known) != said else ""


def _goals(moment: Moment) -> Iterator[str]:
    if moment.given:
        yield from (*moment.given.goals, moment.given.background)


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    return sum({**_WORDS, **_TENS}.get(one, 0) for one in re.split(r"[ -]", text))


def _asserts(sentence: Sentence) -> bool:
    """Return whether the sentence states something, with or without asking for a confirmation."""
    return not sentence.question or forms.tagged(sentence.text)


_OWN_AGE = re.compile(
    r"\byou(?:'re| are) (?:now |already |only |just )?(?P<age>\d\d|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty)"
    r"(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?)(?= now\b| already\b| so\b| and\b| right\b|$)"
)
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "eighty": 80}


def _own_age(moment: Moment, sentence: Sentence) -> str:
    text = bare(sentence.text)
    found = _OWN_AGE.search(text)
    if not found or not _asserts(sentence) or not moment.given or moment.given.age is None:
        return ""
    return f"I'm {moment.given.age}" if _number(found["age"]) != moment.given.age else ""


# Ages of people, and the number of children


def _age(moment: Moment, sentence: Sentence) -> str:
    text = bare(sentence.text)
    mate = partner(moment)
    for one in (*children(moment), *((mate,) if mate and "age" in mate.figures else ())):
        name = one.name.split()[-1].lower()
        found = re.search(
            rf"\b{re.escape(name)} (?:is|who's|who is|he's|she's|is now|just turned) (\d\d?)\b(?! (?:years|months|"
            rf"times|percent))",
            text,
        )
        if found and _asserts(sentence) and int(found[1]) != int(one.figures["age"].value):
            return f"{one.name.split()[-1]} is {int(one.figures['age'].value)}"
    return ""


def _ages(moment: Moment, sentence: Sentence) -> str:
    """Return the right ages if the line names those of all children and gets one wrong: `the boys are 11 and 9`."""
    found = _AGES.search(bare(sentence.text))
    known = children(moment)
    if not found or not _asserts(sentence) or not known:
        return ""
    said = sorted(map(int, re.findall(r"\d+", found["ages"])))
    if len(said) != len(known) or said == sorted(int(one.figures["age"].value) for one in known):
        return ""
    return listed([f"{one.name.split()[-1]} is {int(one.figures['age'].value)}" for one in known])


_AGES = re.compile(
    r"\b(?:kids|children|boys|girls|sons|daughters|twins) (?:are|were|"
    r"now) (?:now )?(?P<ages>\d\d?(?: \d\d?)* and \d\d?)\b"
)
_COUNT = re.compile(
    r"\b(?:your|you have|you've got|you said|you mentioned|there are|with|have|have the) (?P<many>one|two|three"
    r"|four|five|"
    r"\d) (?:\w+ )?(?:kids|children|boys|girls|sons|daughters)\b"
)


def _count(moment: Moment, sentence: Sentence) -> str:
    found = _COUNT.search(bare(sentence.text))
    known = children(moment)
    if not found or not _asserts(sentence) or not moment.given:
        return ""
    said = int(found["many"]) if found["many"].isdigit() else _WORDS[found["many"]]
    if not known:
        return "I don't have any children" if _CHILDLESS.search(moment.given.family.lower()) else ""
    if said == len(known):
        return ""
    count = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five"}.get(len(known), str(len(known)))
    return f"it's {count}, {listed([one.name for one in known])}"


_CHILDLESS = re.compile(r"\bno (?:children|kids)\b|\bchildless\b|^single\b(?!.*\b(?:son|daughter|child))")

# Partner and children

_SPOUSE = re.compile(r"\byour (?P<who>wife|husband|spouse)(?! had| was| died| passed|'s (?:death|estate))\b")
_GONE = re.compile(r"\b(?:late|gone|ex|former|first|died|passed|lost|was|were|used to|did|had)\b")


def _spouse(moment: Moment, sentence: Sentence) -> str:
    """Return a correction if the line mentions a husband or wife whom the client does not have."""
    text = bare(sentence.text)
    found = _SPOUSE.search(text)
    if not found or _GONE.search(text) or not moment.given or partner(moment) is not None:
        return ""
    family = moment.given.family.lower()
    return next((said for word, said in _ALONE if re.search(word, family)), "")


_ALONE = (
    (r"\bwidow(?:ed|er)?\b", "I'm widowed"),
    (r"\bdivorc", "I'm divorced"),
    (r"\bseparated\b", "we're separated"),
    (r"\bsingle\b|\b(?:not|never) married\b|\bunmarried\b|\bno (?:partner|spouse)\b", "I'm not married"),
)
_CHILD = re.compile(r"\byour (?:kids|children|son|daughter|little (?:one|ones)|boys|girls)\b")


def _child(moment: Moment, sentence: Sentence) -> str:
    if not _CHILD.search(bare(sentence.text)) or children(moment) or not moment.given:
        return ""
    none = any(one.id == "child-none" for one in moment.life.of_kind("child"))
    others = re.search(r"(?i)\bexpecting|nephew|niece|\bgrand|step", moment.given.family)
    return "I don't have children" if _CHILDLESS.search(moment.given.family.lower()) or (none and not others) else ""


# When somebody died, and how many work for the client


def _died(moment: Moment, sentence: Sentence) -> str:
    text = bare(sentence.text)
    said, known = _DIED.search(text), _SINCE.search(moment.given.family if moment.given else "")
    if not said or not known or not _asserts(sentence) or said["year"] in known[0]:
        return ""
    return f"it was in {known['year']}"


_DIED = re.compile(
    r"\b(?:died|passed(?: away)?|lost (?:him|her|your \w+)|widowed) (?:\w+ )?in (?P<year>(?:19|20)\d\d)\b"
)
_SINCE = re.compile(r"\b[Ww]idow(?:ed|er)?\b[^;.]{0,40}?\b(?P<year>(?:19|20)\d\d)\b")


def _staff(moment: Moment, sentence: Sentence) -> str:
    said = _YOUR_STAFF.search(bare(sentence.text))
    known = _STAFF.search(f"{moment.given.occupation}. {moment.given.background}") if moment.given else None
    if not said or not known or not _asserts(sentence):
        return ""
    many = _number(known["many"].lower())
    return f"it's {known['many'].lower()}" if many and _number(said["many"]) not in (0, many) else ""


_MANY = r"(?P<many>\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_YOUR_STAFF = re.compile(rf"\byou(?:'ve got| have| got| employ) {_MANY} (?:employees|workers|people working|staff)\b")
_STAFF = re.compile(rf"\b{_MANY} (?:\w+ )?(?:employees|workers|staff)\b", re.IGNORECASE)


# Trades

_TRADE = (
    r"(?:nurse|teacher|sailor|doctor|lawyer|engineer|plumber|electrician|carpenter|farmer|rancher|driver|pilot|mechanic"
    r"|accountant|librarian|cook|chef|waiter|waitress|barber|hairdresser|dentist|hygienist|pharmacist|veterinarian"
    r"|police officer|cop|firefighter|soldier|banker|broker|realtor|salesman|secretary|clerk|programmer|tester|designer"
    r"|artist|musician|writer|journalist|professor|student|undergraduate|chemist|welder|machinist|painter|decorator"
    r"|roofer|builder|fisherman|baker|butcher|tailor|janitor)"
)
_YOUR_TRADE = re.compile(rf"\byou(?:'re| are)(?: what| still| like)? an? (?:\w+ )?(?P<job>{_TRADE})\b")
_PLACE = (
    r"(?:bank|library|school|hospital|store|plant|university|bakery|factory|church|restaurant|clinic|post office|hotel)"
)


def _trade(moment: Moment, sentence: Sentence) -> str:
    """Return what the client is, if the line takes them for something else: `So you're what, a sailor?`."""
    found = _YOUR_TRADE.search(bare(sentence.text))
    if not found or not moment.given or not moment.occupation:
        return ""
    known = bare(" ".join((moment.given.occupation, moment.given.background, moment.given.family)))
    return "" if found["job"].split()[-1] in known else moment.occupation


def _partners_trade(moment: Moment, sentence: Sentence) -> str:
    """Return what the partner does, if the line says something else: `Colleen is at the bank`."""
    mate = partner(moment)
    if mate is None or not moment.given:
        return ""
    name = re.escape(bare(mate.name.split()[-1]))
    found = re.search(
        rf"\b{name} (?:is|works) (?P<place>(?:at|in|for|an?) (?:the |an? )?(?P<what>{_PLACE}"
        rf"|{_TRADE}))\b",
        bare(sentence.text),
    )
    known = bare(f"{moment.given.family} {moment.given.background}")
    if not found or found["what"] in known or found["what"].rstrip("y") in known:
        return ""
    works = re.match(r"(?:She|He|They)(?:'s| is|'re) (an? [^,.]+)", next(iter(mate.says.get("work", ())), ""))
    return f"{mate.name.split()[-1]} is {works[1]}, not {found['place']}" if works else ""


# The client's status

_STATUS = re.compile(
    r"\b(?:you(?:'re| are| were| said you were| told me you were| two are)|you and \w+ are|did you say you(?:'re| were|"
    r" are)) (?P<what>married|single|"
    r"divorced|widowed|engaged|retired)\b"
)
_MEANS = {
    "married": r"\bmarried (?:to|for|with)|^married\b", "single": r"\bsingle\b", "divorced": r"\bdivorced\b",
    "widowed": r"\bwidow", "engaged": r"\bengaged\b",
}  # fmt: skip


def _status(moment: Moment, text: str) -> tuple[str, bool] | None:
    found = _STATUS.search(text)
    if not found or not moment.given:
        return None
    if found["what"] == "retired":
        return "retired", "retired" in moment.given.occupation.lower()
    return found["what"], bool(re.search(_MEANS[found["what"]], moment.given.family.lower()))


def _is_not(moment: Moment, sentence: Sentence) -> str:
    known = _status(moment, bare(sentence.text))
    if known is None or known[1]:
        return ""
    if known[0] == "retired":
        return "I'm still working"
    family = moment.given.family.lower() if moment.given else ""
    return next((said for word, said in (*_ALONE, *_PAIRED) if re.search(word, family)), "")


_PAIRED = (
    (r"^married|\bmarried to\b|\b(?:his|her) (?:wife|husband)\b", "I'm married"),
    (r"\bengaged\b", "I'm engaged"),
    (r"\blives? with (?:his|her|their) (?:partner|girlfriend|boyfriend)", "we live together, we're not married"),
)


def confirmed_status(moment: Moment) -> Said:
    """Return the confirmation of a status, with the partner's name: for `Sorry, did you say you were married?`."""
    for one in moment.reading.sentences:
        known = _status(moment, bare(one.text))
        if known and known[1]:
            mate = next(iter(moment.life.of_kind("partner")), None)
            says = mate.says.get("what", ()) if mate and known[0] != "retired" else ()
            return [moment.say("claim.right"), *says[:1]]
    return []


# Guesses

_GUESSES = re.compile(
    r"\bi (?:guess|bet|suppose|assume|imagine)$|^(?:so |okay |ah )*let me guess\b|"
    r"^(?:so |and |well )*(?:(?:i(?:'d)? )?(?:bet|assume|guess)|i suppose) (?:that )?(?:you|your)\b"
)


def guessed(moment: Moment) -> Said:
    """Return what the client knows about the subject of a guess, else that it is a guess."""
    for one in moment.reading.sentences:
        text = bare(one.text)
        of_them = re.search(r"\b(?:you|your|it)\b", text)
        if not (of_them and _GUESSES.search(text)) or (one.question and one.asks in ("life", "story", "detail")):
            continue
        if moment.does("empathise", "propose", "goodbye", "next_step", "apologise"):
            return []
        before = moment.turns[-2].reading.text if moment.number else ""
        told = moment.recall(one.text, _LIKELY) or (moment.recall(f"{before} {one.text}", _LIKELY) if before else "")
        return [told or moment.say("claim.guess")]
    return []


_LIKELY = 0.4
CHECKS: Sequence[Callable[[Moment, Sentence], str]] = (
    _rate,
    _stops_at,
    _own_age,
    _age,
    _ages,
    _count,
    _died,
    _staff,
    _spouse,
    _child,
    _is_not,
    _trade,
    _partners_trade,
    *taken_for.CHECKS,
)
