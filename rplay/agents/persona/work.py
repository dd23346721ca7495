"""What the client does or did for a living."""

import re
from dataclasses import dataclass
from typing import Any, Literal

from rplay.agents.persona.dice import Dice
from rplay.agents.persona.given import Given
from rplay.agents.persona.grammar import article, lower_title
from rplay.agents.persona.named import named_in
from rplay.agents.persona.names import listed
from rplay.agents.persona.place import Place
from rplay.agents.persona.tables import table, words

NOW = 2026
_SOME = r"(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty)"
Status = Literal["employed", "own", "retired", "student", "jobless", "home"]
_STATES: tuple[tuple[Status, str], ...] = (
    ("retired", r"(?<!semi-)(?<!semi )\b(?:retired|retiree)\b"),
    ("jobless", r"\b(?:unemployed|between jobs|laid off|looking for work|out of work|disabled|on disability)\b"),
    ("home", r"\b(?:stay[- ]at[- ]home|homemaker|house ?wife|house ?husband|full-time (?:mom|mother|dad|parent))"),
    ("student", r"\bstudent\b(?! (?:affairs|services|advis|counsel|life))"),
    ("own", r"owner|self-employed|freelanc|(?<!with a )(?<!for a )(?<!union )contractor|entrepreneur"
            r"|founder|\bfarmer|\bgrower|rancher|beekeeper|realtor|real estate agent"
            r"|independent|proprietor|private practice|own (?:[\w-]+ ){0,2}(?:business|practice|shop|firm"
            r"|company)|landlord|semi-retired|\btuner\b|\brent(?:s|ing) a (?:chair|booth|station)\b"
            r"|\bwith (?:an?|his|her|their) (?:own )?(?:studio|workshop|food truck|route)\b"
            rf"|^(?!.*\b(?:manager|supervisor|director|captain|chief|principal|head|foreman)\b).*, {_SOME}"
            r" (?:part-time |full-time )?(?:employees|helpers|workers|technicians|stylists|part-timers)\b"),
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
    pension_told: bool = False

    @property
    def a_title(self) -> str:
        return article(self.title)

    @property
    def benefits(self) -> bool:
        """Whether an employer provides insurance and a retirement plan."""
        return self.status == "employed"

    @property
    def pensioned(self) -> bool:
        return self.pension_told or (self.trade in _PENSIONED and self.status in ("employed", "retired"))

    @property
    def earning(self) -> bool:
        return self.status in ("employed", "own", "student")

    @property
    def details(self) -> dict[str, Any]:
        found: dict[str, Any] = table("trades")[self.trade]
        return found


# What a word of the title says for another trade than the one of its other words: `school cafeteria manager`.
_SURELY: tuple[tuple[str, str], ...] = (
    ("food", r"\b(?:cafeteria|lunch ?room|caterer|catering|food truck|school cook)\b"),
    ("plant", r"\b(?:coal|mine|miner|miners|quarry|foundry|mill)\b"),
    ("hotel", r"\bmotels?\b"),
    ("other", r"\b(?:pastor|minister|priest|rector|rabbi|imam|chaplain|seamstress)\b"),
)


def trade_of(title: str) -> str:
    trades = table("trades")
    if sure := next((trade for trade, words_ in _SURELY if re.search(words_, title.lower())), ""):
        return sure
    learned = re.sub(r"(?i)\b(?:apprentice|trainee|intern)\b", "", title).strip()
    if learned != title:
        trade = trade_of(learned)
        return "trades" if trade in ("other", "study") else trade
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
    if _SERVICE.search(given.occupation.lower()) or _GUARDS.search(given.occupation.lower()):
        trade = "safety"
    if trade in _NO_TRADE and _PUBLIC.search(given.occupation.lower()):
        trade = "public"
    if status == "own" and trade in _NO_TRADE:
        trade = "business"
    born = NOW - age
    retire_at = _retire_at(given, age, trade, dice)
    retired_in = (
        _told_end(given, born)
        or NOW - dice.between("retired for", max(0, age - 70), max(0, age - 70, min(age - 58, 12)))
        if status == "retired"
        else None
    )
    if retired_in and age < 60 and not _told_end(given, born):
        retired_in = NOW - dice.between("retired young", 1, 3)
    began = _began(born, retired_in or NOW, trade, dice)
    last = (retired_in or NOW) - 1
    since = dice.between("with employer", max(began, last - 24), max(began, last - 1))
    if told := _told_since(given, retired_in or NOW, born):
        since = began = max(told, born + 15)
        if last_years := _LAST.search(given.background.lower()):
            since = max(began, (retired_in or NOW) - count_of(last_years[1]))
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
        pension_told=bool(_TOLD_PENSION.search(f"{given.more.get('income', '')}. {given.story}".lower())),
    )


