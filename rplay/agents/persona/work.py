"""What the client does or did for a living."""

import re
from dataclasses import dataclass
from typing import Any, Literal

from rplay.agents.persona.dice import Dice
from rplay.agents.persona.given import Given
from rplay.agents.persona.grammar import article, lower_title
from rplay.agents.persona.names import listed
from rplay.agents.persona.place import Place
from rplay.agents.persona.tables import table, words

NOW = 2026
Status = Literal["employed", "own", "retired", "student", "jobless", "home"]
_STATES: tuple[tuple[Status, str], ...] = (
    ("retired", r"(?<!semi-)(?<!semi )\b(?:retired|retiree)\b"),
    ("jobless", r"\b(?:unemployed|between jobs|laid off|looking for work|out of work|disabled|on disability)\b"),
    ("home", r"\b(?:stay[- ]at[- ]home|homemaker|house ?wife|house ?husband|full-time (?:mom|mother|dad|parent))"),
    ("student", r"\bstudent\b(?! (?:affairs|services|advis|counsel|life))"),
    ("own", r"owner|self-employed|freelanc|contractor|entrepreneur|founder|\bfarmer|rancher|realtor|real estate agent"
            r"|independent|proprietor|private practice|own (?:[\w-]+ ){0,2}(?:business|practice|shop|firm"
            r"|company)|landlord|semi-retired"),
)  # fmt: skip
_PENSIONED = frozenset({"safety", "education", "public"})
_WITHOUT_TITLE = {"home": "homemaker", "jobless": "office manager", "student": "student"}


@dataclass(frozen=True)
class Work:
    status: Status
    title: str
    trade: str
    employer: str
    since: int  # the year in which the client began at this employer
    began: int  # the year of the client's first job of this kind
    retire_at: int  # the age of retirement
    retired_in: int | None
    before: str
    semi: bool = False

    @property
    def a_title(self) -> str:
        return article(self.title)

    @property
    def benefits(self) -> bool:
        """Whether an employer provides insurance and a retirement plan."""
        return self.status == "employed"

    @property
    def pensioned(self) -> bool:
        return self.trade in _PENSIONED and self.status in ("employed", "retired")

    @property
    def earning(self) -> bool:
        return self.status in ("employed", "own", "student")

    @property
    def details(self) -> dict[str, Any]:
        found: dict[str, Any] = table("trades")[self.trade]
        return found


def trade_of(title: str) -> str:
    trades = table("trades")
    return next(name for name in trades if re.search(rf"(?i)\b(?:{trades[name]['match']})", title) or name == "other")


def status_of(occupation: str, age: int) -> Status:
    low = occupation.lower()
    found: Status = next((status for status, pattern in _STATES if re.search(pattern, low)), "employed")
    if found == "retired" and age < 45:
        return "own" if re.search(_STATES[-1][1], low) else "employed"
    if not low:
        return "retired" if age >= 70 else "employed"
    return found


def work_of(given: Given, age: int, place: Place, dice: Dice) -> Work:
    status = status_of(given.occupation, age)
    title, named = _title(given.occupation, status, dice)
    trade = trade_of(title)
    if status == "own" and trade in _NO_TRADE:
        trade = "business"
    born = NOW - age
    retire_at = _retire_at(given, age, trade, dice)
    retired_in = (
        _told_end(given, born) or NOW - dice.between("retired for", 0, max(0, min(age - 58, 12)))
        if status == "retired"
        else None
    )
    if retired_in and age < 60 and not _told_end(given, born):
        retired_in = NOW - dice.between("retired young", 1, 3)
    began = _began(born, retired_in or NOW, trade, dice)
    last = (retired_in or NOW) - 1
    since = dice.between("with employer", max(began, last - 24), max(began, last - 1))
    if told := _told_since(given, retired_in or NOW, born):
        since, began = max(told, born + 15), max(min(began, told), born + 15)
    own = _own_place(given) if status == "own" else _service(given) or _told_employer(given)
    return Work(
        status=status,
        title=title,
        trade=trade,
        employer=named or own or employer_name(trade, given, place, dice, "employer"),
        since=min(since, last),
        began=began,
        retire_at=retire_at,
        retired_in=retired_in,
        before=dice.one("before", table("trades")[trade]["before"]),
        semi="semi-retired" in given.occupation.lower(),
    )


