"""The client's family, read from the profile, with made-up facts where the profile says nothing.

A family that is impossible at the client's age is corrected here: nobody of 22 has grown-up children.
"""

import re
from dataclasses import dataclass
from typing import Literal

from rplay.agents.persona.dice import Dice
from rplay.agents.persona.given import Given
from rplay.agents.persona.grammar import article, lower_title
from rplay.agents.persona.named import Named, is_act, named_in
from rplay.agents.persona.names import COMMON, Sex, first_name, sex_of, tradition_of
from rplay.agents.persona.place import Place
from rplay.agents.persona.tables import table
from rplay.agents.persona.work import NOW, NUMBER, count_of, employer_name, trade_of

Status = Literal["single", "partnered", "engaged", "married", "divorced", "widowed"]
YOUNGEST_PARENT = 18
_MOST = 6
_NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "twin": 2,
    "both": 2,
}
_COUNT = r"\d{1,2}|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twin|both"
_CHILD = (
    r"(?:child(?:ren)?|kids?|sons?|daughters?|boys?|girls?|twins|toddlers?|bab(?:y|ies)|teen(?:ager)?s?"
    r"|stepchild(?:ren)?|step-?(?:sons?|daughters?))"
)
_NO_CHILDREN = r"\b(?:no|without|0|zero) (?:children|kids|dependents)|childless|child-free|childfree"
_SPOUSE = r"(?:wife|husband|spouse|partner|fianc[eé]e?|girlfriend|boyfriend)"


@dataclass(frozen=True)
class Partner:
    name: str
    word: str  # such as "wife", "husband" or "partner"
    sex: Sex
    age: int
    job: str  # with its article; empty if the partner has no job
    employer: str
    income: int
    since: int
    met: str
    retired: bool = False


@dataclass(frozen=True)
class Child:
    name: str
    sex: Sex
    age: int
    step: bool = False
    sure: bool = True  # whether the texts or the name tell the sex

    @property
    def born(self) -> int:
        return NOW - self.age

    @property
    def at_home(self) -> bool:
        return self.age < 18


@dataclass(frozen=True)
class Relative:
    word: str  # such as "mother" or "sister"
    name: str
    age: int
    where: str


@dataclass(frozen=True)
class Family:
    status: Status
    partner: Partner | None
    children: tuple[Child, ...]
    grandchildren: int
    expecting: bool
    remarried: bool
    parents: tuple[Relative, ...]
    siblings: tuple[Relative, ...]
    former: str  # the name of the former or late partner
    former_word: str
    former_until: int
    cares_for: str  # "mother" or "father"; empty if the client cares for neither
    supports: str  # such as "younger brother"; empty if there is nobody
    died: tuple[str, int] | None = None  # a parent who died in the last years, and the year

    @property
    def at_home(self) -> tuple[Child, ...]:
        return tuple(child for child in self.children if child.at_home)

    @property
    def grown(self) -> tuple[Child, ...]:
        return tuple(child for child in self.children if not child.at_home)

    @property
    def heads(self) -> int:
        return 1 + (self.partner is not None) + len(self.at_home)


def status_of(text: str, age: int, dice: Dice) -> tuple[Status, bool]:
    """Return the marital status that the text tells, and whether it is a second marriage."""
    text = re.sub(r"\b(?:not|never) married\b(?! before)|\b(?:no|without a) partner\b", "unwed", text)
    if re.search(r"\bremarried\b|second marriage", text):
        return "married", True
    if re.search(r"\b(?:lives?|living) with (?:a |my |his |her |their )?(?:partner|girlfriend|boyfriend)", text):
        return "partnered", False
    if re.search(r"\bwidow", text):
        return ("widowed", False) if age >= 26 else ("single", False)
    if re.search(r"\b(?:divorc|separated)", text):
        return ("divorced", False) if age >= 22 else ("single", False)
    if re.search(r"\bengaged\b|fianc", text):
        return "engaged", False
    if re.search(r"\b(?:unmarried|unwed|single)\b", text) and not re.search(
        r"\b(?:cohabit|(?:living|lives) with (?:a |my |his |her |their )?partner|girlfriend|boyfriend)", text
    ):
        return "single", False
    if re.search(r"\bmarried|\bhusband\b|\bwife\b|\bspouse\b", text):
        return "married", False
    if re.search(r"\bpartner|cohabit|living with|relationship|girlfriend|boyfriend", text):
        return "partnered", False
    if text:
        return "single", False
    return ("married", False) if age >= 28 and dice.chance("married", 60) else ("single", False)