_TOLD_PENSION = re.compile(
    r"\b(?:federal|state|union|county|city|military|teacher'?s?|full|with|and|a|the|his"
    r"|her) (?:\w+ )?pension\b(?! plan for)"
)
# an owner's work differs from the work that is done in these trades, so the trade becomes "business"
_NO_TRADE = frozenset({"shop", "office", "plant", "other"})
_GUARDS = re.compile(r"\b911\b|\bfire ?fighter|\bpolice\b|\bsheriff\b")
_PUBLIC = re.compile(r"\b(?:state|county|city|federal|postal|public|town) (?!of\b)\w+")
_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70}
_YEARS = {word: number for number, word in enumerate((*_ONES, *_TEENS), 1)} | _TENS
NUMBER = rf"(\d{{1,2}}|(?:{'|'.join(_TENS)})(?:-(?:{'|'.join(_ONES)}))?|{'|'.join((*_ONES, *_TEENS))})"
# `… for 22 years, the last six at the county hospital`
_LAST = re.compile(rf"\bthe (?:last|past) {NUMBER} (?:years )?(?:of them )?(?:at|with|in|for)\b")
# Words of a clause that says how long the client has worked, not how long ago somebody died or married.
_BEGAN = (
    r"(?:started|opened|founded|launched|bought|took (?:\w+ ){0,3}over|took (?:it|the \w+) on|set up|joined|grew|became"
    r"|finished (?:\w+ )?residency|came to (?:the|this)|found this job|went offshore|was commissioned|enlisted"
    r"|enrolled|signed on|hired on)"
)
_AT_WORK = re.compile(
    rf"\b(?:took (?:him|her|them) on|hired|became|finished (?:\w+ )?residency|came to (?:the|this)"
    rf"|went offshore|(?:started|joined|opened"
    rf"|founded|launched|set up|runs?|ran|owns?)\b"
    rf"|took (?:\w+ ){{0,3}}over|bought (?:the|a|her own|his own|their) (?:\w+ ){{0,2}}(?:shop|store|business|practice"
    r"|farm|company|yard|clinic|salon|orchard|bakery|ranch|lease|route|boat|truck|van|restaurant|garage|studio|nursery"
    r"|motels?|hotel|inn|grocery|gym|station|press|mill)"
    rf"|has (?:been (?!divorced|widowed|married|engaged|separated|together|single|alone|sober|an? (?:citizen|widow))"
    r"|worked|taught|run|driven|dispatched|served|freelanced|flown|nursed|cut|cooked|climbed|written|drawn|tuned"
    r"|walked|farmed|fished|coached|repaired|built|painted|sold|cleaned|delivered|led|managed|kept bees|had (?:his|her"
    rf"|their) own)|{NUMBER} years (?:of service|in uniform|on the (?:force|job|road|water))|worked|stayed"
    r"|(?:spent|put in) \S+ years (?:at|in|with|on|as)|driven for a living|moved \w+ times in"
    r"|(?:he|she|they|[a-z]+) \w+(?:ed|ew|ove|aught|ook|ote|an|old|ent)\b[^.;]* for \S+ years"
    r"|at the same (?:company|school|plant|hospital))\b"
)
# Sentences about spans of something else than work.
_NOT_WORK = re.compile(
    r"\b(?:bills|investments?|money|marri\w+|divorc\w+|widow\w*|together|lived|lives|citizen|insurer|insured|account"
    r"|policy|the condo|the house|retired \w+ years ago)\b"
)

# `took the farm over from his father at 27`
_AT_AGE = re.compile(
    r"\b(?:took (?:\w+ ){0,3}over|took on the|joined|(?:was )?commissioned|enlisted|opened (?:his|her|their)|founded"
    rf"|started (?:his|her|their) own)\b[^.;]{{0,50}}?\b(?:at|when (?:he|she) was) {NUMBER}\b(?! (?:percent|years|to"
    rf"|in))"
)