# an owner's work differs from the work that is done in these trades, so the trade becomes "business"
_NO_TRADE = frozenset({"shop", "office", "plant", "other"})
_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70}
_YEARS = {word: number for number, word in enumerate((*_ONES, *_TEENS), 1)} | _TENS
NUMBER = rf"(\d{{1,2}}|(?:{'|'.join(_TENS)})(?:-(?:{'|'.join(_ONES)}))?|{'|'.join((*_ONES, *_TEENS))})"
# Words of a sentence that says how long the client has worked, not how long ago somebody died or married.
_AT_WORK = re.compile(
    r"\b(?:took (?:him|her|them) on|joined|hired|started (?:at|with|the)|opened|founded|bought (?:the|a) (?:shop|store|"
    r"business|practice|farm|company|yard|clinic|salon|orchard|bakery|ranch)|founded the|runs?|opened (?:his"
    r"|her|their|a)"
    r"|has (?:been (?:with|at)|worked|taught|run|driven|dispatched|served|freelanced|flown|nursed|cut hair|cooked)"
    rf"|has {NUMBER} years of service|{NUMBER} years of service"
    r"|started (?:his|her|their) (?:first )?(?:full-time |own )?(?:job|business|practice|shop)|has cut"
    r"|has had (?:his|her|their) own"
    r"|worked|stayed|driven for a living|moved \w+ times in|at the same (?:company|school|plant|hospital))\b"
)

# `took the farm over from his father at 27`
_AT_AGE = re.compile(
    r"\b(?:took (?:\w+ ){0,3}over|took on the|joined|(?:was )?commissioned|opened (?:his|her|their)|founded"
    r"|started (?:his|her|their) own)\b[^.;]{0,50}?\b(?:at|when (?:he|she) was) (\d\d)\b(?! (?:percent|years))"
)


def _told_since(given: Given, until: int, born: int) -> int | None:
    """Return the year in which the work began, from `(11 years)`, `since 2012` or the background; None if unknown."""
    if hit := re.search(r"\b(?:since|from) ((?:19|20)\d\d)", given.occupation):
        return min(int(hit[1]), until - 1)
    hit = re.search(rf"\b{NUMBER} years?(?! old)", given.occupation.lower())
    return until - count_of(hit[1]) if hit else _told_by_background(given.background, until, born)