def family_of(given: Given, age: int, place: Place, dice: Dice) -> Family:
    text = given.family
    status, remarried = status_of(text.lower(), age, dice)
    tradition = tradition_of(given.name)
    taken = [given.first_name]
    partner_name = _partner_name(given, status)
    children = _children(given, age, status, tradition, dice, [*taken, partner_name])
    taken += [child.name for child in children]
    partner = None
    if status in ("married", "engaged", "partnered"):
        partner = _partner(given, status, remarried, age, children, tradition, place, dice, partner_name, taken)
        taken.append(partner.name)
    told_former = _told_former(given, status)
    former_sex = _former_sex(given, status, told_former) or _other_sex(given, dice)
    former_until = _told_end(given) or _former_until(age, children, partner, remarried, dice)
    parents, died = _parents(given, age, tradition, dice)
    return Family(
        status=status,
        partner=partner,
        children=children,
        grandchildren=_grandchildren(text, children, dice),
        expecting=bool(re.search(r"expecting|pregnant|on the way(?!.*grand)", text.lower()))
        and "grandchild on the way" not in text.lower()
        and age < 52,
        remarried=remarried,
        parents=parents,
        siblings=_siblings(given, age, tradition, dice, taken),
        former=told_former or first_name(dice, "former", former_sex, tradition, [*taken]),
        former_word="husband" if former_sex == "m" else "wife",
        former_until=former_until,
        cares_for=_cares_for(given, parents),
        supports=_supports(given),
        died=died,
    )


# -- partner -----------------------------------------------------------------------------------------------------------


def _named_partner(given: Given) -> Named | None:
    return next((one for one in named_in(given.family) if one.role == "partner"), None)


def _partner_name(given: Given, status: Status) -> str:
    if (told := _named_partner(given)) and status in ("married", "engaged", "partnered"):
        return told.name
    spouse = re.match(r"([A-Z][a-zé]+)\b", given.more.get("spouse", ""))
    text = f"{given.family}. {given.background}"
    hit = re.search(
        rf"(?:{_SPOUSE}|[Mm]arried(?: \w+){{0,3}}? to|[Ee]ngaged to),? (?:is |named |called )?([A-Z][a-zé]+)"
        r"\b(?! (?:and|with)? ?\d)",
        text,
    )
    name = spouse[1] if spouse else hit[1] if hit else ""
    return name if status in ("married", "engaged", "partnered") and name != given.first_name else ""


def _likely_sex(name: str) -> Sex | None:
    return sex_of(name) or ("f" if re.search(r"(?:a|ie|elle|een|yn|ine|ope|ade)$", name) else None)


def _other_sex(given: Given, dice: Dice) -> Sex:
    own = given.speaker.sex
    return ("m" if own == "f" else "f") if own else dice.one("partner sex", ("f", "m"))


def _partner(
    given: Given,
    status: Status,
    remarried: bool,
    age: int,
    children: tuple[Child, ...],
    tradition: str,
    place: Place,
    dice: Dice,
    name: str,
    taken: list[str],
) -> Partner:
    text = f"{given.family} {given.background} {' '.join(given.concerns)} {' '.join(given.objections)}".lower()
    female, male = re.search(r"\b(?:wife|girlfriend|fiancée)\b", text), re.search(r"\b(?:husband|boyfriend)\b", text)
    by_name = sex_of(name) if name else None
    sex: Sex = by_name or (
        "f" if female else "m" if male else (_likely_sex(name) if name else None) or _other_sex(given, dice)
    )
    words = {"married": ("wife", "husband"), "engaged": ("fiancée", "fiancé"), "partnered": ("partner", "partner")}
    told = _named_partner(given)
    their_age = told.age if told else _partner_age(age, children, remarried, dice)
    retired, job, income = _partner_job(text, their_age, dice)
    does_told = bool(name and re.search(rf"\b{re.escape(name)},? who [a-z]+", given.family))
    known = does_told or bool(job and job in text) or bool(told and told.detail) or bool(name and _does(name, given))
    if told and told.detail:
        retired, job, income = _told_job(told, income)
    elif name and (does := _does(name, given)) is not None:
        retired, job, income = does.startswith("retired "), does.removeprefix("retired "), income if does else 0
    elif does_told:
        job = ""
    since = _told_since(given) or _since(age, their_age, children, remarried, dice)
    return Partner(
        name=name or first_name(dice, "partner", sex, tradition if dice.chance("alike", 60) else COMMON, taken),
        word=words[status][0 if sex == "f" else 1],
        sex=sex,
        age=their_age,
        job=article(job) if job else "",
        employer=_their_employer(told, job, given, place, dice, known=known),
        income=income,
        since=since,
        met=dice.one("met", table("people")["met"]),
        retired=retired,
    )