def _told_since(given: Given, until: int, born: int) -> int | None:
    """Return the year in which the work began, from `(11 years)`, `since 2012` or the background; None if unknown."""
    if hit := re.search(r"\b(?:since|from) ((?:19|20)\d\d)", given.occupation):
        return min(int(hit[1]), until - 1)
    if hit := re.search(r"\b(first|second|third|fourth|fifth)[- ]year\b", given.occupation.lower()):
        return NOW - 1 - ("first", "second", "third", "fourth", "fifth").index(hit[1])
    hit = re.search(rf"\b{NUMBER} years?(?! old)", given.occupation.lower())
    return until - count_of(hit[1]) if hit else _told_by_background(given.background, until, born)


_HANDS = re.compile(
    rf"\b{NUMBER} (?:\w+ )?(?:employees|workers|people|helpers|hands|pickers|drivers|stylists|mechanics|cooks|nurses"
    r"|technicians|part-timers|crew|men|women)\b"
)


def told_helpers(given: Given) -> str:
    """Return how many people work for the client, in the profile's word; empty if it does not say."""
    hit = _HANDS.search(f"{given.occupation}. {given.background}".lower())
    return hit[1] if hit else ""


def _told_by_background(background: str, until: int, born: int) -> int | None:
    low = re.sub(r"\b(st|dr|mr|mrs|ms)\. ", r"\1 ", background.lower())
    if (hit := _AT_AGE.search(low)) and count_of(hit[1]) > _YOUNGEST_AT_WORK:
        return min(born + count_of(hit[1]), until - 1)
    if hit := re.match(rf"{NUMBER} years (?:with|at|for|in)\b", low):
        return until - count_of(hit[1])
    for hit in _STILL.finditer(low):
        if not _NOT_WORK.search(hit[0]):
            return until - count_of(hit[1] or hit[2])
    if hit := _CHANGED.search(low):
        return min(int(hit[1]), until - 1)
    for sentence in re.split(r"(?<=[.;]) ", low):
        if _NOT_WORK.search(sentence):
            continue
        if since := next(filter(None, (_span_of(one, until) for one in (*_clauses(sentence), sentence))), None):
            return since
    whole = next((one for one in re.split(r"(?<=[.;]) ", low) if not _NOT_WORK.search(one)), "")
    hit = re.search(rf"\bfor {NUMBER} years\b(?! old)", whole) if until < NOW else None
    return until - count_of(hit[1]) if hit else None


_YOUNGEST_AT_WORK = 13
# What goes on until now: `flew for the Navy for ten years and has been with the airline for nineteen`.
_STILL = re.compile(
    rf"(?<!mother )(?<!father )(?<!husband )(?<!wife )\bhas (?:been (?:an? |with |at |in |on |under|driving"
    rf"|flying|doing"
    rf"|there|self-employed|freelanc|teaching|working)|worked|run|coached|taught|driven|rented the chair|flown|cooked"
    rf"|fished|farmed|cut|led|served|managed)[^;.,]*? for (?:the (?:last|past) )?{NUMBER}(?: years\b|(?=[;.,]|$))"
    rf"|\bhas {NUMBER} years in\b"
)
# What was left for the present work: `left a museum job in Boston in 2012 to make pots`.
_CHANGED = re.compile(
    r"\bleft (?:an?|his|her|the) (?:\w+ ){0,2}(?:job|position|post|career)\b[^.;]* in ((?:19|20)\d\d) (?:to|for)\b"
)


def _clauses(sentence: str) -> list[str]:
    """Return the clauses that begin with the start of a business or a job, else none: `and opened the bindery …`."""
    joins = rf"(?:,? (?:and|before|until|then|so|but))+ (?=(?:(?:he|she|they|then) )?{_BEGAN}\b)|, (?={_BEGAN}\b)"
    parts = re.split(joins, sentence)
    if parts[1:] and _LEFT.search(parts[0]) and not re.search(rf"\b{NUMBER}\b", " ".join(parts[1:])):
        return [f"started {_LEFT.sub('', parts[0])}"]  # the new work began when the old one ended
    return parts[1:]


_LEFT = re.compile(r"\bleft (?:a|an|his|her|the) (?:\w+ )?(?:job|position|post|career)\b")