def _told_by_background(background: str, until: int, born: int) -> int | None:
    if hit := _AT_AGE.search(background.lower()):
        return min(born + int(hit[1]), until - 1)
    if hit := re.match(rf"{NUMBER} years (?:with|at|for|in)\b", background.lower()):
        return until - count_of(hit[1])
    for sentence in re.split(r"(?<=[.;]) ", background.lower()):
        if (told := _AT_WORK.search(sentence)) and (hit := re.search(r"\b(?:in|since) ((?:19|20)\d\d)\b", sentence)):
            return min(int(hit[1]), until - 1)
        if told and (hit := re.search(rf"\b{NUMBER} (?:years|(months))\b", sentence)):
            ago = "ago" not in sentence or sentence.find("ago") > told.start()
            return until - (max(1, count_of(hit[1]) // 12) if hit[2] else count_of(hit[1])) if ago else None
    return None


_ENDED = re.compile(
    rf"\bretired (?:(?:at|at the age of) (\d\d)\b|(?:in|since) ((?:19|20)\d\d)|{NUMBER} years ago)"
    rf"|\buntil {NUMBER} years ago"
)


def _told_end(given: Given, born: int) -> int | None:
    """Return the year in which the work ended; None if the profile does not say."""
    hit = _ENDED.search(f"{given.occupation}. {given.background}".lower())
    if hit is None:
        return None
    if hit[1] or hit[2]:
        return min(NOW, born + int(hit[1]) if hit[1] else int(hit[2]))
    return NOW - count_of(hit[3] or hit[4])


def count_of(number: str) -> int:
    tens, _, ones = number.partition("-")
    return int(tens) if tens.isdigit() else _YEARS[tens] + _YEARS.get(ones, 0)


def _title(occupation: str, status: Status, dice: Dice) -> tuple[str, str]:
    """Return the job title, and the employer if the profile names one (else an empty text)."""
    text = re.split(r"\s*[;|]\s*", occupation)[0]
    text = re.sub(
        r"(?i)\b(?:semi-?\s?retired|retired|retiree|former|ex-|currently|part-time|full-time|unemployed|laid[- ]off)"
        r"\b[ ,:-]*",
        "",
        text,
    )
    title, _, place = text.partition(" at ")
    if not place and (hit := re.fullmatch(r"([^,(]+) for (?:the|an?) ([a-z][\w ]+?)(?: \(.*)?", text)):
        return lower_title(hit[1].strip()).removeprefix("a "), f"the {hit[2]}"
    title = re.sub(r"\b(?:his|her|their)\b", "my", title)
    if "," in title or "(" in title:
        title = re.split(r"[,(]", title)[0]
    title = lower_title(title.strip(" .,-&")).removeprefix("a ").removeprefix("an ")
    if not re.search(r"[a-z]{3}", title.lower()):
        title = _WITHOUT_TITLE.get(status) or dice.one("title", words("people", "plain_jobs"))
    place = re.sub(r"^an? (?=[a-z])", "the ", re.split(r"[,(]", place)[0].strip(" ."))
    return title[:60], place if re.match(r"(?:the |an? )?[A-Z]|the [a-z]", place) else ""


_PLACE = re.compile(
    r"\b(bakery|shop|store|orchard|farm|ranch|restaurant|practice|clinic|salon|garage|studio|yard|agency|firm"
    r"|laundr(?:y|ies)|nursery|cafe|café|gym|daycare|business|company)\b"
)


def _service(given: Given) -> str:
    hit = _SERVICE.search(given.occupation.lower())
    return f"the {hit[1].title()}" if hit else ""


_EMPLOYER = (
    r"(?:hospital|company|city|county|department|district|school system|school|university|college|plant|depot"
    r"|library|firm"
    r"|agency|clinic|bank|church|store|yard|mill|port|airport|railroad|railway|station|hotel|dealership)"
)
_EMPLOYED = re.compile(
    rf"\b(?:with|at|for) (?:the|a|an) (?:same )?((?:[a-z-]+ ){{0,2}}{_EMPLOYER})\b(?! nurse| teacher| driver)"
)
_SERVES = re.compile(
    r"^(?:retired )?(?:public )?(city|county|state|federal|hospital|hotel|bank|library|school|university)\b"
)


def _told_employer(given: Given) -> str:
    """Return the employer: `the hospital` for `has worked at the same hospital`, `the city` for `City bus driver`."""
    hit = _EMPLOYED.search(given.background.lower()) or _EMPLOYED.search(given.occupation.lower())
    if hit and not re.search(r"\b(?:previous|last|old|first|former)\b", hit[1]):
        return f"the {hit[1]}"
    serves = _SERVES.match(given.occupation.lower())
    return f"the {serves[1]}" if serves and serves[1] not in ("high",) else ""


_SERVICE = re.compile(r"\b(army|navy|air force|marine corps|coast guard|national guard|space force)\b")


def _own_place(given: Given) -> str:
    """Return what owners call their business. It gets no made-up name, which might contradict the client's story."""
    hit = _PLACE.search(f"{given.occupation.lower()} {given.background.lower()}")
    return f"the {hit[1]}" if hit else "my own business"


def employer_name(trade: str, given: Given, place: Place, dice: Dice, key: str) -> str:
    pattern = str(dice.one(f"{key} pattern", table("trades")[trade]["employers"]))
    lasts = [name for name in listed("common", "last") if name not in given.name]
    return pattern.format(
        city=place.city,
        surname=dice.one(f"{key} surname", lasts),
        surname2=dice.one(f"{key} surname 2", listed("northern_european", "last")),
        saint=dice.one(f"{key} saint", ("Anne", "Luke", "Brigid", "Vincent", "Agnes", "Jude", "Clare")),
        street=place.street,
        street_name=dice.one(f"{key} street", words("places", "streets")).rsplit(" ", 1)[0],
        first=given.first_name,
    )


def _retire_at(given: Given, age: int, trade: str, dice: Dice) -> int:
    """Return the age of retirement: the profile's own, else a usual one of the trade, but none that has passed."""
    told = re.search(
        r"(?:retir\w*|stop (?:work|driv|teach|farm)\w*|leave the firm|work(?:ing)? less|reduce \w+|cut back|slow down)"
        rf"(?: \w+){{0,4}}? (?:at|by|age|around|before)(?: age| the age of)?"
        rf" (?:(\d\d)|({'|'.join(_TENS)}))\b(?! years)",
        given.story,
    )
    own = re.search(r"\b([4-8]\d)\b", given.more.get("retirement", ""))
    hit = own or told
    usual = dice.one("retire at", (58, 59, 60) if trade in ("safety", "air") else (62, 63, 65, 65, 66, 67, 67, 68, 70))
    wanted = (_TENS[hit[2]] if hit.re.groups > 1 and hit[2] else int(hit[1])) if hit else usual
    return wanted if wanted > age else age + dice.between("retire later", 1, 3)


def _began(born: int, until: int, trade: str, dice: Dice) -> int:
    start = born + (dice.between("training", 25, 29) if trade in ("law",) else dice.between("began", 19, 26))
    return min(start, until - 1)