_NO_JOB = re.compile(r"(?:no|and|who|with|one|two|three|their|her|his|not|sons?|daughters?|children|kids|twins)\b")


def _does(name: str, given: Given) -> str | None:
    """Return the partner's job, as in `Beth, a landscape gardener`.

    An empty text means that the partner has stopped working, None that the profile says nothing.
    """
    hit = re.search(
        rf"\b{re.escape(name)}(?: \(\d+\))?, (?:an? |the )?((?:[a-z-]+ ?){{1,5}})(?= \(|[,;.]|$| [A-Z])", given.family
    )
    if hit and not _NO_JOB.match(hit[1]):
        return hit[1].strip()
    stopped = rf"\b{re.escape(name)} (?:stopped working|quit|stays at home|stopped|gave up (?:work|her job|his job))"
    return "" if re.search(stopped, given.background) else None


def _their_employer(told: Named | None, job: str, given: Given, place: Place, dice: Dice, *, known: bool) -> str:
    if told and re.search(r"\bin the (?:family )?business\b", told.detail):
        return "our own business"
    if known:
        return ""  # the profile names the job, so a made-up employer might contradict it
    return employer_name(trade_of(job), given, place, dice, "partner employer") if job else ""


_MODEST = re.compile(
    r"\b(?:cashier|aide|wait(?:er|ress)|clerk|teller|assistant|server|janitor|cook|receptionist|stylist|childcare|part-time|cafeteria"
    r"|housekeeper|paraprofessional|crossing guard|barista|dispatcher|bus driver|seamstress|host(?:ess)?)\b"
)
_MODEST_PAY, _PART_PAY = 39_000, 24_000


def _told_job(told: Named, likely: int) -> tuple[bool, str, int]:
    """Return whether the partner is retired, the job and the income a year, from what the profile says beside
    the name."""
    job = told.job
    if _MODEST.search(job):
        likely = min(likely or _MODEST_PAY, _PART_PAY if "part-time" in job else _MODEST_PAY)
    if not told.earns:
        return False, "", 0
    if job.startswith("who ") or is_act(job):  # the text tells in a clause of its own what this person does
        return False, "bookkeeper" if "books" in job else "", told.income or likely
    if works := re.match(r"(?:still )?work(?:s|ing) as an? (.+)", job):
        return False, works[1], told.income or likely or 42_000
    if taught := re.fullmatch(r"(?:still )?teaching (.+)", job):
        return False, f"{taught[1]} teacher", told.income or likely or 42_000
    if re.match(r"(?:also )?(?:works?|working|helps|helping)\b", job):
        return False, "bookkeeper" if "business" in job else "", told.income or likely
    if re.fullmatch(r"(?:also )?retired.*", job):
        return True, job.removeprefix("retired").strip(), told.income or 0
    if not job or re.search(
        r"\bat home\b|-at-home\b|homemaker|unemployed|not working|stays|\bpatient\b|\bon disability\b", job
    ):
        return False, "", 0
    member = " member" if job.endswith(("crew", "staff", "team")) and " with " not in job else ""
    return False, lower_title(job) + member, told.income or likely or 42_000


def _told_since(given: Given) -> int | None:
    hit = re.search(r"[Mm]arried (?:since|in) ((?:19|20)\d\d)", f"{given.family}. {given.background}")
    if hit:
        return int(hit[1])
    span = _SPAN_TOGETHER.search(re.sub(r"\([^)]*\)", "", given.family).lower())
    return NOW - count_of(span[1] or span[2] or span[3]) if span else None


_SPAN_TOGETHER = re.compile(
    rf"\b(?:partner|husband|wife|girlfriend|boyfriend) of {NUMBER} years\b|\b(?:married"
    rf"|together)(?: for)? {NUMBER} years\b"
    rf"|\b(?:married|lives with)\b[^;]* for {NUMBER} years\b"
)


def _partner_age(age: int, children: tuple[Child, ...], remarried: bool, dice: Dice) -> int:
    oldest = max((child.age for child in children if not child.step), default=0)
    low = age - 4 if remarried else max(age - 4, oldest + YOUNGEST_PARENT)
    return max(19, min(99, dice.between("partner age", low, max(low, age + 4))))