def _span_of(clause: str, until: int) -> int | None:
    """Return the year in which the work began that the clause tells of; None if it does not say."""
    clause = re.sub(r"\b(?:retired|stopped|closed)(?: down)? (?:in|at|since) \d+|(?<=years) until \d{4}", "", clause)
    told = _AT_WORK.search(clause)
    if told and (hit := re.search(r"\b(?:in|since) ((?:19|20)\d\d)\b", clause)):
        return min(int(hit[1]), until - 1)
    if told and (hit := re.search(rf"\b{NUMBER}(?: and a half)? (?:years|(months))\b(?! old)", clause)):
        ago = "ago" not in clause or clause.find("ago") > told.start()
        return until - (max(1, count_of(hit[1]) // 12) if hit[2] else count_of(hit[1])) if ago else None
    return None


_ENDED = re.compile(
    rf"\b(?:retired|stopped(?: work(?:ing)?)?|took (?:his|her|their) pension) (?:(?:at|at the age of) (\d\d)\b"
    rf"|(?:in|since) ((?:19|20)\d\d)|{NUMBER} years ago)"
    rf"|\buntil {NUMBER} years ago"
    rf"|\bfor \S+ years,? until (?P<until>(?:19|20)\d\d)"
    r"|\b(?:it|plant|factory|mill|company|store|mine|yard|bakery"
    r"|shipyard) (?:was )?closed (?:down )?in (?P<closed>(?:19|20)\d\d)"
)


def _told_end(given: Given, born: int) -> int | None:
    """Return the year in which the work ended; None if the profile does not say."""
    hit = _ENDED.search(f"{given.occupation}. {given.background}".lower())
    if hit is None:
        return None
    if year := hit["until"] or hit["closed"]:
        return int(year)
    if hit[1] or hit[2]:
        return min(NOW, born + int(hit[1]) if hit[1] else int(hit[2]))
    return NOW - count_of(hit[3] or hit[4])


def count_of(number: str) -> int:
    tens, _, ones = number.partition("-")
    return int(tens) if tens.isdigit() else _YEARS[tens] + _YEARS.get(ones, 0)


def _title(occupation: str, status: Status, dice: Dice) -> tuple[str, str]:
    """Return the job title, and the employer if the profile names one (else an empty text)."""
    text = re.sub(r"(?i)^(?:self-employed|freelance), (?=\w)", "", re.split(r"\s*[;|]\s*", without_more(occupation))[0])
    text = re.sub(
        r"(?i)\b(?:semi-?\s?retired|retired|retiree|former|ex-|currently|part-time|full-time|unemployed|laid[- ]off)"
        r"\b[ ,:-]*",
        "",
        text,
    )
    title, _, place = text.partition(" at ")
    if not place and (hit := _WITH_EMPLOYER.fullmatch(text)):
        title, place = hit[1], f"the {hit[2]}"
    title = _AROUND.split(title)[0]
    if not place and (hit := re.fullmatch(r"([^,(]+) for (?:the|an?) (\w[\w ]+?)(?: \(.*)?", text)):
        return lower_title(hit[1].strip()).removeprefix("a "), f"the {hit[2]}"
    title = re.sub(r"\b(?:his|her|their)\b", "my", title)
    if owned := re.fullmatch(r"(?i)(owner|co-owner|manager), (?!with\b)([a-z][^,(]+).*", title):
        title = f"{owned[1]} of {article(owned[2].strip())}"
    if "," in title or "(" in title:
        title = re.split(r"[,(]", title)[0]
    title = lower_title(title.strip(" .,-&")).removeprefix("a ").removeprefix("an ")
    if not re.search(r"[a-z]{3}", title.lower()):
        title = _WITHOUT_TITLE.get(status) or dice.one("title", words("people", "plain_jobs"))
    place = re.sub(r"^an? (?=[a-z])", "the ", _AROUND.split(re.split(r"[,(]", place)[0])[0].strip(" ."))
    title = re.split(rf" (?:that|who|which) | for {NUMBER} years", title)[0]
    title = title if len(title) <= _LONGEST else title[:_LONGEST].rsplit(" ", 1)[0]
    return title, place if re.match(r"(?:the |an? )?[A-Z]|the [a-z]", place) else ""


def without_more(occupation: str) -> str:
    """Return the occupation without a clause on something else: `Retired fire captain, works part-time at a store`."""
    return _MORE.split(occupation)[0]


_MORE = re.compile(
    r", (?=(?:now )?(?:works?|working|rents?|drives?|teaches|volunteers?|retiring|sells?|runs?) (?!for\b))"
)
# Where the place of the work follows: `School cook in Macon, Georgia`, `Owner of three motels along Interstate 40`.
_AROUND = re.compile(r" (?:based )?(?:in|near|outside|along|on) (?=[A-Z])")
_WITH_EMPLOYER = re.compile(
    r"([^,(]+?) with (?:the|an?) ([a-z][\w ]*? ?(?:department|company|agency|district|authority|bureau|office|railroad"
    r"|utility|hospital|county|city|state))\b.*"
)
_LONGEST = 60  # limit in characters for a title
_PLACE = re.compile(
    r"\b(bakery|shop|store|orchard|farm|ranch|restaurant|practice|clinic|salon|garage|studio|yard|agency|firm"
    r"|laundr(?:y|ies)|brewery|winery|vineyard|press|mill|nursery|cafe|café|gym|daycare|business|company)\b"
)


def on_own_land(given: Given) -> bool:
    """Return whether a farmer has land of which the house is a part, as far as the form tells."""
    farms = re.search(r"\b(?:farmer|grower|rancher|dairy|breeder|cattle)\b", given.occupation.lower())
    land = (re.search(r"\b(?:land|acres|farm|marsh|ranch|orchard)\b(?! (?:account|checking|savings))", one.text.lower())
            for one in given.assets or ())  # fmt: skip
    return bool(farms) and any(land)


def _service(given: Given) -> str:
    low = given.occupation.lower()
    if hit := _SERVICE.search(low):
        return f"the {hit[1].title()}"
    if re.search(r"\b(?:letter|mail) carrier|\bpostal\b|\bpost office\b|\bpostmaster\b", low):
        return "the Postal Service"
    if re.search(r"\b(?:ship|tanker|vessel|freighter)\b", low):
        return "the shipping company"
    if re.search(r"\brig\b|\boffshore\b", low):
        return "the drilling company"
    return "the university" if re.search(r"\b(?:graduate|doctoral|phd|master's|law|medical) student\b", low) else ""


_EMPLOYER = (
    r"(?:hospital|company|city|county|department|district|school system|school|university|college|plant|depot"
    r"|library|firm|contractor|distributor|manufacturer|chain|cooperative|line|studio|theater"
    r"|agency|clinic|bank|church|store|yard|mill|port|airport|railroad|railway|station|hotel|dealership|airline|mine"
    r"|factory|warehouse|refinery|foundry|nursing home|casino|newspaper|distribution center|utility|prison"
    r"|court|courthouse)"
)
_EMPLOYED = re.compile(
    rf"\b(?:with|at|for|from|in(?= the (?:same|mill|plant|factory|mine|yard))|years in|(?:kitchen|front office|office"
    rf"|cafeteria) of) (?:the|an?|one) (?:same )?((?:[a-z-]+ ){{0,2}}{_EMPLOYER})\b(?! nurse| teacher| driver)"
)
_KEPT_AT = re.compile(
    r"\b(?:keeps?|kept|money|savings|branch|account|loan)\b[^.;]*\b(?:at|with) (?:the|a) (?:\w+ )?bank\b"
)
_FORMER = re.compile(
    r"\buntil\b|\bhad an?\b|\bwas an?\b|^after\b|\bleft\b|\blaid off\b|\bused to\b|\bbefore (?:he|she|that)\b"
    r"|\bfather|\bmother"
)
_BY_OTHERS = re.compile(
    r"^(?:an?|the) (?:\w+ )?(?:man|woman|clerk|teller|friend|salesman|neighbor|customer|agent|broker)\b"
)
# `Zookeeper, city zoo`
_BEHIND = re.compile(r", ((?:city|county|state|federal|public|university) (?!of\b)[a-z]+)\b(?! (?:of|employee|worker))")
_NAMED = re.compile(
    r"\b(?:works?|worked|assists?) for (Dr\. [A-Z][\w-]+)"
    r"|\b(?:for|with|at) (?:the )?((?:St\. )?(?:[A-Z][\w'’-]+ ){1,3}(?:County|Department|Hospital|School District))\b"
    r"|\b((?:city|county|town|state) of [A-Z]\w+(?: [A-Z]\w+)?)"
    r"|(?:^|[.;] |\b[Ss]?[Hh]e )(?:has )?\w+(?:ed|ew|ook|uilt|ote)\b[^.;]* for the ([A-Z]\w+(?: [A-Z]\w+)?)\b"
)
_SERVES = re.compile(
    r"^(?:retired )?(?:public )?(city|county|state|federal|hospital|hotel|bank|library|school|university|casino|museum"
    r"|airport|zoo|newspaper)\b"
)


def _told_employer(given: Given) -> str:
    """Return the employer: `the hospital` for `has worked at the same hospital`, `the city` for `City bus driver`."""
    if named := _NAMED.search(given.background) or _NAMED.search(given.occupation):
        return named[1] or named[2] or f"the {named[3] or named[4]}"
    if behind := _BEHIND.search(given.occupation):
        return f"the {behind[1]}"
    kin = {one.name.lower() for one in named_in(given.family)}
    over = status_of(given.occupation, given.age or 0) in ("retired", "jobless")
    present = (
        one
        for one in re.split(r"(?<=[.;]) |, (?=after\b)|, (?=[a-z]+ (?:is|at)\b)", given.background.lower())
        if not (_FORMER.search(one) and not (over and " until it " in one))
        and not _BY_OTHERS.match(one)
        and not _KEPT_AT.search(one)
        and not kin & set(re.findall(r"[\w-]+", one)[:2])
    )
    hit = _EMPLOYED.search(" ".join(present)) or _EMPLOYED.search(without_more(given.occupation).lower())
    if hit and not re.search(r"\b(?:previous|last|old|first|former)\b", hit[1]):
        return f"the {_as_written(hit[1], given)}"
    if _BY_TITLE.search(given.occupation.lower()):
        return "the hospital"
    if re.match(r"(?:retired )?(?:senior |associate )?(?:pastor|minister|priest|rector)\b", given.occupation.lower()):
        return "the church"
    serves = _SERVES.match(given.occupation.lower())
    return f"the {serves[1]}" if serves and serves[1] not in ("high",) else ""


_BY_TITLE = re.compile(r"\b(?:emergency room|surgical ward|intensive care|icu|operating room)\b")


def _as_written(name: str, given: Given) -> str:
    """Return the name with its capitals: `Des Moines airport`."""
    found = re.search(re.escape(name), f"{given.background} {given.occupation}", re.IGNORECASE)
    return found[0] if found else name


_SERVICE = re.compile(r"\b(army|navy|air force|marine corps|coast guard|national guard|space force)\b")


def _own_place(given: Given) -> str:
    """Return what owners call their business. It gets no made-up name, which might contradict the client's story."""
    own = " ".join(part for one in re.split(r"(?<=[.;]) ", given.background.lower()) for part in _clauses(one) or [one])
    own = " ".join(hit[0] for hit in _OWN_ONE.finditer(own)).split(", after ")[0]
    if re.search(r"\brent(?:s|ing) a (?:chair|booth|station)\b", given.occupation.lower()):
        return "my own business"
    hit = _PLACE.search(given.occupation.lower()) or _PLACE.search(own)
    return f"the {hit[1]}" if hit else "my own business"


_OWN_ONE = re.compile(rf"\b(?:{_BEGAN}|runs?|ran|owns?|his own|her own|their own)\b[^.;]*")


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
    told = told or re.search(_STOPS_AT, "; ".join(given.goals).lower())
    own = re.search(r"\b([4-8]\d)\b", given.more.get("retirement", ""))
    if told and told[2] == "twenty":
        told = None  # twenty years of service, not an age
    hit = own or told
    years_on = re.search(rf"\bretir\w*(?: \w+){{0,5}} in {NUMBER} years\b", given.story)
    if years_on and not hit:
        return age + count_of(years_on[1])
    soon = re.search(
        r"\bretir\w*(?: \w+){0,4} (?:in (?:\w+ months|the (?:spring|summer|fall|winter))|next \w+|this (?:year|fall))",
        given.story,
    ) or re.search(r"\bretir(?:ing|es) (?:in|next|this)\b", given.occupation.lower())
    if soon and not hit:
        return age + 1
    usual = dice.one("retire at", (58, 59, 60) if trade in ("safety", "air") else (62, 63, 65, 65, 66, 67, 67, 68, 70))
    wanted = (_TENS[hit[2]] if hit.re.groups > 1 and hit[2] else int(hit[1])) if hit else usual
    return wanted if wanted > age else age + dice.between("retire later", 1, 3)


# Goals that name the age of leaving in other words than `retire`.
_STOPS_AT = (
    r"\b(?:step(?:ping)? back|hand(?:ing)? (?:\w+ ){0,3}over|sell|stop|be done|get out|give up|give)\b"
    rf"[^;]*? (?:at|by|before) (?:age )?(?:([5-7]\d)|({'|'.join(_TENS)}))(?![\w,.%])"
)


def _began(born: int, until: int, trade: str, dice: Dice) -> int:
    start = born + (dice.between("training", 25, 29) if trade in ("law",) else dice.between("began", 19, 26))
    return min(start, until - 1)