def _partner_job(text: str, age: int, dice: Dice) -> tuple[bool, str, int]:
    """Return whether the partner is retired, the job and the income a year."""
    told = re.search(
        rf"{_SPOUSE}(?:,? who)? (?:is|works as|work as) an? ([a-z][a-z -]{{3,30}}?)(?=[,.;]|$| and | at | who | in )",
        text,
    )
    if age >= 67 or re.search(rf"{_SPOUSE} (?:is )?(?:also )?retired|retired {_SPOUSE}", text):
        return True, str(dice.one("partner job", table("people")["partner_jobs"])[0]), 0
    if re.search(
        rf"stay-at-home {_SPOUSE}|sole (?:earner|breadwinner|provider)|(?:only|single) income"
        rf"|{_SPOUSE} (?:does not|doesn't) work|{_SPOUSE} stays",
        text,
    ):
        return False, "", 0
    job, low, high = dice.one("partner job", table("people")["partner_jobs"])
    if told:
        return False, lower_title(told[1]), int(round(dice.between("partner income", 38, 82), 0)) * 1000
    if dice.chance("partner at home", 14):
        return False, "", 0
    return False, str(job), dice.between("partner income", low, high) * 1000


_SETTLED = 36  # from this age on, few have found each other only lately


def _since(age: int, their_age: int, children: tuple[Child, ...], remarried: bool, dice: Dice) -> int:
    """Return the year in which the two got together: before their first child, unless it is a second marriage."""
    born = NOW - min(age, their_age)
    if remarried:
        return min(NOW - 1, max(born + 27, NOW - dice.between("remarried for", 3, 14)))
    oldest = max((child.age for child in children), default=0)
    latest = NOW - oldest - 1 if oldest else NOW - 1
    if not oldest and min(age, their_age) > _SETTLED:
        latest -= (min(age, their_age) - _SETTLED) // 2
    earliest = max(born + 20, latest - 7) if oldest else max(born + 20, min(latest, NOW - 30))
    return min(latest, dice.between("together", earliest, latest))


# -- children ----------------------------------------------------------------------------------------------------------


def _children(
    given: Given, age: int, status: Status, tradition: str, dice: Dice, taken: list[str]
) -> tuple[Child, ...]:
    if told := [one for one in named_in(given.family) if one.role == "child" and one.age <= max(1, age - 14)]:
        known = tuple(_told_child(one, given, index, dice) for index, one in enumerate(told[:_MOST]))
        return _with_the_unnamed(known, given, age, tradition, dice, taken)
    text = re.sub(r"(?i)\b(?:[\w-]+ )?grand ?(?:child(?:ren)?|kids?|sons?|daughters?)\b", " ", given.family)
    text = re.sub(_EXPECTED, _before_it, text)
    low = text.lower()
    if age < YOUNGEST_PARENT + 1 or (re.search(_NO_CHILDREN, low) and not re.search(r"ages? \d", low)):
        return ()
    ages, sexes = _told_ages(low), _told_sexes(low)
    count = min(_MOST, max(len(ages), len(sexes), _told_count(low)))
    if not count:
        count = _implied(given, age, status, dice)
    step = bool(re.search(r"step-?(?:child|son|daughter|kid)|blended|between the two", low))
    years = sorted(_fitting(ages, count, age, low, step, dice), reverse=True)
    names = _told_names(text)
    made: list[Child] = []
    for index, their_age in enumerate(years):
        sex: Sex = sexes[index] if index < len(sexes) else dice.one(f"child {index} sex", ("f", "m"))
        name = names[index] if index < len(names) else ""
        name = name or first_name(dice, f"child {index}", sex, tradition, [*taken, *names, *(one.name for one in made)])
        made.append(Child(name, sex, their_age, step))
    return tuple(made)


_NAMES = re.compile(
    r"\b(?:[Dd]aughters?|[Ss]ons?|[Kk]ids|[Cc]hildren|[Bb]oys|[Gg]irls|[Tt]wins)(?: (?:grown|adult))?[,:]? "
    r"(?:named |called )?(?P<all>[A-Z][a-zé]+\b(?:(?:, (?:and )?| and | & )[A-Z][a-zé]+\b)*)"
)


def _told_names(text: str) -> list[str]:
    """Return the names of children whose ages are not told: `two grown daughters, Britta and Karin`."""
    return [name for hit in _NAMES.finditer(text) for name in re.findall(r"[A-Z][a-zé]+", hit["all"])]


def _with_the_unnamed(
    known: tuple[Child, ...], given: Given, age: int, tradition: str, dice: Dice, taken: list[str]
) -> tuple[Child, ...]:
    """Return the children with those whom the text counts but does not name: `six children, … her son Andre (55)`."""
    text = re.sub(r"(?i)\b(?:[\w-]+ )?grand ?(?:child(?:ren)?|kids?|sons?|daughters?)\b", " ", given.family).lower()
    many = re.search(rf"\b({_COUNT}) (?:grown |adult )?(?:children|kids)\b", text)
    missing = min(_MOST, _NUMBERS.get(many[1]) or int(many[1])) - len(known) if many else 0
    twins = re.search(r"\btwin (boys|girls|sons|daughters)(?:,? \(?(\d{1,2})\)?| aged? (\d{1,2}))", text)
    if missing <= 0 and not twins:
        return known
    ages = [int(twins[2] or twins[3])] * 2 if twins else []
    ages = ages or _fitting([one.age for one in known], len(known) + missing, age, text, False, dice)[len(known) :]
    made = list(known)
    for index, their_age in enumerate(ages, len(known)):
        told: Sex | None = ("m" if twins[1] in ("boys", "sons") else "f") if twins else None
        either: Sex = dice.one(f"child {index} sex", ("f", "m"))
        sex = told or either
        name = first_name(dice, f"child {index}", sex, tradition, [*taken, *(one.name for one in made)])
        made.append(Child(name, sex, their_age))
    return tuple(sorted(made, key=lambda one: -one.age))


def _told_child(told: Named, given: Given, index: int, dice: Dice) -> Child:
    nearby = re.search(rf"\b(son|daughter)s?\b[^()]{{0,24}}{re.escape(told.name)}", given.family)
    son = bool(nearby and nearby[1] == "son")
    said: Sex | None = told.sex or (None if not nearby else "m" if son else "f")
    either: Sex = dice.one(f"child {index} sex", ("f", "m"))
    sex = said or _likely_sex(told.name)
    return Child(told.name, sex or either, told.age, sure=sex is not None)


def _told_ages(low: str) -> list[int]:
    found = [int(hit) for hit in re.findall(r"\b(\d{1,2})[- ](?:years?|yrs?)[- ]?old", low)]
    for run in re.findall(r"(?:ages?|aged)[:\s(]*((?:\d{1,2}(?:,? and |, ?| & |/)?)+)", low):
        found += [int(one) for one in re.findall(r"\d{1,2}", run)]
    found += [int(hit) // 12 for hit in re.findall(r"\b(\d{1,2}) months?\b(?! ago)", low)]
    found += [int(hit) for hit in re.findall(r"\b(?:son|daughter|boy|girl) of (\d{1,2})\b", low)]
    for run in re.findall(rf"\b{_CHILD}\b[^()]{{0,20}}\(((?:\d{{1,2}}(?:,? and |, ?| & )?)+)\)", low):
        found += [int(one) for one in re.findall(r"\d{1,2}", run)]
    return sorted(found[:_MOST], reverse=True)


def _told_sexes(low: str) -> list[Sex]:
    found: list[Sex] = []
    for number, word in re.findall(
        rf"\b({_COUNT})?[\w ,-]{{0,24}}?\b(?:step-?)?(sons?|daughters?|boys?|girls?)\b", low
    ):
        many = _NUMBERS.get(number, int(number) if number.isdigit() else 0) or (2 if word.endswith("s") else 1)
        found += ["m" if word.startswith(("son", "boy")) else "f"] * (many if word.endswith("s") else 1)
    return found[:_MOST]


def _told_count(low: str) -> int:
    hit = re.search(rf"\b({_COUNT})[ -](?:[\w-]+ ){{0,3}}?{_CHILD}\b", low)
    hit = hit or re.search(rf"\b(?:mother|father|mom|dad|parent) of ({_COUNT})\b", low)
    if hit:
        return _NUMBERS.get(hit[1]) or int(hit[1])
    if "twins" in low:
        return 2
    if re.search(r"\b(?:children|kids|sons|daughters)\b", low):
        return 2
    return 1 if re.search(r"\b(?:child|kid|son|daughter|single (?:parent|mother|father|mom|dad))\b", low) else 0


def _implied(given: Given, age: int, status: Status, dice: Dice) -> int:
    """Return the number of children that the rest of the profile implies, or that would be usual for this client."""
    if re.search(r"expecting|pregnant", given.family.lower()):
        return 0
    if re.search(
        r"\b(?:my|the|their|his|her|our) (?:kids|children|son|daughter)|children's|kids'|college fund", given.story
    ):
        return dice.one("implied children", (1, 2, 2))
    if not given.family and status == "married" and age >= 30:
        return dice.one("children", (0, 1, 2, 2, 3))
    return 0


def _fitting(ages: list[int], count: int, age: int, low: str, step: bool, dice: Dice) -> list[int]:
    """Return an age for each child, none that is impossible for a parent of this age."""
    oldest = max(0, age - YOUNGEST_PARENT)
    fit = [min(one, oldest if not step else one) for one in ages[:count]]
    lowest, highest = _span(low, age)
    missing = count - len(fit)
    if missing <= 0:
        return fit
    free = [year for year in range(lowest, highest + 1) if year not in fit]
    free = free[-16:] if lowest >= 18 else free
    chosen = dice.order("child ages", free)[:missing]
    if chosen and len(chosen) > 1 and max(chosen) - min(chosen) > 11:
        start = dice.between("child start", min(free), max(min(free), max(free) - 9))
        chosen = dice.order("child ages 2", [year for year in free if start <= year <= start + 9])[:missing]
    return fit + chosen + [highest] * (missing - len(chosen))


def _span(low: str, age: int) -> tuple[int, int]:
    """Return the youngest and the oldest age that the words allow, within what the parent's age allows."""
    oldest, youngest = max(0, age - 21), max(0, age - 42)
    if age < 25:
        oldest = max(1, age - YOUNGEST_PARENT - 1)
    spans = (
        (r"grown|adult|out of the house|independent", 19, 60),
        (r"in college|at college|college[- ]age|at university", 18, 22),
        (r"teen", 13, 17),
        (r"young|small|little|toddler", 1, 9),
        (r"\bbab(?:y|ies)\b|newborn|infant", 0, 1),
    )
    for words, from_, to in spans:
        if re.search(words, low) and from_ <= oldest:
            low_end = min(max(from_, youngest), to) if from_ < 18 else max(from_, min(youngest, to))
            return low_end, max(low_end, min(to, oldest))
    return max(1, min(youngest, oldest)), max(1, oldest)


def _grandchildren(text: str, children: tuple[Child, ...], dice: Dice) -> int:
    low = text.lower()
    if (
        "grand" not in low
        or re.search(r"\b(?:no|without) grand", low)
        or re.search(r"\bgrand(?:child|son|daughter|baby) (?:is )?(?:on the way|due|expected|coming)\b", low)
        or not any(child.age >= 20 for child in children)
    ):
        return 0
    hit = re.search(rf"\b({_COUNT}) (?:[\w-]+ )?grand", low)
    return (_NUMBERS.get(hit[1]) or int(hit[1])) if hit else dice.between("grandchildren", 1, 3)


_EXPECTED = (
    r"(?i)\b(?:expecting|pregnant with) (?:a|an|their|our|her|his)? ?(first|second|third|another)? ?(?:child|baby)"
)


def _before_it(hit: re.Match[str]) -> str:
    """Return the number of children before the expected one, as text: `expecting a second child` gives ` 1 child `."""
    return {"second": " 1 child ", "another": " 1 child ", "third": " 2 children "}.get((hit[1] or "").lower(), " ")


# -- others ------------------------------------------------------------------------------------------------------------


def _told_former(given: Given, status: Status) -> str:
    """Return the name of the former or late partner that the profile names; empty if it names none."""
    if status == "widowed" and (
        lost := re.search(r"[Ww]idow(?:ed|er)?\b[^;.(]*? (?:from|of) ([A-Z][\w-]+)", given.family)
    ):
        return lost[1]
    behind = r"(?:[Dd]ivorced|[Ww]idow(?:ed|er)?)[^;.,(]* \((?:wife |husband |from )?([A-Z][\w-]+)"
    if status in ("divorced", "widowed") and (hit := re.match(behind, given.family)):
        return hit[1]
    hit = re.search(r"\b(?:late |ex-)?(?:husband|wife)(?: was|,)? ([A-Z][\w-]+)", _all_told(given))
    hit = hit or re.search(r"\b(?:[Dd]ivorced|[Ss]eparated)(?: \w+){0,4}? from ([A-Z][\w-]+)", _all_told(given))
    return hit[1] if hit and (status in ("divorced", "widowed") or "from" in hit[0]) else ""


def _former_sex(given: Given, status: Status, name: str) -> Sex | None:
    """Return the sex of the former or late partner; None if neither the texts nor the name tell it."""
    if status not in ("divorced", "widowed"):
        return None
    hit = re.search(r"\b(?:late |ex-|former )?(husband|wife)\b", _all_told(given).lower())
    return ("m" if hit[1] == "husband" else "f") if hit else _likely_sex(name) if name else None


def _told_end(given: Given) -> int | None:
    """Return the year in which the marriage ended; None if the profile does not say."""
    ago = rf"(?:divorced|widow(?:ed|er)|separated)(?: since)? {NUMBER} years ago"
    if hit := re.search(ago, given.family.lower()):
        return NOW - count_of(hit[1])
    if hit := re.search(
        r"(?:[Dd]ivorced|[Ww]idow(?:ed|er)?|[Ss]eparated)(?: from [A-Z]\w+)? (?:since|in) ((?:19|20)\d\d)",
        _all_told(given),
    ):
        return int(hit[1])
    if re.search(
        r"(?:divorced|widowed|separated)(?: from \w+(?: \(\d+\))?)? since last year", _all_told(given).lower()
    ):
        return NOW - 1
    if re.search(
        r"(?:divorced|widowed|separated)(?: from \w+)? since last (?:november|december)", _all_told(given).lower()
    ):
        return NOW - 1
    if hit := re.search(r"(?:widowed|divorced|separated) (\w+) months ago", _all_told(given).lower()):
        return NOW - 1 if hit[1] in ("twelve", "fourteen", "fifteen", "sixteen", "eighteen", "twenty") else NOW
    if re.search(
        r"(?:divorced|widowed|separated)(?: from \w+)? (?:since )?last (?:year|spring|summer|fall|autumn|winter)",
        _all_told(given).lower(),
    ):
        return NOW - 1
    hit = re.search(
        rf"(?:divorced?|died|separation|separated|widowed)(?: from \w+)?(?: for)? {NUMBER} years?\b",
        _all_told(given).lower(),
    )
    return NOW - count_of(hit[1]) if hit else None


def _former_until(age: int, children: tuple[Child, ...], partner: Partner | None, remarried: bool, dice: Dice) -> int:
    """Return a year for the end of the earlier marriage: after the youngest child's birth and before the next
    marriage."""
    latest = partner.since - 1 if partner and remarried else NOW - 1
    youngest = min((child.born for child in children), default=NOW - age + 23)
    earliest = max(youngest, NOW - age + 22, latest - 9)
    return min(latest, dice.between("former until", min(earliest, latest), latest))


def _parents(given: Given, age: int, tradition: str, dice: Dice) -> tuple[tuple[Relative, ...], tuple[str, int] | None]:
    """Return the parents who are alive, and a parent who died in the last ten years (None if there is none)."""
    alive: list[Relative] = []
    died = None
    named = {one.role: one for one in named_in(given.family)}
    for word, sex in (("mother", "f"), ("father", "m")):
        if word in named:
            with_us = re.search(rf"{re.escape(named[word].name)} \([^)]*\) lives with", given.family)
            where = "here with us" if with_us else "close by"
            alive.append(Relative(word, named[word].name, named[word].age, where))
            continue
        counted = re.search(rf"\b{word} \((\d\d)\b", given.family)
        their_age = int(counted[1]) if counted else age + dice.between(f"{word} age", 21, 33)
        told = counted or re.search(
            rf"(?:aging|elderly|ailing|caring for|care of|looking after|old)\b.{{0,30}}\b{word}"
            rf"|\bto (?:his|her|their|my) {word}\b",
            given.story,
        )
        gone = re.search(
            rf"{word} (?:died|passed)|(?:death|loss) of (?:his|her|a|my|their) {word}"
            rf"|(?:late|lost (?:his|her|my)) {word}",
            given.story,
        )
        chance = 98 - max(0, their_age - 58) * (2.6 if sex == "m" else 2.1)
        both = re.search(r"\bparents\b(?! (?:died|are (?:dead|gone)))", given.family)
        if gone or their_age > _OLDEST or not (told or both or dice.chance(f"{word} alive", max(3, chance))):
            died = died or ((word, NOW - dice.between(f"{word} died", 1, 9)) if their_age <= _OLDEST + 9 else None)
        elif their_age - age >= 16:
            alive.append(
                Relative(
                    word,
                    first_name(dice, word, "f" if sex == "f" else "m", tradition, [given.first_name]),
                    their_age,
                    "here with us" if _lives_here(word, given) else _home_of(word, given, dice),
                )
            )
    return tuple(alive), died


def _lives_here(word: str, given: Given) -> bool:
    """Return whether a relative lives with the client, as the family tells."""
    return bool(
        re.search(
            rf"\b{word}\b[^;.,]* (?:lives?|moved in|staying) with (?:him|her|them|us|me)\b"
            rf"|\b(?:lives|living|shares [^;.]*|rents [^;.]*) with (?:his|her) (?:\w+ )?{word}\b",
            given.family,
        )
    )


def _home_of(word: str, given: Given, dice: Dice) -> str:
    told = re.search(
        r"\bparents\b[^;]*? (?:(?:live )?((?:in [A-Z]\w+|nearby|(?:an?|one|two|three) hours? away)))", given.family
    )
    homes = ("ten minutes from me", "in the house I grew up in", "two hours away", "in a small apartment across town")
    return told[1] if told else dice.one(f"{word} lives", homes)


_OLDEST = 93  # the oldest age of a living parent


def _siblings(given: Given, age: int, tradition: str, dice: Dice, taken: list[str]) -> tuple[Relative, ...]:
    told = re.findall(r"\b(younger|older|little|big)?\s?\b(sister|brother)\b", given.story)
    kinds = list({word: (kind, word) for kind, word in told}.values())[:2]
    count = max(len(kinds), dice.one("siblings", (0, 1, 1, 2, 2, 3)))
    made: list[Relative] = []
    for index in range(count):
        kind, word = kinds[index] if index < len(kinds) else ("", dice.one(f"sibling {index}", ("sister", "brother")))
        older = dice.between(f"sibling {index} older", 2, 7) * (
            1 if dice.chance(f"sibling {index} is older", 50) else -1
        )
        older = -abs(older) if kind in ("younger", "little") else abs(older) if kind in ("older", "big") else older
        their_age = max(16, age + older + (index if older > 0 else -index))
        told_one = (
            re.search(rf"\b{word} \(?([A-Z][a-zé]+)\b,?(?: \(?(\d+)\))?", _all_told(given))
            if index < len(kinds)
            else None
        )
        name = (
            told_one[1]
            if told_one
            else first_name(
                dice,
                f"sibling {index}",
                "f" if word == "sister" else "m",
                tradition,
                [*taken, *(one.name for one in made)],
            )
        )
        their_age = int(told_one[2]) if told_one and told_one[2] else their_age
        where = re.search(rf"(?i:\b{word}) in ([A-Z]\w+(?: [A-Z]\w+)?)", _all_told(given))
        near = re.search(
            rf"\b{word}\b[^;.]*? (?:live|lives) (in [A-Z]\w+|nearby|(?:an?|one|two|three) hours? away)",
            _all_told(given),
        )
        near = near or re.search(
            rf"\b{word}\b[^;.]{{0,20}} (in the same town|in town|(?:one|two|three) hours away)", _all_told(given)
        )
        lives = (
            "with me"
            if index < len(kinds) and _lives_here(word, given)
            else f"in {where[1]}"
            if where
            else near[1]
            if near
            else dice.one(f"sibling {index} lives", table("people")["lives_far"])
        )
        made.append(Relative(word, name, their_age, lives))
    return tuple(made)


def _all_told(given: Given) -> str:
    return ". ".join((given.family, given.background, *given.goals, *given.concerns, *given.objections))


def _cares_for(given: Given, parents: tuple[Relative, ...]) -> str:
    hit = re.search(
        r"(?:car(?:es|ing) for|looking after|takes? care of|support(?:s|ing)?)\b.{0,25}"
        r"\b(mother|father|parent|mom|dad)",
        given.story,
    )
    if not hit:
        return ""
    word = {"mom": "mother", "dad": "father"}.get(hit[1], hit[1])
    living = [one.word for one in parents]
    return word if word in living else living[0] if living else ""


def _supports(given: Given) -> str:
    hit = re.search(
        r"(?:support(?:s|ing)?|sends? (?:money|\$[\d,]+)(?: a month)? to)\b.{0,12}\b"
        r"((?:younger |older )?(?:brother|sister|cousin|nephew|niece|mother|father|parents|grandmother))",
        given.story,
    )
    return hit[1] if hit else ""
